"""Teasers without a cue: paragraphs cut off at one length, links under headings of their own."""

import re
from typing import Final

import numpy as np

from cleaners.text import tokens
from cleaners.text.reading import Reading, Verdict
from cleaners.text.tokens import Flags

_CUTS: Final = 3
_LENGTHS: Final = 1.2
"""Longest for shortest of the paragraphs that one program cuts."""
_WHOLE: Final = 0.8
"""Share of the paragraphs above them that end as sentences do: not of a text without full stops.
No gold body of 918 ends in such a list; 4.9 of the 38 words of 1,000 that leaked from extracted
news stood in one."""
_LETTERS: Final = (tokens.LOWER, tokens.UPPER, tokens.LETTER)
_KICKED: Final = re.compile(r"\W*([^:]{2,45}?): +\S")
_ITEM: Final = re.compile(r"\s*[-*+•·∙‣▪►●○■◦–]\s")
_LINKS: Final = 2
_MOST_KICKED: Final = 0.5
_LINK_WORDS: Final = (4, 24)
_MEAN_WORDS: Final = 6
"""Links in a row, the share of them that stand under headings of their own ("Santorini: How …"),
their words, and those on average."""


def judge_cut_teasers(reading: Reading, verdict: Verdict) -> None:
    """Mark the paragraphs at the end of a text that are all cut off, at one length."""
    known = reading.facts
    cut = known.prose & np.isin(known.last, _LETTERS)
    whole = np.flatnonzero(~cut)
    first = int(whole[-1]) + 1 if whole.size else 0
    sizes = known.size[first:]
    if sizes.size < _CUTS or int(sizes.max()) > _LENGTHS * int(sizes.min()):
        return
    above = known.prose[:first]
    ends = above & ((known.last[:first] == tokens.TERMINAL) | (known.last[:first] == tokens.COLON))
    if above.any() and int(ends.sum()) >= _WHOLE * int(above.sum()):
        for line in range(first, known.size.size):
            verdict.remove(line, "teaser-cut", 0.9)


def links(reading: Reading) -> Flags:
    """Lines of lists that look like links to other stories, (n,): entries under headings of their
    own, right below a paragraph that announces no list."""
    count = len(reading.lines)
    found = np.zeros(count, dtype=np.bool_)
    line = 1
    while line < count:
        end = line
        while end < count and _ITEM.match(reading.lines[end]):
            end += 1
        above = reading.lines[line - 1].rstrip()
        announced = above.endswith(":") or not reading.prose[line - 1]
        if end - line >= _LINKS and not announced and _are_links(reading, line, end):
            found[line:end] = True
        line = end + 1
    return found


def _are_links(reading: Reading, first: int, end: int) -> bool:
    low, high = _LINK_WORDS
    sizes = reading.facts.size[first:end]
    if int(sizes.min()) < low or int(sizes.max()) > high or sizes.mean() < _MEAN_WORDS:
        return False
    if not all(reading.untitled(line) for line in range(first, end)):
        return False
    headed = [line for line in range(first, end) if _KICKED.match(reading.lines[line])]
    if len(headed) < _MOST_KICKED * (end - first):
        return False
    seen = reading.facts.tokens
    opening = seen.word[seen.first_word[:-1][headed]]
    # Of a table set as a list ("Location: Boston") each heading comes again under the next name.
    others = np.delete(np.arange(len(reading.lines)), headed)
    others = others[reading.facts.words[others] > 0]
    again = np.isin(opening, seen.word[seen.first_word[:-1][others]])
    return bool(np.unique(opening).size == len(headed) and not again.any())
