"""Characters and words of many lines at once, as arrays; what every text feature is counted from.

A text is read as code points, each code point has a class (letter, digit, terminal mark, …), a
run of letters and digits is a word, and a word is known by a 64-bit hash of its lower-cased form.
Scripts written without spaces (Han, kana) have one word a character.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

OTHER: Final = 0
LOWER: Final = 1
UPPER: Final = 2
LETTER: Final = 3  # of a script without case
HAN: Final = 4  # Han and kana: a word a character
DIGIT: Final = 5
SPACE: Final = 6
TERMINAL: Final = 7  # ends a sentence
COMMA: Final = 8
COLON: Final = 9
QUOTE: Final = 10
DASH: Final = 11
BRACKET: Final = 12
RULE: Final = 13  # | • › and their like: between menu entries, before list items
SYMBOL: Final = 14
APOSTROPHE: Final = 15
CLASSES: Final = 16

_MARKS: Final = {
    TERMINAL: ".!?…。！？؟।۔։｡‽",
    COMMA: ",;、，；،؛",
    COLON: ":：",
    QUOTE: '"“”„«»‹›‟「」『』《》〈〉',
    DASH: "-–—−‒―",
    BRACKET: "()[]{}（）【】［］〔〕",
    RULE: "|/\\•·∙*→←>‣▪►▶■□◆●○★☆✓❯»❘¦_=#~",
    APOSTROPHE: "'’‘ʼ`´",
}
_TABLE: Final = 0x10000
_BEYOND: Final = ((0x30000, 0x4E00), (0x20000, 0x4E00), (0x1F000, 0x2600), (0x10000, 0x05D0))
"""Beyond the table a code point counts as one of its block: Han, pictures, other letters."""
_LONGEST: Final = 48
"""Letters of a word beyond this many do not tell it from another."""
_STEM: Final = 6
"""Letters by which two forms of a word are the same term; inflected languages end words anew."""
_PRIME: Final = 0x100000001B3
MIX: Final = 0x9E3779B97F4A7C15
"""Odd multiplier that spreads bits (the golden ratio of 2**64; Knuth, TAOCP 3, 6.4)."""


@cache
def _tables() -> tuple[npt.NDArray[np.uint8], Hashes]:
    """Class and lower-case form (plus one: what is hashed) of each code point below `_TABLE`."""
    kinds = np.zeros(_TABLE, dtype=np.uint8)
    by_category = {"Ll": LOWER, "Lu": UPPER, "Lt": UPPER, "Nd": DIGIT, "Nl": DIGIT, "No": DIGIT}
    by_group = {"L": LETTER, "M": LETTER, "Z": SPACE, "S": SYMBOL, "P": SYMBOL}
    lower = np.arange(_TABLE, dtype=np.uint32)
    for code in range(_TABLE):
        category = unicodedata.category(chr(code))
        kind = by_category.get(category)
        kinds[code] = by_group.get(category[0], OTHER) if kind is None else kind
        if kind == UPPER:
            folded = chr(code).lower()
            lower[code] = ord(folded[0])
    for first, last in ((0x3041, 0x3096), (0x30A1, 0x30FA), (0x3400, 0x4DBF), (0x4E00, 0x9FFF)):
        kinds[first : last + 1] = HAN
    kinds[0x30FC] = kinds[0x3005] = HAN
    for kind, marks in _MARKS.items():
        for mark in marks:
            kinds[ord(mark)] = kind
    kinds[[9, 32, 0xA0]] = SPACE
    return kinds, lower.astype(np.uint64) + np.uint64(1)


@cache
def _powers() -> Hashes:
    return np.array([pow(_PRIME, place, 1 << 64) for place in range(_LONGEST)], dtype=np.uint64)


@dataclass(frozen=True, eq=False)  # no slots: they leave no room for what is cached
class Tokens:
    """Characters and words of `lines` lines.

    Characters, (c,): `kind` their class, `line` the line that each stands in. `start` and `end`
    (lines,): where a line's characters begin and end. Words, (w,), in reading order: `word` the
    hash, `stem` the hash of its first letters, `word_at` its first character, `word_line` its
    line, `word_kind` the class of its first character, `word_length` its characters, `word_caps`
    whether all its letters are capitals. `first_word` (lines + 1,): where a line's
    words begin; `words` (lines,): how many it has. `letters`: what `stem` and `word_caps` are
    counted from when they are first asked for.
    """

    lines: int
    kind: npt.NDArray[np.uint8]
    line: Places
    start: Ints
    end: Ints
    word: Hashes
    word_at: Ints
    word_line: Places
    word_kind: npt.NDArray[np.uint8]
    word_length: Ints
    first_word: Ints
    words: Ints
    letters: "Letters"

    @cached_property
    def stem(self) -> Hashes:
        """Hash of each word's first letters, (w,)."""
        if not self.word.size:
            return self.word
        low = self.letters.offset < _STEM
        value = np.where(low, self.letters.value, np.uint64(0))
        return np.add.reduceat(value, self.letters.edges)

    @cached_property
    def word_caps(self) -> Flags:
        """Whether all letters of a word are capitals, (w,)."""
        if not self.word.size:
            return np.zeros(0, dtype=np.bool_)
        upper = (self.kind[self.letters.place] == UPPER).astype(np.int32)
        caps: Flags = np.add.reduceat(upper, self.letters.edges) == self.word_length
        return caps


@dataclass(frozen=True, slots=True, eq=False)
class Letters:
    """Characters of words, (l,): their `place` in the text, `offset` in the word, hash `value`;
    `edges` (w,): where each word's begin among them."""

    place: Places
    offset: Places
    value: Hashes
    edges: Places


def read(lines: Sequence[str]) -> Tokens:
    """The tokens of lines, none of which may hold a line feed."""
    kinds, lower = _tables()
    text = "\n".join(lines)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    if text and codes.max() >= _TABLE:
        codes = codes.copy()
        for first, stands_for in _BEYOND:
            codes[codes >= first] = stands_for
    count = len(lines)
    lengths = np.fromiter(map(len, lines), dtype=np.int32, count=count)
    end = np.cumsum(lengths + 1, dtype=np.int32) - 1
    start = end - lengths
    kind = kinds[codes]
    line = np.repeat(np.arange(count), lengths + 1)[: codes.size]
    inside = (kind - np.uint8(LOWER)) <= DIGIT - LOWER
    place = np.flatnonzero(inside)
    begins = np.empty(place.size, dtype=np.bool_)
    begins[:1] = True
    np.not_equal(place[1:], place[:-1] + 1, out=begins[1:])
    han = kind[place] == HAN
    if han.any():
        begins |= han
        begins[1:] |= han[:-1]
    edges = np.flatnonzero(begins)
    at = place[edges]
    length = np.diff(edges, append=place.size)
    offset = np.minimum(place - np.repeat(at, length), _LONGEST - 1)
    value = lower[codes[place]] * _powers()[offset]
    word = np.add.reduceat(value, edges) if at.size else np.zeros(0, dtype=np.uint64)
    word ^= word >> np.uint64(29)
    word_line = line[at]
    first_word = np.searchsorted(word_line, np.arange(count + 1)).astype(np.int32)
    return Tokens(
        lines=count,
        kind=kind,
        line=line,
        start=start,
        end=end,
        word=word,
        word_at=at.astype(np.int32),
        word_line=word_line,
        word_kind=kind[at],
        word_length=length.astype(np.int32),
        first_word=first_word,
        words=first_word[1:] - first_word[:-1],
        letters=Letters(place, offset, value, edges),
    )


def combine(first: Hashes, second: Hashes) -> Hashes:
    """Hashes of phrases from those of a beginning and the next word."""
    mixed: Hashes = first * np.uint64(MIX) + second
    return mixed ^ (mixed >> np.uint64(31))


def phrases(tokens: Tokens, length: int) -> list[Hashes]:
    """Hashes of the phrases of 1…`length` words that start at each word, whatever the lines.

    The n-th array is n - 1 shorter than the number of words; a phrase may run over a line's end.
    """
    found = [tokens.word]
    for count in range(1, length):
        found.append(
            combine(found[-1][:-1], tokens.word[count:])
            if tokens.word.size > count
            else found[-1][:0]
        )
    return found
