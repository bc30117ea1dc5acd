"""Features of lines among the lines of their text: neighbours, position, repetition, topic."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from cleaners.text import facts, shape, tokens, vocabulary
from cleaners.text.facts import Facts, Floats
from cleaners.text.layout import Layout
from cleaners.text.tokens import Flags, Ints, Places
from cleaners.text.vocabulary import Vocabulary

_NEIGHBOURS: Final = (-1, 1)
_WINDOWS: Final = (5, 12, 30)
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
_SHAPED: Final = ("size", "stop_share", "ends_sentence", "prose", "covered", "capitalised")
_MEAN: Final = vocabulary.MEASURES.index("odds_mean")
_SHORT: Final = 8
_COST: Final = 6.0
"""What a line that is not prose costs the densest stretch of prose, in words."""
_COSTS: Final = (2.0, 20.0)
"""The same for a wider stretch, over lists and promos, and for one without a break."""
_WIDEST: Final = 99
"""Columns of indent that are told apart."""
_ALIKE: Final = 15
"""Words from which a line is no entry of a list whose entries look alike."""
_SLOTS: Final = 4096
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
    "in_wide_core",
    "in_tight_core",
    "indent_prose",
    "alike",
    "same_opening",
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


@cache
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
    """All features of a text's lines, (n, len(names())); `words` tells chrome's from prose's.

    Filled feature by feature, as the forest reads it: the columns are contiguous.
    """
    count = lines.known.tokens.lines
    kinds = len(names())
    rows = np.empty((kinds, count), dtype=np.float32)
    at = shape.fill(lines.known, rows)
    own = rows[at : at + len(_OWN)]
    _fill_own(lines, own)
    at += len(_OWN)
    odds = vocabulary.weigh(lines.known.tokens, words)
    rows[at : at + len(vocabulary.MEASURES)] = odds
    at += len(vocabulary.MEASURES)
    watched = _watched(lines, rows, odds[_MEAN])
    _fill_near(watched, rows[at:])
    at += len(_NEIGHBOURS) * len(_WATCHED)
    _fill_windows(watched, rows[at:])
    return rows.T


def _watched(lines: Lines, rows: Floats, odds_mean: Floats) -> Floats:
    """What is looked at in the neighbours, (len(_WATCHED), n), of rows whose shape is known."""
    known = lines.known
    watched = np.empty((len(_WATCHED), rows.shape[1]), dtype=np.float32)
    for number, row in enumerate(shape.rows_of(*_SHAPED)):
        watched[number] = rows[row]
    watched[-3] = known.size * known.prose
    watched[-2] = lines.overlap
    watched[-1] = odds_mean
    return watched


def _fill_near(watched: Floats, rows: Floats) -> None:
    """Each line's neighbours at the offsets; -1 where the text has no line."""
    kinds, count = watched.shape
    widest = max(_NEIGHBOURS)
    padded = np.full((kinds, count + 2 * widest), -1.0, dtype=np.float32)
    padded[:, widest : widest + count] = watched
    for number, offset in enumerate(_NEIGHBOURS):
        start = widest + offset
        rows[number * kinds : (number + 1) * kinds] = padded[:, start : start + count]


def _fill_windows(watched: Floats, rows: Floats) -> None:
    """Means of the lines before and after each, so many as the window has at most."""
    kinds, count = watched.shape
    widest = max(_WINDOWS)
    # As far beyond the text as a window reaches, sums are those of its ends.
    total = np.zeros((kinds, widest + count + 1 + widest), dtype=np.float64)
    inside = total[:, widest : widest + count + 1]
    np.cumsum(watched, axis=1, out=inside[:, 1:], dtype=np.float64)
    total[:, widest + count + 1 :] = inside[:, -1:]
    at = np.arange(count)
    for number, size in enumerate(_WINDOWS):
        row = 2 * number * kinds
        before = inside[:, :-1] - total[:, widest - size : widest - size + count]
        many = np.maximum(np.minimum(at, size), 1)
        np.divide(before, many, out=rows[row : row + kinds])
        after = total[:, widest + 1 + size : widest + 1 + size + count] - inside[:, 1:]
        np.divide(after, many[::-1], out=rows[row + kinds : row + 2 * kinds])


def _fill_own(lines: Lines, rows: Floats) -> None:
    known = lines.known
    count = known.tokens.lines
    if not count:
        return
    at = np.arange(count)
    size = known.size.astype(np.float32)
    prose = known.prose
    total = max(float(size.sum()), 1.0)
    first, last = lines.core
    in_core = (at >= first) & (at <= last)
    layouts = lines.layouts
    item = np.array([layout.item for layout in layouts])
    gap = np.array([layout.gap for layout in layouts], dtype=np.float32)
    indent = np.array([layout.indent for layout in layouts])
    open_end = known.last != tokens.TERMINAL
    runs, places = _runs(np.stack([(size <= _SHORT) & open_end, prose, item]))
    since, until = distances(prose)
    head_like = ~prose & (size >= 4) & (size <= 25) & open_end
    from_end = count - 1 - at
    columns = (
        at / count,
        np.minimum(at, _FAR),
        np.minimum(from_end, _FAR),
        (np.cumsum(size) - size) / total,
        count,
        float(size[prose].sum()) / total,
        int(prose.sum()),
        since,
        until,
        np.logical_or.accumulate(prose),
        np.logical_or.accumulate(prose[::-1])[::-1],
        in_core,
        np.maximum(np.minimum(at - first, _FAR), -_FAR),
        np.maximum(np.minimum(last - at, _FAR), -_FAR),
        float(size[first : last + 1].sum()) / total,
        runs[0],
        places[0],
        runs[1],
        *_repeats(known),
        lines.overlap,
        facts.overlap(known, prose & in_core),
        lines.content,
        _unique(known, lines.content),
        head_like,
        _title_overlap(lines, head_like & (at < max(first, 1))),
        indent,
        gap,
        np.append(gap[1:], 9.0),
        item,
        runs[2],
        _middle(size),
        *(_inside(densest(np.where(prose, size, -cost)), at) for cost in _COSTS),
        _indent_prose(indent, size * prose),
        *_alike(known),
    )
    for number, column in enumerate(columns):
        rows[number] = column


def _inside(core: tuple[int, int], at: Places) -> Flags:
    return (at >= core[0]) & (at <= core[1])


def _indent_prose(indent: Places, words: Floats) -> Floats:
    """Share of the prose's words that stand at a line's indent: the body is set alike."""
    column = np.minimum(indent, _WIDEST)
    share = np.bincount(column, weights=words)[column] / max(float(words.sum()), 1.0)
    return share.astype(np.float32)


def _alike(known: Facts) -> tuple[Places, Places]:
    """How many lines look like each, and how many open with its word; 0 for long lines.

    Lines look alike that have as many words between characters of the same classes: dates, names,
    teasers of a list. Words are told apart by some bits of their hashes, which will do to count.
    """
    seen = known.tokens
    short = known.words < _ALIKE
    look = (known.first.astype(np.int64) * tokens.CLASSES + known.last) * _ALIKE + known.words
    look = np.where(short, look, 0)
    place = np.minimum(seen.first_word[:-1], max(seen.word.size - 1, 0))
    first = seen.word[place] if seen.word.size else np.zeros(seen.lines, dtype=np.uint64)
    opening = np.where(known.words > 0, (first % np.uint64(_SLOTS)).astype(np.int64), 0)
    return np.bincount(look)[look] * short, np.bincount(opening)[opening] * short


def _middle(size: Floats) -> float:
    """The median."""
    ordered, half = np.sort(size), size.size // 2
    return float(ordered[half] + ordered[~half]) / 2


def distances(marked: Flags) -> tuple[Ints, Ints]:
    """Lines back to the last marked line, and on to the next; `_FAR` at most."""
    count = marked.size
    at = np.arange(count)
    back = np.maximum.accumulate(np.where(marked, at, -_FAR)) if count else at
    on = np.minimum.accumulate(np.where(marked, at, count + _FAR)[::-1])[::-1] if count else at
    since, until = np.minimum(at - back, _FAR), np.minimum(on - at, _FAR)
    return since.astype(np.int32), until.astype(np.int32)


def _runs(marked: Flags) -> tuple[Places, Places]:
    """Length of the run of marked lines that a line is in, and its place there; 0 for others.

    For several kinds of mark at once, (kinds, lines).
    """
    at = np.arange(marked.shape[1])
    before = np.maximum.accumulate(np.where(marked, -1, at), axis=1)
    after = np.minimum.accumulate(np.where(marked, at.size, at)[:, ::-1], axis=1)[:, ::-1]
    place = at - before
    return (after - before - 1) * marked, place * marked


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
