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

from cleaners.text import backend, tokens
from cleaners.text.tokens import Flags, Hashes, Tokens

_FILES: Final = ("cues.toml", "lexicon.toml")
_MODES: Final = ("start", "lead", "whole", "any")
_ANY: Final = _MODES.index("any")
_LONGEST: Final = 7
"""Words of a phrase that are compared; the 2 % of phrases that are longer are cut there."""
_NUMBERS: Final = 4
"""Numbers that may stand beside a phrase that is a whole line."""
_SIEVE: Final = 1 << 18
_STOP, _FIRST, _SINGLE = np.uint8(1), np.uint8(2), np.uint8(4)
_MASK: Final = (1 << 64) - 1
Marks = npt.NDArray[np.uint8]
_Modes = tuple[int, int, int, int]
_BEGINNING: Final[_Modes] = (0, 0, 0, 0)
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
    each length, hash of a phrase or of its beginning -> kinds as bits, one set for each mode (none
    for what is no more than a beginning).

    `sieve`: for each slot (hash modulo the sieve's size), as bits, whether it may hold `_STOP` a
    function word, `_FIRST` the first word of a phrase, `_SINGLE` a phrase of one word that counts
    anywhere; `pairs`: whether the first two words of a longer one that does. `first`, `second`
    (sorted): hashes of one word and of two in `known`; `whole`: which of `first` are phrases."""

    kinds: tuple[str, ...]
    stop: Hashes
    known: tuple[dict[int, _Modes], ...]
    sieve: Marks
    pairs: Flags
    first: Hashes
    whole: Flags
    second: Hashes


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
    sieve = np.zeros(_SIEVE, dtype=np.uint8)
    sieve[_slots(stop)] |= _STOP
    sieve[_slots(seen.word[starts[some]])] |= _FIRST
    sieve[_slots(seen.word[starts[inner & (seen.words == 1)]])] |= _SINGLE
    pairs = np.zeros(_SIEVE, dtype=np.bool_)
    pairs[_slots(hashes[1][starts[inner & (seen.words > 1)]])] = True
    known = _index(entries, seen)
    first, second = (np.array(sorted(known[length]), dtype=np.uint64) for length in (0, 1))
    return Lexicon(
        kinds=tuple(kinds),
        stop=stop,
        known=known,
        sieve=sieve,
        pairs=pairs,
        first=first,
        whole=np.array([known[0][word] is not _BEGINNING for word in first.tolist()]),
        second=second,
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


def look_up(seen: Tokens) -> Marks:
    """What each word may be, (w,), as bits; for `stop_words` and `cues`."""
    return lexicon().sieve.take(_slots(seen.word))


def stop_words(seen: Tokens, marks: Marks) -> Flags:
    """Which words are function words in some language, (w,)."""
    words = lexicon()
    if backend.COMPILED:
        return backend.marks.stop_words(seen.word, marks, words.stop, int(_STOP))
    found: Flags = (marks & _STOP) != 0
    at = np.flatnonzero(found)
    word = seen.word.take(at)
    place = np.searchsorted(words.stop[:-1], word)  # the last stands for all greater ones
    found[at] = words.stop.take(place) == word
    return found


def cues(seen: Tokens, marks: Marks) -> list[Cue]:
    """The cue phrases of lines, in reading order."""
    if not seen.word.size:
        return []
    words = lexicon()
    found: list[Cue] = []
    places = _candidates(seen, marks)
    line_of = seen.word_line[places]
    left = seen.first_word[line_of + 1] - places
    candidates = (places.tolist(), line_of.tolist(), left.tolist(), seen.word[places].tolist())
    for at, line, most, phrase in zip(*candidates, strict=True):
        length = 1
        while (modes := words.known[length - 1].get(phrase)) is not None:
            if modes is not _BEGINNING and (kinds := _fitting(seen, at, length, modes)):
                found.append(Cue(line, at, length, kinds))
            if length in (most, _LONGEST):
                break
            mixed = (phrase * tokens.MIX + int(seen.word[at + length])) & _MASK
            phrase = mixed ^ (mixed >> 31)
            length += 1
    return found


def _candidates(seen: Tokens, marks: Marks) -> tokens.Places:
    """Places of words that a cue may begin with, in order; compiled, those that one or its
    beginning does begin with."""
    words = lexicon()
    if backend.COMPILED:
        numbers = (int(_FIRST), int(_SINGLE), tokens.DIGIT, _NUMBERS, tokens.MIX)
        tables = (words.pairs, words.first, words.whole, words.second)
        return backend.marks.candidates(
            seen.word, marks, seen.word_kind, seen.first_word, *tables, *numbers
        )
    likely = (marks & _SINGLE) != 0
    likely[:-1] |= words.pairs.take(_slots(tokens.combine(seen.word[:-1], seen.word[1:])))
    starts = seen.first_word[:-1][seen.words > 0]
    likely[starts] |= (marks[starts] & _FIRST) != 0
    for start in starts[seen.word_kind[starts] == tokens.DIGIT].tolist():
        likely[start : start + _NUMBERS + 1] = True  # a `whole` phrase may stand after numbers
    return np.flatnonzero(likely)


def _fitting(seen: Tokens, at: int, length: int, modes: _Modes) -> int:
    """Kinds of a phrase at a word, of the modes whose condition holds there."""
    start, lead, whole, anywhere = modes
    if not (start or lead or whole):
        return anywhere
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
    """Phrases and their beginnings by length and hash; `seen`: the tokens of all phrases."""
    found: tuple[dict[int, _Modes], ...] = tuple({} for _ in range(_LONGEST))
    hashes = tokens.phrases(seen, _LONGEST)
    for line, (_, kind, mode) in enumerate(entries):
        length = min(int(seen.words[line]), _LONGEST)
        if not length:
            continue
        first = seen.first_word[line]
        for shorter in range(length - 1):
            found[shorter].setdefault(int(hashes[shorter][first]), _BEGINNING)
        whole = int(hashes[length - 1][first])
        modes = list(found[length - 1].get(whole, _BEGINNING))
        modes[mode] |= 1 << kind
        found[length - 1][whole] = (modes[0], modes[1], modes[2], modes[3])
    return found


def _slots(hashes: Hashes) -> npt.NDArray[np.int64]:
    return (hashes & np.uint64(_SIEVE - 1)).astype(np.int64)
