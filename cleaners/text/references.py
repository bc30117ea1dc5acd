"""The list of sources below a text: a heading that says so, and entries that cite."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from cleaners.text.reading import Reading, Verdict

_AROUND: Final = " \t#*_:.-–—=[]()0123456789"
_HEADING_WORDS: Final = 4
_YEAR: Final = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_MARKS: Final = re.compile(
    r"\bdoi\b|\bet al\b|https?://|\bwww\.|\[CrossRef\]|PubMed|\bISBN\b|\barXiv\b"
    r"|\bpp?\.\s*\d|\b[Ss]\.\s*\d|\d\s?\(\d+[^)]{0,6}\)\s?[:,;]|;\s?\d+(?:\(\d+\))?:"
    r"|\b(?:Retrieved|Accessed|consulted|Abgerufen|abgerufen|Zugriff|Consulté|Consultado)\b"
    r"|\bVol\.?\s*\d|\b(?:Journal|Proceedings|Proc\.|Press|Quarterly)\b"
)
_BACK: Final = "↩"
"""Leads from a footnote back to its place in the text."""
_AUTHOR: Final = re.compile(
    r"\W*+(?:\[?\d+\]?[.)]?\s*)?[^\W\d_][\w’'-]+,?\s+(?:[^\W\d_]\.?\s?){1,3}[,.&]"
)
_ENTRY_WORDS: Final = 80
_BETWEEN: Final = (2, 40)
"""Lines in a row, and words of each, that may stand among entries without citing."""
_ENTRIES: Final = 3
_CITING: Final = 0.6
"""Entries from which a list is one of sources, and their share of its lines. Six of 789 extracted
articles at large have one below such a heading that was not known for chrome: of its words 2 in 100
are the gold's, and 2.3 of the 53 words of 1,000 that leaked were theirs. Lists without the heading
are body as often as not."""
_ABOVE: Final = 150
"""Words of prose above a list of sources; with less the list is what the text is about."""


def judge_references(reading: Reading, verdict: Verdict) -> None:
    """Mark lists of sources with their headings."""
    below = 0
    for line in np.flatnonzero(reading.facts.size <= _HEADING_WORDS).tolist():
        if line < below or not _is_heading(reading.lines[line]):
            continue
        said = zip(reading.facts.size[:line].tolist(), reading.prose[:line], strict=True)
        if sum(words for words, prose in said if prose) >= _ABOVE:
            below = _last_entry(reading, line) + 1
            for entry in range(line, below):
                verdict.remove(entry, "references", 0.9)


def _is_heading(line: str) -> bool:
    return line.strip(_AROUND).casefold() in _headings()


@cache
def _headings() -> frozenset[str]:
    """What such a heading says, as references.toml has it."""
    listed = tomllib.loads(Path(__file__).with_name("references.toml").read_text("utf-8"))
    return frozenset(heading.casefold() for heading in listed["headings"])


def _cites(line: str) -> bool:
    if _BACK in line:
        return True
    dated = _YEAR.search(line) is not None
    return dated and (_MARKS.search(line) is not None or _AUTHOR.match(line) is not None)


def _last_entry(reading: Reading, heading: int) -> int:
    """The last line of the list below a heading, the line above it if there is no such list."""
    gap, widest = _BETWEEN
    last, entries = heading, 0
    for line in range(heading + 1, len(reading.lines)):
        words = reading.words(line)
        if words <= _ENTRY_WORDS and _cites(reading.lines[line]):
            last, entries = line, entries + 1
        elif line - last > gap or words > widest:
            break
    listed = entries >= _ENTRIES and entries >= _CITING * (last - heading)
    return last if listed else heading - 1
