"""Listings told by their form: every piece of prose is the blurb of a linked headline above it."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from cleaners.html.document import Document
from cleaners.metadata.strings import comparable

# A headline that leads elsewhere: so much of the block is link, of so many characters and words.
_LINKED = 0.6
_HEADLINE_CHARS = 12
_HEADLINE_WORDS = range(4, 31)
# A blurb: a few lines without links. More words are an article's beginning, or all of it.
_BLURB_WORDS = 8
_MAX_BLURB = 90
# A row of a table or list that holds headline and blurb in one.
_ROWS = ("tr", "li", "dd", "td")
_LINK_PIECES = 20  # of a link's text; a headline has a few
# Prose that belongs to no headline: footers, sign-ups, a section's introduction. Measured on all
# 918 articles of WCXB and the news set, of which these figures take none for a listing.
_STRAY_WORDS = 15
_MAX_STRAY = 45
_MAX_STRAY_BESIDE_ONE = 15
_PROSE_WORDS = 20


@dataclass(frozen=True, slots=True)
class Teasers:
    """How many teasers a page has, the words of their blurbs, those of other prose, the longest
    blurb and stray piece, and the longest run of paragraphs without a headline between them."""

    count: int
    words: int
    stray: int
    longest_blurb: int
    longest_stray: int
    run: int

    @property
    def are_all(self) -> bool:
        """Whether there is hardly any prose beside them."""
        if not self.count or self.longest_blurb > _MAX_BLURB or self.run > 1:
            return False
        if self.stray <= _MAX_STRAY_BESIDE_ONE:
            return True
        return (
            self.count > 1 and self.longest_stray <= _MAX_STRAY and 2 * self.words >= self.stray * 3
        )


def find_teasers(document: Document, titles: Sequence[str]) -> Teasers:
    """Read a page's blocks as teasers; a link that says one of the page's `titles` is its own."""
    own = [comparable(title) for title in titles]
    cell_rows = _cell_rows(document, own)
    forms: list[str] = []
    count = words = stray = longest_blurb = longest_stray = run = longest_run = 0
    for block, linked in zip(document.blocks, document.linked, strict=False):
        size = _size(block.text)
        in_cell = block.index in cell_rows
        form = "row" if in_cell else _form(block.tag, len(block.text), linked, size)
        if form == "headline" and (block.tag == "h1" or _is_own(block.text, own)):
            form = ""
        if form == "prose":
            above = [before for before in forms[-2:] if before]
            if above and above[-1] == "headline":
                count, words = count + 1, words + size
                longest_blurb = max(longest_blurb, size)
            elif size >= _STRAY_WORDS:
                stray, longest_stray = stray + size, max(longest_stray, size)
            if size >= _PROSE_WORDS:
                run += 1
                longest_run = max(longest_run, run)
        elif form:
            run = 0
            if form == "row":
                count, words = count + 1, words + size
        forms.append(form)
    return Teasers(count, words, stray, longest_blurb, longest_stray, longest_run)


def _cell_rows(document: Document, own: Sequence[str]) -> frozenset[int]:
    """Indices of the teasers that stand as paragraphs in a layout table's cell.

    Such a paragraph's first line opens with a headline that is a link, other than the page's own
    title, and its blurb begins on the next line.
    """
    frames = document.frames
    lines: dict[int, str] = {}
    for block, frame, linked in zip(document.blocks, document.frame, document.linked, strict=True):
        if frames.tags[frame] != "div" or frames.elements[frame].tag != "td":
            continue
        first, end, _ = block.text.partition("\n")
        few = linked < _LINKED * len(block.text)
        if end and few and _BLURB_WORDS <= _size(block.text) <= _MAX_BLURB:
            lines[block.index] = first
    if not lines:
        return frozenset()
    links = {_link_text(link) for link in document.tree.iter("a")}
    return frozenset(
        index
        for index, line in lines.items()
        if (headline := _linked_opening(line, links)) and not _is_own(headline, own)
    )


def _linked_opening(line: str, links: Container[str]) -> str:
    """The longest opening of a line that is a link's text and long enough for a headline, or ""."""
    words = line.split(" ", _HEADLINE_WORDS.stop)[: _HEADLINE_WORDS.stop]
    for end in range(len(words), 0, -1):
        opening = " ".join(words[:end])
        if opening in links and _size(opening) in _HEADLINE_WORDS:
            return opening
    return ""


def _link_text(link: etree._Element) -> str:
    return " ".join("".join(map(str, islice(link.itertext(), _LINK_PIECES))).split())


def _is_own(headline: str, own: Sequence[str]) -> bool:
    """Whether a headline is the page's own: one of its titles begins with it."""
    key = comparable(headline)
    return any(title.startswith(key) for title in own)


def _form(tag: str, chars: int, linked: int, size: int) -> str:
    """headline, row, prose, or "" for what is none of them."""
    if linked >= _HEADLINE_CHARS:
        if linked >= _LINKED * chars:
            return "headline" if size in _HEADLINE_WORDS else ""
        if tag in _ROWS and _BLURB_WORDS <= size <= _MAX_BLURB:
            return "row"
    if size >= _BLURB_WORDS and linked < 0.3 * chars and tag not in ("h1", "figcaption"):
        return "prose"
    return ""


def _size(text: str) -> int:
    """Words; where a script writes without spaces, characters by two."""
    words = len(text.split())
    return words if len(text) < 12 * words else len(text) // 2
