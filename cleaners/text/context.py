"""Features of lines among the lines of their text: neighbours, position, repetition, topic."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cleaners.text import facts, shape, tokens, vocabulary
from cleaners.text.facts import Facts, Floats
from cleaners.text.layout import Layout
from cleaners.text.tokens import Flags, Ints
from cleaners.text.vocabulary import Vocabulary

_NEIGHBOURS: Final = (-3, -2, -1, 1, 2, 3)
_WINDOWS: Final = (2, 5, 12)
_WATCHED: Final = (
    "size",
    "stop_share",
    "ends_sentence",
    "prose",
    "covered",
    "capitalised",
    "prose_size",
    "overlap",
    "odds_mean",
)
"""What is looked at in the neighbours, too."""
_SHORT: Final = 8
_COST: Final = 6.0
"""What a line that is not prose costs the densest stretch of prose, in words."""
_FAR: Final = 60

_OWN: Final = (
    "place",
    "from_start",
    "from_end",
    "words_before",
    "lines",
    "prose_share",
    "prose_lines",
    "since_prose",
    "until_prose",
    "after_first_prose",
    "before_last_prose",
    "in_core",
    "to_core_start",
    "to_core_end",
    "core_share",
    "short_run",
    "short_run_place",
    "prose_run",
    "same",
    "same_before",
    "same_after",
    "overlap",
    "core_overlap",
    "content",
    "unique_share",
    "head_like",
    "title_overlap",
    "indent",
    "gap",
    "gap_after",
    "item",
    "item_run",
    "median_size",
)


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Facts of a text's lines, with their overlap with its prose and the span of its core.

    `core`: first and last line of the densest stretch of prose, both 0 for a text without lines.
    """

    known: Facts
    layouts: Sequence[Layout]
    overlap: Floats
    content: Ints
    core: tuple[int, int]


def names() -> tuple[str, ...]:
    """The features' names, in the order of their columns."""
    near = (f"{name}{offset:+d}" for offset in _NEIGHBOURS for name in _WATCHED)
    wide = (
        f"{name}_{side}{size}"
        for size in _WINDOWS
        for side in ("before", "after")
        for name in _WATCHED
    )
    return (*shape.names(), *_OWN, *vocabulary.MEASURES, *near, *wide)


def read(known: Facts, layouts: Sequence[Layout]) -> Lines:
    """Prepare lines: where their core is, and how much each shares with the prose."""
    prose = known.prose
    overlap = facts.overlap(known, prose)
    gain = np.where(prose, known.size, -_COST).astype(np.float32)
    return Lines(
        known=known,
        layouts=layouts,
        overlap=overlap,
        content=known.topic.content,
        core=densest(gain),
    )


def densest(gain: Floats) -> tuple[int, int]:
    """First and last index of the stretch with the greatest sum (Kadane's algorithm)."""
    if not gain.size:
        return 0, 0
    total = np.concatenate(([0.0], np.cumsum(gain, dtype=np.float64)))
    lowest = np.minimum.accumulate(total)
    last = int(np.argmax(total[1:] - lowest[:-1]))
    first = int(np.argmin(total[: last + 1]))
    return first, last


def table(lines: Lines, words: Vocabulary) -> Floats:
    """All features of a text's lines, (n, len(names())); `words` tells chrome's from prose's."""
    known = lines.known
    own = shape.table(known)
    odds = vocabulary.weigh(known.tokens, words)
    watched = np.concatenate([_watched(lines), odds[:, 1:2]], axis=1)
    near = [shifted(watched, offset) for offset in _NEIGHBOURS]
    wide = [part for size in _WINDOWS for part in windows(watched, size)]
    return np.concatenate([own, _own(lines), odds, *near, *wide], axis=1, dtype=np.float32)


def _watched(lines: Lines) -> Floats:
    known = lines.known
    words = np.maximum(known.words, 1)
    capital = np.bincount(
        known.tokens.word_line[known.tokens.word_kind == tokens.UPPER],
        minlength=known.tokens.lines,
    )
    return np.stack(
        [
            known.size,
            known.stops / words,
            known.last == tokens.TERMINAL,
            known.prose,
            known.covered / words,
            capital / words,
            known.size * known.prose,
            lines.overlap,
        ],
        axis=1,
        dtype=np.float32,
        casting="unsafe",
    )


def shifted(rows: Floats, offset: int) -> Floats:
    """Each row's neighbour at an offset; -1 where the text has no line."""
    out = np.full_like(rows, -1.0)
    if offset < 0:
        out[-offset:] = rows[:offset]
    else:
        out[:-offset] = rows[offset:]
    return out


def windows(rows: Floats, size: int) -> tuple[Floats, Floats]:
    """Means of the rows before and after each, `size` at most."""
    count = rows.shape[0]
    total = np.zeros((count + 1, rows.shape[1]), dtype=np.float64)
    np.cumsum(rows, axis=0, out=total[1:], dtype=np.float64)
    at = np.arange(count)
    low, high = np.maximum(at - size, 0), np.minimum(at + 1 + size, count)
    before = (total[at] - total[low]) / np.maximum(at - low, 1)[:, None]
    after = (total[high] - total[at + 1]) / np.maximum(high - at - 1, 1)[:, None]
    return before.astype(np.float32), after.astype(np.float32)


def _own(lines: Lines) -> Floats:
    known = lines.known
    count = known.tokens.lines
    at = np.arange(count)
    size = known.size.astype(np.float32)
    prose = known.prose
    total = max(float(size.sum()), 1.0)
    before = (np.cumsum(size) - size) / total
    first, last = lines.core
    in_core = (at >= first) & (at <= last)
    since, until = distances(prose)
    short = (size <= _SHORT) & (known.last != tokens.TERMINAL)
    run, place = _runs(short)
    item = np.fromiter((layout.item for layout in lines.layouts), np.bool_, count)
    gap = np.fromiter((layout.gap for layout in lines.layouts), np.float32, count)
    indent = np.fromiter((layout.indent for layout in lines.layouts), np.float32, count)
    same, same_before, same_after = _repeats(known)
    core_overlap = facts.overlap(known, prose & in_core)
    unique = _unique(known, lines.content)
    head_like = ~prose & (size >= 4) & (size <= 25) & (known.last != tokens.TERMINAL)
    prose_count = int(prose.sum())
    columns = (
        at / max(count, 1),
        np.minimum(at, _FAR),
        np.minimum(count - 1 - at, _FAR),
        before,
        np.full(count, count),
        np.full(count, float(size[prose].sum()) / total),
        np.full(count, prose_count),
        since,
        until,
        np.cumsum(prose) > 0,
        np.cumsum(prose[::-1])[::-1] > 0,
        in_core,
        np.clip(at - first, -_FAR, _FAR),
        np.clip(last - at, -_FAR, _FAR),
        np.full(count, float(size[first : last + 1].sum()) / total),
        run,
        place,
        _runs(prose)[0],
        same,
        same_before,
        same_after,
        lines.overlap,
        core_overlap,
        lines.content,
        unique,
        head_like,
        _title_overlap(lines, head_like & (at < max(first, 1))),
        indent,
        gap,
        np.append(gap[1:], 9.0)[:count],
        item,
        _runs(item)[0],
        np.full(count, float(np.median(size)) if count else 0.0),
    )
    rows = np.empty((count, len(columns)), dtype=np.float32)
    for number, column in enumerate(columns):
        rows[:, number] = column
    return rows


def distances(marked: Flags) -> tuple[Ints, Ints]:
    """Lines back to the last marked line, and on to the next; `_FAR` at most."""
    count = marked.size
    at = np.arange(count)
    back = np.maximum.accumulate(np.where(marked, at, -_FAR)) if count else at
    on = np.minimum.accumulate(np.where(marked, at, count + _FAR)[::-1])[::-1] if count else at
    since, until = np.minimum(at - back, _FAR), np.minimum(on - at, _FAR)
    return since.astype(np.int32), until.astype(np.int32)


def _runs(marked: Flags) -> tuple[Ints, Ints]:
    """Length of the run of marked lines that a line is in, and its place there; 0 for others."""
    count = marked.size
    if not count:
        none = np.zeros(0, dtype=np.int32)
        return none, none
    change = np.flatnonzero(np.diff(marked.astype(np.int8))) + 1
    starts = np.concatenate(([0], change))
    lengths = np.diff(np.append(starts, count))
    length = np.repeat(lengths, lengths)
    place = np.arange(count) - np.repeat(starts, lengths) + 1
    return (length * marked).astype(np.int32), (place * marked).astype(np.int32)


def _repeats(known: Facts) -> tuple[Ints, Ints, Ints]:
    """How often a line stands in the text, and how often before and after itself."""
    keys = known.key
    if not keys.size:
        none = np.zeros(0, dtype=np.int32)
        return none, none, none
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    fresh = np.concatenate(([True], ordered[1:] != ordered[:-1]))
    starts = np.flatnonzero(fresh)
    lengths = np.diff(np.append(starts, keys.size))
    rank = np.arange(keys.size) - np.repeat(starts, lengths)
    times = np.repeat(lengths, lengths)
    before, same = np.empty_like(rank), np.empty_like(times)
    before[order], same[order] = rank, times
    return same.astype(np.int32), before.astype(np.int32), (same - 1 - before).astype(np.int32)


def _unique(known: Facts, content: Ints) -> Floats:
    """Share of a line's content words that stand nowhere else in the text."""
    named = known.topic.ids >= 0
    ids = known.topic.ids[named]
    alone = np.bincount(ids, minlength=known.topic.terms)[ids] == 1
    found = np.bincount(known.tokens.word_line[named][alone], minlength=known.tokens.lines)
    return (found / np.maximum(content, 1)).astype(np.float32)


def _title_overlap(lines: Lines, heads: Flags) -> Floats:
    """Share of each line's content words that the likeliest headline has.

    That is the title-like line above the core which shares the most words with the prose.
    """
    count = heads.size
    shared = np.where(heads, lines.overlap * lines.content, 0.0)
    if not count or shared.max() < 1:
        return np.zeros(count, dtype=np.float32)
    head = int(np.argmax(shared))
    return facts.overlap(lines.known, np.arange(count) == head)
