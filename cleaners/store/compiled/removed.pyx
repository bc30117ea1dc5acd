# cython: language_level=3, boundscheck=False, wraparound=False
"""Removed blocks as columns. By the time that they are stored their parts lie all over the memory
and in no cache, so that each is looked at once, in its slot, and sent for before its turn."""

from cpython.ref cimport PyObject
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy

import numpy as np


cdef extern from "Python.h":
    ctypedef struct PyTypeObject
    PyTypeObject* Py_TYPE(PyObject* one)
    PyObject* PyTuple_GET_ITEM(object cell, Py_ssize_t at)
    const char* PyUnicode_AsUTF8(object text) except NULL
    bint PyUnicode_IS_ASCII(object text)
    bint PyUnicode_Check(PyObject* one)


cdef extern from "structmember.h":
    ctypedef struct PyMemberDef:
        Py_ssize_t offset
    ctypedef struct PyMemberDescrObject:
        PyMemberDef* d_member


cdef extern from *:
    """
    #if defined(__GNUC__)
    #define SOON(place) __builtin_prefetch(place)
    #else
    #define SOON(place) ((void)0)
    #endif
    """
    void SOON(const void* place) nogil


ctypedef fused Code:
    uint8_t
    uint16_t
    uint32_t


cdef enum:
    FAR = 24  # blocks ahead that are sent for
    NEAR = 12  # blocks ahead whose parts are
    CACHE_LINE = 64
    TEXT_BYTES = 96  # that a block has as a rule
    NAME_BYTES = 16


cdef uint8_t* encoded(const Code* codes, Py_ssize_t size, uint8_t* out) noexcept nogil:
    """Where the characters end in UTF-8 that begin at `out`; NULL: a lone surrogate."""
    cdef Py_ssize_t at
    cdef uint32_t code
    for at in range(size):
        code = codes[at]
        if code < 0x80:
            out[0] = <uint8_t>code
            out += 1
        elif code < 0x800:
            out[0], out[1] = 0xC0 | code >> 6, 0x80 | code & 0x3F
            out += 2
        elif code < 0x10000:
            if code >> 11 == 0x1B:
                return NULL
            out[0], out[1], out[2] = 0xE0 | code >> 12, 0x80 | code >> 6 & 0x3F, 0x80 | code & 0x3F
            out += 3
        else:
            out[0], out[1] = 0xF0 | code >> 18, 0x80 | code >> 12 & 0x3F
            out[2], out[3] = 0x80 | code >> 6 & 0x3F, 0x80 | code & 0x3F
            out += 4
    return out


cdef class Strings:
    """Strings one behind the other in UTF-8, and where each begins and the last one ends."""

    cdef object ends, held
    cdef int64_t[::1] end
    cdef uint8_t[::1] bytes
    cdef Py_ssize_t used

    def __cinit__(self, Py_ssize_t count, Py_ssize_t bytes_each):
        self.ends = np.zeros(count + 1, np.int64)
        self.end = self.ends
        self.bytes = self.held = np.empty((count + 1) * bytes_each, np.uint8)
        self.used = 0

    cdef int add(self, Py_ssize_t at, PyObject* given) except -1:
        if not given or not PyUnicode_Check(given):
            raise TypeError("a text is no string")
        text = <object>given
        cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text), most
        cdef const void* data = PyUnicode_DATA(text)
        cdef int shape = PyUnicode_KIND(text)
        cdef uint8_t* out
        most = self.used + size * (1 if PyUnicode_IS_ASCII(text) else min(shape + 1, 4))
        if most > self.bytes.shape[0]:
            before, self.held = self.held, np.empty(2 * most, np.uint8)
            self.held[: self.used] = before[: self.used]
            self.bytes = self.held
        out = &self.bytes[self.used]
        if PyUnicode_IS_ASCII(text):
            memcpy(out, data, size)
            out += size
        elif shape == 1:
            out = encoded(<const uint8_t*>data, size, out)
        elif shape == 2:
            out = encoded(<const uint16_t*>data, size, out)
        else:
            out = encoded(<const uint32_t*>data, size, out)
        if not out:
            PyUnicode_AsUTF8(text)  # raises
        self.used = out - &self.bytes[0]
        self.end[at + 1] = self.used
        return 0

    cdef tuple taken(self, kind):
        if self.used > np.iinfo(kind).max:
            raise OverflowError("too many characters")
        return self.ends.astype(kind, copy=False), self.held[: self.used]


cdef Py_ssize_t slot(type kind, str name) except -1:
    """Where in objects of a class with slots the one of this name is."""
    return (<PyMemberDescrObject*>kind.__dict__[name]).d_member.offset


cdef inline PyObject* part(PyObject* block, Py_ssize_t place) noexcept:
    return (<PyObject**>(<char*>block + place))[0]


def gather(cells, type kind):
    """Of cells that are tuples of n blocks of this kind in all: where each cell begins and the last
    one ends; texts, rules and stages, each as ends (n + 1,), texts' of 64 bits, and UTF-8;
    positions and scores, (n,), and which scores are known. UnicodeEncodeError: a lone surrogate;
    TypeError: a block of another kind."""
    cdef Py_ssize_t text = slot(kind, "text"), rule = slot(kind, "rule")
    cdef Py_ssize_t stage = slot(kind, "stage"), place = slot(kind, "position")
    cdef Py_ssize_t certainty = slot(kind, "score")
    cdef Py_ssize_t last = max(text, rule, stage, place, certainty)
    cdef Py_ssize_t count = 0, at = 0, number
    cdef tuple cell
    cdef PyObject* block
    cdef PyObject* ahead
    cdef PyObject** blocks
    first_array = np.zeros(len(cells) + 1, np.int32)
    cdef int32_t[::1] first = first_array
    for cell in cells:
        count += len(cell)
        at += 1
        first[at] = <int32_t>count
    position_array = np.empty(count, np.int32)
    score_array = np.zeros(count, np.float32)
    known_array = np.ones(count, np.bool_)
    cdef int32_t[::1] position = position_array
    cdef float[::1] score = score_array
    cdef uint8_t[::1] known = known_array.view(np.uint8)
    cdef Strings texts = Strings(count, TEXT_BYTES)
    cdef Strings rules = Strings(count, NAME_BYTES)
    cdef Strings stages = Strings(count, NAME_BYTES)
    blocks = <PyObject**>malloc((count + 1) * sizeof(PyObject*))
    if not blocks:
        raise MemoryError
    try:
        at = 0
        for cell in cells:
            for number in range(len(cell)):
                blocks[at] = PyTuple_GET_ITEM(cell, number)
                at += 1
        for at in range(count):
            if at + FAR < count:
                SOON(blocks[at + FAR])
                SOON(<char*>blocks[at + FAR] + last)
            if at + NEAR < count:
                ahead = blocks[at + NEAR]
                if Py_TYPE(ahead) == <PyTypeObject*>kind:
                    SOON(part(ahead, place))
                    SOON(part(ahead, certainty))
                    SOON(part(ahead, text))
                    SOON(<char*>part(ahead, text) + CACHE_LINE)
            block = blocks[at]
            if Py_TYPE(block) != <PyTypeObject*>kind:
                raise TypeError(f"a block is no {kind.__name__}")
            texts.add(at, part(block, text))
            rules.add(at, part(block, rule))
            stages.add(at, part(block, stage))
            position[at] = <object>part(block, place)
            one = <object>part(block, certainty)
            if one is None:
                known[at] = 0
            else:
                score[at] = one
    finally:
        free(blocks)
    strings = (texts.taken(np.int64), rules.taken(np.int32), stages.taken(np.int32))
    return first_array, strings, position_array, score_array, known_array
