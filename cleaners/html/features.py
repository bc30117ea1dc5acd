"""A Document as a matrix: one row a block, one column a feature of `FEATURES`.

Everything about a block that is evidence for or against its being body: how its text looks, what
its divisions are called, where the page's mass of prose lies and how far it stands from there, who
its neighbours are, and how well its words fit the title and the rest.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from cleaners.gbm import Floats
from cleaners.html import wording
from cleaners.html.cues import OPENING_BITS
from cleaners.html.document import Document
from cleaners.html.hints import HINTS, read_hints
from cleaners.html.layout import (
    PLACE,
    RENDERED_TAGS,
    SHAPE,
    Layout,
    read_place,
    read_shape,
)
from cleaners.html.letters import WORD, Ints
from cleaners.html.said import PageText
from cleaners.html.wording import Wording, read_wording

SHIFTS = (-2, -1, 1, 2)
MENU_READ = 240
"""Characters of a part of links that are read: with hundreds more the words of a whole menu would
count beside those of paragraphs (1 word of 1,000 more is leaked or lost on news)."""
MARKS = ("comment", "related", "subscribe", "byline")
MARK_WORDS = 8  # words up to which a block like "12 comments" is a mark for what follows


def features(document: Document, page: PageText) -> tuple[Floats, Layout, Wording]:
    """The matrix (n, len(FEATURES)) of a document with n > 0 blocks."""
    text = read_wording(
        [
            block.text[:MENU_READ] if menu else block.text
            for block, menu in zip(document.blocks, document.menu, strict=True)
        ]
    )
    layout, place = read_place(document, text)
    shape = read_shape(document)
    density = shape[:, 0]
    matrix = np.concatenate(
        [
            text.columns,
            shape,
            place,
            _fit(document, text, layout, page),
            _repeats(text, layout, density),
            _neighbours(text, shape, layout),
            read_hints(document, text, layout, page),
            _images(text, document, page),
        ],
        axis=1,
    )
    return matrix, layout, text


def _images(text: Wording, document: Document, page: PageText) -> Floats:
    """Share of a block's pairs of words that describe an image, where images are described."""
    described = "\n".join((*document.alts, *page.captions))
    if not described:
        return np.full((len(text.chars), 1), -2.0, dtype=np.float32)
    return pair_share(text, described).astype(np.float32)[:, None]


FIT = (
    "title_of_block", "block_of_title", "description_of_block", "block_of_description",
    "json_pairs", "cohesion", "cohesion_rare", "after_title", "cohesion_lead",
    "titles_since", "title_levels", "title_article",
)  # fmt: skip


def _numbers(text: Wording, other: str) -> Ints:
    """Numbers of the words of another text; words that no block has are left out."""
    if not other:
        return np.zeros(0, dtype=np.int64)
    found = map(text.vocabulary.get, WORD.findall(other.lower()))
    return np.array([number for number in found if number is not None], dtype=np.int64)


def pair_share(text: Wording, other: str) -> npt.NDArray[Any]:
    """Share of each block's pairs of words that another text has: (n,); -1 for single words."""
    count = len(text.chars)
    vocabulary = max(1, len(text.vocabulary))
    body = _numbers(text, other)
    if len(body) < 2 or len(text.ids) < 2:
        return np.where(text.words == 1, -1.0, 0.0)
    same = text.owner[:-1] == text.owner[1:]
    keys = (text.ids[:-1] * vocabulary + text.ids[1:])[same]
    known = np.sort(body[:-1] * vocabulary + body[1:])
    seen = known[np.minimum(np.searchsorted(known, keys), len(known) - 1)] == keys
    hits = np.bincount(text.owner[:-1][same], weights=seen, minlength=count)
    return np.where(text.words == 1, -1.0, hits / np.maximum(text.words - 1, 1))


def _fit(document: Document, text: Wording, layout: Layout, page: PageText) -> Floats:
    count = len(text.chars)
    vocabulary = max(1, len(text.vocabulary))
    words = np.maximum(text.words, 1)
    columns: list[npt.NDArray[Any]] = []
    owner, ids = np.divmod(text.pairs, vocabulary)
    subject = np.zeros(vocabulary, dtype=bool)
    for other in (page.title, page.description):
        known = np.zeros(vocabulary, dtype=bool)
        known[_numbers(text, other)] = True
        subject |= known
        hits = text.owner[known[text.ids]]
        columns.append(np.bincount(hits, minlength=count) / words)
        distinct = np.bincount(owner[known[ids]], minlength=count)
        columns.append(distinct / max(1, int(np.count_nonzero(known))))
    after_title = np.maximum.accumulate(np.where(columns[1] > 0.7, np.arange(count), -1))

    columns.append(pair_share(text, page.body) if page.body else np.full(count, -2.0))

    # Cohesion: how many of a block's words does the rest of the prose use?
    weight = (layout.mass > 0).astype(np.float64)
    used = np.bincount(ids, weights=weight[owner], minlength=vocabulary)
    others = used[ids] - weight[owner]
    common = used > 0.2 * weight.sum()
    total = np.maximum(np.bincount(owner, minlength=count), 1)
    columns.append(np.bincount(owner, weights=others > 0, minlength=count) / total)
    rare = ~common[ids]
    rare_total = np.bincount(owner[rare], minlength=count)
    rare_hits = np.bincount(owner[rare], weights=others[rare] > 0, minlength=count)
    columns.append(np.where(rare_total > 0, rare_hits / np.maximum(rare_total, 1), -1))
    columns.append(np.clip(np.arange(count) - after_title, 0, 200).astype(np.float64))
    columns += _beside_title(document, text, layout, columns[1], subject)
    return np.stack(columns, axis=1).astype(np.float32)


LEAD_BLOCKS = 3  # prose blocks behind the title that say what the article is about
LONG_WORD = 4
ARTICLES = frozenset(("article", "main"))
CLIMB = 15  # divisions climbed to meet the title's


def _beside_title(
    document: Document,
    text: Wording,
    layout: Layout,
    title_share: npt.NDArray[Any],
    subject: npt.NDArray[np.bool_],
) -> list[npt.NDArray[Any]]:
    """How a block stands to the headline: same subject, same article, other headlines between.

    `subject`: (vocabulary,), the words of the page's title and description.
    """
    count = len(text.chars)
    order = np.arange(count)
    h1 = np.array([block.tag == "h1" for block in document.blocks])
    likely = title_share + 0.3 * h1
    title = int(np.argmax(likely)) if float(likely.max()) >= 0.3 else 0
    prose = np.flatnonzero((layout.mass > 0) & (order >= title))[:LEAD_BLOCKS]
    known = subject.copy()
    for index in prose.tolist():
        first, last = np.searchsorted(text.owner, (index, index + 1))
        known[text.ids[first:last]] = True
    sizes = np.fromiter(map(len, text.vocabulary), dtype=np.int64, count=len(text.vocabulary))
    long = sizes[text.ids] >= LONG_WORD if len(sizes) else np.zeros(0, dtype=bool)
    total = np.bincount(text.owner[long], minlength=count)
    hits = np.bincount(text.owner[long], weights=known[text.ids[long]], minlength=count)
    since = np.cumsum(h1) - np.cumsum(h1)[title]

    frames = document.frames
    on_way = np.zeros(len(frames.parent), dtype=bool)
    number = document.frame[title]
    article = -1
    while True:
        on_way[number] = True
        if article < 0 and frames.tags[number] in ARTICLES:
            article = number
        if not number:
            break
        number = frames.parent[number]
    at = layout.above[:, 0]
    climbed = np.zeros(count, dtype=np.int64)
    for _ in range(CLIMB):
        away = ~on_way[at]
        climbed += away
        at = np.where(away, layout.parent[at], at)
    if article >= 0:
        same = (layout.first[article] <= order) & (order < layout.last[article])
    else:
        same = np.full(count, -1)
    return [
        np.where(total > 0, hits / np.maximum(total, 1), -1.0),
        np.clip(np.where(order >= title, since, -1), -1, 5),
        climbed,
        same,
    ]


REPEATS = (
    "same_text", "path_count", "path_mass", "path_chars", "path_linked", "kind_count",
    "kind_mass", "kind_chars", "path_spread",
)  # fmt: skip


def _repeats(text: Wording, layout: Layout, density: Floats) -> Floats:
    count = len(text.chars)
    total = max(1.0, float(layout.mass.sum()))
    # By a dict: an array of strings would be as wide as the longest of them.
    numbers: dict[str, int] = {}
    same = np.array([numbers.setdefault(item, len(numbers)) for item in text.lowered])
    copies = np.bincount(same)
    columns: list[npt.NDArray[Any]] = [np.log1p(copies[same] - 1)]
    for group in (layout.path, layout.kind):
        size = np.maximum(np.bincount(group), 1)
        mass = np.bincount(group, weights=layout.mass)
        chars = np.bincount(group, weights=text.chars) / size
        columns += [np.log1p(size[group]), mass[group] / total, np.log1p(chars[group])]
        if group is layout.path:
            columns.append((np.bincount(group, weights=density) / size)[group])
    order = np.arange(count)
    low = np.full(int(layout.path.max()) + 1, count)
    high = np.zeros(int(layout.path.max()) + 1)
    np.minimum.at(low, layout.path, order)
    np.maximum.at(high, layout.path, order)
    columns.append((high - low)[layout.path] / count)
    return np.stack(columns, axis=1).astype(np.float32)


NEAR = (
    "chars",
    "linked",
    "stop",
    "is_p",
    "is_li",
    "heading",
    "same_path",
    "same_parent",
    "mass",
)
NEIGHBOURS = (
    *(f"{name}@{shift:+d}" for shift in SHIFTS for name in NEAR),
    "to_prose_before", "to_prose_after", "heading_related", "heading_distance", "opens_before",
    "since_comment", "since_related", "since_subscribe", "since_byline",
)  # fmt: skip


def _neighbours(text: Wording, shape: Floats, layout: Layout) -> Floats:
    count = len(text.chars)
    is_tag = {tag: shape[:, SHAPE.index(f"is_{tag}")] for tag in RENDERED_TAGS}
    heading = is_tag["h1"] + is_tag["h2"] + is_tag["h3"] + is_tag["h4"]
    total = max(1.0, float(layout.mass.sum()))
    stop = text.columns[:, wording.NAMES.index("ends_stop")]
    base = np.stack(
        [np.log1p(text.chars), shape[:, 0], stop, is_tag["p"], is_tag["li"], heading],
        axis=1,
    )
    blocks: list[Floats] = []
    order = np.arange(count)
    for shift in SHIFTS:
        at = order + shift
        inside = (at >= 0) & (at < count)
        at = np.clip(at, 0, count - 1)
        part = np.where(inside[:, None], base[at], -1.0)
        same_path = inside & (layout.path[at] == layout.path)
        same_parent = inside & (layout.above[at, 1] == layout.above[:, 1])
        mass = np.where(inside, layout.mass[at] / total, 0.0)
        blocks.append(np.column_stack([part, same_path, same_parent, mass]).astype(np.float32))
    prose = layout.mass > 0
    before = np.maximum.accumulate(np.where(prose, order, -100))
    after = np.minimum.accumulate(np.where(prose, order, count + 100)[::-1])[::-1]
    heading_at = np.maximum.accumulate(np.where(heading > 0, order, 0))
    opens = (text.openings > 0).astype(np.float32)
    short = text.words <= MARK_WORDS
    marks = []
    for cue in MARKS:
        at = np.where(short & ((text.openings & OPENING_BITS[cue]) != 0), order, -100)
        marks.append(np.clip(order - np.maximum.accumulate(at), 0, 40))
    rest = np.column_stack(
        [
            np.clip(order - before, 0, 60),
            np.clip(after - order, 0, 60),
            opens[heading_at],
            np.clip(order - heading_at, 0, 60),
            np.concatenate(([0.0], opens[:-1])),
            *marks,
        ]
    ).astype(np.float32)
    return np.concatenate([*blocks, rest], axis=1)


FEATURES = (*wording.NAMES, *SHAPE, *PLACE, *FIT, *REPEATS, *NEIGHBOURS, *HINTS, "image_pairs")
