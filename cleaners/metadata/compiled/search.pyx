# cython: language_level=3
"""The searches of cleaners.metadata.search over libxml2's own nodes."""

from cpython.bytes cimport PyBytes_AS_STRING
from libc.stdint cimport uintptr_t
from libc.string cimport strcmp, strstr
from lxml.includes cimport etreepublic as lx
from lxml.includes.tree cimport XML_TEXT_NODE, const_xmlChar, xmlAttr, xmlNode

from cleaners.html.compiled.nodes cimport attribute, next_within

from collections import Counter

lx.import_lxml__etree()

cdef enum:
    SLOTS = 256  # names that are remembered; HTML has 140 elements


cdef struct Slot:
    const_xmlChar* at
    int number


cdef class Numbers:
    """Numbers of names, by their places in memory: the parser keeps each name once."""

    cdef Slot slots[SLOTS]
    cdef dict numbers

    def __cinit__(self, dict numbers):
        self.numbers = numbers
        for place in range(SLOTS):
            self.slots[place].at = NULL

    cdef int of(self, const_xmlChar* name) except -2:
        """The number of a name, -1 for a name that has none."""
        cdef Slot* slot = &self.slots[(<uintptr_t>name >> 2) % SLOTS]
        if slot.at != name:
            slot.number = self.numbers.get(lx.pyunicode(name), -1)
            slot.at = name
        return slot.number


cdef class Holding:
    """Finds the elements of which an attribute holds one of some texts."""

    cdef dict numbers
    cdef list needles  # by number of an attribute: its needles, and whether each is all of a value

    def __init__(self, needles):
        self.numbers = {name: number for number, name in enumerate(needles)}
        self.needles = [
            [(text.removeprefix("=").encode(), text.startswith("=")) for text in texts]
            for texts in needles.values()
        ]

    def __call__(self, lx._Element tree):
        """The elements, in the order of the document."""
        cdef Numbers numbers = Numbers(self.numbers)
        cdef xmlNode* top = tree._c_node
        cdef xmlNode* node = top
        cdef xmlAttr* one
        cdef int number
        cdef list found = []
        while node != NULL:
            one = node.properties
            while one != NULL:
                number = numbers.of(one.name)
                if number >= 0 and self.holds(node, one, <list>self.needles[number]):
                    found.append(lx.elementFactory(tree._doc, node))
                    break
                one = one.next
            node = next_within(node, top)
        return found

    cdef bint holds(self, xmlNode* node, xmlAttr* one, list needles) except -1:
        cdef const char* value = b""
        cdef bytes kept
        cdef bytes needle
        cdef bint whole
        if one.children != NULL:
            if one.children.next == NULL and one.children.type == XML_TEXT_NODE:
                value = <const char*>one.children.content
            else:
                kept = lx.attributeValue(node, one).encode()
                value = PyBytes_AS_STRING(kept)
        for needle, whole in needles:
            if whole:
                if strcmp(value, PyBytes_AS_STRING(needle)) == 0:
                    return True
            elif strstr(value, PyBytes_AS_STRING(needle)) != NULL:
                return True
        return False


def visit(lx._Element tree, read, counted):
    """The elements of tags to be read, in order, and how many there are of those to be counted."""
    cdef list tags = [*{*counted, *read}]
    cdef Numbers numbers = Numbers({tag: number for number, tag in enumerate(tags)})
    cdef int number
    cdef int[SLOTS] counts
    cdef bint[SLOTS] is_read
    cdef xmlNode* node = tree._c_node
    cdef list found = []
    if len(tags) > SLOTS:
        raise ValueError(f"{len(tags)} tags")
    for number, tag in enumerate(tags):
        counts[number], is_read[number] = 0, tag in read
    while node != NULL:
        number = numbers.of(node.name)
        if number >= 0:
            counts[number] += 1
            if is_read[number]:
                found.append(lx.elementFactory(tree._doc, node))
        node = next_within(node, tree._c_node)
    return found, Counter(
        {tag: counts[n] for n, tag in enumerate(tags) if counts[n] and tag in counted}
    )


def names_of(lx._Element tree, tags):
    """Classes and ids of elements, in order; of each its class first."""
    cdef Numbers numbers = Numbers(dict.fromkeys(tags, 1))
    cdef xmlNode* node = tree._c_node
    cdef list names = []
    while node != NULL:
        if numbers.of(node.name) == 1 and node.properties != NULL:
            for name in (attribute(node, b"class"), attribute(node, b"id")):
                if name:
                    names.append(name)
        node = next_within(node, tree._c_node)
    return names
