# cython: language_level=3
"""The matrix of a document while it is filled, and what several groups of columns share."""

from libc.stdint cimport int64_t, uint8_t


cdef inline double clip(double value, double low, double high) noexcept nogil:
    return low if value < low else high if value > high else value


cdef class Columns:
    cdef object document, page, told, matrix, layout, text
    cdef float[:, ::1] cells
    cdef Py_ssize_t count, known  # blocks, and words of the page
    cdef int64_t[::1] ids, owner, pairs, openings
    cdef float[::1] chars, words, mass, linked, log_chars, log_words, log_links
    cdef int64_t[:, ::1] above
    cdef int64_t[::1] parent, first, last, depth, path, kind
    cdef uint8_t[::1] prose, items, first_heads
    cdef double total

    cdef int write_words(self, list texts) except -1
    cdef int write_shape(self) except -1
    cdef int write_place(self) except -1
    cdef int write_bits(self, Py_ssize_t row, int column, int64_t mask, int[::1] used) except -1
