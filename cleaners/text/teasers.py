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
_KICKED: Final = re.compile(r"\W*+([^:]{2,45}?): ++\S")
_ITEM: Final = tuple(f"{bullet} " for bullet in "-*+•·∙‣▪►●○■◦–")
_MOST_KICKED: Final = 0.5
_LINK_WORDS: Final = (4, 24)
_MEAN_WORDS: Final = 6
"""Links in a row, the share of them that stand under headings of their own ("Santorini: How …"),
their words, and those on average."""


def judge_cut_teasers(reading: Reading, verdict: Verdict) -> None:
    """Mark the paragraphs at the end of a text that are all cut off, at one length."""
    known = reading.facts
    first = len(reading.lines)
    while first and reading.prose[first - 1] and int(known.last[first - 1]) in _LETTERS:
        first -= 1
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
    found = np.zeros(len(reading.lines), dtype=np.bool_)
    items = [line for line, text in enumerate(reading.lines) if text.startswith(_ITEM)]
    start = 0
    while start < len(items):
        end = start + 1
        while end < len(items) and items[end] == items[end - 1] + 1:
            end += 1
        first, last, start = items[start], items[end - 1], end
        announced = not reading.prose[first - 1] or reading.lines[first - 1].rstrip().endswith(":")
        if first and last > first and not announced and _are_links(reading, first, last + 1):
            found[first : last + 1] = True
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
