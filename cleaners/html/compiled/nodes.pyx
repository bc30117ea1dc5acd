# cython: language_level=3
"""What libxml2's nodes say, without an element of lxml for each: making one takes longer than all
that is asked of it."""

from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.stdint cimport uintptr_t
from libc.string cimport strcmp, strlen
from lxml.includes cimport etreepublic as lx

from cleaners.html import tags
from cleaners.html import walk as python
from cleaners.html.cues import name_mask
from cleaners.html.tagcues import ARTICLE_BODY, HIDDEN, HIDING, NAME_ATTRIBUTES, TAG_BITS, hides

lx.import_lxml__etree()

cdef dict ROLES = python.ROLES
cdef frozenset CARRIERS = tags.CARRIERS, DIVISIONS = tags.DIVISIONS, MEDIA = tags.MEDIA
cdef frozenset SKIPPED = tags.SKIPPED, RENDERED = tags.RENDERED, INHERITED = python.INHERITED


cdef class Names:
    """What the names of a tree's elements and attributes are, by their places in memory: the parser
    keeps each name once."""

    def __cinit__(self):
        self.kept = []
        for number in range(SLOTS):
            self.slots[number].at = NULL
            self.keys[number].at = NULL

    cdef Name of(self, xmlNode* node):
        cdef Name* name = &self.slots[(<uintptr_t>node.name >> 2) % SLOTS]
        if name.at != node.name:
            tag = lx.pyunicode(node.name)
            self.kept.append(tag)
            name.at = node.name
            name.tag = <PyObject*>tag
            name.role = ROLES.get(tag, -1)
            name.carries = tag in CARRIERS
            name.division = tag in DIVISIONS
            name.media = tag in MEDIA
            name.skipped = tag in SKIPPED
            name.link = tag == "a"
            name.heading = tag == "h1"
            name.rendered = tag in RENDERED
            name.inherited = tag in INHERITED
            name.cues = TAG_BITS.get(tag, 0)
        return name[0]

    cdef Says says(self, xmlAttr* attribute):
        """What an attribute tells of its element."""
        cdef Key* key = &self.keys[(<uintptr_t>attribute.name >> 2) % SLOTS]
        if key.at != attribute.name:
            name = lx.pyunicode(attribute.name)
            key.at = attribute.name
            key.says = (
                CLASS if name == "class"
                else NAMES if name in NAME_ATTRIBUTES
                else HIDES if name in HIDING
                else NOTHING
            )
        return key.says

    cdef str cues(self, xmlNode* node, long long* cues):
        """The class of an element; the cues of all its attributes are put to `cues`."""
        cdef str classes = "", value
        cdef Says says
        cdef xmlAttr* attribute = node.properties
        while attribute != NULL:
            says = self.says(attribute)
            if says != NOTHING:
                value = value_of(node, attribute)
                if says == HIDES:
                    if hides(lx.pyunicode(attribute.name), value):
                        cues[0] |= <long long>HIDDEN
                else:
                    cues[0] |= <long long>name_mask(value)
                    if says == CLASS:
                        classes = value
                    elif value == "articleBody":
                        cues[0] |= <long long>ARTICLE_BODY
            attribute = attribute.next
        return classes


cdef str value_of(xmlNode* node, xmlAttr* attribute):
    """The value of an attribute."""
    cdef xmlNode* text = attribute.children
    if text == NULL:
        return ""
    if text.next == NULL and text.type == XML_TEXT_NODE:
        return PyUnicode_DecodeUTF8(<char*>text.content, strlen(<char*>text.content), NULL)
    return lx.attributeValue(node, attribute)


cdef str attribute(xmlNode* node, const char* name):
    """The value of an attribute, None without one."""
    cdef xmlAttr* one = node.properties
    while one != NULL:
        if strcmp(<const char*>one.name, name) == 0:
            return value_of(node, one)
        one = one.next
    return None


cdef str whole_text(xmlNode* node, xmlNode* first, bint behind):
    """The text that begins with `first`, in or behind an element, as lxml gives it."""
    cdef const char* content
    if is_single(first):
        content = <const char*>first.content
        return PyUnicode_DecodeUTF8(content, strlen(content), NULL)
    return (lx.tailOf(node) if behind else lx.textOf(node)) or ""
