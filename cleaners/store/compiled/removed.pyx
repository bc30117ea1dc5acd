# cython: language_level=3, boundscheck=False, wraparound=False
"""Removed blocks as columns. By the time that they are stored their parts lie all over the memory
and in no cache, so that each is looked at once, and sent for before its turn."""

from cpython.ref cimport PyObject
from libc.stdint cimport int32_t, int64_t, uint8_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy

import numpy as np


cdef extern from "Python.h":
    PyObject* PyTuple_GET_ITEM(object cell, Py_ssize_t at)
    const char* PyUnicode_AsUTF8AndSize(object text, Py_ssize_t* size) except NULL


cdef extern from *:
    """
    #if defined(__GNUC__)
    #define SOON(place) __builtin_prefetch(place)
    #else
    #define SOON(place) ((void)0)
    #endif
    """
    void SOON(const void* place) nogil


cdef enum:
    FAR = 24  # blocks ahead that are sent for
    NEAR = 12  # blocks ahead whose texts are
    CACHE_LINE = 64
    TEXT_BYTES = 80  # that a block has as a rule
    RULE_BYTES = 12


cdef class Strings:
    """Strings one behind the other in UTF-8, and where each begins and the last one ends."""

    cdef readonly object ends
    cdef int64_t[::1] end
    cdef bytearray held
    cdef Py_ssize_t used, room

    def __cinit__(self, Py_ssize_t count, Py_ssize_t room):
        self.ends = np.zeros(count + 1, np.int64)
        self.end = self.ends
        self.held = bytearray(room)
        self.used, self.room = 0, room

    cdef int add(self, Py_ssize_t at, object text) except -1:
        cdef Py_ssize_t size
        cdef const char* encoded = PyUnicode_AsUTF8AndSize(text, &size)
        if self.used + size > self.room:
            self.held.extend(bytes(2 * (self.used + size) - self.room))
            self.room = 2 * (self.used + size)
        memcpy(<char*>self.held + self.used, encoded, size)
        self.used += size
        self.end[at + 1] = self.used
        return 0

    cdef tuple taken(self):
        return self.ends, memoryview(self.held)[: self.used]


def gather(cells):
    """Of cells that are tuples of n blocks in all: where each cell begins and the last one ends;
    texts, rules and stages, each as ends (n + 1,) and UTF-8; positions and scores, (n,), and which
    scores are known. UnicodeEncodeError: a lone surrogate."""
    cdef Py_ssize_t count = 0, at = 0, place
    cdef tuple cell
    cdef PyObject* ahead
    cdef PyObject** blocks
    first_array = np.zeros(len(cells) + 1, np.int32)
    cdef int32_t[::1] first = first_array
    for cell in cells:
        count += len(cell)
        at += 1
        first[at] = count
    position_array = np.empty(count, np.int32)
    score_array = np.zeros(count, np.float32)
    known_array = np.ones(count, np.bool_)
    cdef int32_t[::1] position = position_array
    cdef float[::1] score = score_array
    cdef uint8_t[::1] known = known_array.view(np.uint8)
    cdef Strings texts = Strings(count, count * TEXT_BYTES)
    cdef Strings rules = Strings(count, count * RULE_BYTES)
    cdef Strings stages = Strings(count, count * RULE_BYTES)
    blocks = <PyObject**>malloc((count + 1) * sizeof(PyObject*))
    if not blocks:
        raise MemoryError
    try:
        at = 0
        for cell in cells:
            for place in range(len(cell)):
                blocks[at] = PyTuple_GET_ITEM(cell, place)
                at += 1
        for at in range(count):
            if at + FAR < count:
                SOON(blocks[at + FAR])
            if at + NEAR < count:
                ahead = <PyObject*>(<object>blocks[at + NEAR]).text
                SOON(ahead)
                SOON(<char*>ahead + CACHE_LINE)
            block = <object>blocks[at]
            texts.add(at, block.text)
            rules.add(at, block.rule)
            stages.add(at, block.stage)
            position[at] = block.position
            one = block.score
            if one is None:
                known[at] = 0
            else:
                score[at] = one
    finally:
        free(blocks)
    strings = (texts.taken(), rules.taken(), stages.taken())
    return first_array, strings, position_array, score_array, known_array
