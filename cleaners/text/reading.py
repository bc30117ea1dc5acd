"""The lines of a text as the rules look at them, and what the rules say."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from cleaners.text import facts, lexicon, tokens
from cleaners.text.facts import Facts, Floats
from cleaners.text.tokens import Flags, Ints

_HEADING: Final = 20
"""Words of a sub-heading, of an item or of a paragraph that is one remark."""
_HEADINGS: Final = 4
"""Such lines between two paragraphs; more of them may be a list of teasers."""
_LONG: Final = 20
_BY_CHANCE: Final = 2
"""Words of a cue that a paragraph of `_LONG` words may have by chance."""
_LONGER: Final = 30
"""Words of a paragraph between paragraphs that may speak of newsletters, cookies or apps."""
_CUED: Final = 12
"""Words of such a paragraph for each that is a cue's."""
_STANDFIRST: Final = 15
"""Words from which a first line is no headline: the rules take one of 14 for one."""
_SENTENCE: Final = 7
"""Words of a last sentence that is body though it is too short for prose."""
_LAST_HEADING: Final = 3
"""Words of a last line without a full stop; a lone name is seldom the body's. In 49 texts of unseen
sites that end so, what the model takes for chrome is body more often than not."""
_PROMOS: Final = ("cookies", "newsletter", "subscribe", "support", "app", "follow")
_CLOSED: Final = (".", "。", "।", "۔", ":", ",", ";", "…")
_CLOSING: Final = "\"”»’')]"
_PAGE: Final = 40
"""Lines from which a text without prose is a page in a style or script that is not known as such,
rather than verse, a list or a table."""
_LABEL_WORDS: Final = 3
_AGAIN: Final = 4
"""Lines within which a repeated line is a headline's or a teaser's second showing."""


@dataclass(slots=True)
class Verdict:
    """What the rules found; built up by them, line by line. `removed`: line -> (rule, score);
    `settled`: what is left holds nothing doubtful."""

    removed: dict[int, tuple[str, float]] = field(default_factory=dict)
    title: str | None = None
    title_raw: str | None = None
    title_line: int | None = None
    authors: tuple[str, ...] = ()
    settled: bool = False

    def remove(self, line: int, rule: str, score: float) -> None:
        """Take a line out, unless another rule has."""
        self.removed.setdefault(line, (rule, score))


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """The lines of a text with what the rules ask of them, computed once.

    `overlap`, `content`: see `facts.overlap`, among prose. `prose`: see `prose_of`. `again`: the
    line within reach below that says the same, or -1. `first`, `last`: first and last line of the
    body's prose; `first` lies below a headline that is repeated above it.
    """

    lines: Sequence[str]
    facts: Facts
    overlap: Floats
    content: Ints
    prose: list[bool]
    again: list[int]
    first: int
    last: int

    def untitled(self, line: int) -> bool:
        """Whether a line ends as headings and menu entries do: not like a sentence."""
        return not self.lines[line].rstrip(_CLOSING).endswith(_CLOSED)

    def words(self, line: int) -> int:
        """Words, Han characters counted by two."""
        return int(self.facts.size[line])

    def shared(self, line: int) -> float:
        """Number of the line's content words that the prose has elsewhere."""
        return float(self.overlap[line]) * int(self.content[line])

    def is_label(self, line: int) -> bool:
        """Whether a line is a label of what follows, such as "Key points"."""
        return self.words(line) <= _LABEL_WORDS and self.facts.leads(line, "label")

    def has_mark(self, line: int, *kinds: int) -> bool:
        """Whether a character of one of the classes stands in a line."""
        return bool(self.facts.kinds[line, list(kinds)].any())


def spoken(reading: Reading) -> list[int]:
    """Words of prose above each line, and in the end of all lines, (n + 1,)."""
    said = np.cumsum(reading.facts.size * np.array(reading.prose, dtype=np.bool_))
    return [0, *said.tolist()]


def runs(lines: Sequence[int], apart: int) -> Iterator[Sequence[int]]:
    """Lines, in order, that follow each other within `apart` lines."""
    start = 0
    for end in range(1, len(lines) + 1):
        if end == len(lines) or lines[end] - lines[end - 1] > apart:
            yield lines[start:end]
            start = end


def prose_of(known: Facts) -> Flags:
    """Lines of prose that are no notices of cookies, newsletters and the like."""
    prose: Flags = known.prose & ((known.hits & lexicon.bits(*_PROMOS)) == 0)
    return prose


def read(lines: Sequence[str], known: Facts) -> Reading:
    """Prepare lines for the rules."""
    prose = prose_of(known)
    again = repeats(known)
    first = _body_start(known, prose, again)
    overlap = facts.overlap(known, prose & (np.arange(prose.size) >= first))
    at = np.flatnonzero(prose)
    return Reading(
        lines=lines,
        facts=known,
        overlap=overlap,
        content=known.topic.content,
        prose=prose.tolist(),
        again=again.tolist(),
        first=first,
        last=int(at[-1]) if at.size else -1,
    )


def repeats(known: Facts) -> Ints:
    """The next line within `_AGAIN` of the same three words or more, -1 where there is none."""
    found = np.full(known.key.size, -1, dtype=np.int32)
    for step in range(min(_AGAIN, known.key.size - 1), 0, -1):
        same = (known.key[:-step] == known.key[step:]) & (known.size[:-step] >= 3)
        at = np.flatnonzero(same)
        found[at] = at + step
    return found


_TOP: Final = 15
"""Lines above which a headline is shown; a repetition further down is the body's own."""
_SLOGANS: Final = 2
_SLOGAN: Final = 20
"""Sentences above a headline, and their words, that may be slogans."""
_SHOWINGS: Final = 4
"""Times that a headline is shown in a text; what comes more often is the body's or a list's."""
_SPOKEN_OF: Final = 0.25
"""Share of a repeated headline's content words that the body has at least."""


def _body_start(known: Facts, prose: Flags, again: Ints) -> int:
    """The first line of prose; below a headline that is repeated at the top, if there is one.

    That headline may itself read like a sentence, and a slogan above it may. It is told from a
    promo's teaser by the body's speaking of it, and by no promo cue between its two showings.
    """
    at = np.flatnonzero(prose)
    start = int(at[0]) if at.size else prose.size
    related = lexicon.bits("related", "mostread")
    for line in np.flatnonzero(again[:_TOP] >= 0).tolist():
        second = int(again[line])
        above = known.size[:line][prose[:line]]
        if above.size > _SLOGANS or (above > _SLOGAN).any() or prose[line + 1 : second].any():
            continue
        if (known.leading[line + 1 : second] & related).any():
            continue
        if int((known.key == known.key[line]).sum()) > _SHOWINGS:
            continue
        below = prose & (np.arange(prose.size) > second)
        if below.any() and facts.overlap(known, below)[line] >= _SPOKEN_OF:
            start = max(start, int(np.argmax(below)))
    return start


def settled(known: Facts, removed: Collection[int] = ()) -> bool:
    """Whether nothing doubtful is left: paragraphs without cues, short runs of headings between.

    Such a text needs neither rules nor model: in those of the dev pages that trafilatura extracted
    they change the mean F1 by 0.0001. A short one without prose is settled, too: there is nothing
    to judge by. A line that is neither is looked at again among its neighbours; of 81 extracted
    or gold texts that this settles, models that had not seen them would take a line from one.
    """
    prose = prose_of(known)
    if int(np.count_nonzero(prose)) < 2:
        return prose.size < _PAGE
    plain, heading = _undoubted(known, prose)
    at, key = None, known.key
    if removed:
        left = np.ones(plain.size, dtype=np.bool_)
        left[list(removed)] = False
        at = np.flatnonzero(left)
        plain, heading, key = plain[at], heading[at], key[at]
    if plain.size < 2:
        return False
    doubt = ~(plain | heading)
    doubt[0], doubt[-1] = not plain[0], not plain[-1]
    if doubt.any():
        doubtful = np.flatnonzero(doubt).tolist()
        if not all(
            _is_cleared(known, line if at is None else int(at[line]), line, plain)
            for line in doubtful
        ):
            return False
        plain[doubtful] = True
    if _comes_again(key.tolist(), plain):
        return False
    return int(np.diff(np.flatnonzero(plain)).max()) <= _HEADINGS + 1


def _comes_again(keys: list[int], plain: Flags) -> bool:
    """Whether a line stands twice within `_AGAIN` lines, or a paragraph anywhere."""
    if len(set(keys)) == len(keys):
        return False
    last: dict[int, int] = {}
    for line, key in enumerate(keys):
        before = last.get(key)
        if before is not None and (plain[line] or line - before <= _AGAIN):
            return True
        last[key] = line
    return False


def _is_cleared(known: Facts, line: int, place: int, plain: Flags) -> bool:
    """Whether a doubtful line is body by the paragraphs beside it; `place` is its own in `plain`.

    Between two of them, a sentence is that has a cue's words by chance, and so is a long line that
    has few, however many function words it has. Before the first one, a standfirst is: too long
    for a headline. After the last one, what has no cue is, if it is a sentence or more than a name.
    """
    hits, size, covered = int(known.hits[line]), int(known.size[line]), int(known.covered[line])
    if hits & lexicon.bits("notice"):
        return False
    uncued = not hits & ~lexicon.bits("voice", "label")
    if place == 0:
        return uncued and size >= _STANDFIRST and bool(plain[1])
    if place == plain.size - 1:
        words, ends = int(known.words[line]), int(known.last[line]) == tokens.TERMINAL
        last = words >= _SENTENCE if ends else words >= _LAST_HEADING and size <= _HEADING
        return uncued and last and bool(plain[-2])
    if not (plain[place - 1] and plain[place + 1]):
        return False
    promo = hits & lexicon.bits(*_PROMOS)
    if known.prose[line] and not promo and covered <= _BY_CHANCE:
        return True
    return size >= (_LONGER if promo else _LONG) and covered * _CUED <= size


def _undoubted(known: Facts, prose: Flags) -> tuple[Flags, Flags]:
    """Lines that are paragraphs, and lines that are headings or items, beyond doubt.

    A long paragraph may have words that are a cue elsewhere: "By noon…", "Also, …".
    """
    hits = known.hits & ~lexicon.bits("voice", "label")
    cued = (hits & ~lexicon.bits("menu")) != 0
    heading = (known.size <= _HEADING) & (hits == 0)
    if not cued.any():
        return prose, heading
    chance = (known.size >= _LONG) & (known.covered <= _BY_CHANCE)
    plain = prose & (~cued | (chance & ((hits & lexicon.bits("notice")) == 0)))
    return plain, heading
