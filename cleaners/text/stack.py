"""Features of the second look: what the first look thinks of a line's surroundings.

The first model judges each line from what stands near it; the second sees those judgements over
the whole text, and so where the body begins and ends and what it speaks of.
"""

from typing import Final

import numpy as np

from cleaners.text import context, facts
from cleaners.text.context import Lines
from cleaners.text.facts import Floats

_REACH: Final = 5
_WINDOWS: Final = (3, 8, 20)
_BODY: Final = 0.5
_FAR: Final = 60
_OWN: Final = (
    "p",
    "p_log_odds",
    "p_words",
    "p_share",
    "p_before",
    "p_after",
    "p_highest",
    "p_lines",
    "body_overlap",
    "body_same",
    "since_body",
    "until_body",
    "in_stretch",
    "to_stretch_start",
    "to_stretch_end",
    "stretch_share",
    "gap_words",
    "before_first_body",
    "after_last_body",
)


def names() -> tuple[str, ...]:
    """The features' names, in the order of their columns."""
    near = (f"p{offset:+d}" for offset in (*range(-_REACH, 0), *range(1, _REACH + 1)))
    wide = (
        f"{name}_{side}{size}"
        for size in _WINDOWS
        for side in ("before", "after")
        for name in ("p", "body_words", "words")
    )
    return (*context.names(), *_OWN, *near, *wide)


def table(lines: Lines, rows: Floats, first: Floats) -> Floats:
    """Features of both looks, (n, len(names())); `rows` those of the first, `first` its verdict."""
    size = lines.known.size.astype(np.float32)
    weight = first * size
    watched = np.stack([first, weight, size], axis=1)
    near = [
        context.shifted(first[:, None], offset)
        for offset in (*range(-_REACH, 0), *range(1, _REACH + 1))
    ]
    wide = [part for reach in _WINDOWS for part in context.windows(watched, reach)]
    return np.concatenate([rows, _own(lines, first, size), *near, *wide], axis=1, dtype=np.float32)


def _own(lines: Lines, first: Floats, size: Floats) -> Floats:
    known = lines.known
    count = first.size
    at = np.arange(count)
    body = first > _BODY
    weight = first * size
    total = max(float(weight.sum()), 1.0)
    words = max(float(size.sum()), 1.0)
    since, until = context.distances(body)
    begin, end = context.densest((first - _BODY) * np.maximum(size, 1))
    running = np.cumsum(size)
    places = np.flatnonzero(body)
    low = places[0] if places.size else count
    high = places[-1] if places.size else -1
    sought = np.where(body, at, 0)
    previous = np.maximum.accumulate(sought) if count else sought
    columns = (
        first,
        np.log(np.clip(first, 1e-4, 1) / np.clip(1 - first, 1e-4, 1)),
        np.full(count, total),
        np.full(count, total / words),
        (np.cumsum(weight) - weight) / total,
        1 - np.cumsum(weight) / total,
        np.full(count, float(first.max()) if count else 0.0),
        np.full(count, int(body.sum())),
        facts.overlap(known, body)[0],
        _same(known, body),
        since,
        until,
        (at >= begin) & (at <= end),
        np.clip(at - begin, -_FAR, _FAR),
        np.clip(end - at, -_FAR, _FAR),
        np.full(count, float(weight[begin : end + 1].sum()) / total),
        np.minimum(running - running[previous] if count else running, 999),
        at < low,
        at > high,
    )
    rows = np.empty((count, len(columns)), dtype=np.float32)
    for number, column in enumerate(columns):
        rows[:, number] = column
    return rows


def _same(known: facts.Facts, body: context.Flags) -> context.Flags:
    """Whether a line stands a second time, there as body."""
    keys = known.key
    if not keys.size:
        return body
    _, inverse = np.unique(keys, return_inverse=True)
    times = np.bincount(inverse[body], minlength=int(inverse.max()) + 1)
    again: context.Flags = times[inverse] - body > 0
    return again
