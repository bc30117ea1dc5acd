# cython: language_level=3
"""The walk of cleaners.html.walk over libxml2's own nodes.

It does at a node what that walk does at an element, step for step, and gives the same Document.
"""

from cpython.mem cimport PyMem_Free, PyMem_Realloc
from cpython.ref cimport PyObject
from libc.stdint cimport uintptr_t
from lxml.includes cimport etreepublic as lx
from lxml.includes.tree cimport xmlNode

from cleaners.html.compiled.nodes cimport (
    Name,
    Names,
    attribute,
    element_from,
    is_blank,
    is_single,
    is_text,
    whole_text,
)
from cleaners.html.compiled.prune cimport Prose, has_links, read_links

from itertools import count as count_up

from cleaners.html import prune, tags
from cleaners.html import walk as python
from cleaners.html.cues import name_mask
from cleaners.html.document import Document, Frames, Inline
from cleaners.model import Block

lx.import_lxml__etree()

cdef int DIVISION = python.DIVISION, PASSED = python.PASSED, LINE_END = python.LINE_END
cdef int LINK = python.LINK, MARK = python.MARK, CELL = python.CELL, SHOWN = python.SHOWN
cdef int LONG_CELL = python.LONG_CELL, MAX_BLOCKS = python.MAX_BLOCKS
cdef int MAX_ALTS = python.MAX_ALTS, MENU_ITEM = python.MENU_ITEM, MENU_LINKS = python.MENU_LINKS
cdef double MENU_LINKED = python.MENU_LINKED
cdef long long NOWHERE = python.NOWHERE
cdef int MAX_MISSES = prune.MAX_MISSES
cdef str PLAIN = "p"
cdef str CELL_JOIN = python.CELL_JOIN, BREAK = python.BREAK
cdef dict MARKED = python.MARKED
cdef frozenset HEADINGS = tags.HEADINGS


cdef struct Division:
    xmlNode* node
    PyObject* tag
    PyObject* shown  # the tag that its blocks show
    bint inherited  # whether those of plain divisions within it show it, too
    int parent, depth, path, kind, first, last
    long long cues


cdef class Walk:
    """A walk over a tree of which no element is taken for another."""

    cdef lx._Element root
    cdef Names names
    cdef Prose prose
    cdef Division* divisions
    cdef int opened, room
    cdef dict paths, kinds
    cdef list texts, shown, frame, linked, links, inner, inline, shows, menu, alts
    cdef list pieces, marks
    cdef int blocks, menu_from, media, link_chars, link_count
    cdef long long inner_cues

    def __cinit__(self, lx._Element root):
        self.root = root
        self.names = Names()
        self.prose = Prose(self.names)
        self.divisions = NULL
        self.opened = self.room = 0
        self.paths, self.kinds = {}, {}
        self.texts, self.shown, self.frame, self.linked, self.links = [], [], [], [], []
        self.inner, self.inline, self.shows, self.menu, self.alts = [], [], [], [], []
        self.pieces, self.marks = [], []
        self.blocks = self.menu_from = self.media = self.link_chars = self.link_count = 0
        self.inner_cues = 0

    def __dealloc__(self):
        PyMem_Free(self.divisions)

    cdef document(self):
        cdef int number
        cdef Division* at = self.divisions
        # Divisions that were open when the walk was cut short end where it ended.
        if self.blocks >= MAX_BLOCKS:
            for number in range(self.opened):
                at[number].last = min(at[number].last, self.blocks)
        return Document(
            self.root,
            tuple(map(Block, count_up(), self.texts, self.shown)),
            Frames(
                tuple([lx.elementFactory(self.root._doc, at[n].node) for n in range(self.opened)]),
                tuple([<object>at[n].tag for n in range(self.opened)]),
                tuple([at[n].parent for n in range(self.opened)]),
                tuple([at[n].depth for n in range(self.opened)]),
                tuple([at[n].cues for n in range(self.opened)]),
                tuple([at[n].path for n in range(self.opened)]),
                tuple([at[n].kind for n in range(self.opened)]),
                tuple([at[n].first for n in range(self.opened)]),
                tuple([at[n].last for n in range(self.opened)]),
            ),
            tuple(self.frame),
            tuple(self.linked),
            tuple(self.links),
            tuple(self.inner),
            tuple(self.inline),
            tuple(self.shows),
            tuple(self.menu),
            tuple(self.alts[:MAX_ALTS]),
        )

    cdef int open(self, xmlNode* node, Name name, int parent) except -1:
        """Begin a division."""
        cdef Division* division
        cdef Division* above
        cdef str classes
        if self.opened == self.room:
            self.room = 2 * self.room + 256
            division = <Division*>PyMem_Realloc(self.divisions, self.room * sizeof(Division))
            if division == NULL:
                raise MemoryError
            self.divisions = division
        division = &self.divisions[self.opened]
        division.node, division.tag, division.parent = node, name.tag, parent
        division.cues = name.cues
        classes = self.names.cues(node, &division.cues)
        division.kind = self.kinds.setdefault((<object>name.tag, classes), len(self.kinds))
        division.path = division.depth = 0
        division.shown, division.inherited = <PyObject*>PLAIN, False
        if self.opened:
            above = &self.divisions[parent]
            division.path, division.depth = above.path, above.depth + 1
            if above.inherited:
                division.shown, division.inherited = above.shown, True
        division.path = self.paths.setdefault(
            (<long long>division.path << 32) + division.kind, len(self.paths)
        )
        if name.rendered:
            division.shown, division.inherited = name.tag, name.inherited
        division.first, division.last = self.blocks, MAX_BLOCKS
        self.opened += 1
        return self.opened - 1

    cdef int clear(self) except -1:
        """Begin to gather anew."""
        self.pieces.clear()
        self.marks.clear()
        self.link_chars = self.link_count = 0
        self.inner_cues = 0

    cdef int add(
        self, str text, int frame, int linked, int links, long long inner, object inline,
        int media, bint menu,
    ) except -1:
        self.texts.append(text)
        self.shown.append(<object>self.divisions[frame].shown)
        self.frame.append(frame)
        self.linked.append(linked)
        self.links.append(links)
        self.inner.append(inner)
        self.inline.append(inline)
        self.shows.append(media)
        self.menu.append(menu)
        self.blocks += 1

    cdef int flush(self, int frame) except -1:
        """End the block that is being gathered; a run of two or more <br> splits it."""
        cdef list pieces = self.pieces
        cdef str body
        cdef str text = pieces[0] if len(pieces) == 1 else "".join(pieces)
        cdef list bodies
        if BREAK in text:
            bodies = python.paragraphs(text)
        else:
            body = " ".join(text.split()).strip(" |")
            bodies = [body] if body else []
        cdef bint whole = len(bodies) == 1
        cdef object inline = (
            Inline(tuple(pieces), tuple(self.marks)) if self.marks and whole else None
        )
        cdef double share
        cdef int size, linked, number, total = max(1, len(text))
        for number in range(len(bodies)):
            body = bodies[number]
            size = len(body)
            share = 1.0 if whole else size / <double>total
            linked = min(size, <int>round(self.link_chars * share)) if self.link_chars else 0
            self.add(
                body, frame, linked, 0 if number else self.link_count, self.inner_cues, inline,
                0 if number else self.media, False,
            )
            if (
                size > MENU_ITEM
                or linked < MENU_LINKED * size
                or <object>self.divisions[frame].shown in HEADINGS
            ):
                self.menu_from = self.blocks
        self.media = 0
        self.clear()

    cdef int fold(self, int frame, int first) except -1:
        """Make one block of a division that holds entries of menus alone, an entry a line."""
        cdef long links = sum(self.links[first:])
        if links < MENU_LINKS:
            return 0
        cdef str text = "\n".join(self.texts[first:])
        cdef long linked = sum(self.linked[first:])
        cdef long media = sum(self.shows[first:])
        cdef long long cues = 0
        for more in self.inner[first:]:
            cues |= <long long>more
        for column in (
            self.texts, self.shown, self.frame, self.linked, self.links, self.inner, self.inline,
            self.shows, self.menu,
        ):
            del column[first:]
        self.blocks = first
        self.add(text, frame, linked, links, cues, None, media, True)
        self.opened = frame + 1

    cdef int close(self, int frame) except -1:
        """End a division; one in which nothing was shown is forgotten."""
        if self.pieces:
            self.flush(frame)
        elif self.marks or self.inner_cues:
            self.clear()
        cdef int first = self.divisions[frame].first
        if self.menu_from <= first < self.blocks - 1:
            self.fold(frame, first)
        if first < self.blocks or not frame:
            self.divisions[frame].last = self.blocks
        else:
            self.opened -= 1

    cdef int gather(self, str text, bint linked) except -1:
        """A piece of text of the block that is being gathered."""
        if not text:
            return 0
        if not text.isspace():
            self.pieces.append(text)
            if linked:
                self.link_chars += len(text.strip())
        elif self.pieces:
            self.pieces.append(" ")

    cdef int begin(self, xmlNode* node, Name name, int frame) except -1:
        """Begin an element that is no division."""
        cdef str value
        if name.role == LINK:
            self.link_count += 1
            self.marks.append((len(self.pieces), "a", True, attribute(node, b"href") or ""))
        elif name.role == MARK:
            self.marks.append((len(self.pieces), MARKED[<object>name.tag], True, ""))
        elif name.role == SHOWN:
            self.media += 1
            value = attribute(node, b"alt")
            if value:
                self.alts.append(value)
        elif name.role == CELL and self.pieces:
            if sum(map(len, self.pieces)) > LONG_CELL:
                self.flush(frame)
            else:
                self.pieces.append(CELL_JOIN)
        if node.properties != NULL:
            value = attribute(node, b"class")
            if value:
                self.inner_cues |= <long long>name_mask(value)

    cdef int walk(self) except -1:
        cdef Names names = self.names
        cdef Prose prose = self.prose
        cdef xmlNode* top = self.root._c_node
        cdef xmlNode* node = top
        cdef xmlNode* child = element_from(top.children)
        cdef xmlNode* holder = top  # in or behind it the next text may begin
        cdef xmlNode* first = top.children  # with this node
        cdef bint behind = False
        cdef Name name = names.of(top)
        cdef int link_depth = 0, misses = 0, current, above
        cdef long long depth = 0, whole = NOWHERE
        cdef object part

        prose.find(top)
        current = self.open(top, name, 0)
        while True:
            if first != NULL and is_text(first):
                if is_single(first) and is_blank(first.content):
                    if self.pieces and first.content[0]:
                        self.pieces.append(" ")
                else:
                    self.gather(whole_text(holder, first, behind), link_depth > 0)
            if child == NULL:  # `node` ends
                name = names.of(node)
                if name.role == DIVISION or node == top:
                    above = self.divisions[current].parent
                    self.close(current)
                    current = above
                elif name.role == MARK or name.role == LINK:
                    link_depth -= name.role == LINK
                    self.marks.append((len(self.pieces), MARKED[<object>name.tag], False, ""))
                if node == top:
                    return 0
                holder, first, behind = node, node.next, True
                child = element_from(node.next)
                node = node.parent
                depth -= 1
                continue
            name = names.of(child)
            if name.role == PASSED or name.role == LINE_END:
                if name.role == PASSED:
                    self.media += name.media
                elif self.pieces:
                    self.pieces.append(BREAK)
                holder, first, behind = child, child.next, True
                child = element_from(child.next)
                continue
            if name.role == DIVISION:
                if self.pieces:
                    self.flush(current)
                if self.blocks >= MAX_BLOCKS:
                    return 0
                if self.marks or self.inner_cues:
                    self.clear()
                if depth < whole:
                    whole = NOWHERE
                    if prose.around and <uintptr_t>child not in prose.around:
                        if <uintptr_t>node in prose.beside or not has_links(child, names):
                            whole = depth + 1
                        else:
                            part = read_links(child, names)
                            if part is not None:
                                self.show(part, self.open(child, name, current))
                                holder, first, behind = child, child.next, True
                                child = element_from(child.next)
                                continue
                            misses += 1
                            if misses == MAX_MISSES:
                                prose.around.clear()
                current = self.open(child, name, current)
            else:
                link_depth += name.role == LINK
                self.begin(child, name, current)
            holder, first, behind = child, child.children, False
            node = child
            child = element_from(child.children)
            depth += 1

    cdef int show(self, object part, int frame) except -1:
        """A part of links as the one block of its division."""
        self.add(part.text, frame, part.linked, part.links, 0, None, self.media, True)
        self.media = part.media
        self.menu_from = self.divisions[frame].last = self.blocks


def walk(root, taken_for):
    """The blocks and divisions of a tree, where some elements are taken for others."""
    if taken_for:
        return python.walk(root, taken_for)
    cdef Walk walked = Walk(root)
    walked.walk()
    return walked.document()
