# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What words and letters of a text are marks of: stop words, cues, odds, kinds, repairs."""

from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

import numpy as np

ctypedef fused Code:
    uint8_t
    uint16_t
    uint32_t


ctypedef fused Hash:
    uint32_t
    uint64_t


cdef inline uint64_t pair_of(uint64_t first, uint64_t second, uint64_t mix) noexcept nogil:
    """The hash of two neighbouring words; see tokens.combine."""
    cdef uint64_t mixed = first * mix + second
    return mixed ^ (mixed >> 31)


cdef Py_ssize_t place_in(Hash word, const Hash[::1] ordered) noexcept nogil:
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
    cdef uint64_t mask = <uint64_t>pairs.shape[0] - 1
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
                likely = pairs[pair_of(words[at], words[at + 1], mix) & mask]
            if not likely:
                continue
            known = place_in(words[at], first)
            if known < 0:
                continue
            if not whole[known]:
                if at + 1 >= end:
                    continue
                if place_in(pair_of(words[at], words[at + 1], mix), second) < 0:
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
    uint32_t key, const uint32_t[::1] vocabulary, const int32_t[::1] starts, int drawer
) noexcept nogil:
    """Where a term stands in the vocabulary, or -1."""
    cdef Py_ssize_t at
    for at in range(starts[key >> drawer], starts[(key >> drawer) + 1]):
        if vocabulary[at] == key:
            return at
    return -1


def weigh(
    const uint64_t[::1] words,
    const int32_t[::1] first_word,
    const uint32_t[::1] vocabulary,
    const float[::1] odds,
    const int32_t[::1] starts,
    int drawer,
    uint64_t mix,
):
    """Sum, mean, least and greatest odds of each line's words and then of its pairs of words; see
    vocabulary.weigh."""
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
                    mixed = pair_of(mixed, words[at + 1], mix)
                term = term_in(<uint32_t>(mixed >> 32), vocabulary, starts, drawer)
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
