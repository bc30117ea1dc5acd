"""One walk over a page's tree, without recursion, that gathers its blocks and divisions."""

from collections.abc import Iterator, Mapping
from functools import reduce
from itertools import count
from operator import or_

from lxml import etree

from cleaners.html.cues import name_mask
from cleaners.html.document import Document, Frames, Inline
from cleaners.html.prune import MAX_MISSES, NO_PROSE, Links, find_prose, has_links, read_links
from cleaners.html.tagcues import TAG_BITS, attribute_cues
from cleaners.html.tags import CELLS, DIVISIONS, HEADINGS, MEDIA, RENDERED, SKIPPED
from cleaners.model import Block

MAX_BLOCKS = 20_000
"""Blocks read of one page at most, give or take those of its last division; the largest page of an
article in the development sets has 1,500. Hundreds of thousands would take gigabytes."""

MARKED = {"a": "a", "b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
"""Inline elements that Markdown shows, and how."""

MAX_ALTS = 500  # descriptions of images read of one page at most

CELL_JOIN = " | "
LONG_CELL = 300
"""Characters of a table cell from which it is layout, not data, and a block of its own."""
BREAK = "\0"
"""A <br>; no page holds one, since NUL is taken out before parsing."""

MENU_ITEM = 30  # characters of a menu's entry at most; headlines are longer
MENU_LINKED = 0.9  # share of it that is a link's text, at least
MENU_LINKS = 3  # from which a division of such entries and nothing else is a menu

INHERITED = RENDERED - {"tr"}
NOWHERE = 1 << 40
"""Deeper than any page."""

DIVISION, PASSED, LINE_END, LINK, MARK, CELL, SHOWN = range(7)
ROLES = {
    **dict.fromkeys(MEDIA, SHOWN),
    **dict.fromkeys(DIVISIONS, DIVISION),
    **dict.fromkeys(SKIPPED, PASSED),
    **dict.fromkeys(MARKED, MARK),
    **dict.fromkeys(CELLS, CELL),
    "a": LINK,
    "br": LINE_END,
}
"""What the walk does at an element; all others are inline and tell by their class alone."""


def walk(root: etree._Element, taken_for: Mapping[etree._Element, str]) -> Document:
    """The blocks and divisions of a tree, where some elements are taken for others."""
    return _Walk().read(root, taken_for)


_Division = tuple[etree._Element, str, int, int, int, int, int, int, str]
"""A division as in Frames, without where it ends; and the tag that its blocks show."""
_Row = tuple[str, str, int, int, int, int, Inline | None, int, bool]
"""A block: its text and the tag it shows, and what a Document says of it, from `frame` on."""
_NO_BLOCKS: tuple[tuple[()], ...] = ((),) * 9


class _Walk:
    """The state of one walk over a tree; lists of rows of what it gathers."""

    def __init__(self) -> None:
        self.divisions: list[_Division] = []
        self.last: list[int] = []
        self.paths: dict[tuple[int, int], int] = {}
        self.kinds: dict[tuple[str, str], int] = {}
        self.blocks: list[_Row] = []
        self.menu_from = 0  # the blocks from here on are entries of menus
        self.prose = NO_PROSE
        self.misses = 0
        self.whole = NOWHERE  # how deep the walk is in a part that is to be walked to its ends
        self.media = 0
        self.alts: list[str] = []
        self.pieces: list[str] = []
        self.marks: list[tuple[int, str, bool, str]] = []
        self.link_chars = 0
        self.link_count = 0
        self.inner_cues = 0

    def read(self, root: etree._Element, taken_for: Mapping[etree._Element, str]) -> Document:
        self._walk(root, taken_for)
        # Divisions that were open when the walk was cut short end where it ended.
        end = len(self.blocks)
        last = [min(place, end) for place in self.last] if end >= MAX_BLOCKS else self.last
        elements, tags, parent, depth, cues, path, kind, first, _ = zip(
            *self.divisions, strict=True
        )
        texts, shown, frame, linked, links, inner, inline, media, menu = (
            zip(*self.blocks, strict=True) if end else _NO_BLOCKS
        )
        return Document(
            tree=root,
            blocks=tuple(map(Block, count(), texts, shown)),
            frames=Frames(elements, tags, parent, depth, cues, path, kind, first, tuple(last)),
            frame=frame,
            linked=linked,
            links=links,
            inner=inner,
            inline=inline,
            media=media,
            menu=menu,
            alts=tuple(self.alts[:MAX_ALTS]),
        )

    def _walk(self, root: etree._Element, taken_for: Mapping[etree._Element, str]) -> None:
        self._open(root, "html", 0)
        if not taken_for:  # what the old web lays out in tables is told apart by walking alone
            self.prose = find_prose(root)
        current = 0
        pieces, marks, divisions, last = self.pieces, self.marks, self.divisions, self.last
        link_depth = 0
        stack: list[tuple[Iterator[etree._Element], etree._Element, str, int | None, int]] = []
        children: Iterator[etree._Element] = iter(root)
        element, tag = root, "html"
        role: int | None = DIVISION
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
                if role == DIVISION:
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
                elif role in (MARK, LINK):
                    marks.append((len(pieces), MARKED[tag], False, ""))
                if not stack:
                    return
                text = element.tail
                children, element, tag, role, link_depth = stack.pop()
                continue
            name = taken_for.get(child, child.tag) if taken_for else child.tag
            what = ROLES.get(name)
            if what == PASSED:
                if name in MEDIA:
                    self.media += 1
                text = child.tail
                continue
            if what == LINE_END:
                if pieces:
                    pieces.append(BREAK)
                text = child.tail
                continue
            stack.append((children, element, tag, role, link_depth))
            if what == DIVISION:
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
                if what == LINK:
                    link_depth += 1
                    self.link_count += 1
                    marks.append((len(pieces), "a", True, child.get("href") or ""))
                elif what == MARK:
                    marks.append((len(pieces), MARKED[name], True, ""))
                elif what == SHOWN:
                    self.media += 1
                    if alt := child.get("alt"):
                        self.alts.append(alt)
                elif what == CELL and pieces:
                    if sum(map(len, pieces)) > LONG_CELL:
                        self._flush(current)
                    else:
                        pieces.append(CELL_JOIN)
                if names := child.get("class"):
                    self.inner_cues |= name_mask(names)
            text = child.text
            children, element, tag, role = iter(child), child, name, what

    def _links(self, part: etree._Element, around: etree._Element, depth: int) -> Links | None:
        """A division as one block, where it is nothing but links and `around` holds no prose."""
        self.whole = NOWHERE
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
        shown = self.divisions[frame][-1]
        self.blocks.append(
            (part.text, shown, frame, part.linked, part.links, 0, None, self.media, True)
        )
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
        elif shown not in INHERITED:
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
        if BREAK in text:
            bodies = paragraphs(text)
        else:
            body = " ".join(text.split()).strip(" |")
            bodies = [body] if body else []
        whole = len(bodies) == 1
        marks = self.marks
        inline = Inline(tuple(pieces), tuple(marks)) if marks and whole else None
        total = max(1, len(text))
        for number, body in enumerate(bodies):
            share = 1.0 if whole else len(body) / total
            linked = min(len(body), round(self.link_chars * share)) if self.link_chars else 0
            links = 0 if number else self.link_count
            shown = self.divisions[frame][-1]
            media = 0 if number else self.media
            self.blocks.append(
                (body, shown, frame, linked, links, self.inner_cues, inline, media, False)
            )
            size = len(body)
            if size > MENU_ITEM or linked < MENU_LINKED * size or shown in HEADINGS:
                self.menu_from = len(self.blocks)
        self.media = 0
        self._clear()

    def _fold(self, frame: int, first: int) -> None:
        """Make one block of a division that holds entries of menus alone, an entry a line.

        Half the blocks of a news page are such entries; what is within is no division any more.
        """
        texts, _, _, linked, links, inner, _, media, _ = zip(*self.blocks[first:], strict=True)
        if sum(links) < MENU_LINKS:
            return
        text, cues = "\n".join(texts), reduce(or_, inner)
        shown = self.divisions[frame][-1]
        self.blocks[first:] = [
            (text, shown, frame, sum(linked), sum(links), cues, None, sum(media), True)
        ]
        del self.divisions[frame + 1 :]
        del self.last[frame + 1 :]

    def _clear(self) -> None:
        self.pieces.clear()
        self.marks.clear()
        self.link_chars = self.link_count = self.inner_cues = 0


def paragraphs(text: str) -> list[str]:
    """Texts between runs of two or more <br>; a single one is a line end."""
    paragraphs: list[list[str]] = [[]]
    for line in text.split(BREAK):
        folded = " ".join(line.split())
        if folded:
            paragraphs[-1].append(folded)
        elif paragraphs[-1]:
            paragraphs.append([])
    bodies = ("\n".join(lines).strip(" |") for lines in paragraphs)
    return [body for body in bodies if body]
