"""Sections that stand in a text twice: pages that set a body once for each size of screen."""

from collections.abc import Iterator, Sequence
from typing import Final

from cleaners.text.reading import Reading, Verdict

_LONG: Final = 12
"""Words from which a line is compared; shorter ones are refrains, labels and headings."""
_LINES: Final = 3
_WORDS: Final = 60
"""Long lines in the same order, and their words, from which they are a copy and no quotation. 39 of
918 unseen pages hold one: word F1 of articles at large goes from .942 to .944, and their leaks from
90 to 82 words of 1,000; of gold bodies, two of which repeat themselves, .2 words of 1,000 go."""


def judge_copies(reading: Reading, verdict: Verdict) -> None:
    """Mark what has been said before in the same order; the first showing stays."""
    keys = reading.facts.key.tolist()
    for first, last in _runs(keys, reading.facts.size.tolist()):
        for line in range(first, last + 1):
            verdict.remove(line, "copy", 0.95)


def _runs(keys: Sequence[int], sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last line of each copy, with the short lines around that are copies, too."""
    long = [line for line, size in enumerate(sizes) if size >= _LONG]
    if len({keys[line] for line in long}) + _LINES > len(long):
        return
    latest: dict[int, int] = {}
    source: list[int] = []
    for number, line in enumerate(long):
        source.append(latest.get(keys[line], -1))
        latest[keys[line]] = number
    start = 0
    while start < len(long):
        end = start + 1
        if source[start] >= 0:
            while end < len(long) and source[end] == source[end - 1] + 1:
                end += 1
            run = long[start:end]
            if len(run) >= _LINES and sum(sizes[line] for line in run) >= _WORDS:
                above, below = long[source[start]], long[source[end - 1]]
                yield (
                    run[0] - _alike(keys, run[0], above, -1),
                    run[-1] + _alike(keys, run[-1], below, 1),
                )
        start = end


def _alike(keys: Sequence[int], line: int, other: int, step: int) -> int:
    """How many lines on from `line` say what the lines on from `other`, above it, say."""
    count = 0
    while True:
        mine, theirs = line + step * (count + 1), other + step * (count + 1)
        if theirs < 0 or mine >= len(keys) or not keys[mine] or keys[mine] != keys[theirs]:
            return count
        count += 1
