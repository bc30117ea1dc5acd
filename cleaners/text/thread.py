"""Comments below a body: remarks of readers, each under a name and the moment it was made."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from cleaners.text import lexicon, tokens
from cleaners.text.reading import Reading, Verdict, runs, spoken

_CLOCK: Final = re.compile(r"(?<![\d:])\d{1,2}:\d{2}(?![\d:])")  # mails give seconds, too
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SAYS: Final = re.compile(
    r"(?:^|\s)(?:says|said|wrote|writes|sagt|schrieb|schreibt|dit|a écrit|dice|dijo|disse"
    r"|ha scritto|zegt|schreef|pisze|skriver|säger|siger|sier|sanoo|пишет|говорит)\s*:?$"
)
_STAMP_WORDS: Final = 14
_NAME_WORDS: Final = 8
_DIGITS: Final = 7
"""Digits of a year and a time of day."""
_PROSE: Final = 150
"""Words of prose that stand above comments; reports of a day, hour by hour, have stamps sooner."""
_EARLY: Final = 2
"""Stamps above them: the article's own, and when it was changed."""
_REMARKS: Final = 4
"""Remarks from which stamps are a thread. Of 918 unseen pages 21 hold one: word F1 of articles at
large goes from .944 to .947, their leaks from 82 to 76 words of 1,000; three stamps may be teasers
between the paragraphs of news."""
_APART: Final = 25
"""Lines between two stamps of a thread."""
_ABOVE: Final = 2
_LABEL: Final = 6
"""Lines above the first stamp, and their words, that are its name or "3 comments"."""
_ACTION: Final = 3
"""Words of a line such as "Reply to this" between a stamp and its remark."""


def judge_thread(reading: Reading, verdict: Verdict) -> None:
    """Mark the comments from the first one's name to the last one's end."""
    above = spoken(reading)
    stamps = _stamps(reading)
    late = [line for line in stamps if above[line] >= _PROSE]
    if len(late) < _REMARKS or len(stamps) - len(late) > _EARLY:
        return
    for run in runs(late, _APART):
        ends = [*run, run[-1] + _ACTION]
        remarks = sum(any(reading.prose[line + 1 : after + 1]) for line, after in pairwise(ends))
        if remarks >= _REMARKS and _is_public(reading, run):
            for line in range(_first(reading, run[0]), _last(reading, run[-1]) + 1):
                verdict.remove(line, "comments", 0.9)


def _is_public(reading: Reading, run: Sequence[int]) -> bool:
    """Whether remarks are dated, or can be answered; those of an interview are neither."""
    dated = sum(_YEAR.search(reading.lines[line]) is not None for line in run)
    actions = reading.facts.hits[max(run[0] - _ABOVE, 0) : run[-1]] & lexicon.bits("comments")
    return dated >= _REMARKS // 2 or bool(actions.any())


def _stamps(reading: Reading) -> list[int]:
    """Short lines that say when, or that a reader says something."""
    known = reading.facts
    short = (known.size <= _STAMP_WORDS) & ~known.prose
    dated = short & (known.kinds[:, tokens.DIGIT] >= _DIGITS)
    named = short & (known.size <= _NAME_WORDS) & (known.size > 1)
    found = []
    for line in (dated | named).nonzero()[0].tolist():
        text = reading.lines[line]
        if (dated[line] and _CLOCK.search(text) and _YEAR.search(text)) or (
            named[line] and _SAYS.search(text)
        ):
            found.append(line)
    return found


def _first(reading: Reading, stamp: int) -> int:
    """The first of the short lines above a thread's first stamp."""
    first = stamp
    while first and stamp - first < _ABOVE:
        above = first - 1
        ends = int(reading.facts.last[above]) == tokens.TERMINAL
        if reading.prose[above] or ends or reading.words(above) > _LABEL:
            break
        first = above
    return first


def _last(reading: Reading, stamp: int) -> int:
    """The last line of the remark under a thread's last stamp."""
    last, count = stamp, len(reading.lines)
    while last + 1 < count and not reading.prose[last + 1] and reading.words(last + 1) <= _ACTION:
        last += 1
    while last + 1 < count and reading.prose[last + 1]:
        last += 1
    return last
