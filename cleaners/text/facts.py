"""What is counted once of each line of a text, for the rules and for the model's features."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from cleaners.text import backend, lexicon, tokens
from cleaners.text.lexicon import Cue
from cleaners.text.tokens import Flags, Hashes, Ints, Tokens

Floats = npt.NDArray[np.float32]

PROSE_WORDS: Final = 10
"""A line of this many words that ends like a sentence is prose. 98 % of such lines of the dev
pages' gold are; menus, headlines and teasers lack the full stop or the length."""
LONG_PROSE_WORDS: Final = 30
"""A line this long is prose however it ends."""
_READ: Final = 4_000
"""Characters of a line that are counted; a longer line is prose whatever follows."""
_PROSE_STOPS: Final = 0.12
"""Least share of function words in prose; lists of names and tags have fewer."""
_KNOWN_STOPS: Final = 0.06
"""Share of function words in the long lines of a text below which its language is not known."""
_MANY: Final = 10
"""Long lines that a text must have for that; a few may be menus."""
_MOST_STOPS: Final = 0.15
"""Share of function words below which a text's language has few, or few are listed."""
_LOWER: Final = 0.6
"""Share of words in lower case of sentences in such languages: names and menus have capitals."""
_LETTERS_A_WORD: Final = 8
_SKIPPED: Final = 4
"""Marks at a line's edge that are passed over."""
_TRAILING: Final = (tokens.QUOTE, tokens.BRACKET, tokens.APOSTROPHE, tokens.SPACE)
_LEADING: Final = (*_TRAILING, tokens.RULE, tokens.DASH)


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """Content words by their stems, Han characters by pairs.

    `ids` (w,): dense ids of the words' terms, -1 for function words and single letters; `terms`:
    how many there are. `pair_term`, `pair_line`: which terms stand in which lines, each pair once.
    `content` (n,): how many terms a line has.
    """

    ids: Ints
    terms: int
    pair_term: npt.NDArray[np.int64]
    pair_line: npt.NDArray[np.int64]
    content: Ints


@dataclass(frozen=True, eq=False)  # no slots: they leave no room for what is cached
class Facts:
    """Of n lines, each array (n,) unless said otherwise.

    `words`, `chars`: how many; `size`: words, Han characters counted by two. `key`: equal for lines
    of the same words. `last`: class of the last character that is no quote or bracket. `stops`:
    function words, `stop` (w,) which words those are. `cues`: the cue phrases; `covered`: words in
    any; `leading`, `hits`: bits of kinds that begin the line, that it has anywhere. `prose`: reads
    like body text. What most texts can be judged without is counted when first asked for.
    """

    tokens: Tokens
    words: Ints
    size: Ints
    chars: Ints
    key: Hashes
    last: npt.NDArray[np.uint8]
    stops: Ints
    cues: Sequence[Cue]
    covered: Ints
    leading: Ints
    hits: Ints
    stop: Flags
    prose: Flags

    def leads(self, line: int, *kinds: str) -> bool:
        """Whether a line begins with a cue of one of the kinds."""
        return bool(self.leading[line] & lexicon.bits(*kinds))

    def has(self, line: int, *kinds: str) -> bool:
        """Whether a line has a cue of one of the kinds."""
        return bool(self.hits[line] & lexicon.bits(*kinds))

    def cue_share(self, line: int) -> float:
        """Share of a line's words that are in cue phrases; numbers do not count."""
        first, last = self.tokens.first_word[line : line + 2]
        numbers = int((self.tokens.word_kind[first:last] == tokens.DIGIT).sum())
        return float(self.covered[line]) / max(int(self.words[line]) - numbers, 1)

    def terms_of(self, line: int) -> frozenset[int]:
        """The ids of a line's content words."""
        first, last = self.tokens.first_word[line : line + 2]
        return frozenset(self.topic.ids[first:last].tolist()) - {-1}

    @cached_property
    def first(self) -> npt.NDArray[np.uint8]:
        """Class of each line's first character that is no quote, bracket or bullet, (n,)."""
        return _edge(self.tokens, self.tokens.start, 1, _LEADING)

    @cached_property
    def kinds(self) -> Ints:
        """Characters of each class, (n, classes)."""
        count = self.tokens.lines
        if backend.COMPILED:
            seen = self.tokens
            return backend.marks.count_kinds(seen.kind, seen.start, seen.end, tokens.CLASSES)
        slot = self.tokens.line * tokens.CLASSES + self.tokens.kind
        found = np.bincount(slot, minlength=count * tokens.CLASSES)
        return found.reshape(count, tokens.CLASSES).astype(np.int32)

    @cached_property
    def cover(self) -> Ints:
        """Words in cue phrases of each kind, (n, kinds)."""
        cover = np.zeros((self.tokens.lines, len(lexicon.lexicon().kinds)), dtype=np.int32)
        for line, _, length, kinds in self.cues:
            left = kinds
            while left:
                cover[line, (left & -left).bit_length() - 1] += length
                left &= left - 1
        return cover

    @cached_property
    def topic(self) -> Topic:
        """The content words of the lines."""
        return _topic(self.tokens, self.stop)


def read(lines: Sequence[str]) -> Facts:
    """The facts of lines."""
    seen = tokens.read([line[:_READ] for line in lines])
    count = seen.lines
    words = seen.words
    chars = seen.end - seen.start
    marks = lexicon.look_up(seen)
    stop = lexicon.stop_words(seen, marks)
    stops = np.bincount(seen.word_line[stop], minlength=count).astype(np.int32)
    cues = lexicon.cues(seen, marks)
    covered, leads, hits = _marked(seen, cues)
    last = _edge(seen, seen.end - 1, -1, _TRAILING)
    han = seen.word_kind == tokens.HAN
    cased = words - np.bincount(seen.word_line[han], minlength=count) if han.any() else words
    size = cased + (words - cased) // 2
    ends = (last == tokens.TERMINAL) | (last == tokens.COLON)
    telling = stops >= _PROSE_STOPS * words
    letter = seen.kind == tokens.LETTER
    if letter.any():
        letters = np.bincount(seen.line[letter], minlength=count)
        # Thai, Lao, Khmer, Burmese have no spaces between words, and eight letters to one or two.
        size = np.maximum(size, letters // _LETTERS_A_WORD)
        telling |= letters > chars // 3
    telling |= cased * 2 < words
    long = size >= PROSE_WORDS
    found, among = int(stops[long].sum()), int(words[long].sum())
    if found < _MOST_STOPS * among:
        telling |= long & _reads_on(seen)  # a language with few function words, as Turkish has
    if found < _KNOWN_STOPS * among and int(long.sum()) >= _MANY:
        telling |= long  # a language whose function words are not listed
    prose = (long & ends | (size >= LONG_PROSE_WORDS)) & telling
    return Facts(
        tokens=seen,
        words=words,
        size=size.astype(np.int32),
        chars=chars,
        key=_keys(seen),
        last=last,
        stops=stops,
        cues=cues,
        covered=covered,
        leading=leads,
        hits=hits,
        stop=stop,
        prose=prose,
    )


def _reads_on(seen: Tokens) -> Flags:
    """Lines most of whose words are in lower case, as a sentence's are and a menu's are not."""
    lower = np.bincount(seen.word_line[seen.word_kind == tokens.LOWER], minlength=seen.lines)
    on: Flags = lower > _LOWER * seen.words
    return on


def _keys(seen: Tokens) -> Hashes:
    """One hash a line, of its words and their order; 0 for a line without words."""
    if backend.COMPILED:
        return backend.marks.keys(seen.word, seen.first_word)
    keys = np.zeros(seen.lines, dtype=np.uint64)
    if seen.word.size:
        place = np.arange(seen.word.size, dtype=np.int64) - seen.first_word.take(seen.word_line)
        mixed = seen.word * (place.astype(np.uint64) * np.uint64(2) + np.uint64(0x9E3779B97F4A7C15))
        some = seen.words > 0
        keys[some] = np.add.reduceat(mixed, seen.first_word[:-1][some])
    return keys


def _edge(seen: Tokens, at: Ints, step: int, skipped: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    """Class of the first character from `at` in the direction of `step` that is not skipped."""
    limit = seen.kind.size - 1
    if backend.COMPILED:
        return backend.marks.edge(seen.kind, seen.start, seen.end, at, step, skipped, _SKIPPED)
    skip = np.zeros(tokens.CLASSES, dtype=np.bool_)
    skip[list(skipped)] = True
    if limit < 0:
        return np.zeros(seen.lines, dtype=np.uint8)
    low, high = seen.start, np.maximum(seen.end - 1, seen.start)
    place = np.minimum(np.maximum(at, low), high)
    for _ in range(_SKIPPED):
        moves = skip[seen.kind[np.minimum(place, limit)]]
        if not moves.any():
            break
        place = np.minimum(np.maximum(place + step * moves, low), high)
    return seen.kind[np.minimum(place, limit)]


def _marked(seen: Tokens, cues: Sequence[Cue]) -> tuple[Ints, Ints, Ints]:
    """Of each line: words in cue phrases, kinds that begin it, kinds that it has anywhere."""
    leads = [0] * seen.lines
    hits = [0] * seen.lines
    inside: set[int] = set()
    voice = lexicon.bits("voice")
    first = seen.first_word.tolist()
    for line, word, length, kinds in cues:
        hits[line] |= kinds
        telling = kinds & ~voice
        if telling:
            inside.update(range(word, word + length))
            if word == first[line]:
                leads[line] |= telling
    at = np.fromiter(inside, dtype=np.int64, count=len(inside))
    covered = np.bincount(seen.word_line[at], minlength=seen.lines)
    return (
        covered.astype(np.int32),
        np.array(leads, dtype=np.int32),
        np.array(hits, dtype=np.int32),
    )


def _topic(seen: Tokens, stop: Flags) -> Topic:
    term = seen.stem.copy()
    han = seen.word_kind == tokens.HAN
    if han.any():
        paired = han[:-1] & han[1:] & (seen.word_line[:-1] == seen.word_line[1:])
        term[:-1][paired] = tokens.combine(term[:-1][paired], seen.stem[1:][paired])
        term[1:][han[1:] & ~np.append(paired[1:], False)] = 0
    named = np.flatnonzero(~stop & ((seen.word_length > 1) | han) & (term != 0))
    # Sorted by term and, within a term, in reading order: a term's lines stand side by side.
    named = named[np.argsort(term[named], kind="stable")]
    ordered, line = term[named], seen.word_line[named]
    fresh = np.empty(named.size, dtype=np.bool_)
    fresh[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    number = np.cumsum(fresh) - 1
    ids = np.full(term.size, -1, dtype=np.int32)
    ids[named] = number
    fresh[1:] |= line[1:] != line[:-1]
    pair_line = line[fresh]
    return Topic(
        ids=ids,
        terms=int(number[-1]) + 1 if named.size else 0,
        pair_term=number[fresh],
        pair_line=pair_line,
        content=np.bincount(pair_line, minlength=seen.lines).astype(np.int32),
    )


def overlap(facts: Facts, among: Flags) -> Floats:
    """Of each line, the share of its content words that stand in another line of `among`, (n,)."""
    topic = facts.topic
    inside = among[topic.pair_line]
    spread = np.bincount(topic.pair_term[inside], minlength=topic.terms)
    elsewhere = spread[topic.pair_term] - inside > 0
    shared = np.bincount(topic.pair_line[elsewhere], minlength=topic.content.size)
    return (shared / np.maximum(topic.content, 1)).astype(np.float32)
