# cython: language_level=3
"""cleaners.html.prune over libxml2's own nodes."""

from libc.stdint cimport uintptr_t
from libc.string cimport strlen
from lxml.includes.tree cimport xmlNode

from cleaners.html.compiled.nodes cimport (
    Name,
    Names,
    element_above,
    element_from,
    is_blank,
    is_single,
    is_text,
    next_within,
    whole_text,
)

from cleaners.html import prune as python

cdef int PROSE_CHARS = python.PROSE_CHARS, MIN_LINKS = python.MIN_LINKS, LEVELS = python.LEVELS
cdef int MAX_CLIMB = python.MAX_CLIMB
cdef double LINKED = python.LINKED


cdef bint is_prose(xmlNode* node, xmlNode* first, bint behind):
    """Whether the text in or behind an element could be of a paragraph."""
    if first == NULL or not is_text(first):
        return False
    if is_single(first):
        if strlen(<const char*>first.content) < <size_t>PROSE_CHARS or is_blank(first.content):
            return False
    text = whole_text(node, first, behind)
    return len(text) >= PROSE_CHARS and not text.isspace()


cdef class Prose:
    """Where a page's prose stands, see `find_prose` of cleaners.html.prune; elements by address."""

    def __cinit__(self, Names names):
        self.names = names
        self.around = set()
        self.beside = set()
        self.level = {}

    cdef find(self, xmlNode* root):
        cdef xmlNode* node = root
        while node != NULL:
            if self.names.of(node).carries:
                if is_prose(node, node.children, False):
                    self.mark(node)
                if is_prose(node, node.next, True):
                    self.mark(element_above(node))
            node = next_within(node, root)
        self.beside = {division for division, count in self.level.items() if count > 1}

    cdef mark(self, xmlNode* node):
        cdef list new = []
        cdef xmlNode* holder = NULL
        cdef Name name
        cdef int level
        while node != NULL and <uintptr_t>node not in self.around and len(new) < MAX_CLIMB:
            name = self.names.of(node)
            if name.link:
                return
            if holder == NULL and name.division:
                holder = node
            new.append(<uintptr_t>node)
            node = element_above(node)
        self.around.update(new)
        if holder == NULL:
            return
        self.count(holder, 2)
        for level in range(LEVELS):
            holder = element_above(holder)
            if holder == NULL:
                break
            self.count(holder, 1)

    cdef count(self, xmlNode* node, int more):
        self.level[<uintptr_t>node] = self.level.get(<uintptr_t>node, 0) + more


cdef bint has_links(xmlNode* part, Names names):
    """Whether a part holds links enough to be read as one block."""
    cdef xmlNode* node = part
    cdef int count = 0
    while node != NULL:
        if names.of(node).link:
            count += 1
            if count == MIN_LINKS:
                return True
        node = next_within(node, part)
    return False


cdef object read_links(xmlNode* part, Names names):
    """A part without prose as one block, see `read_links` of cleaners.html.prune."""
    cdef xmlNode* node = part
    cdef xmlNode* first
    cdef Name name
    cdef int inside_links = 0, inside_skipped = 0, links = 0, media = 0
    cdef long linked = 0, chars = 0
    cdef bint behind = False
    cdef list pieces = []
    cdef set unread = set()
    cdef str text
    while True:
        name = names.of(node)
        if not behind:
            if name.heading:
                return None
            links += name.link
            media += name.media
            inside_links += name.link
            inside_skipped += name.skipped
        elif node == part:
            break
        else:
            inside_links -= name.link
            inside_skipped -= name.skipped
        first = node.next if behind else node.children
        if first != NULL and is_text(first) and not (is_single(first) and is_blank(first.content)):
            text = whole_text(node, first, behind)
            if inside_skipped:
                unread.add(text)
            if not text.isspace():
                pieces.append(text)
                if inside_links:
                    linked += inside_links * len(text.strip())
        # On to the first child, or the next sibling, or up, to the end of the element around.
        first = element_from(first)
        if first != NULL:
            node, behind = first, False
        else:
            node, behind = node.parent if behind else node, True
    lines = [" ".join(text.split()) for text in pieces if text not in unread]
    for text in lines:
        chars += len(text)
    if not lines or linked < LINKED * chars:
        return None
    return python.Links("\n".join(lines), linked, links, media)
