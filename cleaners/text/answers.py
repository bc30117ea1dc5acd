"""Comments below a body that can be answered: each ends with a button that says so."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from cleaners.text import lexicon
from cleaners.text.reading import Reading, Verdict, runs, spoken

_AROUND: Final = " \t*+•·-–—|()[]"
_CHARS: Final = 60
_BUTTONS: Final = 3
"""Buttons in a row of comments. Of 918 pages 22 have so many, over 32,000 words; 265 of these stand
in lines that the body says, too."""
_APART: Final = 200
"""Lines from one to the next; a site may let readers answer the best comments only."""
_PROSE: Final = 150
"""Words of prose that stand above comments."""
_LABEL: Final = 8
"""Words of a line such as "3 comments", of a name, or of the moment of a comment."""
_FIRST: Final = 25
"""Lines of the first comment and what stands above it."""


def judge_answers(reading: Reading, verdict: Verdict) -> None:
    """Mark the comments from the first one's heading to the last button."""
    buttons = [line for line, text in enumerate(reading.lines) if _is_button(text)]
    if len(buttons) < _BUTTONS:
        return
    above = spoken(reading)
    for run in runs(buttons, _APART):
        first = _first(reading, run[0])
        if len(run) >= _BUTTONS and above[first] >= _PROSE:
            for line in range(first, run[-1] + 1):
                verdict.remove(line, "comments", 0.9)


def _first(reading: Reading, button: int) -> int:
    """The line that says that comments follow, or else the name above the first comment."""
    heading = lexicon.bits("comments")
    highest = max(button - _FIRST, 0)
    for line in range(button - 1, highest - 1, -1):
        if reading.facts.leading[line] & heading and reading.words(line) <= _LABEL:
            return line
    first = button
    while first > highest and not (first < button and _is_label(reading, first)):
        first -= 1
    while first > highest and _is_label(reading, first - 1):
        first -= 1
    return first if _is_label(reading, first) else button


def _is_label(reading: Reading, line: int) -> bool:
    return not reading.prose[line] and reading.words(line) <= _LABEL and reading.untitled(line)


def _is_button(text: str) -> bool:
    if len(text) > _CHARS:
        return False
    said = text.strip(_AROUND).casefold()
    known = _known()
    return said in known.whole or said.startswith(known.begins)


@dataclass(frozen=True, slots=True)
class _Buttons:
    """What the buttons say: all of it, or how it begins."""

    whole: frozenset[str]
    begins: tuple[str, ...]


@cache
def _known() -> _Buttons:
    said = tomllib.loads(Path(__file__).with_name("answers.toml").read_text("utf-8"))
    whole = frozenset(one for several in said["whole"].values() for one in several)
    begins = {one + " " for several in said["begins"].values() for one in several}
    return _Buttons(whole, tuple(sorted(begins)))
