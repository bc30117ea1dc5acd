# cython: language_level=3
"""The walk of cleaners.html.walk over libxml2's own nodes.

It does at a node what that walk does at an element, step for step, and gives the same Document. Of
lxml's elements only those of divisions are made: making one takes longer than all that is asked of
it.
"""

from itertools import count as count_up

from cpython.mem cimport PyMem_Free, PyMem_Realloc
from cpython.ref cimport PyObject
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.stdint cimport uintptr_t
from libc.string cimport strcmp, strlen
from lxml.includes cimport etreepublic as lx
from lxml.includes.tree cimport (
    XML_CDATA_SECTION_NODE,
    XML_ELEMENT_NODE,
    XML_TEXT_NODE,
    const_xmlChar,
    xmlAttr,
    xmlNode,
)

from cleaners.html import prune, tags
from cleaners.html import walk as python
from cleaners.html.cues import name_mask
from cleaners.html.document import Document, Frames, Inline
from cleaners.html.tagcues import ARTICLE_BODY, HIDDEN, HIDING, NAME_ATTRIBUTES, TAG_BITS, hides
from cleaners.model import Block

lx.import_lxml__etree()

cdef int DIVISION = python.DIVISION, PASSED = python.PASSED, LINE_END = python.LINE_END
cdef int LINK = python.LINK, MARK = python.MARK, CELL = python.CELL, SHOWN = python.SHOWN
cdef int LONG_CELL = python.LONG_CELL, MAX_BLOCKS = python.MAX_BLOCKS
cdef int MAX_ALTS = python.MAX_ALTS, MENU_ITEM = python.MENU_ITEM, MENU_LINKS = python.MENU_LINKS
cdef double MENU_LINKED = python.MENU_LINKED
cdef long NOWHERE = python.NOWHERE
cdef int PROSE_CHARS = prune.PROSE_CHARS, MIN_LINKS = prune.MIN_LINKS, LEVELS = prune.LEVELS
cdef double LINKED = prune.LINKED
cdef int MAX_CLIMB = prune.MAX_CLIMB, MAX_MISSES = prune.MAX_MISSES
cdef str PLAIN = "p"
cdef str CELL_JOIN = python.CELL_JOIN, BREAK = python.BREAK
cdef dict ROLES = python.ROLES, MARKED = python.MARKED
cdef frozenset CARRIERS = tags.CARRIERS, DIVISIONS = tags.DIVISIONS, MEDIA = tags.MEDIA
cdef frozenset SKIPPED = tags.SKIPPED, RENDERED = tags.RENDERED, HEADINGS = tags.HEADINGS
cdef frozenset INHERITED = python.INHERITED

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
    """What the names of a tree's elements and attributes are, by their places in memory: the parser
    keeps each name once."""

    cdef Name slots[SLOTS]
    cdef Key keys[SLOTS]
    cdef list kept

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


cdef xmlNode* next_within(xmlNode* node, xmlNode* root) noexcept nogil:
    """The next element of a tree in the order of the document, NULL at its end."""
    cdef xmlNode* found = element_from(node.children)
    while found == NULL and node != root:
        found = element_from(node.next)
        node = node.parent
    return found


cdef bint is_blank(const_xmlChar* content) noexcept nogil:
    """Whether there are only such spaces as ASCII has."""
    while content[0] == 32 or 9 <= content[0] <= 13 or 28 <= content[0] <= 31:
        content += 1
    return content[0] == 0


cdef str whole_text(xmlNode* node, xmlNode* first, bint behind):
    """The text that begins with `first`, in or behind an element, as lxml gives it."""
    cdef const char* content
    if is_single(first):
        content = <const char*>first.content
        return PyUnicode_DecodeUTF8(content, strlen(content), NULL)
    return (lx.tailOf(node) if behind else lx.textOf(node)) or ""


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

    cdef set around
    cdef set beside
    cdef dict level
    cdef Names names

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
    return prune.Links("\n".join(lines), linked, links, media)


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
        cdef long depth = 0, whole = NOWHERE
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
                if name.role == DIVISION:
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


cdef str attribute(xmlNode* node, const char* name):
    """The value of an attribute, None without one."""
    cdef xmlAttr* one = node.properties
    while one != NULL:
        if strcmp(<const char*>one.name, name) == 0:
            return value_of(node, one)
        one = one.next
    return None


def walk(root, taken_for):
    """The blocks and divisions of a tree, where some elements are taken for others."""
    if taken_for:
        return python.walk(root, taken_for)
    cdef Walk walked = Walk(root)
    walked.walk()
    return walked.document()
