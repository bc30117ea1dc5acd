"""Where a text goes on to another story: pages that append the next article to the one asked for.

A story says its own words again and again, from its first paragraph to its last. Of the terms that
stand in several lines, so many would be found on both sides of a boundary if their lines lay
anywhere; where hardly any is, another story begins (lexical cohesion, after Hearst 1997).
"""

from typing import Final

import numpy as np

from cleaners.text.facts import Facts
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
boundary (a firm's notice about itself); of two bodies of one site set one behind the other a
quarter has. Appended stories made up 9 of the 38 words of 1,000 that leaked from what trafilatura
had extracted of news, and a third of those from pages."""
_PART_WORDS: Final = 60
_PART_EXPECTED: Final = 4.0
"""The same within either of the two, where such a boundary means several stories, as a column of
news in brief has: such a text stays whole. Of columns made of the openings of five unrelated
bodies, 150 words of each, two fifths would be cut without this, and a fifth still is."""
_HEADING: Final = 20
_MOST: Final = 15
"""Lines from which a term is nearly sure to be found on both sides."""


def other_story(known: Facts, keep: Flags) -> int:
    """The first line of a story that is appended to the kept lines' own, or the number of lines."""
    count = keep.size
    line, ratio = _boundary(known, keep, _WORDS, _EXPECTED)
    if ratio >= _SHARED:
        return count
    below = np.arange(count) >= line
    for part in (keep & ~below, keep & below):
        if _boundary(known, part, _PART_WORDS, _PART_EXPECTED)[1] < _SHARED:
            return count
    return _opening(known, keep, line)


def _boundary(known: Facts, keep: Flags, words: int, least: float) -> tuple[int, float]:
    """The line above which the smallest share of the expected terms crosses, and that share; some
    line and infinity where it cannot be below the bound.

    There are `words` words of prose on either side, and `least` terms are expected on both.
    """
    told = np.cumsum(known.size * (known.prose & keep))
    if not told.size or told[-1] < 2 * words:
        return 0, np.inf
    first, last = np.searchsorted(told, (words, told[-1] - words), side="right").tolist()
    shared, lines, above = _shared(known, keep)
    # No more are expected than there are, so that most texts need no more counting.
    low = shared[first + 1 : last + 1] + 1 < _SHARED * (lines.size + 1)
    at = np.flatnonzero(low & keep[first + 1 : last + 1]) + first + 1
    at = at[_reads_as_story(known, keep, at)] if at.size else at
    if not at.size:
        return 0, np.inf
    share = above[at - 1] / above[-1]
    times = np.bincount(np.minimum(lines, _MOST), minlength=_MOST + 1)
    many = np.flatnonzero(times)
    apart = share[:, None] ** many + (1.0 - share[:, None]) ** many
    expected = ((1.0 - apart) * times[many]).sum(axis=1)
    ratio = np.where(expected >= least, (shared[at] + 1) / (expected + 1), np.inf)
    best = int(np.argmin(ratio))
    return int(at[best]), float(ratio[best])


def _shared(known: Facts, keep: Flags) -> tuple[Places, Places, Places]:
    """Of the terms that stand in several kept lines: how many stand on both sides of the boundary
    above each line, (n,), and in how many lines each stands. And for each line the terms of all
    lines down to it, (n,)."""
    topic, count = known.topic, keep.size
    term, line = topic.pair_term, topic.pair_line
    if not keep.all():
        inside = np.flatnonzero(keep[line])
        term, line = term[inside], line[inside]
    ends = np.flatnonzero(term[1:] != term[:-1])
    first, last = np.zeros(ends.size + 1, np.int64), np.full(ends.size + 1, term.size - 1)
    first[1:], last[:-1] = ends + 1, ends
    lines = last - first + 1
    several = lines > 1
    crossed = np.bincount(line[first[several]] + 1, minlength=count + 1)
    crossed -= np.bincount(line[last[several]] + 1, minlength=count + 1)
    above = np.cumsum(np.bincount(line, minlength=count))
    return np.cumsum(crossed)[:count], lines[several], above


def _reads_as_story(known: Facts, keep: Flags, at: Places) -> Flags:
    """Whether what follows each of some lines is prose for the most part, in several paragraphs."""
    prose = known.prose & keep
    left = np.cumsum((known.size * keep)[::-1])[::-1][at]
    told = np.cumsum((known.size * prose)[::-1])[::-1][at]
    paragraphs = np.cumsum(prose[::-1])[::-1][at]
    return np.asarray((told >= _PROSE * left) & (paragraphs >= _PARAGRAPHS), dtype=np.bool_)


def _opening(known: Facts, keep: Flags, line: int) -> int:
    """The first of the headings that stand right above a line."""
    opening = line
    for above in range(line - 1, 0, -1):
        if keep[above]:
            if known.prose[above] or known.size[above] > _HEADING:
                break
            opening = above
    return opening
