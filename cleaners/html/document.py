"""A parsed page: its tree, its blocks of text, and the divisions that they stand in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml import etree

from cleaners.model import Block


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
