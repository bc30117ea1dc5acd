# cython: language_level=3, boundscheck=False, wraparound=False
"""The leaves that rows come to in a forest, added up: 64 rows side by side, a byte each."""

from libc.stdint cimport int32_t, uint8_t
from libc.stdlib cimport calloc, free, malloc

import numpy as np

cdef extern from *:
    """
    #include <stdint.h>
    #if !defined(_MSC_VER)
    #define ALONE __restrict__
    #else
    #define ALONE __restrict
    #endif
    enum { ROWS = 64 };
    static inline void ask(const float *ALONE column, float border, uint8_t *ALONE answers) {
        for (int at = 0; at < ROWS; at++) answers[at] = column[at] > border;
    }
    static inline void descend(uint8_t *ALONE leaf, const uint8_t *ALONE answers) {
        for (int at = 0; at < ROWS; at++) leaf[at] = (uint8_t)(leaf[at] + leaf[at] + answers[at]);
    }
    """
    # Loops of one length over places that do not overlap: compilers make them a few instructions.
    enum: ROWS
    void ask(const float* column, float border, uint8_t* answers) noexcept nogil
    void descend(uint8_t* leaf, const uint8_t* answers) noexcept nogil  # one level down


def sums(
    const float[:, ::1] rows,
    const int32_t[::1] feature,
    const float[::1] border,
    const int32_t[:, ::1] tree_questions,
    const int32_t[:, ::1] leaves,
):
    """Sum of each row's leaves: (n,), for rows (n, features); the rest as in `Forest`, which has
    seen to it that they fit together."""
    cdef Py_ssize_t count = rows.shape[0], width = rows.shape[1], asked = feature.shape[0]
    cdef Py_ssize_t depth = tree_questions.shape[0], trees = tree_questions.shape[1]
    cdef Py_ssize_t first = 0, here, at, number, tree, level
    cdef const int32_t* table
    cdef uint8_t leaf[ROWS]
    total_array = np.zeros(count, np.int32)
    cdef int32_t[::1] total = total_array
    if not count or not trees:
        return total_array
    for number in range(asked):
        if not 0 <= feature[number] < width:
            raise IndexError(f"column {feature[number]} of {width}")
    cdef float* columns = <float*>calloc(width * ROWS, sizeof(float))
    cdef uint8_t* answers = <uint8_t*>malloc(asked * ROWS)
    if columns == NULL or answers == NULL:
        free(columns)
        free(answers)
        raise MemoryError
    with nogil:
        while first < count:
            here = min(<Py_ssize_t>ROWS, count - first)
            for number in range(width):
                for at in range(here):
                    columns[number * ROWS + at] = rows[first + at, number]
            for number in range(asked):
                ask(columns + feature[number] * ROWS, border[number], answers + number * ROWS)
            for tree in range(trees):
                for at in range(ROWS):
                    leaf[at] = 0
                for level in range(depth - 1, -1, -1):
                    descend(leaf, answers + tree_questions[level, tree] * ROWS)
                table = &leaves[tree, 0]
                for at in range(here):
                    total[first + at] += table[leaf[at]]
            first += ROWS
        free(columns)
        free(answers)
    return total_array
