# cython: language_level=3
"""libxml2's nodes as the walk reads them."""

from cpython.ref cimport PyObject
from lxml.includes.tree cimport (
    XML_CDATA_SECTION_NODE,
    XML_ELEMENT_NODE,
    XML_TEXT_NODE,
    const_xmlChar,
    xmlAttr,
    xmlNode,
)


cdef enum:
    SLOTS = 256  # names that are remembered; HTML has 140 elements


cdef struct Name:
    const_xmlChar* at
    PyObject* tag
    int role  # one of the roles of the walk in Python, or -1
    bint carries
    bint division
    bint media
    bint skipped
    bint link
    bint heading
    bint rendered
    bint inherited
    long long cues


cdef enum Says:
    NOTHING, CLASS, NAMES, HIDES


cdef struct Key:
    const_xmlChar* at
    Says says


cdef class Names:
    cdef Name slots[SLOTS]
    cdef Key keys[SLOTS]
    cdef list kept

    cdef Name of(self, xmlNode* node)
    cdef Says says(self, xmlAttr* attribute)
    cdef str cues(self, xmlNode* node, long long* cues)


cdef inline bint is_text(xmlNode* node) noexcept nogil:
    return node.type == XML_TEXT_NODE or node.type == XML_CDATA_SECTION_NODE


cdef inline bint is_single(xmlNode* text) noexcept nogil:
    """Whether a node is all of a text; lxml joins neighbours to one."""
    return text.next == NULL or text.next.type == XML_ELEMENT_NODE


cdef inline xmlNode* element_from(xmlNode* node) noexcept nogil:
    """The node or the first sibling behind it that is an element."""
    while node != NULL and node.type != XML_ELEMENT_NODE:
        node = node.next
    return node


cdef inline xmlNode* element_above(xmlNode* node) noexcept nogil:
    node = node.parent
    return node if node != NULL and node.type == XML_ELEMENT_NODE else NULL


cdef inline xmlNode* next_within(xmlNode* node, xmlNode* root) noexcept nogil:
    """The next element of a tree in the order of the document, NULL at its end."""
    cdef xmlNode* found = element_from(node.children)
    while found == NULL and node != root:
        found = element_from(node.next)
        node = node.parent
    return found


cdef inline bint is_blank(const_xmlChar* content) noexcept nogil:
    """Whether there are only such spaces as ASCII has."""
    while content[0] == 32 or 9 <= content[0] <= 13 or 28 <= content[0] <= 31:
        content += 1
    return content[0] == 0


cdef str value_of(xmlNode* node, xmlAttr* attribute)
cdef str attribute(xmlNode* node, const char* name)
cdef str whole_text(xmlNode* node, xmlNode* first, bint behind)
