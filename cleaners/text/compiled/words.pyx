# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Words of a text as in cleaners.text.tokens and cleaners.dedup.words, in one pass each."""

from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND
from libc.stdint cimport int32_t, uint8_t, uint16_t, uint32_t, uint64_t, int64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy

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


cdef Py_ssize_t put(
    uint64_t found, Py_ssize_t length, uint8_t least, uint64_t* every, Py_ssize_t count,
    uint64_t* content, Py_ssize_t* telling,
) noexcept nogil:
    """Add a word to all, and to those that carry content if it is long enough; how many are all."""
    every[count] = found
    if length >= least:
        content[telling[0]] = found
        telling[0] += 1
    return count + 1


cdef Py_ssize_t hash_in(
    const Code* codes, Py_ssize_t size, const uint8_t* least, const uint64_t* letters,
    uint64_t prime, int alone, uint64_t* every, uint64_t* content, Py_ssize_t* telling,
) noexcept nogil:
    cdef Py_ssize_t at, length = 0, count = 0
    cdef uint64_t letter, power = prime, found = 0
    cdef uint8_t first = 0, kind
    for at in range(size):
        letter = letters[codes[at]]
        if letter:
            kind = least[codes[at]]
            if length and (kind == alone or first == alone):
                count = put(found, length, first, every, count, content, telling)
                length = 0
            if not length:
                found, power, first = 0, prime, kind
            found += letter * power
            power *= prime
            length += 1
        elif length:
            count = put(found, length, first, every, count, content, telling)
            length = 0
    if length:
        count = put(found, length, first, every, count, content, telling)
    return count


def hash_words(
    str text, const uint8_t[::1] least, const uint64_t[::1] letters, uint64_t prime, int alone
):
    """Hashes of a text's words, and of those that carry content; None for a text that has
    characters beyond the tables. See cleaners.dedup.words."""
    cdef const void* data = PyUnicode_DATA(text)
    cdef int shape = PyUnicode_KIND(text)
    cdef Py_ssize_t size = len(text), count, telling = 0
    if shape == 4:
        return None
    cdef uint64_t* every = <uint64_t*>malloc(2 * (size + 1) * sizeof(uint64_t))
    if not every:
        raise MemoryError
    cdef uint64_t* content = every + size + 1
    try:
        if shape == 1:
            count = hash_in(
                <const uint8_t*>data, size, &least[0], &letters[0], prime, alone, every, content,
                &telling,
            )
        else:
            count = hash_in(
                <const uint16_t*>data, size, &least[0], &letters[0], prime, alone, every, content,
                &telling,
            )
        every_array = copied(every, count)
        content_array = copied(content, telling)
    finally:
        free(every)
    return every_array, content_array


cdef copied(const uint64_t* values, Py_ssize_t count):
    array = np.empty(count, np.uint64)
    cdef uint64_t[::1] view = array
    if count:
        memcpy(&view[0], values, count * sizeof(uint64_t))
    return array
