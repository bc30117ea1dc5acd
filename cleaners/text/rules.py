"""Chrome of a plain text by evidence that needs no model: repetition, position, shape, topic.

The parts of a text dump, and what tells each apart:

    menus, site name, slogan    before the headline, or short lines that share no word with the body
    headline                    repeated before the body, or a title-like line the body speaks of
    author's name or handle     a lone short line beside the headline, or after a by-line cue
    body
    promo inside the body       a cue phrase as a line; the teasers beside it, the same one before
                                and after; a blurb that speaks of the teaser's subject
    foot                        from a cue after the last prose on

Each rule takes `Facts` and marks lines in a `Verdict`; a line that no rule is sure of stays.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from cleaners.text import facts, lexicon, tokens
from cleaners.text.authors import names_of
from cleaners.text.facts import Facts, Floats
from cleaners.text.tokens import Ints

_HEAD_LINES: Final = 60
"""A head longer than this is no head but a text without prose."""
_TITLE_WORDS: Final = (3, 36)
_TITLE_OVERLAP: Final = 0.34
"""Share of a lone title's content words that the body must have; a slogan's are foreign to it."""
_TITLE_SHARED: Final = 2
_SHORT: Final = 8
"""Words of a line that may be a menu entry, a site's name or a slogan."""
_FOREIGN: Final = 0.34
"""Content words of a menu or teaser that the body has at most, as a share."""
_CUED: Final = 0.6
"""Share of a line's words in cue phrases from which the line is no more than the cue."""
_STAMP_WORDS: Final = 10
_DATE_WORDS: Final = 6
_TEASER_WORDS: Final = (4, 30)
_TEASERS: Final = 8
"""Teasers that one cue announces at most."""

# The evidence for a blurb, in weights that add up; `_BLURB` is the bar. A card that shows its
# teaser on both sides of the cue nearly always ends with its summary; one signal more is asked.
_BLURB: Final = 1.3
_BLURB_WORDS: Final = 70
_FRAMED: Final = 1.2
_ANNOUNCED: Final = 0.4
_SHARES: Final = 1.2  # words of the teaser that the body lacks or hardly has
_FAR: Final = 1.5  # says next to nothing that the body speaks of
_NEAR: Final = 0.6  # of the usual overlap between paragraphs: nearer than this is not far
_THIN: Final = 0.3  # usual overlap of a text too short to tell far from near
_VOICE: Final = 0.7  # speaks as "we" or to "you", which the report does not
_BEFORE_HEADING: Final = 0.3
_QUOTES: Final = 0.8  # a quotation belongs to the report
_TIES: Final = 0.25  # rare words that it shares with one other paragraph only


@dataclass(slots=True)
class Verdict:
    """What the rules found; built up by them, line by line. `removed`: line -> (rule, score)."""

    removed: dict[int, tuple[str, float]] = field(default_factory=dict)
    title: str | None = None
    title_raw: str | None = None
    title_line: int | None = None
    authors: tuple[str, ...] = ()

    def remove(self, line: int, rule: str, score: float) -> None:
        self.removed.setdefault(line, (rule, score))


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """The lines of a text with what the rules ask of them, computed once.

    `overlap`, `content`: see `facts.overlap`, among prose. `prose` without notices: lines of prose
    that do not speak of cookies, newsletters or subscriptions. `first`, `last`: first and last
    line of the body's prose; `first` is past the end for a text that has none.
    """

    lines: Sequence[str]
    facts: Facts
    overlap: Floats
    content: Ints
    prose: list[bool]
    first: int
    last: int

    def untitled(self, line: int) -> bool:
        """Whether a line ends as headings and menu entries do: not like a sentence."""
        return (
            not self.lines[line]
            .rstrip("\"”»’')]")
            .endswith((".", "。", "।", "۔", ":", ",", ";", "…"))
        )

    def words(self, line: int) -> int:
        """Words, Han characters counted by two."""
        return int(self.facts.size[line])


def read(lines: Sequence[str]) -> Reading:
    """Prepare lines for the rules."""
    known = facts.read(lines)
    notice = lexicon.bits("cookies", "newsletter", "subscribe", "support", "app", "follow")
    prose = known.prose & ((known.hits & notice) == 0)
    overlap, content = facts.overlap(known, prose)
    at = np.flatnonzero(prose)
    return Reading(
        lines=lines,
        facts=known,
        overlap=overlap,
        content=content,
        prose=prose.tolist(),
        first=int(at[0]) if at.size else len(lines),
        last=int(at[-1]) if at.size else -1,
    )


def judge(reading: Reading) -> Verdict:
    """All rules over a text; one without two lines of prose is left alone."""
    verdict = Verdict()
    if sum(reading.prose) < 2:
        return verdict
    if 0 < reading.first <= _HEAD_LINES:
        _headline(reading, verdict)
        _head(reading, verdict)
    _promos(reading, verdict)
    _interruptions(reading, verdict)
    _foot(reading, verdict)
    return verdict


def _headline(reading: Reading, verdict: Verdict) -> None:
    """The headline of the head: repeated there, else the one line that the body speaks of."""
    head = range(reading.first)
    keys = reading.facts.key
    titles = [line for line in head if _title_like(reading, line)]
    same: dict[int, list[int]] = {}
    for line in titles:
        same.setdefault(int(keys[line]), []).append(line)
    repeated = [found for found in same.values() if len(found) > 1]
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
        if reading.overlap[line] >= _TITLE_OVERLAP
        and reading.overlap[line] * reading.content[line] >= _TITLE_SHARED - 0.01
    ]
    if spoken and _alone(reading, spoken):
        line = max(spoken, key=lambda line: reading.overlap[line] * reading.content[line])
        verdict.remove(line, "headline", 0.8)
        _entitle(reading, verdict, line, line)


def _alone(reading: Reading, spoken: list[int]) -> bool:
    """A lone headline is believed only close above the body: list items and verse are many."""
    return len(spoken) <= 3 and reading.first - spoken[-1] <= 6


def _title_like(reading: Reading, line: int) -> bool:
    low, high = _TITLE_WORDS
    return low <= reading.words(line) <= high and reading.untitled(line)


def _entitle(reading: Reading, verdict: Verdict, line: int, raw: int) -> None:
    verdict.title = reading.lines[line].lstrip("#").strip()
    verdict.title_raw = reading.lines[raw]
    verdict.title_line = line


_SUFFIX: Final = re.compile(r"\s+[|–—·:»›•-]{1,2}\s+\S.{1,60}$")


def _extends(longer: str, title: str) -> bool:
    """Whether a line is a title with the site's name behind it."""
    return longer.startswith(title) and _SUFFIX.fullmatch(longer, len(title)) is not None


def _head(reading: Reading, verdict: Verdict) -> None:
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
            elif line < top and (sure or reading.words(line) <= _SHORT):
                verdict.remove(line, "above-headline", 0.95 if sure else 0.8)
            elif line > top and _foreign_short(reading, line, 3):
                verdict.remove(line, "below-headline", 0.8)
    for line in above:
        if line in verdict.removed or not reading.untitled(line):
            continue
        if reading.facts.cue_share(line) >= _CUED:
            verdict.remove(line, "cue", 0.9)
        elif top is not None and _is_stamp(reading, line):
            verdict.remove(line, "stamp", 0.85)
    _menus(reading, verdict, range(reading.first))


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
    if reading.words(line) > 12 or not reading.untitled(line):
        return ()
    if reading.facts.leads(line, "byline"):
        return names_of(text)
    if not beside or reading.facts.covered[line] or reading.overlap[line]:
        return ()
    return names_of(text, alone=True)


def _foreign_short(reading: Reading, line: int, words: int) -> bool:
    return (
        reading.words(line) <= words
        and reading.untitled(line)
        and reading.overlap[line] * max(reading.content[line], 1) < 1
    )


def _menus(reading: Reading, verdict: Verdict, lines: range) -> None:
    """Runs of short lines that share no words with the body; one alone is not enough."""
    run: list[int] = []
    for line in (*lines, -1):
        short = line >= 0 and reading.words(line) <= 6 and reading.untitled(line)
        if short:
            run.append(line)
            continue
        if len(run) >= 2:
            content = sum(int(reading.content[at]) for at in run)
            shared = sum(float(reading.overlap[at] * reading.content[at]) for at in run)
            digits = sum(bool(reading.facts.kinds[at][tokens.DIGIT]) for at in run)
            if shared < _FOREIGN * content and digits <= len(run) // 2:
                for at in run:
                    verdict.remove(at, "menu", 0.9)
        run = []


def _promos(reading: Reading, verdict: Verdict) -> None:
    """A cue line takes the teasers beside it, and the blurb that belongs to a teaser."""
    count = len(reading.lines)
    for cue in range(count):
        if not _announces(reading, cue) and not _is_framed(reading, cue):
            continue
        verdict.remove(cue, "promo-cue", 0.95)
        repeats = {int(reading.facts.key[line]): line for line in range(max(0, cue - 4), cue)}
        teasers: list[int] = []
        framed = False
        for line in range(cue + 1, min(count, cue + 1 + _TEASERS)):
            before = repeats.get(int(reading.facts.key[line]))
            if before is not None and not reading.prose[before]:
                framed = True
                verdict.remove(before, "promo-teaser", 0.98)
                verdict.remove(line, "promo-teaser", 0.98)
            elif _is_teaser(reading, line):
                verdict.remove(line, "promo-teaser", 0.85)
            else:
                break
            teasers.append(line)
        after = (teasers[-1] if teasers else cue) + 1
        if teasers and after < count and _is_blurb(reading, after, teasers, framed=framed):
            verdict.remove(after, "promo-blurb", 0.85)


def _announces(reading: Reading, line: int) -> bool:
    """Whether a whole line is a promo cue, or little more than one."""
    if not reading.facts.leads(line, "related", "mostread") or reading.prose[line]:
        return False
    words = reading.words(line)
    return words <= 7 and reading.facts.cue_share(line) >= 0.5


def _is_framed(reading: Reading, line: int) -> bool:
    """Whether the same teaser stands right before and right after a short line of the body."""
    if not reading.first < line < len(reading.lines) - 1 or reading.words(line) > _SHORT:
        return False
    keys = reading.facts.key
    return (
        bool(keys[line - 1] == keys[line + 1])
        and reading.words(line - 1) >= _TEASER_WORDS[0]
        and not reading.prose[line - 1]
        and not reading.prose[line]
        and reading.untitled(line - 1)
        and reading.untitled(line)
    )


def _is_teaser(reading: Reading, line: int) -> bool:
    low, high = _TEASER_WORDS
    return (
        low <= reading.words(line) <= high
        and not reading.prose[line]
        and reading.untitled(line)
        and reading.overlap[line] < 0.6
    )


def _is_blurb(reading: Reading, line: int, teasers: list[int], *, framed: bool) -> bool:
    """Whether the paragraph after a teaser is the teaser's own summary; see the weights above."""
    if not reading.prose[line] or reading.words(line) > _BLURB_WORDS:
        return False
    known = reading.facts
    promo = frozenset[int]().union(*(known.terms_of(at) for at in teasers))
    rest = [at for at, prose in enumerate(reading.prose) if prose and at != line]
    spread = Counter(term for at in rest for term in known.terms_of(at))
    own = known.terms_of(line)
    shared = sum(1 / (1 + spread[term]) for term in own & promo)
    usual = float(np.median(reading.overlap[rest])) if rest else 0.0
    told = float(reading.overlap[line])
    score = _FRAMED if framed else _ANNOUNCED
    score += min(shared, 1.0) * _SHARES
    far = max(0.0, 1.0 - told / max(_NEAR * usual, 0.01))
    score += far * _FAR * min(usual / _THIN, 1.0)
    voiced = [at for at in rest if known.has(at, "voice") and not known.kinds[at][tokens.QUOTE]]
    if known.has(line, "voice") and len(voiced) * 10 <= len(rest):
        score += _VOICE
    following = line + 1
    if following < len(reading.lines) and not reading.prose[following]:
        score += _BEFORE_HEADING
    if known.first[line] == tokens.QUOTE or known.kinds[line][tokens.QUOTE] >= 2:
        score -= _QUOTES
    names = sum(1 for term in own - promo if spread[term] == 1)
    score -= min(names, 3) * _TIES
    return score >= _BLURB


def _interruptions(reading: Reading, verdict: Verdict) -> None:
    """Lines inside the body that are an advertisement's, share bar's or newsletter's label."""
    for line in range(reading.first, reading.last):
        if line in verdict.removed or reading.words(line) > 8 or reading.prose[line]:
            continue
        labels = reading.facts.has(
            line, "advert", "share", "newsletter", "follow", "comments", "audio", "app", "subscribe"
        )
        if labels and reading.facts.cue_share(line) >= 0.75 and reading.untitled(line):
            verdict.remove(line, "cue", 0.9)


def _foot(reading: Reading, verdict: Verdict) -> None:
    """After the last prose: from the first cue line on, all that is not prose."""
    count = len(reading.lines)
    for line in range(reading.last + 1, count):
        if reading.facts.cue_share(line) >= _CUED and reading.untitled(line):
            for rest in range(line, count):
                verdict.remove(rest, "foot", 0.85)
            return
