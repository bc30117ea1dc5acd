# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Words of a text as in cleaners.text.tokens and cleaners.dedup.words, in one pass each."""

from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND
from libc.stdint cimport int32_t, uint8_t, uint16_t, uint32_t, uint64_t, int64_t
from libc.stdlib cimport free, malloc

import numpy as np

ctypedef fused Code:
    uint8_t
    uint16_t
    uint32_t


cdef struct Ranges:
    int count
    uint32_t[8] first
    uint32_t[8] stands_for


cdef Py_ssize_t scan(
    const Code* codes,
    Py_ssize_t size,
    const uint8_t* kinds,
    uint32_t table,
    const Ranges* beyond,
    const uint64_t* lower,
    const uint64_t* powers,
    int first_inside,
    int last_inside,
    int alone,
    uint8_t* kind_of,
    uint64_t* total,
    int32_t* begin,
    int32_t* end,
) noexcept nogil:
    """Class and running sum of each character, first one of each word and the one behind it; how
    many words there are. Written at every character, counted on at the edges of words alone: a
    branch at each edge would be guessed wrong half of the time."""
    cdef Py_ssize_t at, words = 0, ended = 0
    cdef uint32_t code
    cdef uint64_t sum = 0
    cdef int kind, number, inside, begins, before = 0, before_alone = 0, is_alone
    total[0] = 0
    for at in range(size):
        code = codes[at]
        if Code is uint32_t:
            if code >= table:
                for number in range(beyond.count):
                    if code >= beyond.first[number]:
                        code = beyond.stands_for[number]
                        break
        kind = kind_of[at] = kinds[code]
        sum += lower[code] * powers[at]
        total[at + 1] = sum
        inside = (kind >= first_inside) & (kind <= last_inside)
        is_alone = kind == alone
        begins = inside & ((before ^ 1) | is_alone | before_alone)
        begin[words] = <int32_t>at
        words += begins
        end[ended] = <int32_t>at
        ended += before & ((inside ^ 1) | begins)
        before, before_alone = inside, is_alone
    end[ended] = <int32_t>size
    return words


def spell(
    str text,
    const int32_t[::1] start,
    const uint8_t[::1] kinds,
    const uint64_t[::1] lower,
    const uint64_t[::1] powers,
    const uint64_t[::1] inverses,
    tuple beyond,
    int first_inside,
    int last_inside,
    int alone,
    int longest,
):
    """Classes and running sums of a text's characters, and its words; see tokens.spell."""
    cdef Py_ssize_t size = len(text), lines = start.shape[0], words
    cdef const void* data = PyUnicode_DATA(text)
    cdef int shape = PyUnicode_KIND(text), number
    cdef Ranges ranges
    ranges.count = len(beyond)
    for number in range(ranges.count):
        ranges.first[number], ranges.stands_for[number] = beyond[number]
    kind_array, total_array = np.empty(size, np.uint8), np.empty(size + 1, np.uint64)
    cdef uint8_t[::1] kind_view = kind_array
    cdef uint64_t[::1] total = total_array
    cdef uint8_t* kind_of = &kind_view[0] if size else NULL
    cdef int32_t* begin = <int32_t*>malloc(2 * (size + 1) * sizeof(int32_t))
    if not begin:
        raise MemoryError
    cdef int32_t* end = begin + size + 1
    try:
        if shape == 1:
            words = scan(
                <const uint8_t*>data, size, &kinds[0], <uint32_t>kinds.shape[0], &ranges,
                &lower[0], &powers[0], first_inside, last_inside, alone, kind_of, &total[0],
                begin, end,
            )
        elif shape == 2:
            words = scan(
                <const uint16_t*>data, size, &kinds[0], <uint32_t>kinds.shape[0], &ranges,
                &lower[0], &powers[0], first_inside, last_inside, alone, kind_of, &total[0],
                begin, end,
            )
        else:
            words = scan(
                <const uint32_t*>data, size, &kinds[0], <uint32_t>kinds.shape[0], &ranges,
                &lower[0], &powers[0], first_inside, last_inside, alone, kind_of, &total[0],
                begin, end,
            )
        word_array, place_array = np.empty(words, np.uint64), np.empty(words, np.int32)
        length_array, first_array = np.empty(words, np.int32), np.empty(lines + 1, np.int32)
        store(
            begin, end, words, total, inverses, powers, longest, place_array, length_array,
            word_array,
        )
        line_array, start_kinds = np.empty(words, np.int64), np.empty(words, np.uint8)
        lay(begin, words, start, first_array, line_array, kind_view, start_kinds)
    finally:
        free(begin)
    return (
        kind_array, total_array, place_array, length_array, word_array, first_array, line_array,
        start_kinds,
    )


cdef int store(
    const int32_t* begin,
    const int32_t* end,
    Py_ssize_t words,
    const uint64_t[::1] total,
    const uint64_t[::1] inverses,
    const uint64_t[::1] powers,
    int longest,
    int32_t[::1] place_of,
    int32_t[::1] length_of,
    uint64_t[::1] hash_of,
) except -1:
    """The places, lengths and hashes of words."""
    cdef Py_ssize_t word, at, stop, tail, letter
    cdef uint64_t found, alike
    for word in range(words):
        at, stop = begin[word], end[word]
        place_of[word], length_of[word] = <int32_t>at, <int32_t>(stop - at)
        found = (total[stop] - total[at]) * inverses[at]
        if stop - at > longest:
            tail, alike = at + longest, 0
            for letter in range(tail, stop):
                alike += (total[letter + 1] - total[letter]) * inverses[letter]
            found += alike * powers[longest - 1]
            found -= (total[stop] - total[tail]) * inverses[tail] * powers[longest]
        hash_of[word] = found ^ (found >> 29)
    return 0


cdef int lay(
    const int32_t* begin,
    Py_ssize_t words,
    const int32_t[::1] start,
    int32_t[::1] first,
    int64_t[::1] line_of,
    const uint8_t[::1] kinds,
    uint8_t[::1] kind_of,
) except -1:
    """Of each line, and behind the last one, the number of words that begin before it; of each
    word, its line and the class of its first character."""
    cdef Py_ssize_t line, word = 0
    for line in range(start.shape[0]):
        while word < words and begin[word] < start[line]:
            line_of[word], kind_of[word] = line - 1, kinds[begin[word]]
            word += 1
        first[line] = <int32_t>word
    for word in range(word, words):
        line_of[word], kind_of[word] = start.shape[0] - 1, kinds[begin[word]]
    first[start.shape[0]] = <int32_t>words
    return 0


cdef Py_ssize_t cut(
    const Code* codes, Py_ssize_t size, const uint8_t* least, const uint64_t* letters,
    const uint64_t* powers, int alone, bint unspaced, uint64_t* total, int32_t* edge, uint32_t* seen,
) noexcept nogil:
    """Running sums of letters, and where words begin and end in turn, without a branch at these;
    how many of both. `seen`: the bits of all codes. Characters that are words by themselves are
    told apart when the text is said to be `unspaced`."""
    cdef Py_ssize_t at, edges = 0
    cdef uint32_t code, bits = 0
    cdef uint64_t letter, sum = 0
    cdef int inside, before = 0, is_alone, was_alone = 0
    total[0] = 0
    for at in range(size):
        code = codes[at]
        bits |= code
        letter = letters[code]
        sum += letter * powers[at]
        total[at + 1] = sum
        inside = letter != 0
        edge[edges] = <int32_t>at
        if unspaced:
            edge[edges + 1] = <int32_t>at
            is_alone = least[code] == alone
            edges += 2 * (inside & before & (is_alone | was_alone))
            was_alone = is_alone
        edges += inside ^ before
        before = inside
    edge[edges] = <int32_t>size
    seen[0] = bits
    return edges + before


cdef Py_ssize_t edges_of(
    const Code* codes, Py_ssize_t size, const uint8_t* least, const uint64_t* letters,
    const uint64_t* powers, int alone, uint32_t first_unspaced, uint64_t* total, int32_t* edge,
) noexcept nogil:
    """The same for any text."""
    cdef uint32_t seen
    cdef Py_ssize_t edges = cut(
        codes, size, least, letters, powers, alone, False, total, edge, &seen
    )
    if seen >= first_unspaced:
        edges = cut(codes, size, least, letters, powers, alone, True, total, edge, &seen)
    return edges


def hash_words(
    str text,
    const uint8_t[::1] least,
    const uint64_t[::1] letters,
    const uint64_t[::1] powers,
    const uint64_t[::1] inverses,
    uint64_t mix,
    int alone,
    uint32_t first_unspaced,
):
    """Hashes of a text's words, of those that carry content, and of neighbours among these; None
    for a text that has characters beyond the tables. See cleaners.dedup.words."""
    cdef const void* data = PyUnicode_DATA(text)
    cdef int shape = PyUnicode_KIND(text)
    cdef Py_ssize_t size = len(text), count, word, telling = 0
    cdef int32_t begin, end
    cdef uint64_t mixed
    cdef const uint64_t* power = &powers[1]
    if shape == 4:
        return None
    cdef uint64_t* total = <uint64_t*>malloc((size + 1) * 16)
    if not total:
        raise MemoryError
    cdef int32_t* edge = <int32_t*>(total + size + 1)
    cdef uint64_t[::1] every, content, pairs
    try:
        if shape == 1:
            count = edges_of(
                <const uint8_t*>data, size, &least[0], &letters[0], power, alone, first_unspaced,
                total, edge,
            ) // 2
        else:
            count = edges_of(
                <const uint16_t*>data, size, &least[0], &letters[0], power, alone, first_unspaced,
                total, edge,
            ) // 2
        every_array, content_array = np.empty(count, np.uint64), np.empty(count, np.uint64)
        every, content = every_array, content_array
        for word in range(count):
            begin, end = edge[2 * word], edge[2 * word + 1]
            every[word] = content[telling] = (total[end] - total[begin]) * inverses[begin]
            telling += end - begin >= least[text[begin]]
    finally:
        free(total)
    pair_array = np.empty(max(telling - 1, 0), np.uint64)
    pairs = pair_array
    for word in range(telling - 1):
        mixed = content[word] * mix + content[word + 1]
        pairs[word] = mixed ^ mixed >> 31
    return every_array, content_array[:telling], pair_array
