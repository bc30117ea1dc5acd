# cython: language_level=3, boundscheck=False, wraparound=False
"""Texts counted as in cleaners.html.letters, in one pass over their letters without arrays of them."""

from cpython.mem cimport PyMem_Calloc, PyMem_Free, PyMem_Realloc
from cpython.unicode cimport PyUnicode_READ, PyUnicode_DATA, PyUnicode_KIND, PyUnicode_Substring
from libc.stdint cimport int64_t, uint8_t, uint64_t
from libc.stdlib cimport qsort

import numpy as np

from cleaners.html import letters as python
from cleaners.html.cues import WORD_CUES, WORD_STEMS, word_mask

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


cdef enum:
    FIRST_ROOM = 4096
    FILTER_BITS = 14
    FOREIGN = 0x1100  # from here on few letters make a word, and its cues are looked up at once

cdef uint64_t HASH_START = 14695981039346656037ULL, HASH_PRIME = 1099511628211ULL  # FNV-1a
cdef uint64_t SCATTER = 0x9E3779B97F4A7C15ULL  # 2**64 over the golden ratio

# Most words are no cue and hold none, which two small tables tell: of hashes of cues that are whole
# words, and of the first three letters of those that stand anywhere in one.
cdef uint8_t[1 << FILTER_BITS] WHOLE
cdef uint8_t[1 << FILTER_BITS] GRAMS


cdef inline uint64_t hashed(uint64_t before, Py_UCS4 code) noexcept nogil:
    return (before ^ <uint64_t>code) * HASH_PRIME


cdef inline uint64_t scattered(uint64_t number) noexcept nogil:
    return (number * SCATTER) >> (64 - FILTER_BITS)


cdef inline uint64_t with_letter(uint64_t gram, Py_UCS4 code) noexcept nogil:
    """The last three letters."""
    return (gram << 21 | <uint64_t>code) & 0x7FFFFFFFFFFFFFFFULL


def _fill():
    cdef uint64_t number
    cdef str word
    cdef Py_UCS4 code
    for word in WORD_STEMS.whole:
        number = HASH_START
        for code in word:
            number = hashed(number, code)
        WHOLE[scattered(number)] = 1
    for stems in WORD_STEMS.within.values():
        for word, _ in stems:
            number = 0
            for code in word[:3]:
                number = with_letter(number, code)
            GRAMS[scattered(number)] = 1
            if len(word) < 3 and ord(word[0]) < FOREIGN:
                raise ValueError(f"{word}: a stem of less than three letters")


_fill()


cdef inline bint is_slice(str word, str text, Py_ssize_t start, Py_ssize_t end):
    """Whether a word is what stands at a place of a text."""
    cdef Py_ssize_t at, size = end - start
    cdef int kind = PyUnicode_KIND(word), other = PyUnicode_KIND(text)
    cdef const void* data = PyUnicode_DATA(word)
    cdef const void* letters = PyUnicode_DATA(text)
    if len(word) != size:
        return False
    for at in range(size):
        if PyUnicode_READ(kind, data, at) != PyUnicode_READ(other, letters, start + at):
            return False
    return True


cdef inline int class_of(Py_UCS4 code):
    if code < <Py_UCS4>CLASSES.shape[0]:
        return CLASSES[code]
    return STOP if <int>code in WIDE_STOPS else LETTER


cdef int in_order(const void* one, const void* other) noexcept nogil:
    cdef int64_t left = (<const int64_t*>one)[0], right = (<const int64_t*>other)[0]
    return (left > right) - (left < right)


cdef struct Word:
    int64_t mask  # its cues
    int64_t last_row  # the last text that it was met in


cdef struct Slot:
    uint64_t hash
    Py_ssize_t number  # of the word; 0 where there is none, else one more


cdef class Words:
    """The words of all texts, in order, as numbers.

    A word that was met before is found by a hash of its letters: no string is made of it.
    """

    cdef dict vocabulary
    cdef list names
    cdef Word* known
    cdef Slot* slots
    cdef Py_ssize_t room  # slots, a power of two; as many words at most as half of them
    cdef object ids, owner, pairs, spoken
    cdef int64_t[::1] id_of, owner_of, pair
    cdef int64_t[:, ::1] spoken_of
    cdef Py_ssize_t words, distinct, first, first_distinct

    def __cinit__(self, Py_ssize_t count, Py_ssize_t most):
        self.vocabulary, self.names = {}, []
        self.known, self.slots, self.room = NULL, NULL, 0
        self.ids, self.owner = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
        self.pairs, self.spoken = np.empty(most, np.int64), np.zeros((count, CUES), np.int64)
        self.id_of, self.owner_of, self.pair = self.ids, self.owner, self.pairs
        self.spoken_of = self.spoken
        self.words = self.distinct = self.first = self.first_distinct = 0
        self.grow()

    def __dealloc__(self):
        PyMem_Free(self.known)
        PyMem_Free(self.slots)

    cdef int grow(self) except -1:
        """Make room for four times as many words."""
        cdef Slot* old = self.slots
        cdef Py_ssize_t size = self.room, number, at
        self.room = 4 * size if size else FIRST_ROOM
        self.slots = <Slot*>PyMem_Calloc(self.room, sizeof(Slot))
        cdef Word* known = <Word*>PyMem_Realloc(self.known, self.room // 2 * sizeof(Word))
        if known != NULL:
            self.known = known
        if known == NULL or self.slots == NULL:
            PyMem_Free(old)
            raise MemoryError
        for number in range(size):
            if old[number].number:
                at = old[number].hash & (self.room - 1)
                while self.slots[at].number:
                    at = (at + 1) & (self.room - 1)
                self.slots[at] = old[number]
        PyMem_Free(old)

    cdef Py_ssize_t number_of(
        self, str text, Py_ssize_t start, Py_ssize_t end, uint64_t hash, bint may_be_cue
    ) except -1:
        """The number of a word, a new one for a new word."""
        cdef Py_ssize_t at = hash & (self.room - 1), number
        while self.slots[at].number:
            if self.slots[at].hash == hash:
                number = self.slots[at].number - 1
                if is_slice(<str>self.names[number], text, start, end):
                    return number
            at = (at + 1) & (self.room - 1)
        cdef str word = PyUnicode_Substring(text, start, end)
        number = len(self.names)
        self.names.append(word)
        self.vocabulary[word] = number
        self.slots[at].hash, self.slots[at].number = hash, number + 1
        self.known[number].mask = word_mask(word) if may_be_cue or WHOLE[scattered(hash)] else 0
        self.known[number].last_row = -1
        if 2 * len(self.names) >= self.room:
            self.grow()
        return number

    cdef int add(
        self, str text, Py_ssize_t start, Py_ssize_t end, Py_ssize_t row, uint64_t hash,
        bint may_be_cue,
    ) except -1:
        cdef Py_ssize_t number = self.number_of(text, start, end, hash, may_be_cue)
        cdef Word* word = &self.known[number]
        cdef int bit
        self.id_of[self.words], self.owner_of[self.words] = number, row
        self.words += 1
        if word.mask and self.words - self.first <= HEAD:
            for bit in range(CUES):
                self.spoken_of[row, bit] += word.mask >> bit & 1
        if word.last_row != row:
            word.last_row = row
            self.pair[self.distinct] = number
            self.distinct += 1

    cdef Py_ssize_t read(self, str text, Py_ssize_t row) except -1:
        """Add the words of a text in lower case; how many they are."""
        cdef int kind = PyUnicode_KIND(text), inside
        cdef const void* data = PyUnicode_DATA(text)
        cdef Py_ssize_t at, start = -1, size = len(text)
        cdef Py_UCS4 code
        cdef uint64_t hash = HASH_START
        cdef uint64_t gram = 0
        cdef bint may_be_cue = False
        self.first, self.first_distinct = self.words, self.distinct
        for at in range(size + 1):
            inside, code = 0, 0
            if at < size:
                code = PyUnicode_READ(kind, data, at)
                if code < <Py_UCS4>WORD_CHARS.shape[0]:
                    inside = WORD_CHARS[code]
            if start >= 0 and inside != IN_WORD:
                self.add(text, start, at, row, hash, may_be_cue)
                start = -1
            if inside == IN_WORD:
                if start < 0:
                    start, hash, gram, may_be_cue = at, HASH_START, 0, False
                hash, gram = hashed(hash, code), with_letter(gram, code)
                may_be_cue |= GRAMS[scattered(gram)] or code >= FOREIGN
            elif inside == A_WORD:
                self.add(text, at, at + 1, row, hashed(HASH_START, code), True)
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
