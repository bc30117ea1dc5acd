# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Words of a text and their marks as in cleaners.text.tokens and .lexicon, in one pass each."""

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


cdef Py_ssize_t place_in(uint64_t word, const uint64_t[::1] ordered) noexcept nogil:
    """Where a hash stands among sorted ones, or -1."""
    cdef Py_ssize_t low = 0, high = ordered.shape[0], middle
    while low < high:
        middle = (low + high) >> 1
        if ordered[middle] < word:
            low = middle + 1
        else:
            high = middle
    return low if low < ordered.shape[0] and ordered[low] == word else -1


def stop_words(const uint64_t[::1] words, const uint8_t[::1] marks, const uint64_t[::1] stop, int bit):
    """Which words are among sorted ones, of those whose mark has the bit."""
    cdef Py_ssize_t count = words.shape[0], at
    found_array = np.zeros(count, np.bool_)
    cdef uint8_t[::1] found = found_array.view(np.uint8)
    for at in range(count):
        if marks[at] & bit:
            found[at] = place_in(words[at], stop) >= 0
    return found_array


def candidates(
    const uint64_t[::1] words,
    const uint8_t[::1] marks,
    const uint8_t[::1] word_kind,
    const int32_t[::1] first_word,
    pairs_array,
    const uint64_t[::1] first,
    whole_array,
    const uint64_t[::1] second,
    int first_bit,
    int single_bit,
    int digit,
    int numbers,
    uint64_t mix,
):
    """Places of words that a cue or its beginning begins with, in order; see lexicon.cues."""
    cdef const uint8_t[::1] pairs = pairs_array.view(np.uint8), whole = whole_array.view(np.uint8)
    cdef Py_ssize_t count = words.shape[0], lines = first_word.shape[0] - 1, line, at, found = 0
    cdef Py_ssize_t after_number = 0, begin, end, known
    cdef uint64_t mixed, mask = <uint64_t>pairs.shape[0] - 1
    cdef bint likely
    place_array = np.empty(count, np.int64)
    cdef int64_t[::1] place = place_array
    for line in range(lines):
        begin, end = first_word[line], first_word[line + 1]
        for at in range(begin, end):
            likely = (marks[at] & single_bit) != 0
            if at == begin:
                likely |= (marks[at] & first_bit) != 0
                if word_kind[at] == digit:
                    after_number = at + numbers + 1
            if not likely and at < after_number:
                likely = True
            if not likely and at + 1 < count:
                mixed = words[at] * mix + words[at + 1]
                mixed ^= mixed >> 31
                likely = pairs[mixed & mask]
            if not likely:
                continue
            known = place_in(words[at], first)
            if known < 0:
                continue
            if not whole[known]:
                if at + 1 >= end:
                    continue
                mixed = words[at] * mix + words[at + 1]
                mixed ^= mixed >> 31
                if place_in(mixed, second) < 0:
                    continue
            place[found] = at
            found += 1
    return place_array[:found]


def keys(const uint64_t[::1] words, const int32_t[::1] first_word):
    """One hash a line, of its words and their order; see facts._keys."""
    cdef Py_ssize_t lines = first_word.shape[0] - 1, line, at
    cdef uint64_t key
    key_array = np.empty(lines, np.uint64)
    cdef uint64_t[::1] key_of = key_array
    for line in range(lines):
        key = 0
        for at in range(first_word[line], first_word[line + 1]):
            key += words[at] * (<uint64_t>(at - first_word[line]) * 2 + <uint64_t>0x9E3779B97F4A7C15)
        key_of[line] = key
    return key_array


def edge(
    const uint8_t[::1] kind,
    const int32_t[::1] start,
    const int32_t[::1] end,
    const int32_t[::1] at,
    int step,
    tuple skipped,
    int most,
):
    """Class of the first character of each line from `at` on that is not skipped; see
    facts._edge."""
    cdef Py_ssize_t lines = start.shape[0], line, limit = kind.shape[0] - 1
    cdef int64_t low, high, place
    cdef uint32_t skip = 0
    cdef int turn
    for turn in skipped:
        skip |= <uint32_t>1 << turn
    found_array = np.zeros(lines, np.uint8)
    cdef uint8_t[::1] found = found_array
    if limit < 0:
        return found_array
    for line in range(lines):
        low = start[line]
        high = max(<int64_t>end[line] - 1, low)
        place = min(max(<int64_t>at[line], low), high)
        for turn in range(most):
            if not skip >> kind[min(place, limit)] & 1:
                break
            place = min(max(place + step, low), high)
        found[line] = kind[min(place, limit)]
    return found_array


cdef int look(
    const Code* codes, Py_ssize_t size, const uint8_t* marks, uint32_t table, uint32_t tags,
    int hidden, int lead, int trail, int pair,
) noexcept nogil:
    cdef Py_ssize_t at
    cdef uint32_t code
    cdef int every = 0, mark, before = 0, pairs = 0
    for at in range(size):
        code = codes[at]
        if Code is uint32_t:
            if code >= table:
                if code >> 7 == tags:
                    every |= hidden
                before = 0
                continue
        mark = marks[code]
        every |= mark
        pairs |= (before & lead) << 1 & mark
        before = mark
    return every | (pair if pairs & trail else 0)


def signs(str text, const uint8_t[::1] marks, uint32_t tags, int hidden, int lead, int trail, int pair):
    """What the characters of a text are signs of, as bits; see fixes._signs."""
    cdef const void* data = PyUnicode_DATA(text)
    cdef int shape = PyUnicode_KIND(text)
    cdef Py_ssize_t size = len(text)
    cdef uint32_t table = <uint32_t>marks.shape[0]
    if shape == 1:
        return look(<const uint8_t*>data, size, &marks[0], table, tags, hidden, lead, trail, pair)
    if shape == 2:
        return look(<const uint16_t*>data, size, &marks[0], table, tags, hidden, lead, trail, pair)
    return look(<const uint32_t*>data, size, &marks[0], table, tags, hidden, lead, trail, pair)


cdef inline Py_ssize_t term_in(
    uint32_t key, const uint32_t[::1] vocabulary, const uint8_t[::1] sieve
) noexcept nogil:
    """Where a term stands in the vocabulary, or -1."""
    cdef Py_ssize_t low = 0, high = vocabulary.shape[0], middle
    if not sieve[key & <uint32_t>(sieve.shape[0] - 1)]:
        return -1
    while low < high:
        middle = (low + high) >> 1
        if vocabulary[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low if low < vocabulary.shape[0] and vocabulary[low] == key else -1


def weigh(
    const uint64_t[::1] words,
    const int32_t[::1] first_word,
    const uint32_t[::1] vocabulary,
    const float[::1] odds,
    sieve_array,
    uint64_t mix,
):
    """Sum, mean, least and greatest odds of each line's words and then of its pairs of words; see
    vocabulary.weigh."""
    cdef const uint8_t[::1] sieve = sieve_array.view(np.uint8)
    cdef Py_ssize_t lines = first_word.shape[0] - 1, line, at, begin, end, term, many
    cdef uint64_t mixed
    cdef double total
    cdef float one, least, most
    cdef int turn
    row_array = np.empty((4, lines), np.float32)
    cdef float[:, ::1] rows = row_array
    for line in range(lines):
        begin, end = first_word[line], first_word[line + 1]
        total, many, least, most = 0.0, 0, 0.0, 0.0
        for turn in range(2):
            for at in range(begin, end - turn):
                mixed = words[at]
                if turn:
                    mixed = mixed * mix + words[at + 1]
                    mixed ^= mixed >> 31
                term = term_in(<uint32_t>(mixed >> 32), vocabulary, sieve)
                if term >= 0:
                    one = odds[term]
                    total += one
                    many += 1
                    least, most = min(least, one), max(most, one)
        rows[0, line], rows[1, line] = <float>total, <float>(total / max(many, 1))
        rows[2, line], rows[3, line] = least, most
    return row_array


def count_kinds(
    const uint8_t[::1] kind, const int32_t[::1] start, const int32_t[::1] end, int classes
):
    """Characters of each class in each line, the line feed behind it too; see Facts.kinds."""
    cdef Py_ssize_t lines = start.shape[0], line, at, stop
    count_array = np.zeros((lines, classes), np.int32)
    cdef int32_t[:, ::1] counts = count_array
    for line in range(lines):
        stop = min(<Py_ssize_t>end[line] + 1, kind.shape[0])
        for at in range(start[line], stop):
            counts[line, kind[at]] += 1
    return count_array


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
