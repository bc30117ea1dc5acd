"""The words of a text, as all comparisons of articles see them: numbers, read all at once.

A run of letters and digits is a word, whatever its case and the typography around it; scripts
without spaces count by character, so that a Japanese or Chinese text is as finely cut as an English
one. Words are equal when their hashes are.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from cleaners.text import backend

U8 = npt.NDArray[np.uint8]
U64 = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

_TABLE: Final = 0x10000
_UNSPACED: Final = ((0x3040, 0x3100), (0x3400, 0x4DC0), (0x4E00, 0xA000))
_FIRST_UNSPACED: Final = _UNSPACED[0][0]
_FIRST_TERSE: Final = 0x0590
# Letters from which on a word carries content, by its first one. In alphabets that write vowels,
# shorter words are mostly articles and prepositions; from Hebrew on (Arabic, Hangul, Thai …) two
# letters are a word, and so are a character of scripts without spaces and a number.
_SPELT, _TERSE, _NUMBER, _ALONE, _NO_LETTER = 4, 2, 1, 0, 255
_BEYOND: Final = re.compile("[\U00010000-\U0010ffff]")
_STAND_IN, _STAND_INS = 0xA000, 0x400  # Yi syllables: letters without case
_DOTTED: Final = "\u0130"
"""The only letter whose small form is two characters, one of which is no letter."""
_PRIME: Final = 0x100000001B3
_KEPT: Final = 1 << 15
"""Characters of a text whose powers of the prime are kept from one text to the next."""
MIX: Final = 0x9E3779B97F4A7C15
"""Odd multiplier that spreads bits (the golden ratio of 2**64; Knuth, TAOCP 3, 6.4)."""


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of a text in reading order: `every`, (w,), their 64-bit hashes; `content`, (c,),
    those that carry content; and `pairs`, (c - 1,), hashes of neighbours among these: texts about
    different things share few of them."""

    every: U64
    content: U64
    pairs: U64

    def __len__(self) -> int:
        return len(self.every)


def words(text: str) -> Words:
    """The words of a text.

    >>> len(words("“It’s 5 o'clock”, 東京"))
    7
    >>> len(words("The ferry of 1947 is in the harbour").content)
    3
    """
    least, letters = _tables()
    if _DOTTED in text:
        text = text.lower()
    powers, inverses = _powers(len(text) + 2)
    if backend.COMPILED:
        tables = (least, letters, powers, inverses, MIX, _ALONE, _FIRST_UNSPACED)
        found = backend.words.hash_words(text, *tables)
        if found is None:
            found = backend.words.hash_words(_BEYOND.sub(_stand_in, text), *tables)
        if found is not None:
            return Words(*found)
    # A sign at either end spares the question whether a word stands there.
    codes = _codes(f"\n{text}\n")
    if len(codes) != len(text) + 2:
        codes = _codes(f"\n{_BEYOND.sub(_stand_in, text)}\n")
    values = letters.take(codes)
    inside = values != 0
    before, last = _edges(inside, codes, least)
    values *= powers[: len(codes)]
    sums = np.add.accumulate(values, out=values)
    every = sums.take(last)
    every -= sums.take(before)
    every *= inverses.take(before)
    long = last - before >= least.take(codes[1:].take(before))
    content = every.compress(long)
    return Words(every, content, _pairs(content))


def _pairs(content: U64) -> U64:
    """Hashes of neighbouring words, in order and as often as they stand there."""
    mixed = content[:-1] * np.uint64(MIX)
    mixed += content[1:]
    mixed ^= mixed >> np.uint64(31)
    return mixed


def _edges(
    inside: npt.NDArray[np.bool_], codes: npt.NDArray[np.uint16], least: U8
) -> tuple[Places, Places]:
    """Of each word the character before it and its last one."""
    if codes.max() < _FIRST_UNSPACED:
        edges = (inside[1:] != inside[:-1]).nonzero()[0]
        return edges[::2], edges[1::2]
    alone = least.take(codes) == _ALONE
    cut = (inside[1:] != inside[:-1]) | alone[1:] | alone[:-1]
    return np.flatnonzero(cut & inside[1:]), np.flatnonzero(cut & inside[:-1])


def _codes(text: str) -> npt.NDArray[np.uint16]:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


def _stand_in(found: re.Match[str]) -> str:
    """A letter of the table for one beyond it, a space for anything else."""
    char = found[0].lower()
    return chr(_STAND_IN + ord(char) % _STAND_INS) if char.isalnum() else " "


@cache
def _tables() -> tuple[U8, U64]:
    """Of each code point: letters that a word has at least which begins with it and carries
    content, and a random number that is the same for both cases; 0 for what is in no word."""
    every = "".join(map(chr, range(_TABLE)))
    least = np.full(_TABLE, _NO_LETTER, np.uint8)
    for run in re.finditer(r"[^\W_]+", every):
        least[run.start() : run.end()] = _SPELT
    least[_FIRST_TERSE:][least[_FIRST_TERSE:] == _SPELT] = _TERSE
    for run in re.finditer(r"\d+", every):
        least[run.start() : run.end()] = _NUMBER
    for first, end in _UNSPACED:
        least[first:end] = _ALONE
    # One by one, as the small form of a sigma depends on what follows; that at a word's end is none
    # of its own.
    small = np.array([ord(char.lower()[0]) for char in every], np.uint64)
    small[ord("ς")] = ord("σ")
    # Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
    mixed = small * np.uint64(MIX)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return least, np.where(least == _NO_LETTER, np.uint64(0), mixed | np.uint64(1))


@cache
def _power_table(count: int) -> tuple[U64, U64]:
    """Powers of the prime, and of its inverse, from the 0th on."""
    steps = np.ones((2, count), np.uint64)
    steps[0, 1:], steps[1, 1:] = _PRIME, pow(_PRIME, -1, 1 << 64)
    powers, inverses = np.multiply.accumulate(steps, axis=1)
    return powers, inverses


def _powers(count: int) -> tuple[U64, U64]:
    """So many powers at least, with which any stretch of a running sum is a hash of its own (Karp
    and Rabin 1987); those of long texts are not kept."""
    if count <= _KEPT:
        powers, inverses = _power_table(_KEPT)
    else:
        powers, inverses = _power_table.__wrapped__(count)
    return powers[:count], inverses
