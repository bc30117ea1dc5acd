# cython: language_level=3, boundscheck=False, wraparound=False
"""Texts counted as in cleaners.html.letters, in one pass over their letters without arrays of them."""

from cpython.unicode cimport PyUnicode_READ, PyUnicode_DATA, PyUnicode_KIND, PyUnicode_Substring
from libc.stdint cimport int64_t, uint8_t
from libc.stdlib cimport qsort

import numpy as np

from cleaners.html import letters as python
from cleaners.html.cues import WORD_CUES, word_mask

cdef const uint8_t[::1] CLASSES = python.CLASSES
cdef const uint8_t[::1] WORD_CHARS = python.WORD_CHARS
cdef const int64_t[::1] KIND_OF = python.KIND_OF
cdef int UPPER = python.UPPER, DIGIT = python.DIGIT, STOP = python.STOP, LETTER = python.LETTER
cdef int HEAD = python.HEAD, KINDS = len(python.KINDS), CUES = len(WORD_CUES)
cdef int CAPITALS = python.KINDS.index(python.UPPER | python.LETTER)
cdef int LETTERS = python.KINDS.index(python.LETTER)
cdef set WIDE_STOPS = set(python.WIDE_STOPS)

cdef enum:
    SURROGATES = 0xD800
    BEHIND_SURROGATES = 0xE000
    IN_WORD = 1
    A_WORD = 2


cdef inline int class_of(Py_UCS4 code):
    if code < <Py_UCS4>CLASSES.shape[0]:
        return CLASSES[code]
    return STOP if <int>code in WIDE_STOPS else LETTER


cdef int in_order(const void* one, const void* other) noexcept nogil:
    cdef int64_t left = (<const int64_t*>one)[0], right = (<const int64_t*>other)[0]
    return (left > right) - (left < right)


cdef class Words:
    """The words of all texts, in order, as numbers."""

    cdef dict vocabulary
    cdef list masks, last_row  # of each word: its cues, and the last text that it was met in
    cdef object ids, owner, pairs, spoken
    cdef int64_t[::1] id_of, owner_of, pair
    cdef int64_t[:, ::1] spoken_of
    cdef Py_ssize_t words, distinct, first, first_distinct

    def __cinit__(self, Py_ssize_t count, Py_ssize_t most):
        self.vocabulary, self.masks, self.last_row = {}, [], []
        self.ids, self.owner = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
        self.pairs, self.spoken = np.empty(most, np.int64), np.zeros((count, CUES), np.int64)
        self.id_of, self.owner_of, self.pair = self.ids, self.owner, self.pairs
        self.spoken_of = self.spoken
        self.words = self.distinct = self.first = self.first_distinct = 0

    cdef int add(self, str text, Py_ssize_t start, Py_ssize_t end, Py_ssize_t row) except -1:
        cdef str word = PyUnicode_Substring(text, start, end)
        cdef object known = self.vocabulary.get(word)
        cdef Py_ssize_t number
        cdef int64_t mask
        cdef int bit
        if known is None:
            known = len(self.vocabulary)
            self.vocabulary[word] = known
            self.masks.append(word_mask(word))
            self.last_row.append(-1)
        number = known
        self.id_of[self.words], self.owner_of[self.words] = number, row
        self.words += 1
        mask = self.masks[number]
        if mask and self.words - self.first <= HEAD:
            for bit in range(CUES):
                self.spoken_of[row, bit] += mask >> bit & 1
        if <Py_ssize_t>self.last_row[number] != row:
            self.last_row[number] = row
            self.pair[self.distinct] = number
            self.distinct += 1

    cdef Py_ssize_t read(self, str text, Py_ssize_t row) except -1:
        """Add the words of a text in lower case; how many they are."""
        cdef int kind = PyUnicode_KIND(text), inside
        cdef const void* data = PyUnicode_DATA(text)
        cdef Py_ssize_t at, start = -1, size = len(text)
        cdef Py_UCS4 code
        self.first, self.first_distinct = self.words, self.distinct
        for at in range(size + 1):
            inside = 0
            if at < size:
                code = PyUnicode_READ(kind, data, at)
                if code < <Py_UCS4>WORD_CHARS.shape[0]:
                    inside = WORD_CHARS[code]
            if start >= 0 and inside != IN_WORD:
                self.add(text, start, at, row)
                start = -1
            if inside == A_WORD:
                self.add(text, at, at + 1, row)
            elif inside == IN_WORD and start < 0:
                start = at
        at = self.distinct - self.first_distinct
        if at > 1:
            qsort(&self.pair[self.first_distinct], at, sizeof(int64_t), in_order)
        return self.words - self.first


def count_letters(texts):
    """Count texts, none of them empty."""
    cdef Py_ssize_t count = len(texts), row, at, size, most = 0
    cdef str text
    cdef Py_UCS4 code = 0
    cdef int shape, kind, before = 0
    cdef const void* data
    lowered = tuple([text.lower() for text in texts])
    for text in lowered:
        most += len(text)
    cdef Words words = Words(count, most)
    lengths, word_counts = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    firsts, lasts = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    capitals = np.zeros(count, dtype=np.int64)
    distinct = np.empty(count, dtype=np.int64)
    hits = np.zeros((count, KINDS), dtype=np.int64)
    cdef int64_t[::1] length_of = lengths, words_of = word_counts, first_of = firsts
    cdef int64_t[::1] last_of = lasts, capitals_of = capitals, distinct_of = distinct
    cdef int64_t[:, ::1] hits_of = hits
    for row in range(count):
        text = texts[row]
        size = length_of[row] = len(text)
        kind, data = PyUnicode_KIND(text), PyUnicode_DATA(text)
        for at in range(size):
            code = PyUnicode_READ(kind, data, at)
            if SURROGATES <= code < BEHIND_SURROGATES:
                code = 0x3F  # no such character can be written out: "?"
            shape = class_of(code)
            hits_of[row, KIND_OF[shape]] += 1
            if shape & UPPER and not before & (LETTER | DIGIT):
                capitals_of[row] += 1
            before = shape
            if at == 0:
                first_of[row] = code
        last_of[row] = code
        hits_of[row, LETTERS] += hits_of[row, CAPITALS]
        words_of[row] = words.read(lowered[row], row)
        distinct_of[row] = words.distinct - words.first_distinct
    pairs = words.pairs[: words.distinct]
    pairs += np.repeat(np.arange(count) * max(1, len(words.vocabulary)), distinct)
    return python.Letters(
        lowered=lowered,
        lengths=lengths,
        hits=hits,
        first_codes=firsts,
        last_codes=lasts,
        capitals=capitals,
        word_counts=word_counts,
        ids=words.ids[: words.words],
        owner=words.owner[: words.words],
        pairs=pairs,
        spoken=words.spoken,
        vocabulary=words.vocabulary,
    )


def numbers_of(str text, dict vocabulary):
    """The numbers of the words of a text; words that the vocabulary has not are left out."""
    text = text.lower()
    cdef int kind = PyUnicode_KIND(text), inside
    cdef const void* data = PyUnicode_DATA(text)
    cdef Py_ssize_t at, start = -1, size = len(text), found = 0
    cdef Py_UCS4 code
    numbers = np.empty(size, dtype=np.int64)
    cdef int64_t[::1] number_of = numbers
    for at in range(size + 1):
        inside = 0
        if at < size:
            code = PyUnicode_READ(kind, data, at)
            if code < <Py_UCS4>WORD_CHARS.shape[0]:
                inside = WORD_CHARS[code]
        if start >= 0 and inside != IN_WORD:
            number = vocabulary.get(PyUnicode_Substring(text, start, at))
            if number is not None:
                number_of[found] = number
                found += 1
            start = -1
        if inside == A_WORD:
            number = vocabulary.get(PyUnicode_Substring(text, at, at + 1))
            if number is not None:
                number_of[found] = number
                found += 1
        elif inside == IN_WORD and start < 0:
            start = at
    return numbers[:found]
