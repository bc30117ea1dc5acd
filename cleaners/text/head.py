"""The head of a plain text: menus, site name, headline, by-line and stamps above the body."""

import re
from typing import Final

from cleaners.text import tokens
from cleaners.text.authors import names_of
from cleaners.text.reading import Reading, Verdict

HEAD_LINES: Final = 60
"""A head longer than this is no head but a text without prose."""
_TITLE_WORDS: Final = (3, 40)
_TITLE_OVERLAP: Final = 0.34
"""Share of a lone title's content words that the body must have; a slogan's are foreign to it."""
_TITLE_SHARED: Final = 2
_LONE_WORDS: Final = 14
"""Words of a headline that stands once; a longer line without a full stop is a standfirst."""
_SHOWINGS: Final = 4
"""Times that a headline is shown; a line that comes more often is an entry of a list."""
_SHORT: Final = 8
"""Words of a line that may be a menu entry, a site's name or a slogan."""
_SLOGAN: Final = 20
"""Words of a sentence above the headline that may be a slogan, if the body shares none."""
_BELOW: Final = 3
"""Words of a line between headline and body that may be a section's name."""
_ENTRY: Final = 6
"""Words of a menu's entry."""
_FOREIGN: Final = 0.34
"""Content words of a menu that the body has at most, as a share."""
_CUED: Final = 0.6
"""Share of a line's words in cue phrases from which the line is no more than the cue."""
_STAMP_WORDS: Final = 10
_DATE_WORDS: Final = 6
_BYLINE_WORDS: Final = 12
_ITEM: Final = re.compile(r"(?:[-*+•·∙‣▪►●○■◦–]|\d{1,3}[.)])\s+")
_SUFFIX: Final = re.compile(r"\s+[|–—·:»›•-]{1,2}\s+\S.{1,60}$")


def judge_head(reading: Reading, verdict: Verdict) -> None:
    """Mark the head's chrome, and name title and authors."""
    _headline(reading, verdict)
    _around(reading, verdict)
    _menus(reading, verdict)


def _headline(reading: Reading, verdict: Verdict) -> None:
    """The headline of the head: repeated there, else the one line that the body speaks of."""
    keys = reading.facts.key
    low, high = _TITLE_WORDS
    sized = [at for at in range(reading.first) if low <= reading.words(at) <= high]
    titles = [line for line in sized if reading.untitled(line)]
    same: dict[int, list[int]] = {}
    for line in sized:
        same.setdefault(int(keys[line]), []).append(line)
    repeated = [found for found in same.values() if 1 < len(found) <= _SHOWINGS]
    if repeated:
        best = max(repeated, key=lambda found: (reading.overlap[found[0]], reading.words(found[0])))
        for line in best:
            verdict.remove(line, "headline-repeated", 0.99)
        _entitle(reading, verdict, best[-1], best[-1])
        return
    for line in titles:
        for other in titles:
            if line != other and _extends(reading.lines[other], reading.lines[line]):
                verdict.remove(line, "headline-repeated", 0.98)
                verdict.remove(other, "headline-repeated", 0.98)
                _entitle(reading, verdict, line, other)
                verdict.title_line = max(line, other)
                return
    spoken = [
        line
        for line in titles
        if reading.words(line) <= _LONE_WORDS
        and reading.overlap[line] >= _TITLE_OVERLAP
        and reading.shared(line) >= _TITLE_SHARED - 0.01
        and not _ITEM.match(reading.lines[line])
    ]
    if spoken and _alone(reading, spoken):
        line = max(spoken, key=reading.shared)
        verdict.remove(line, "headline", 0.8)
        _entitle(reading, verdict, line, line)


def _alone(reading: Reading, spoken: list[int]) -> bool:
    """A lone headline is believed only close above the body: list items and verse are many."""
    return len(spoken) <= 3 and reading.first - spoken[-1] <= 6


def _entitle(reading: Reading, verdict: Verdict, line: int, raw: int) -> None:
    verdict.title = reading.lines[line].lstrip("#").strip()
    verdict.title_raw = reading.lines[raw]
    verdict.title_line = line


def _extends(longer: str, title: str) -> bool:
    """Whether a line is a title with the site's name behind it."""
    return longer.startswith(title) and _SUFFIX.fullmatch(longer, len(title)) is not None


def _around(reading: Reading, verdict: Verdict) -> None:
    """Lines before the body: chrome above the headline, by-lines and stamps below it, menus."""
    top = verdict.title_line
    sure = top is not None and verdict.removed[top][0] == "headline-repeated"
    above = [line for line in range(reading.first) if line not in verdict.removed]
    if top is not None:
        titles = [
            line for line, (rule, _) in verdict.removed.items() if rule.startswith("headline")
        ]
        for line in above:
            found = _byline(reading, line, beside=line - 1 in titles or line - 2 in titles)
            if found:
                verdict.authors += tuple(name for name in found if name not in verdict.authors)
                verdict.remove(line, "byline", 0.9)
            elif line < top and _above(reading, line, sure=sure):
                verdict.remove(line, "above-headline", 0.95 if sure else 0.8)
            elif line > top and _foreign_short(reading, line) and not _opens_list(reading, line):
                verdict.remove(line, "below-headline", 0.8)
    for line in above:
        if line in verdict.removed or not reading.untitled(line):
            continue
        if reading.facts.cue_share(line) >= _CUED:
            verdict.remove(line, "cue", 0.9)
        elif top is not None and _is_stamp(reading, line):
            verdict.remove(line, "stamp", 0.85)


def _is_stamp(reading: Reading, line: int) -> bool:
    """Whether a short line of the head opens with the cue of a stamp, or is little but a date."""
    words = int(reading.facts.words[line])
    if words > _STAMP_WORDS:
        return False
    if reading.facts.leads(line, "stamp", "readtime", "share", "comments", "follow", "audio"):
        return True
    first, last = reading.facts.tokens.first_word[line : line + 2]
    numbers = int((reading.facts.tokens.word_kind[first:last] == tokens.DIGIT).sum())
    return words <= _DATE_WORDS and numbers * 2 >= words


def _byline(reading: Reading, line: int, *, beside: bool) -> tuple[str, ...]:
    """The authors that a line of the head names; without a cue word only beside the headline."""
    text = reading.lines[line]
    if reading.words(line) > _BYLINE_WORDS or not reading.untitled(line):
        return ()
    if reading.facts.leads(line, "byline"):
        return names_of(text)
    if not beside or reading.facts.covered[line] or reading.overlap[line]:
        return ()
    return names_of(text, alone=True)


def _above(reading: Reading, line: int, *, sure: bool) -> bool:
    """Whether a line above the headline is chrome: all but prose is, above a repeated one."""
    if not sure:
        return reading.words(line) <= _SHORT
    foreign = reading.words(line) <= _SLOGAN and reading.shared(line) < 1
    return foreign or not reading.prose[line]


def _foreign_short(reading: Reading, line: int) -> bool:
    return reading.words(line) <= _BELOW and reading.untitled(line) and reading.shared(line) < 0.99


def _opens_list(reading: Reading, line: int) -> bool:
    """Whether a label such as "Key points" stands over what the body begins with."""
    return reading.is_label(line)


def _menus(reading: Reading, verdict: Verdict) -> None:
    """Runs of short lines that share no words with the body; one alone is not enough."""
    run: list[int] = []
    for line in (*range(reading.first), -1):
        short = line >= 0 and reading.words(line) <= _ENTRY and reading.untitled(line)
        if short:
            run.append(line)
            continue
        if len(run) >= 2:
            content = sum(int(reading.content[at]) for at in run)
            shared = sum(reading.shared(at) for at in run)
            digits = sum(any(map(str.isdigit, _ITEM.sub("", reading.lines[at]))) for at in run)
            if shared < _FOREIGN * content and digits <= len(run) // 2:
                for at in run:
                    verdict.remove(at, "menu", 0.9)
        run = []
