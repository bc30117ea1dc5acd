"""Where each block stands: its divisions, the page's mass of prose, and the names around it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cleaners.gbm import Floats
from cleaners.html.cues import NAME_BITS, NAME_CUES
from cleaners.html.document import Document
from cleaners.html.letters import Ints
from cleaners.html.tagcues import TAG_BITS, TAG_CUES, TAG_SHIFT
from cleaners.html.tags import DIVISIONS
from cleaners.html.wording import Wording

_BITS = (
    *NAME_CUES,
    *("" for _ in range(TAG_SHIFT - len(NAME_CUES))),
    *(f"<{t}>" for t in TAG_CUES),
)
USED = np.array([bit for bit, name in enumerate(_BITS) if name])
# Names far above a block (of the body, of wrappers) tell of the page; tags still tell of the part.
_PATH_NAMES = {
    "nav",
    "footer",
    "aside",
    "comment",
    "related",
    "advert",
    "popup",
    "hidden",
}
PATH_USED = np.array([bit for bit in USED if bit >= TAG_SHIFT or _BITS[bit] in _PATH_NAMES])

PROSE_CHARS = 60  # unlinked characters from which a block counts as prose when weighing divisions
PROSE_LINKS = 0.35  # share of link text above which it does not
OUTSIDE = np.int64(
    sum(TAG_BITS[tag] for tag in ("nav", "footer", "aside", "dialog", "hidden"))
    + sum(NAME_BITS[name] for name in ("comment", "popup", "paywall"))
)
CENTRAL = 0.3  # share of the page's prose that must be left without those for them to be left out
BODIES = frozenset(("html", "body"))
LEVELS = 12  # ancestors looked at below the main division
MASSES = (0.5, 0.75, 0.9)

TAG_CODES = {tag: code for code, tag in enumerate(sorted(DIVISIONS))}
RENDERED_TAGS = (
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "li",
    "blockquote",
    "pre",
    "figcaption",
    "tr",
    "dd",
)

RENDERED_CODES = {tag: code for code, tag in enumerate(RENDERED_TAGS)}
_RENDERED_RANGE = np.arange(len(RENDERED_TAGS))


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Arrays over the n blocks that the second model and the smoothing reuse.

    `above`: (n, 4) the numbers of the block's division and its three parents. `first`, `last`,
    `depth` and `parent`: per division. `main`: the division that holds nine tenths of the prose.
    """

    above: Ints
    first: Ints
    last: Ints
    depth: Ints
    parent: Ints
    path: Ints
    kind: Ints
    chars: Floats
    mass: Floats
    main: int


SHAPE = (
    "linked", "links", "division",
    *(f"is_{tag}" for tag in RENDERED_TAGS),
    *(f"inner_{name}" for name in NAME_CUES),
)  # fmt: skip


def read_shape(document: Document) -> Floats:
    frames = document.frames
    chars = np.array([len(block.text) for block in document.blocks], dtype=np.float32)
    linked = np.minimum(1.0, np.array(document.linked, dtype=np.float32) / chars)
    tags = [block.tag for block in document.blocks]
    own = [frames.tags[number] for number in document.frame]
    inner = np.array(document.inner, dtype=np.int64)
    columns = [
        linked,
        np.log1p(np.array(document.links, dtype=np.float32)),
        np.array([TAG_CODES.get(tag, -1) for tag in own], dtype=np.float32),
    ]
    flags = np.array([RENDERED_CODES.get(tag, -1) for tag in tags])[:, None] == _RENDERED_RANGE
    names = _bits(inner)[:, : len(NAME_CUES)]
    return np.concatenate([np.stack(columns, axis=1), flags, names], axis=1).astype(np.float32)


PLACE = (
    "order", "offset", "mass_parent", "mass_grandparent", "mass_great", "blocks_parent",
    "blocks_grandparent", "prose_parent", "linked_parent", "linked_grandparent",
    *(f"in_{int(100 * mass)}" for mass in MASSES),
    *(f"below_{int(100 * mass)}" for mass in MASSES),
    "main_before", "main_after", "prose_before", "prose_after",
    "child_share", "since_h1", "own_mass",
    *(f"own_{_BITS[bit]}" for bit in USED),
    *(f"inside_{_BITS[bit]}" for bit in USED),
    *(f"path_{_BITS[bit]}" for bit in PATH_USED),
)  # fmt: skip


def _bits(masks: Ints) -> npt.NDArray[np.uint8]:
    """(n, 64): the bits of n masks."""
    raw = np.ascontiguousarray(masks, dtype="<i8").view(np.uint8).reshape(len(masks), 8)
    return np.unpackbits(raw, axis=1, bitorder="little")


def sums_of(values: Floats) -> npt.NDArray[np.float64]:
    return np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))


def read_place(document: Document, text: Wording) -> tuple[Layout, Floats]:
    frames = document.frames
    count = len(document.blocks)
    parent = np.array(frames.parent, dtype=np.int64)
    first = np.array(frames.first, dtype=np.int64)
    last = np.array(frames.last, dtype=np.int64)
    depth = np.array(frames.depth, dtype=np.int64)
    cues = np.array(frames.cues, dtype=np.int64)
    own = np.array(document.frame, dtype=np.int64)
    bodies = sum(tag in BODIES for tag in frames.tags[:2])
    path_masks = _path_masks(frames.parent, frames.cues, bodies)

    chars = text.chars
    linked = np.minimum(chars, np.array(document.linked, dtype=np.float32))
    free = chars - linked
    prose = (free >= PROSE_CHARS) & (linked <= PROSE_LINKS * chars)
    mass = np.where(prose, free, 0.0).astype(np.float32)
    # Prose in navigation, asides, comments or dialogs is beside the point, if other is left.
    central = np.where((path_masks[own] & OUTSIDE) == 0, mass, 0.0).astype(np.float32)
    if central.sum() >= CENTRAL * mass.sum():
        mass = central
    total = float(mass.sum())
    sums, char_sums, link_sums = sums_of(mass), sums_of(chars), sums_of(linked)
    frame_mass = sums[last] - sums[first]

    above = np.stack([own, parent[own], parent[parent[own]], parent[parent[parent[own]]]], axis=1)
    mains = [deepest(frame_mass, depth, mass_share * total) for mass_share in MASSES]
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
    prose_sums = sums_of(prose.astype(np.float32))
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
        mass / max(1.0, total),
        np.clip(since, -50, 200),
        free / max(1.0, total),
    ]
    inside = cues[own].copy()
    step = own.copy()
    for _ in range(LEVELS):
        step = parent[step]
        inside |= np.where(depth[step] > depth[main], cues[step], 0)
    table = np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)
    bits = [_bits(cues[own])[:, USED], _bits(inside)[:, USED]]
    place = np.concatenate([table, *bits, _bits(path_masks[own])[:, PATH_USED]], axis=1)
    layout = Layout(
        above=above,
        first=first,
        last=last,
        depth=depth,
        parent=parent,
        path=np.array(frames.path, dtype=np.int64)[own],
        kind=np.array(frames.kind, dtype=np.int64)[own],
        chars=chars,
        mass=mass,
        main=main,
    )
    return layout, place.astype(np.float32)


def _path_masks(parent: Sequence[int], cues: Sequence[int], bodies: int) -> Ints:
    """Per division, its cues and those of all above it but the first `bodies`.

    Names of <html> and <body> (has-sidebar, comments-open) would hold for every block.
    """
    masks = [0] * bodies + list(cues[bodies:])
    for number in range(1, len(masks)):
        masks[number] |= masks[parent[number]]
    return np.array(masks, dtype=np.int64)


def deepest(mass: npt.NDArray[np.float64], depth: Ints, least: float) -> int:
    """The deepest division that holds at least that mass; the root if the page has none."""
    if least <= 0:
        return 0
    good = np.flatnonzero(mass >= least - 1e-6)
    return int(good[np.argmax(depth[good])])
