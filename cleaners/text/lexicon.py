"""Function words and cue phrases of many languages as hashes, to be found in all words at once.

The phrases are those of cues.toml and lexicon.toml, matched on words: punctuation between them does
not matter. Modes: `start` at the line's first word; `lead` there too, and a mark or the end of the
line follows; `whole`: the line has no other words but numbers; `any`: anywhere in the line.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from cleaners.text import tokens
from cleaners.text.tokens import Flags, Hashes, Ints, Tokens

_FILES: Final = ("cues.toml", "lexicon.toml")
_MODES: Final = ("start", "lead", "whole", "any")
_LONGEST: Final = 7
"""Words of a phrase that are compared; the 2 % of phrases that are longer are cut there."""
_SIEVE: Final = 1 << 18
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
    each length, phrase hash -> kinds as bits, one set for each mode. `sieves`: for each length,
    the slots (hash modulo the sieve's size) that may hold a phrase."""

    kinds: tuple[str, ...]
    stop: Hashes
    stop_sieve: Flags
    known: tuple[dict[int, tuple[int, int, int, int]], ...]
    sieves: tuple[Flags, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Cues:
    """Cue phrases found: line, first word, number of words and kinds (bits) of each, (k,)."""

    line: Ints
    word: Ints
    length: Ints
    kinds: Ints


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
    known = _index(entries)
    return Lexicon(
        kinds=tuple(kinds),
        stop=stop,
        stop_sieve=_sieve(stop),
        known=known,
        sieves=tuple(_sieve(np.fromiter(found, np.uint64, len(found))) for found in known),
    )


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


def cues(seen: Tokens) -> Cues:
    """The cue phrases of lines, in reading order."""
    words = lexicon()
    found: list[tuple[int, int, int, int]] = []
    hashes = tokens.phrases(seen, _LONGEST)
    for length, (starts, known, sieve) in enumerate(
        zip(hashes, words.known, words.sieves, strict=True), 1
    ):
        for at in np.flatnonzero(sieve[_slots(starts)]).tolist():
            modes = known.get(int(starts[at]))
            if modes is None or seen.word_line[at + length - 1] != seen.word_line[at]:
                continue
            kinds = _fitting(seen, at, length, modes)
            if kinds:
                found.append((int(seen.word_line[at]), at, length, kinds))
    table = np.array(sorted(found), dtype=np.int32).reshape(-1, 4)
    return Cues(line=table[:, 0], word=table[:, 1], length=table[:, 2], kinds=table[:, 3])


def _fitting(seen: Tokens, at: int, length: int, modes: tuple[int, int, int, int]) -> int:
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
    if whole and last - first - length <= 4:
        others = [*seen.word_kind[first:at], *seen.word_kind[at + length : last]]
        if all(kind == tokens.DIGIT for kind in others):
            kinds |= whole
    return kinds


def _index(
    entries: list[tuple[str, int, int]],
) -> tuple[dict[int, tuple[int, int, int, int]], ...]:
    found: tuple[dict[int, tuple[int, int, int, int]], ...] = tuple({} for _ in range(_LONGEST))
    seen = tokens.read([phrase for phrase, _, _ in entries])
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
