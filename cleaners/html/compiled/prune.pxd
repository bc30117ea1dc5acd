# cython: language_level=3
"""Parts of a page that are links and no prose."""

from lxml.includes.tree cimport xmlNode

from cleaners.html.compiled.nodes cimport Names


cdef class Prose:
    cdef set around
    cdef set beside
    cdef dict level
    cdef Names names

    cdef find(self, xmlNode* root)
    cdef mark(self, xmlNode* node)
    cdef count(self, xmlNode* node, int more)


cdef bint has_links(xmlNode* part, Names names)
cdef object read_links(xmlNode* part, Names names)
