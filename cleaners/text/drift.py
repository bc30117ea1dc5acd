"""Where a text goes on to another story: pages that append the next article to the one asked for.

A story says its own words again and again, from its first paragraph to its last. Of the terms that
stand in several lines, so many would be found on both sides of a boundary if their lines lay
anywhere; where hardly any is, another story begins (lexical cohesion, after Hearst 1997).
"""

from typing import Final

import numpy as np

from cleaners.text.facts import Facts, Floats
from cleaners.text.tokens import Flags, Places

_WORDS: Final = 120
"""Words of prose on either side: of less, a section on something else has as few in common."""
_PARAGRAPHS: Final = 3
_PROSE: Final = 0.6
"""Share of prose in what is appended: lists of names and sums have no words in common either."""
_EXPECTED: Final = 8.0
"""Terms that must be expected on both sides before their want tells anything."""
_SHARED: Final = 0.35
"""Share of the expected terms that another story has at most. One gold body of 846 has less at any
boundary (an advertiser's notice about itself); of two bodies of one site set one behind the other
a third has, of two of different sites two fifths. Appended stories made up 9 of the 38 words of
1,000 that leaked from what trafilatura had extracted of news, and a third of those from pages."""
_HEADING: Final = 20
_MOST: Final = 15
"""Lines from which a term is nearly sure to be found on both sides."""


def other_story(known: Facts, keep: Flags) -> int:
    """The first line of a story that is appended to the kept lines' own, or the number of lines."""
    count = keep.size
    size = np.where(keep, known.size, 0).astype(np.float64)
    prose = known.prose & keep
    before = np.concatenate(([0.0], np.cumsum(size * prose)))[:-1]
    after = (size * prose).sum() - before
    left = size.sum() - np.concatenate(([0.0], np.cumsum(size)))[:-1]
    paragraphs = np.cumsum(prose[::-1])[::-1]
    may = keep & (before >= _WORDS) & (after >= _WORDS)
    may &= (after >= _PROSE * left) & (paragraphs >= _PARAGRAPHS)
    if not may.any():
        return count
    shared, expected = _cohesion(known, keep)
    may &= expected >= _EXPECTED
    if not may.any():
        return count
    ratio = np.where(may, (shared + 1) / (expected + 1), np.inf)
    line = int(np.argmin(ratio))
    return _opening(known, keep, line) if ratio[line] < _SHARED else count


def _cohesion(known: Facts, keep: Flags) -> tuple[Places, Floats]:
    """For the boundary above each line, (n,): how many terms of several lines stand on both sides,
    and how many would if their lines lay anywhere among the kept lines' terms."""
    count = keep.size
    inside = keep[known.topic.pair_line]
    term, line = known.topic.pair_term[inside], known.topic.pair_line[inside]
    starts = np.flatnonzero(np.concatenate(([True], term[1:] != term[:-1])))
    lines = np.diff(np.append(starts, term.size))
    several = lines > 1
    first, last = line[starts][several], line[starts + lines - 1][several]
    opened = np.bincount(first + 1, minlength=count + 1)
    closed = np.bincount(last + 1, minlength=count + 1)
    shared = np.cumsum(opened - closed)[:count]
    above = np.cumsum(np.bincount(line, minlength=count)) / max(line.size, 1)
    share = np.concatenate(([0.0], above[:-1]))
    expected = np.zeros(count)
    times = np.bincount(np.minimum(lines[several], _MOST), minlength=2)
    for many in np.flatnonzero(times).tolist():
        expected += times[many] * (1.0 - share**many - (1.0 - share) ** many)
    return shared, expected.astype(np.float32)


def _opening(known: Facts, keep: Flags, line: int) -> int:
    """The first of the headings that stand right above a line."""
    opening = line
    for above in range(line - 1, 0, -1):
        if keep[above]:
            if known.prose[above] or known.size[above] > _HEADING:
                break
            opening = above
    return opening
