"""A Document as a matrix: one row a block, one column a feature of `FEATURES`.

Everything about a block that is evidence for or against its being body: how its text looks, what
its divisions are called, where the page's mass of prose lies and how far it stands from there, who
its neighbours are, and how well its words fit the title and the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaners.gbm import Floats
from cleaners.html import wording
from cleaners.html.blocks import DIVISIONS, TAG_CUES, Document
from cleaners.html.cues import NAME_CUES
from cleaners.html.wording import Ints, Wording, read_wording

_BITS = (*NAME_CUES, *("" for _ in range(32 - len(NAME_CUES))), *(f"<{t}>" for t in TAG_CUES))
_USED = np.array([bit for bit, name in enumerate(_BITS) if name])

_PROSE_CHARS = 60  # unlinked characters from which a block counts as prose when weighing divisions
_PROSE_LINKS = 0.35  # share of link text above which it does not
_LEVELS = 12  # ancestors looked at below the main division
_MASSES = (0.5, 0.75, 0.9)

_TAG_CODES = {tag: code for code, tag in enumerate(sorted(DIVISIONS))}
_RENDERED_TAGS = ("p", "h1", "h2", "h3", "h4", "li", "blockquote", "pre", "figcaption", "tr", "dd")
_SHIFTS = (-3, -2, -1, 1, 2, 3)


@dataclass(frozen=True, slots=True, eq=False)
class PageText:
    """What a page says of its article outside of its blocks; empty where it does not."""

    title: str = ""
    description: str = ""
    body: str = ""  # JSON-LD articleBody


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Arrays over the n blocks that the second model and the smoothing reuse.

    `above`: (n, 4) the numbers of the block's division and its three parents. `first`, `last`:
    per division. `main`: the division that holds nine tenths of the prose.
    """

    above: Ints
    first: Ints
    last: Ints
    path: Ints
    kind: Ints
    chars: Floats
    mass: Floats
    main: int


def features(document: Document, page: PageText) -> tuple[Floats, Layout, Wording]:
    """The matrix (n, len(FEATURES)) of a document with n > 0 blocks."""
    text = read_wording([block.text for block in document.blocks])
    layout, place = _place(document, text)
    shape = _shape(document)
    density = shape[:, 0]
    matrix = np.concatenate(
        [
            text.columns,
            shape,
            place,
            _fit(text, layout, page),
            _repeats(text, layout, density),
            _neighbours(text, shape, layout),
        ],
        axis=1,
    )
    return matrix, layout, text


_SHAPE = (
    "linked", "links", "depth", "division",
    *(f"is_{tag}" for tag in _RENDERED_TAGS),
    *(f"inner_{name}" for name in NAME_CUES),
)  # fmt: skip


def _shape(document: Document) -> Floats:
    frames = document.frames
    chars = np.array([len(block.text) for block in document.blocks], dtype=np.float32)
    linked = np.minimum(1.0, np.array(document.linked, dtype=np.float32) / chars)
    tags = [block.tag for block in document.blocks]
    own = [frames.elements[number].tag for number in document.frame]
    inner = np.array(document.inner, dtype=np.int64)
    columns = [
        linked,
        np.log1p(np.array(document.links, dtype=np.float32)),
        np.array([frames.depth[number] for number in document.frame], dtype=np.float32),
        np.array([_TAG_CODES.get(tag, -1) for tag in own], dtype=np.float32),
    ]
    flags = np.array([[tag == name for name in _RENDERED_TAGS] for tag in tags], dtype=np.float32)
    names = _bits(inner)[:, : len(NAME_CUES)]
    return np.concatenate([np.stack(columns, axis=1), flags, names], axis=1).astype(np.float32)


_PLACE = (
    "order", "offset", "mass_parent", "mass_grandparent", "mass_great", "blocks_parent",
    "blocks_grandparent", "prose_parent", "linked_parent", "linked_grandparent",
    *(f"in_{int(100 * mass)}" for mass in _MASSES),
    *(f"below_{int(100 * mass)}" for mass in _MASSES),
    "main_before", "main_after", "prose_before", "prose_after", "prose_total", "blocks",
    "child_share", "since_h1", "own_mass",
    *(f"own_{_BITS[bit]}" for bit in _USED),
    *(f"near_{_BITS[bit]}" for bit in _USED),
    *(f"inside_{_BITS[bit]}" for bit in _USED),
    *(f"path_{_BITS[bit]}" for bit in _USED),
)  # fmt: skip


def _bits(masks: Ints) -> npt.NDArray[np.uint8]:
    """(n, 64): the bits of n masks."""
    raw = np.ascontiguousarray(masks, dtype="<i8").view(np.uint8).reshape(len(masks), 8)
    return np.unpackbits(raw, axis=1, bitorder="little")


def _sums(values: Floats) -> npt.NDArray[np.float64]:
    return np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))


def _place(document: Document, text: Wording) -> tuple[Layout, Floats]:
    frames = document.frames
    count = len(document.blocks)
    parent = np.array(frames.parent, dtype=np.int64)
    first = np.array(frames.first, dtype=np.int64)
    last = np.array(frames.last, dtype=np.int64)
    depth = np.array(frames.depth, dtype=np.int64)
    cues = np.array(frames.cues, dtype=np.int64)
    own = np.array(document.frame, dtype=np.int64)
    path_masks = _path_masks(frames.parent, frames.cues)

    chars = text.chars
    linked = np.minimum(chars, np.array(document.linked, dtype=np.float32))
    free = chars - linked
    prose = (free >= _PROSE_CHARS) & (linked <= _PROSE_LINKS * chars)
    # Prose in navigation, footers and asides is not what the page is about.
    outside = np.int64(sum(1 << (32 + TAG_CUES.index(tag)) for tag in ("nav", "footer", "aside")))
    mass = np.where(prose & ((path_masks[own] & outside) == 0), free, 0.0).astype(np.float32)
    total = float(mass.sum())
    sums, char_sums, link_sums = _sums(mass), _sums(chars), _sums(linked)
    frame_mass = sums[last] - sums[first]

    above = np.stack([own, parent[own], parent[parent[own]], parent[parent[parent[own]]]], axis=1)
    mains = [_deepest(frame_mass, depth, mass_share * total) for mass_share in _MASSES]
    order = np.arange(count)
    spans = last - first

    def linked_in(frame: Ints) -> npt.NDArray[np.float64]:
        length = char_sums[last[frame]] - char_sums[first[frame]]
        inside: npt.NDArray[np.float64] = link_sums[last[frame]] - link_sums[first[frame]]
        return inside / np.maximum(length, 1)

    main = mains[-1]
    main_first, main_last = first[main], last[main]
    before = sums[:-1] - sums[main_first]
    h1 = [block.index for block in document.blocks if block.tag == "h1"]
    since = order - (h1[0] if h1 else -1)
    prose_count = np.maximum(spans, 1)
    prose_sums = _sums(prose.astype(np.float32))
    columns = [
        order / count,
        char_sums[:-1] / max(1.0, char_sums[-1]),
        *(frame_mass[above[:, level]] / max(1.0, total) for level in (0, 1, 2)),
        np.log1p(spans[above[:, 0]]),
        np.log1p(spans[above[:, 1]]),
        (prose_sums[last[above[:, 1]]] - prose_sums[first[above[:, 1]]]) / prose_count[above[:, 1]],
        linked_in(above[:, 0]),
        linked_in(above[:, 1]),
        *((first[top] <= order) & (order < last[top]) for top in mains),
        *(
            np.where((first[top] <= order) & (order < last[top]), depth[own] - depth[top], -1)
            for top in mains
        ),
        np.clip(order - main_first, -50, 200),
        np.clip(main_last - order, -50, 200),
        before / max(1.0, total),
        (sums[-1] - sums[1:]) / max(1.0, total),
        np.full(count, np.log1p(total)),
        np.full(count, np.log1p(count)),
        mass / max(1.0, total),
        np.clip(since, -50, 200),
        free / max(1.0, total),
    ]
    inside = cues[own].copy()
    step = own.copy()
    for _ in range(_LEVELS):
        step = parent[step]
        inside |= np.where(depth[step] > depth[main], cues[step], 0)
    near = cues[above[:, 0]] | cues[above[:, 1]] | cues[above[:, 2]]
    masks = [cues[own], near, inside, path_masks[own]]
    table = np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)
    place = np.concatenate([table, *(_bits(mask)[:, _USED] for mask in masks)], axis=1)
    layout = Layout(
        above=above,
        first=first,
        last=last,
        path=np.array(frames.path, dtype=np.int64)[own],
        kind=np.array(frames.kind, dtype=np.int64)[own],
        chars=chars,
        mass=mass,
        main=main,
    )
    return layout, place.astype(np.float32)


def _path_masks(parent: Sequence[int], cues: Sequence[int]) -> Ints:
    """Per division, its cues and those of all above it."""
    masks = list(cues)
    for number in range(1, len(masks)):
        masks[number] |= masks[parent[number]]
    return np.array(masks, dtype=np.int64)


def _deepest(mass: npt.NDArray[np.float64], depth: Ints, least: float) -> int:
    """The deepest division that holds at least that mass; the root if the page has none."""
    if least <= 0:
        return 0
    good = np.flatnonzero(mass >= least - 1e-6)
    return int(good[np.argmax(depth[good])])


_FIT = (
    "title_of_block", "block_of_title", "description_of_block", "block_of_description",
    "json_known", "json_pairs", "cohesion", "cohesion_rare", "after_title",
)  # fmt: skip


def _numbers(text: Wording, other: str) -> Ints:
    """Numbers of the words of another text; words that no block has are left out."""
    found = (text.vocabulary.get(word) for word in wording.WORD.findall(other.lower()))
    return np.array([number for number in found if number is not None], dtype=np.int64)


def _fit(text: Wording, layout: Layout, page: PageText) -> Floats:
    count = len(text.chars)
    vocabulary = max(1, len(text.vocabulary))
    words = np.maximum(text.words, 1)
    columns: list[npt.NDArray[Any]] = []
    for other in (page.title, page.description):
        numbers = np.unique(_numbers(text, other))
        known = np.zeros(vocabulary, dtype=bool)
        known[numbers] = True
        hits = known[text.ids]
        columns.append(np.bincount(text.owner, weights=hits, minlength=count) / words)
        distinct = np.unique(text.owner[hits] * vocabulary + text.ids[hits]) // vocabulary
        columns.append(np.bincount(distinct, minlength=count) / max(1, len(numbers)))
    after_title = np.maximum.accumulate(np.where(columns[1] > 0.7, np.arange(count), -1))

    body = _numbers(text, page.body)
    columns.append(np.full(count, float(len(body) > 0)))
    pairs: npt.NDArray[Any] = np.zeros(count)
    if len(body) > 1 and len(text.ids) > 1:
        same = text.owner[:-1] == text.owner[1:]
        keys = (text.ids[:-1] * vocabulary + text.ids[1:])[same]
        seen = np.isin(keys, body[:-1] * vocabulary + body[1:])
        found = np.bincount(text.owner[:-1][same], weights=seen, minlength=count)
        pairs = found / np.maximum(text.words - 1, 1)
        single = text.words == 1
        pairs[single] = -1
    columns.append(pairs)

    # Cohesion: how many of a block's words does the rest of the prose use?
    unique = np.unique(text.owner * vocabulary + text.ids)
    owner, ids = unique // vocabulary, unique % vocabulary
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
    return np.stack(columns, axis=1).astype(np.float32)


_REPEATS = (
    "same_text", "path_count", "path_mass", "path_chars", "path_linked", "kind_count",
    "kind_mass", "kind_chars", "path_spread",
)  # fmt: skip


def _repeats(text: Wording, layout: Layout, density: Floats) -> Floats:
    count = len(text.chars)
    total = max(1.0, float(layout.mass.sum()))
    _, same, copies = np.unique(np.array(text.lowered), return_inverse=True, return_counts=True)
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


_NEAR = ("chars", "linked", "stop", "is_p", "is_li", "heading", "same_path", "same_parent", "mass")
_NEIGHBOURS = (
    *(f"{name}@{shift:+d}" for shift in _SHIFTS for name in _NEAR),
    "to_prose_before", "to_prose_after", "heading_related", "heading_distance", "opens_before",
)  # fmt: skip


def _neighbours(text: Wording, shape: Floats, layout: Layout) -> Floats:
    count = len(text.chars)
    is_tag = {tag: shape[:, _SHAPE.index(f"is_{tag}")] for tag in _RENDERED_TAGS}
    heading = is_tag["h1"] + is_tag["h2"] + is_tag["h3"] + is_tag["h4"]
    total = max(1.0, float(layout.mass.sum()))
    stop = text.columns[:, wording.NAMES.index("ends_stop")]
    base = np.stack(
        [np.log1p(text.chars), shape[:, 0], stop, is_tag["p"], is_tag["li"], heading], axis=1
    )
    blocks: list[Floats] = []
    order = np.arange(count)
    for shift in _SHIFTS:
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
    rest = np.column_stack(
        [
            np.clip(order - before, 0, 60),
            np.clip(after - order, 0, 60),
            opens[heading_at],
            np.clip(order - heading_at, 0, 60),
            np.concatenate(([0.0], opens[:-1])),
        ]
    ).astype(np.float32)
    return np.concatenate([*blocks, rest], axis=1)


FEATURES = (*wording.NAMES, *_SHAPE, *_PLACE, *_FIT, *_REPEATS, *_NEIGHBOURS)

_SECOND_SHIFTS = (-4, -3, -2, -1, 1, 2, 3, 4)
SECOND = (
    "first", *(f"first@{shift:+d}" for shift in _SECOND_SHIFTS),
    "first_frame", "first_parent", "first_grandparent", "first_great", "first_path", "first_kind",
    "sum_before", "sum_after", "sum_all", "first_max", "window", "to_sure_before", "to_sure_after",
    "first_rank", "first_copies",
)  # fmt: skip

_SURE = 0.8


def second_features(first: Floats, layout: Layout, text: Wording) -> Floats:
    """What the first model thinks of a block and those around it: (n, len(SECOND))."""
    count = len(first)
    order = np.arange(count)
    columns: list[npt.NDArray[Any]] = [first.astype(np.float64)]
    for shift in _SECOND_SHIFTS:
        at = order + shift
        inside = (at >= 0) & (at < count)
        columns.append(np.where(inside, first[np.clip(at, 0, count - 1)], -1.0))
    weight = np.minimum(layout.chars, 400)
    weighted = first * weight
    sums, weights = _sums(weighted), _sums(weight)
    for level in range(4):
        frame = layout.above[:, level]
        low, high = layout.first[frame], layout.last[frame]
        # The block itself is left out, so that this says what its company is.
        rest = weights[high] - weights[low] - weight
        mean = (sums[high] - sums[low] - weighted) / np.maximum(rest, 1)
        columns.append(np.where(rest > 0, mean, -1.0))
    for group in (layout.path, layout.kind):
        others = np.bincount(group, weights=weight)[group] - weight
        inside = np.bincount(group, weights=weighted)[group] - weighted
        columns.append(np.where(others > 0, inside / np.maximum(others, 1), -1.0))
    expected: npt.NDArray[Any] = _sums(first * layout.chars)
    total = max(1.0, float(expected[-1]))
    columns += [
        expected[:-1] / total,
        (expected[-1] - expected[1:]) / total,
        np.full(count, np.log1p(total)),
        np.full(count, float(first.max())),
        (sums[np.minimum(order + 6, count)] - sums[np.maximum(order - 5, 0)])
        / np.maximum(weights[np.minimum(order + 6, count)] - weights[np.maximum(order - 5, 0)], 1),
    ]
    sure = first > _SURE
    before = np.maximum.accumulate(np.where(sure, order, -100))
    after = np.minimum.accumulate(np.where(sure, order, count + 100)[::-1])[::-1]
    columns.append(np.clip(order - before, 0, 60).astype(np.float64))
    columns.append(np.clip(after - order, 0, 60).astype(np.float64))
    columns.append(np.argsort(np.argsort(-first)) / count)
    _, same = np.unique(np.array(text.lowered), return_inverse=True)
    best = np.full(int(same.max()) + 1, 0.0)
    np.maximum.at(best, same, first)
    columns.append(best[same])
    return np.stack(columns, axis=1).astype(np.float32)
