"""Features of a block from what stands beside its text: media, emphasis, links, names, the page.

What a figure's caption, an author's portrait, a box of key points or a promo in the running text
has in common over sites, where the names in its markup say nothing.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from cleaners.gbm import Floats
from cleaners.html.document import Document, Inline
from cleaners.html.layout import Layout
from cleaners.html.said import PageText
from cleaners.html.wording import Wording

HINTS = (
    "media_before", "media_after", "since_media", "starts_author", "names_author",
    "strong_start", "em_all", "link_end",
    "after_colon", "list_prose", "list_size", "json_cover",
    "page_news", "page_posting", "page_dated", "page_english", "page_prose", "page_blocks",
    "page_prose_chars", "page_list_share",
)  # fmt: skip

FAR = 20  # blocks from which an image is far away
MANY = 5  # media elements that are many
ENGLISH = {"en": 1.0, "": 0.5}  # of languages that pages say; 0 for others
MIN_LIST = 20  # characters from which an item of a list reads like prose


def read_hints(document: Document, text: Wording, layout: Layout, page: PageText) -> Floats:
    """(n, len(HINTS)) for a document with n > 0 blocks."""
    count = len(text.chars)
    order = np.arange(count)
    media = np.array(document.media, dtype=np.int64)
    shown = np.maximum.accumulate(np.where(media > 0, order, -FAR))
    ends_colon = np.array([item.endswith((":", "：")) for item in text.lowered])
    items = np.array([block.tag == "li" for block in document.blocks])
    columns: list[npt.NDArray[Any]] = [
        np.minimum(media, MANY),
        np.minimum(np.append(media[1:], 0), MANY),
        np.minimum(order - shown, FAR),
        *_authors(text, page),
        *_emphases(document).T,
        np.append(False, ends_colon[:-1]),
        *_lists(items, text, layout),
        *(np.full(count, value, dtype=np.float32) for value in _page(items, text, layout, page)),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _authors(text: Wording, page: PageText) -> list[npt.NDArray[Any]]:
    """Whether a block begins with, and whether it holds, the name of one of the authors."""
    names = page.authors
    if not names:
        return [np.full(len(text.chars), -1.0)] * 2
    return [
        np.array([item.startswith(names) for item in text.lowered]),
        np.array([any(name in item for name in names) for item in text.lowered]),
    ]


def _emphases(document: Document) -> Floats:
    """(n, 3), see `emphasis`; all zero for blocks without markup."""
    found = np.zeros((len(document.inline), 3), dtype=np.float32)
    marked = {index: inline for index, inline in enumerate(document.inline) if inline is not None}
    if marked:
        found[list(marked)] = list(map(emphasis, marked.values()))
    return found


def emphasis(inline: Inline) -> tuple[bool, bool, bool]:
    """Whether a block begins in bold, is all in italics, and ends with a link."""
    end = len(inline.pieces)
    while end > 1 and inline.pieces[end - 1].isspace():
        end -= 1
    marks = inline.marks
    if len(marks) == 2 and marks[0][1] == "a":  # one link: most blocks with markup
        return False, False, marks[0][0] < end <= marks[1][0]
    first = {sign for at, sign, opens, _ in marks if opens and at == 0}
    depth: dict[str, int] = {}
    last = set()
    for at, sign, opens, _ in marks:
        if opens:
            depth[sign] = at
        elif at >= end and depth.get(sign, end) < end:
            last.add(sign)
    # A mark that closes before the end is opened anew behind it: only then is not all of it so.
    slanted = "*" in first and "*" in last
    slanted = slanted and sum(opens for _, sign, opens, _ in marks if sign == "*") == 1
    return "**" in first, slanted, "a" in last


def _lists(items: npt.NDArray[np.bool_], text: Wording, layout: Layout) -> list[npt.NDArray[Any]]:
    """Of an item's list (items of one division): their mean length, and how many they are."""
    parent = layout.above[:, 1]
    size = len(layout.first)
    number = np.bincount(parent[items], minlength=size)
    chars = np.bincount(parent[items], weights=text.chars[items], minlength=size)
    mean = chars / np.maximum(number, 1)
    return [
        np.where(items, np.log1p(mean[parent]), -1.0),
        np.where(items, np.minimum(number[parent], FAR), -1.0),
    ]


def _page(
    items: npt.NDArray[np.bool_], text: Wording, layout: Layout, page: PageText
) -> tuple[float, ...]:
    """What holds for all blocks of the page; see the last names of HINTS."""
    prose = layout.mass > 0
    count = int(prose.sum())
    mass = float(layout.mass.sum())
    listed = float(text.chars[items & prose & (text.chars >= MIN_LIST)].sum())
    return (
        min(1.0, len(page.body) / max(1.0, mass)),
        page.news,
        page.posting,
        page.dated,
        ENGLISH.get(page.language, 0.0),
        float(np.log1p(count)),
        float(np.log1p(len(prose))),
        mass / max(1, count),
        listed / max(1.0, mass),
    )
