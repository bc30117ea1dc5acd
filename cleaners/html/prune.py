"""Parts of a page that are links and no prose, found before the page is walked.

Three quarters of a news page's elements stand in menus, grids of teasers and lists of links. One
look at the lengths of its texts tells which parts hold none that could be of a paragraph; of those,
the ones that hold links for the most part are read as one block each, and not walked.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from cleaners.html.tags import CARRIERS, DIVISIONS, MEDIA, SKIPPED

PROSE_CHARS = 60
"""Characters of a piece of text outside links from which it may be of a paragraph."""
MIN_LINKS = 20
"""Links from which a part is read as one block. From 6 on there are a tenth fewer blocks, but one
word of 1,000 more is leaked or lost on news: boxes of teasers say where an article ends."""
LINKED = 0.5
"""Share of the part's text that is of links, at least."""
LEVELS = 3
"""Divisions around one with prose, from the innermost, at whose levels a part may be of the body.
Of 1,193 parts of the development pages that are links so, 3 are of a body, all in guides of WCXB;
with 6 links as the least, 7 of 2,853, and 17 of 3,257 where this is 1."""
MAX_MISSES = 50
"""Parts with links enough that are no such part after all, from which no more are looked for: each
is read through. Pages of the development sets have 29 at most."""

MAX_CLIMB = 500
"""Elements climbed from a text at most, so that a hostile nest takes no longer than it is large."""


@dataclass(frozen=True, slots=True)
class Links:
    """A part of a page read as one block: its texts a line each, and what they are made of.

    `linked`: characters of link texts. `links`, `media`: how many of them it holds.
    """

    text: str
    linked: int
    links: int
    media: int


@dataclass(frozen=True, slots=True, eq=False)
class Prose:
    """Where a page's prose stands.

    `around`: elements that hold some, themselves or further in. `beside`: divisions in which some
    stands a few levels down at most; what stands there with it may be of the body.
    `elements` keeps what lxml made of the tree, so that the walk need not have it made again.
    """

    around: Collection[etree._Element]
    beside: Collection[etree._Element]
    elements: Sequence[etree._Element]


NO_PROSE = Prose((), (), ())


def find_prose(root: etree._Element) -> Prose:
    """The prose of a page, by the lengths of its pieces of text."""
    elements = list(root.iter(*CARRIERS))
    around: set[etree._Element] = set()
    level: Counter[etree._Element] = Counter()
    for element in elements:
        text = element.text
        if text and len(text) >= PROSE_CHARS and not text.isspace():
            _mark(element, around, level)
        text = element.tail
        if text and len(text) >= PROSE_CHARS and not text.isspace():
            _mark(element.getparent(), around, level)
    beside = {division for division, count in level.items() if count > 1}
    return Prose(around, beside, elements)


def _mark(
    element: etree._Element | None,
    around: set[etree._Element],
    level: Counter[etree._Element],
) -> None:
    """Note prose that stands in an element: what holds it, and at which elements' level it is.

    A division is noted twice if the prose is its own, else once for each division with prose in it.
    """
    new: list[etree._Element] = []
    while element is not None and element not in around and len(new) < MAX_CLIMB:
        if element.tag == "a":
            return
        new.append(element)
        element = element.getparent()
    around.update(new)
    holder = next((one for one in new if one.tag in DIVISIONS), None)
    if holder is not None:
        level[holder] += 2
        for above in islice(holder.iterancestors(), LEVELS):
            level[above] += 1


def has_links(part: etree._Element) -> bool:
    """Whether a part holds links enough to be read as one block."""
    return next(islice(part.iter("a"), MIN_LINKS - 1, None), None) is not None


def read_links(part: etree._Element) -> Links | None:
    """A part with links enough and without prose as one block, if links are most of it."""
    links = list(part.iter("a"))
    if next(part.iter("h1"), None) is not None:
        return None
    pieces = [str(piece) for piece in part.itertext() if not piece.isspace()]
    if unread := Counter(piece for other in part.iter(*SKIPPED) for piece in other.itertext()):
        pieces = [piece for piece in pieces if not unread[piece]]
    lines = [" ".join(piece.split()) for piece in pieces]
    linked = sum(map(_chars, links))
    if not lines or linked < LINKED * sum(map(len, lines)):
        return None
    return Links("\n".join(lines), linked, len(links), sum(1 for _ in part.iter(*MEDIA)))


def _chars(link: etree._Element) -> int:
    if len(link):
        return sum(len(piece.strip()) for piece in link.itertext())
    return len((link.text or "").strip())
