"""Menus and the options of a form that were set in one line, with nothing between the entries:
"FrontpageFormula 1MotorbikesAll sports"."""

import re
from typing import Final

from cleaners.text.reading import Reading, Verdict

# "FrontpageFormula", "1Motorbikes": capitals are rare, so that one is looked for first.
_SEAM: Final = re.compile(r"[A-ZÀ-ÖØ-Þ](?<=[a-zß-öø-ÿ)\d].)(?=[a-zß-öø-ÿ])")
_CODE: Final = re.compile(r"[{}<>=;]")
"""Names in programs have such seams, too: of 83 lines with twelve of them 10 are code."""
_SEAMS: Final = 30
_WORDS: Final = 10
_LETTERS: Final = 8
"""Seams of a list, at most so many words for each, and characters for each word, spaces counted. Of
918 pages twelve have such lines, 4,000 words; none of them is the body's, and no gold body has one.
With 12 seams some are: brands, identifiers, rows of tables."""
_SHORTEST: Final = 200
_READ: Final = 30_000
"""Characters of a line that are looked at."""


def judge_glued(reading: Reading, verdict: Verdict) -> None:
    """Mark lines that are lists run together."""
    for line, text in enumerate(reading.lines):
        if len(text) >= _SHORTEST and _is_glued(text[:_READ]):
            verdict.remove(line, "glued-list", 0.95)


def _is_glued(text: str) -> bool:
    words = text.count(" ") + 1
    if len(text) < _LETTERS * words:
        return False
    seams = len(_SEAM.findall(text))
    return seams >= max(_SEAMS, words / _WORDS) and _CODE.search(text) is None
