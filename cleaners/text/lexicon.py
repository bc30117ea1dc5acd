"""Function words and cue phrases of many languages as hashes, to be found in all words at once.

The phrases are those of cues.toml and lexicon.toml, matched on words: punctuation between them does
not matter. Modes: `start` at the line's first word; `lead` there too, and a mark or the end of the
line follows; `whole`: the line has no other words but numbers; `any`: anywhere in the line.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaners.text import tokens
from cleaners.text.tokens import Flags, Hashes, Tokens

_FILES: Final = ("cues.toml", "lexicon.toml")
_MODES: Final = ("start", "lead", "whole", "any")
_ANY: Final = _MODES.index("any")
_LONGEST: Final = 7
"""Words of a phrase that are compared; the 2 % of phrases that are longer are cut there."""
_NUMBERS: Final = 4
"""Numbers that may stand beside a phrase that is a whole line."""
_SIEVE: Final = 1 << 18
_MASK: Final = (1 << 64) - 1
_Modes = tuple[int, int, int, int]
_BREAKS: Final = (
    tokens.COLON,
    tokens.DASH,
    tokens.RULE,
    tokens.BRACKET,
    tokens.COMMA,
    tokens.TERMINAL,
)


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """`kinds`: names of the kinds of cue. `stop` (sorted): hashes of function words. `known`: for
    each length, phrase hash -> kinds as bits, one set for each mode.

    Sieves, the slots (hash modulo the sieve's size) that may hold: `stop_sieve` a function word,
    `first` the first word of a phrase, `single` a phrase of one word that counts anywhere, `pair`
    the first two words of a longer one that does."""

    kinds: tuple[str, ...]
    stop: Hashes
    stop_sieve: Flags
    known: tuple[dict[int, _Modes], ...]
    first: Flags
    single: Flags
    pair: Flags


class Cue(NamedTuple):
    """A cue phrase found: its line, first word, number of words, kinds as bits."""

    line: int
    word: int
    length: int
    kinds: int


@cache
def lexicon() -> Lexicon:
    """The package's lexicon, read once a process (60 ms)."""
    stop = np.zeros(0, dtype=np.uint64)
    kinds: list[str] = []
    entries: list[tuple[str, int, int]] = []
    for name in _FILES:
        table = tomllib.loads(Path(__file__).with_name(name).read_text("utf-8"))
        words = table.pop("stopwords", None)
        if words:
            stop = np.unique(tokens.read([" ".join(words.values())]).word)
        for kind, modes in table.items():
            if kind not in kinds:
                kinds.append(kind)
            for mode, languages in modes.items():
                for listed in languages.values():
                    entries.extend(
                        (phrase, kinds.index(kind), _MODES.index(mode)) for phrase in listed
                    )
    seen = tokens.read([phrase for phrase, _, _ in entries])
    some = seen.words > 0
    starts = seen.first_word[:-1]
    inner = some & np.array([mode == _ANY for _, _, mode in entries])
    hashes = tokens.phrases(seen, 2)
    return Lexicon(
        kinds=tuple(kinds),
        stop=stop,
        stop_sieve=_sieve(stop),
        known=_index(entries, seen),
        first=_sieve(seen.word[starts[some]]),
        single=_sieve(seen.word[starts[inner & (seen.words == 1)]]),
        pair=_sieve(hashes[1][starts[inner & (seen.words > 1)]]),
    )


@cache
def function_words() -> dict[str, tuple[str, ...]]:
    """Frequent words without content, by language code."""
    listed = tomllib.loads(Path(__file__).with_name(_FILES[1]).read_text("utf-8"))["stopwords"]
    return {code: tuple(words.split()) for code, words in listed.items()}


@cache
def bits(*kinds: str) -> int:
    """The bits of kinds of cue, as `Cues.kinds` has them."""
    return sum(1 << lexicon().kinds.index(kind) for kind in kinds)


def stop_words(seen: Tokens) -> Flags:
    """Which words are function words in some language, (w,)."""
    words = lexicon()
    found = words.stop_sieve[_slots(seen.word)]
    at = np.flatnonzero(found)
    place = np.minimum(np.searchsorted(words.stop, seen.word[at]), words.stop.size - 1)
    found[at] = words.stop[place] == seen.word[at]
    return found


def cues(seen: Tokens) -> list[Cue]:
    """The cue phrases of lines, in reading order."""
    if not seen.word.size:
        return []
    words = lexicon()
    likely = words.single[_slots(seen.word)]
    likely[:-1] |= words.pair[_slots(tokens.combine(seen.word[:-1], seen.word[1:]))]
    starts = seen.first_word[:-1][seen.words > 0]
    likely[starts] |= words.first[_slots(seen.word[starts])]
    for start in starts[seen.word_kind[starts] == tokens.DIGIT].tolist():
        likely[start : start + _NUMBERS + 1] = True  # a `whole` phrase may stand after numbers
    found: list[Cue] = []
    for at in np.flatnonzero(likely).tolist():
        line = int(seen.word_line[at])
        left = int(seen.first_word[line + 1]) - at
        phrase = 0
        for length, word in enumerate(seen.word[at : at + min(left, _LONGEST)].tolist(), 1):
            if length == 1:
                phrase = word
            else:
                mixed = (phrase * tokens.MIX + word) & _MASK
                phrase = mixed ^ (mixed >> 31)
            modes = words.known[length - 1].get(phrase)
            if modes is not None and (kinds := _fitting(seen, at, length, modes)):
                found.append(Cue(line, at, length, kinds))
    return found


def _fitting(seen: Tokens, at: int, length: int, modes: _Modes) -> int:
    """Kinds of a phrase at a word, of the modes whose condition holds there."""
    start, lead, whole, anywhere = modes
    line = int(seen.word_line[at])
    first, last = int(seen.first_word[line]), int(seen.first_word[line + 1])
    kinds = anywhere
    if at == first:
        kinds |= start
        if lead:
            end = int(seen.word_at[at + length - 1] + seen.word_length[at + length - 1])
            while end < seen.end[line] and seen.kind[end] == tokens.SPACE:
                end += 1
            if end >= seen.end[line] or seen.kind[end] in _BREAKS:
                kinds |= lead
    if whole and last - first - length <= _NUMBERS:
        others = [*seen.word_kind[first:at], *seen.word_kind[at + length : last]]
        if all(kind == tokens.DIGIT for kind in others):
            kinds |= whole
    return kinds


def _index(entries: list[tuple[str, int, int]], seen: Tokens) -> tuple[dict[int, _Modes], ...]:
    """Phrases by length and hash; `seen`: the tokens of all phrases."""
    found: tuple[dict[int, _Modes], ...] = tuple({} for _ in range(_LONGEST))
    hashes = tokens.phrases(seen, _LONGEST)
    for line, (_, kind, mode) in enumerate(entries):
        length = min(int(seen.words[line]), _LONGEST)
        if not length:
            continue
        whole = int(hashes[length - 1][seen.first_word[line]])
        modes = list(found[length - 1].get(whole, (0, 0, 0, 0)))
        modes[mode] |= 1 << kind
        found[length - 1][whole] = (modes[0], modes[1], modes[2], modes[3])
    return found


def _sieve(hashes: Hashes) -> Flags:
    sieve = np.zeros(_SIEVE, dtype=np.bool_)
    sieve[_slots(hashes)] = True
    return sieve


def _slots(hashes: Hashes) -> npt.NDArray[np.int64]:
    return (hashes & np.uint64(_SIEVE - 1)).astype(np.int64)
