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

from cleaners.text import backend

Ints = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Kinds = npt.NDArray[np.uint8]
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
_KEPT: Final = 1 << 14
"""Characters of a text whose powers of the prime are kept from one text to the next."""
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
def _power_table(count: int) -> tuple[Hashes, Hashes]:
    """Powers of the prime, and of its inverse, from the 0th on."""
    steps = np.ones((2, count), dtype=np.uint64)
    steps[0, 1:], steps[1, 1:] = _PRIME, pow(_PRIME, -1, 1 << 64)
    powers, inverses = np.multiply.accumulate(steps, axis=1)
    return powers, inverses


def _powers(count: int) -> tuple[Hashes, Hashes]:
    """So many powers of the prime and of its inverse; those of long texts are not kept."""
    table = _power_table if count <= _KEPT else _power_table.__wrapped__
    powers, inverses = table(max(count, _KEPT))
    return powers[:count], inverses[:count]


@dataclass(frozen=True, eq=False)  # no slots: they leave no room for what is cached
class Tokens:
    """Characters and words of `lines` lines.

    Characters, (c,): `kind` their class, `line` the line that each stands in. `start` and `end`
    (lines,): where a line's characters begin and end. Words, (w,), in reading order: `word` the
    hash, `stem` the hash of its first letters, `word_at` its first character, `word_line` its
    line, `word_kind` the class of its first character, `word_length` its characters, `word_caps`
    whether all its letters are capitals. `first_word` (lines + 1,): where a line's
    words begin; `words` (lines,): how many it has. `sums`: what words are hashed from. What most
    texts can be judged without is counted when first asked for.
    """

    lines: int
    kind: npt.NDArray[np.uint8]
    start: Ints
    end: Ints
    word: Hashes
    word_at: Ints
    word_line: Places
    word_kind: npt.NDArray[np.uint8]
    word_length: Ints
    first_word: Ints
    words: Ints
    sums: "Sums"

    @cached_property
    def line(self) -> Places:
        """The line of each character, (c,); a line feed is of the line that it ends."""
        return np.repeat(np.arange(self.lines), self.end - self.start + 1)[: self.kind.size]

    @cached_property
    def stem(self) -> Hashes:
        """Hash of each word's first letters, (w,)."""
        return self.sums.between(self.word_at, np.minimum(self.word_length, _STEM))

    @cached_property
    def word_caps(self) -> Flags:
        """Whether all letters of a word are capitals, (w,)."""
        capitals = np.zeros(self.kind.size + 1, dtype=np.int32)
        np.cumsum(self.kind == UPPER, out=capitals[1:])
        caps: Flags = (
            capitals[self.word_at + self.word_length] - capitals[self.word_at] == self.word_length
        )
        return caps


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Running sums of a text's characters, each times the prime to the power of its place, so that
    the hash of any stretch is one difference (Karp and Rabin 1987).

    `total`: (c + 1,), before each character. `inverse`: (c,), what takes its place out again.
    """

    total: Hashes
    inverse: Hashes

    def between(self, at: Ints, length: Ints) -> Hashes:
        """Hashes of the stretches of so many characters from `at` on."""
        found: Hashes = self.total.take(at + length)
        found -= self.total.take(at)
        found *= self.inverse.take(at)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Spelled:
    """A text's characters and words, as in Tokens; `total`: as in Sums."""

    kind: Kinds
    total: Hashes
    word_at: Ints
    word_length: Ints
    word: Hashes
    first_word: Ints
    word_line: Places
    word_kind: Kinds


def read(lines: Sequence[str]) -> Tokens:
    """The tokens of lines, none of which may hold a line feed."""
    text = "\n".join(lines)
    count = len(lines)
    lengths = np.fromiter(map(len, lines), dtype=np.int32, count=count)
    end = np.cumsum(lengths + 1, dtype=np.int32) - 1
    start = end - lengths
    found = _spell_compiled(text, start) if backend.COMPILED else spell(text, start)
    return Tokens(
        lines=count,
        kind=found.kind,
        start=start,
        end=end,
        word=found.word,
        word_at=found.word_at,
        word_line=found.word_line,
        word_kind=found.word_kind,
        word_length=found.word_length,
        first_word=found.first_word,
        words=found.first_word[1:] - found.first_word[:-1],
        sums=Sums(found.total, _powers(len(text))[1]),
    )


def spell(text: str, start: Ints) -> Spelled:
    """The characters and words of a text whose lines start at these places."""
    kinds, lower = _tables()
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    if text and codes.max() >= _TABLE:
        codes = codes.copy()
        for first, stands_for in _BEYOND:
            codes[codes >= first] = stands_for
    kind = kinds.take(codes)
    at, length = _words(kind)
    folded = lower.take(codes)
    powers, inverse = _powers(codes.size)
    total = np.zeros(codes.size + 1, dtype=np.uint64)
    np.cumsum(folded * powers, out=total[1:])
    sums = Sums(total, inverse)
    word = sums.between(at, length)
    if length.size and int(length.max()) > _LONGEST:
        word += _excess(folded, sums, at, length)
    word ^= word >> np.uint64(29)
    first_word = np.searchsorted(at, np.append(start, codes.size + 1)).astype(np.int32)
    word_line = np.repeat(np.arange(start.size), first_word[1:] - first_word[:-1])
    return Spelled(kind, total, at, length, word, first_word, word_line, kind.take(at))


def _spell_compiled(text: str, start: Ints) -> Spelled:
    """What `spell` gives."""
    kinds, lower = _tables()
    powers, inverses = _powers(max(len(text), _LONGEST + 1))
    shape = (_BEYOND, LOWER, DIGIT, HAN, _LONGEST)
    return Spelled(*backend.words.spell(text, start, kinds, lower, powers, inverses, *shape))


def _words(kind: npt.NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """First character and length of each word."""
    inside = np.zeros(kind.size + 2, dtype=np.bool_)
    np.less_equal(kind - np.uint8(LOWER), DIGIT - LOWER, out=inside[1:-1])
    han = kind == HAN
    if not han.any():
        edges = np.flatnonzero(inside[1:] != inside[:-1]).astype(np.int32)
        return edges[::2], edges[1::2] - edges[::2]
    begins = inside.copy()
    begins[1:] &= ~inside[:-1]
    begins[1:-1] |= han
    begins[2:-1] |= han[:-1] & inside[2:-1]
    at = np.flatnonzero(begins).astype(np.int32)
    ends = np.flatnonzero(inside[:-1] & (~inside[1:] | begins[1:])).astype(np.int32)
    return at - np.int32(1), ends - at + np.int32(1)


def _excess(folded: Hashes, sums: Sums, at: Ints, length: Ints) -> Hashes:
    """What is to be added to the hashes of long words, whose last letters all count alike."""
    long = np.flatnonzero(length > _LONGEST)
    tail, rest = at[long] + np.int32(_LONGEST), length[long] - np.int32(_LONGEST)
    alike = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum(folded)))
    last, _ = _powers(_LONGEST + 1)
    more = np.zeros(at.size, dtype=np.uint64)
    more[long] = (alike[tail + rest] - alike[tail]) * last[_LONGEST - 1]
    more[long] -= sums.between(tail, rest) * last[_LONGEST]
    return more


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
