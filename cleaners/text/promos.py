"""Promos in and below the body of a plain text: cue lines, teasers, blurbs, labels, the foot."""

from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np
import numpy.typing as npt

from cleaners.text import lexicon, tokens
from cleaners.text.reading import Reading, Verdict

_CUE_WORDS: Final = 7
_FRAMED_WORDS: Final = 8
_TEASER_WORDS: Final = (4, 30)
_TEASER_OVERLAP: Final = 0.6
_TEASERS: Final = 8
"""Teasers that one cue announces at most."""
_LABEL_WORDS: Final = 12
_LABELLED: Final = 0.5
_NOTICE_WORDS: Final = 120
_CUED: Final = 0.6
"""Share of a line's words in cue phrases from which the line is no more than the cue."""
_ENDINGS: Final = (
    "tags",
    "share",
    "comments",
    "related",
    "newsletter",
    "follow",
    "copyright",
    "mostread",
)

# The evidence for a blurb, in weights that add up; `_BLURB` is the bar. A card that shows its
# teaser on both sides of the cue nearly always ends with its summary; one signal more is asked.
_BLURB: Final = 1.2
_BLURB_WORDS: Final = 70
_FRAMED: Final = 1.2
_ANNOUNCED: Final = 0.4
_SHARES: Final = 1.2  # words of the teaser that the body lacks or hardly has
_FAR: Final = 1.5  # says next to nothing that the body speaks of
_NEAR: Final = 0.6  # of the usual overlap between paragraphs: nearer than this is not far
_THIN: Final = 0.3  # usual overlap of a text too short to tell far from near
_VOICE: Final = 0.7  # speaks as "we" or to "you", which the report does not
_SELDOM: Final = 10  # one line of prose in so many may speak so before it tells nothing
_BEFORE_HEADING: Final = 0.3
_QUOTES: Final = 1.5  # a quotation belongs to the report
_OPENING_QUOTES: Final = ('"', "“", "„", "«", "»", "‘", "「", "『")
_TIES: Final = 0.25  # rare words that it shares with one other paragraph only


def judge_promos(reading: Reading, verdict: Verdict) -> None:
    """Mark promos, labels inside the body, and the foot."""
    _promos(reading, verdict)
    _labels(reading, verdict)
    _notices(reading, verdict)
    _foot(reading, verdict)


def _promos(reading: Reading, verdict: Verdict) -> None:
    """A cue line takes the teasers beside it, and the blurb that belongs to a teaser."""
    count = len(reading.lines)
    body: _Body | None = None
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
        if teasers and after < count and reading.prose[after]:
            body = body or _body_of(reading)
            if _is_blurb(reading, body, after, teasers, framed=framed):
                verdict.remove(after, "promo-blurb", 0.85)


def _announces(reading: Reading, line: int) -> bool:
    """Whether a whole line is a promo cue, or little more than one."""
    if not reading.facts.leads(line, "related", "mostread") or reading.prose[line]:
        return False
    if reading.is_label(line):
        return False
    words = reading.words(line)
    return words <= _CUE_WORDS and reading.facts.cue_share(line) >= 0.5


def _is_framed(reading: Reading, line: int) -> bool:
    """Whether the same teaser stands right before and right after a short line of the body."""
    if not reading.first < line < len(reading.lines) - 1 or reading.words(line) > _FRAMED_WORDS:
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
        and reading.overlap[line] < _TEASER_OVERLAP
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Body:
    """Of a text's prose: how many lines have a term, their usual overlap, how many say "we"."""

    spread: npt.NDArray[np.int64]
    usual: float
    voiced: int
    lines: int


def _body_of(reading: Reading) -> _Body:
    known = reading.facts
    lines = [line for line, prose in enumerate(reading.prose) if prose]
    inside = np.array(reading.prose)[known.topic.pair_line]
    return _Body(
        spread=np.bincount(known.topic.pair_term[inside], minlength=known.topic.terms),
        usual=median(reading.overlap[lines].tolist()) if lines else 0.0,
        voiced=sum(_is_voiced(reading, line) for line in lines),
        lines=len(lines),
    )


def _is_voiced(reading: Reading, line: int) -> bool:
    """Whether a line says "we" or "you" itself, rather than quotes who does."""
    return reading.facts.has(line, "voice") and not reading.has_mark(line, tokens.QUOTE)


def _is_blurb(
    reading: Reading, body: _Body, line: int, teasers: list[int], *, framed: bool
) -> bool:
    """Whether the paragraph after a teaser is the teaser's own summary; see the weights above."""
    if not reading.prose[line] or reading.words(line) > _BLURB_WORDS:
        return False
    if reading.lines[line].startswith(_OPENING_QUOTES):
        return False
    own = reading.facts.terms_of(line)
    promo = frozenset[int]().union(*(reading.facts.terms_of(at) for at in teasers))
    elsewhere = {term: int(body.spread[term]) - 1 for term in own}
    score = _FRAMED if framed else _ANNOUNCED
    score += min(sum(1 / (1 + elsewhere[term]) for term in own & promo), 1.0) * _SHARES
    far = max(0.0, 1.0 - float(reading.overlap[line]) / max(_NEAR * body.usual, 0.01))
    score += far * _FAR * min(body.usual / _THIN, 1.0)
    voiced = _is_voiced(reading, line)
    if voiced and (body.voiced - 1) * _SELDOM <= body.lines:
        score += _VOICE
    if line + 1 < len(reading.lines) and not reading.prose[line + 1]:
        score += _BEFORE_HEADING
    if reading.has_mark(line, tokens.QUOTE):
        score -= _QUOTES
    names = sum(1 for term in own - promo if elsewhere[term] == 1)
    return score - min(names, 3) * _TIES >= _BLURB


def _labels(reading: Reading, verdict: Verdict) -> None:
    """Lines inside the body that label an advertisement, a share bar, a newsletter, a link."""
    for line in range(reading.first, reading.last):
        if line in verdict.removed or reading.prose[line] or not reading.untitled(line):
            continue
        if _is_link(reading, line):
            verdict.remove(line, "promo-link", 0.9)
        elif reading.words(line) <= _LABEL_WORDS and reading.facts.cue_share(line) >= _LABELLED:
            kinds = ("advert", "share", "newsletter", "follow", "comments", "audio", "app")
            if reading.facts.has(line, *kinds, "subscribe"):
                verdict.remove(line, "cue", 0.9)


def _is_link(reading: Reading, line: int) -> bool:
    """Whether a cue and its teaser stand on one line: "Read also: …".

    What a colon right after the cue announces is a link even if it is about the same subject.
    """
    return (
        reading.facts.leads(line, "related")
        and _TEASER_WORDS[0] <= reading.words(line) <= _TEASER_WORDS[1]
        and reading.has_mark(line, tokens.COLON, tokens.RULE, tokens.DASH)
        and (reading.overlap[line] < _TEASER_OVERLAP or _announced(reading, line))
    )


def _announced(reading: Reading, line: int) -> bool:
    """Whether a colon follows the promo cue of two words or more that opens a line."""
    seen = reading.facts.tokens
    first, related = int(seen.first_word[line]), lexicon.bits("related")
    for cue in reading.facts.cues:
        if cue.word == first and cue.kinds & related and cue.length > 1:
            last = first + cue.length - 1
            end = int(seen.word_at[last] + seen.word_length[last])
            if end < seen.end[line] and seen.kind[end] == tokens.COLON:
                return True
    return False


def _notices(reading: Reading, verdict: Verdict) -> None:
    """What the publisher says about the text in its own name, unless it is quoted."""
    for line in np.flatnonzero(reading.facts.hits & lexicon.bits("notice")).tolist():
        if reading.words(line) <= _NOTICE_WORDS and not reading.has_mark(line, tokens.QUOTE):
            verdict.remove(line, "notice", 0.9)


def _foot(reading: Reading, verdict: Verdict) -> None:
    """After the last prose: from the first cue line on, all that is not prose."""
    count = len(reading.lines)
    for line in range(reading.last + 1, count):
        if not reading.untitled(line):
            continue
        if reading.facts.cue_share(line) >= _CUED or reading.facts.leads(line, *_ENDINGS):
            for rest in range(line, count):
                verdict.remove(rest, "foot", 0.85)
            return
