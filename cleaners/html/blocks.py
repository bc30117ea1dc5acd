"""A page's HTML to its blocks of text: parsed once, walked once, without recursion."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from lxml import etree

from cleaners.html.cues import name_mask
from cleaners.html.oldweb import read_as
from cleaners.html.parse import parse
from cleaners.html.prune import MAX_MISSES, NO_PROSE, Links, find_prose, has_links, read_links
from cleaners.html.tagcues import TAG_BITS, attribute_cues
from cleaners.html.tags import CELLS, DIVISIONS, HEADINGS, MEDIA, RENDERED, SKIPPED
from cleaners.model import Block

MAX_BLOCKS = 20_000
"""Blocks read of one page at most, give or take those of its last division; the largest page of an
article in the development sets has 1,500. Hundreds of thousands would take gigabytes."""

MARKED = {"a": "a", "b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
"""Inline elements that Markdown shows, and how."""

_MAX_ALTS = 500  # descriptions of images read of one page at most

_CELL_JOIN = " | "
_LONG_CELL = 300  # characters; a table cell with more is layout, not data, and a block of its own
_BREAK = "\0"  # a <br>; no page holds it, since NUL is taken out before parsing

_MENU_ITEM = 30  # characters of a menu's entry at most; headlines are longer
_MENU_LINKED = 0.9  # share of it that is a link's text, at least
_MENU_LINKS = 3  # from which a division of such entries and nothing else is a menu

_INHERITED = RENDERED - {"tr"}
_NOWHERE = 1 << 40  # deeper than any page

_DIVISION, _SKIPPED, _BREAK_ROLE, _LINK, _MARKED, _CELL, _SHOWN = range(7)
_ROLES = {
    **dict.fromkeys(MEDIA, _SHOWN),
    **dict.fromkeys(DIVISIONS, _DIVISION),
    **dict.fromkeys(SKIPPED, _SKIPPED),
    **dict.fromkeys(MARKED, _MARKED),
    **dict.fromkeys(CELLS, _CELL),
    "a": _LINK,
    "br": _BREAK_ROLE,
}
"""What the walk does at an element; all others are inline and tell by their class alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """The divisions of a page in document order: one entry of each tuple per division.

    `cues`: bits of NAME_CUES and, from TAG_SHIFT on, of TAG_CUES. `first`, `last`: the blocks
    within are those of index first ≤ i < last. `parent` of the root is 0. `path` numbers distinct
    chains of (tag, class) from the root, `kind` distinct (tag, class).
    """

    elements: tuple[etree._Element, ...]
    tags: tuple[str, ...]
    parent: tuple[int, ...]
    depth: tuple[int, ...]
    cues: tuple[int, ...]
    path: tuple[int, ...]
    kind: tuple[int, ...]
    first: tuple[int, ...]
    last: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Inline:
    """A block's inline markup: its pieces of text, and marks (before which piece, which, where to).

    A mark is opening when `opens`; `target` is a link's address. `br` is a NUL in the pieces.
    """

    pieces: tuple[str, ...]
    marks: tuple[tuple[int, str, bool, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A parsed page: the tree, its blocks in order, and what the walk saw around each block.

    Per block: `frame`, the innermost division; `linked`, characters that are link text; `links`,
    how many links begin in it; `inner`, the cues of its inline elements; `inline`, its markup;
    `media`, how many images, players and frames have begun since the block before it; `menu`,
    whether it is a whole part of the page, of links, with an entry a line. `alts`: what the page's
    images are described by.
    """

    tree: etree._Element
    blocks: tuple[Block, ...]
    frames: Frames
    frame: tuple[int, ...]
    linked: tuple[int, ...]
    links: tuple[int, ...]
    inner: tuple[int, ...]
    inline: tuple[Inline | None, ...]
    media: tuple[int, ...]
    menu: tuple[bool, ...]
    alts: tuple[str, ...]


def read_blocks(html: str | bytes) -> Document:
    """The blocks of a page given as text, or as bytes that are valid UTF-8."""
    return _Walk().read(parse(html))


def with_paragraphs(document: Document, paragraphs: Sequence[str]) -> Document:
    """The document with more paragraphs behind its blocks, as if they stood at the page's end."""
    start = len(document.blocks)
    texts = [" ".join(paragraph.split()) for paragraph in paragraphs]
    more = tuple(Block(start + number, text) for number, text in enumerate(filter(None, texts)))
    last = (start + len(more), *document.frames.last[1:])
    nothing = (0,) * len(more)
    return replace(
        document,
        blocks=document.blocks + more,
        frames=replace(document.frames, last=last),
        frame=document.frame + nothing,
        linked=document.linked + nothing,
        links=document.links + nothing,
        inner=document.inner + nothing,
        inline=document.inline + (None,) * len(more),
        media=document.media + nothing,
        menu=document.menu + (False,) * len(more),
    )


_Division = tuple[etree._Element, str, int, int, int, int, int, int, str]
"""A division as in Frames, without where it ends; and the tag that its blocks show."""


class _Walk:
    """The state of one walk over a tree; lists of what the tuples of a Document will hold."""

    def __init__(self) -> None:
        self.divisions: list[_Division] = []
        self.last: list[int] = []
        self.paths: dict[tuple[int, int], int] = {}
        self.kinds: dict[tuple[str, str], int] = {}
        self.blocks: list[Block] = []
        self.around: list[tuple[int, int, int, int, Inline | None, int, bool]] = []
        self.menu_from = 0  # the blocks from here on are entries of menus
        self.prose = NO_PROSE
        self.misses = 0
        self.whole = _NOWHERE  # how deep the walk is in a part that is to be walked to its ends
        self.media = 0
        self.alts: list[str] = []
        self.pieces: list[str] = []
        self.marks: list[tuple[int, str, bool, str]] = []
        self.link_chars = 0
        self.link_count = 0
        self.inner_cues = 0

    def read(self, root: etree._Element) -> Document:
        self._walk(root)
        # Divisions that were open when the walk was cut short end where it ended.
        end = len(self.blocks)
        if end >= MAX_BLOCKS:
            self.last = [min(last, end) for last in self.last]
        around = self.around or [(0, 0, 0, 0, None, 0, False)]
        frame, linked, links, inner, inline, media, menu = zip(*around, strict=True)
        some = len(self.around)
        elements, tags, parent, depth, cues, path, kind, first, _ = zip(
            *self.divisions, strict=True
        )
        return Document(
            tree=root,
            blocks=tuple(self.blocks),
            frames=Frames(
                elements, tags, parent, depth, cues, path, kind, first, last=tuple(self.last)
            ),
            frame=frame[:some],
            linked=linked[:some],
            links=links[:some],
            inner=inner[:some],
            inline=inline[:some],
            media=media[:some],
            menu=menu[:some],
            alts=tuple(self.alts[:_MAX_ALTS]),
        )

    def _walk(self, root: etree._Element) -> None:
        self._open(root, "html", 0)
        taken_for = read_as(root)
        if not taken_for:  # what the old web lays out in tables is told apart by walking alone
            self.prose = find_prose(root)
        current = 0
        pieces, marks, divisions, last = self.pieces, self.marks, self.divisions, self.last
        link_depth = 0
        stack: list[tuple[Iterator[etree._Element], etree._Element, str, int | None, int]] = []
        children: Iterator[etree._Element] = iter(root)
        element, tag = root, "html"
        role: int | None = _DIVISION
        text: str | None = root.text
        while True:
            if text:
                if not text.isspace():
                    pieces.append(text)
                    if link_depth:
                        self.link_chars += len(text.strip())
                elif pieces:
                    pieces.append(" ")
            child = next(children, None)
            if child is None:
                # `element` ends.
                if role == _DIVISION:
                    if pieces:
                        self._flush(current)
                    elif marks or self.inner_cues:
                        self._clear()
                    _, _, above, _, _, _, _, first, _ = divisions[current]
                    if self.menu_from <= first < len(self.blocks) - 1:
                        self._fold(current, first)
                    if first < len(self.blocks) or not current:
                        last[current] = len(self.blocks)
                    else:  # nothing was shown in it
                        divisions.pop()
                        last.pop()
                    current = above
                elif role in (_MARKED, _LINK):
                    marks.append((len(pieces), MARKED[tag], False, ""))
                if not stack:
                    return
                text = element.tail
                children, element, tag, role, link_depth = stack.pop()
                continue
            name = taken_for.get(child, child.tag) if taken_for else child.tag
            what = _ROLES.get(name)
            if what == _SKIPPED:
                if name in MEDIA:
                    self.media += 1
                text = child.tail
                continue
            if what == _BREAK_ROLE:
                if pieces:
                    pieces.append(_BREAK)
                text = child.tail
                continue
            stack.append((children, element, tag, role, link_depth))
            if what == _DIVISION:
                if pieces:
                    self._flush(current)
                if len(self.blocks) >= MAX_BLOCKS:
                    return
                if marks or self.inner_cues:
                    self._clear()
                if len(stack) <= self.whole and (part := self._links(child, element, len(stack))):
                    self._show(part, self._open(child, name, current))
                    children, element, tag, role, link_depth = stack.pop()
                    text = child.tail
                    continue
                current = self._open(child, name, current)
            else:
                if what == _LINK:
                    link_depth += 1
                    self.link_count += 1
                    marks.append((len(pieces), "a", True, child.get("href") or ""))
                elif what == _MARKED:
                    marks.append((len(pieces), MARKED[name], True, ""))
                elif what == _SHOWN:
                    self.media += 1
                    if alt := child.get("alt"):
                        self.alts.append(alt)
                elif what == _CELL and pieces:
                    if sum(map(len, pieces)) > _LONG_CELL:
                        self._flush(current)
                    else:
                        pieces.append(_CELL_JOIN)
                if names := child.get("class"):
                    self.inner_cues |= name_mask(names)
            text = child.text
            children, element, tag, role = iter(child), child, name, what

    def _links(self, part: etree._Element, around: etree._Element, depth: int) -> Links | None:
        """A division as one block, where it is nothing but links and `around` holds no prose."""
        self.whole = _NOWHERE
        prose = self.prose
        if not prose.around or part in prose.around:
            return None
        if around in prose.beside or not has_links(part):
            self.whole = depth
            return None
        links = read_links(part)
        if links is None:
            self.misses += 1
            if self.misses == MAX_MISSES:
                self.prose = NO_PROSE
        return links

    def _show(self, part: Links, frame: int) -> None:
        self.blocks.append(Block(len(self.blocks), part.text, self.divisions[frame][-1]))
        self.around.append((frame, part.linked, part.links, 0, None, self.media, True))
        self.media = part.media
        self.menu_from = self.last[frame] = len(self.blocks)

    def _open(self, element: etree._Element, tag: str, parent: int) -> int:
        number = len(self.last)
        names, cues = attribute_cues(element)
        kinds, paths = self.kinds, self.paths
        kind = kinds.setdefault((tag, names), len(kinds))
        path, depth, shown = 0, 0, "p"
        if number:
            _, _, _, depth, _, path, _, _, shown = self.divisions[parent]
            depth += 1
        path = paths.setdefault((path, kind), len(paths))
        if tag in RENDERED:
            shown = tag
        elif shown not in _INHERITED:
            shown = "p"
        cues |= TAG_BITS.get(tag, 0)
        first = len(self.blocks)
        self.divisions.append((element, tag, parent, depth, cues, path, kind, first, shown))
        self.last.append(MAX_BLOCKS)
        return number

    def _flush(self, frame: int) -> None:
        """End the block that is being gathered; a run of two or more <br> splits it."""
        pieces = self.pieces
        text = pieces[0] if len(pieces) == 1 else "".join(pieces)
        if _BREAK in text:
            paragraphs = _paragraphs(text)
        else:
            body = " ".join(text.split()).strip(" |")
            paragraphs = [body] if body else []
        whole = len(paragraphs) == 1
        marks = self.marks
        inline = Inline(tuple(pieces), tuple(marks)) if marks and whole else None
        total = max(1, len(text))
        for number, body in enumerate(paragraphs):
            share = 1.0 if whole else len(body) / total
            linked = min(len(body), round(self.link_chars * share)) if self.link_chars else 0
            links = 0 if number else self.link_count
            shown = self.divisions[frame][-1]
            self.blocks.append(Block(len(self.blocks), body, shown))
            media = 0 if number else self.media
            self.around.append((frame, linked, links, self.inner_cues, inline, media, False))
            size = len(body)
            if size > _MENU_ITEM or linked < _MENU_LINKED * size or shown in HEADINGS:
                self.menu_from = len(self.blocks)
        self.media = 0
        self._clear()

    def _fold(self, frame: int, first: int) -> None:
        """Make one block of a division that holds entries of menus alone, an entry a line.

        Half the blocks of a news page are such entries; what is within is no division any more.
        """
        _, linked, links, inner, _, media, _ = zip(*self.around[first:], strict=True)
        if sum(links) < _MENU_LINKS:
            return
        text = "\n".join(block.text for block in self.blocks[first:])
        self.blocks[first:] = [Block(first, text, self.divisions[frame][-1])]
        cues = reduce(or_, inner)
        self.around[first:] = [(frame, sum(linked), sum(links), cues, None, sum(media), True)]
        del self.divisions[frame + 1 :]
        del self.last[frame + 1 :]

    def _clear(self) -> None:
        self.pieces.clear()
        self.marks.clear()
        self.link_chars = self.link_count = self.inner_cues = 0


def _paragraphs(text: str) -> list[str]:
    """Texts between runs of two or more <br>; a single one is a line end."""
    paragraphs: list[list[str]] = [[]]
    for line in text.split(_BREAK):
        folded = " ".join(line.split())
        if folded:
            paragraphs[-1].append(folded)
        elif paragraphs[-1]:
            paragraphs.append([])
    bodies = ("\n".join(lines).strip(" |") for lines in paragraphs)
    return [body for body in bodies if body]
