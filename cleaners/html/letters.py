"""Texts counted letter by letter and word by word. Arrays over texts, and over their words."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from itertools import count as count_up

import numpy as np
import numpy.typing as npt

from cleaners.html.cues import WORD_CUES, word_mask

Ints = npt.NDArray[np.int64]

_SINGLE = ((0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF))


def _ranges(runs: Iterable[tuple[int, int]]) -> str:
    r"""Runs of characters, each from the first to before the last, as the inside of a class.

    With all of `\w` written out, the engine looks a character up in one table, which takes a third
    of the time that it takes to ask for its category.
    """
    return "".join(rf"\u{start:04x}-\u{end - 1:04x}" for start, end in runs)


def _runs(pattern: str) -> Iterator[tuple[int, int]]:
    every = "".join(map(chr, range(0x10000)))
    return (match.span() for match in re.finditer(pattern, every))


_ONE = _ranges((low, high + 1) for low, high in _SINGLE)

WORD = re.compile("[" + _ranges(_runs(rf"[^\W{_ONE}]+")) + f"]+|[{_ONE}]")
"""A word; scripts without spaces count by character, as in the word F1 of the benchmarks."""

_NO_WORD, _IN_WORD, _A_WORD = range(3)
WORD_CHARS = np.zeros(0x10000, dtype=np.uint8)
"""What each character below 0x10000 is to WORD: 0 none of a word, 1 of one, 2 one by itself."""
for _start, _end in _runs(rf"[^\W{_ONE}]+"):
    WORD_CHARS[_start:_end] = _IN_WORD
for _low, _high in _SINGLE:
    WORD_CHARS[_low : _high + 1] = _A_WORD

LETTERS = re.compile("[" + _ranges(_runs(r"[^\W\d_]+")) + "]+")
"""A run of letters, of whatever script."""

HEAD = 40
"""Words of a block that cue words are looked for in: chrome says what it is at once."""

UPPER, DIGIT, COMMA, STOP, QUOTE, SYMBOL, LETTER, SPACE = (1 << bit for bit in range(8))
_TABLE_SIZE = 0x3100


def _class(char: str) -> int:
    category = unicodedata.category(char)
    if category == "Lu":
        return UPPER | LETTER
    if category[0] in "LM":
        return LETTER
    if category[0] == "N":
        return DIGIT
    if char in ",;،、":
        return COMMA
    if char in ".!?…。！？।؟":
        return STOP
    if category in {"Pi", "Pf"} or char in "\"'„“”«»":
        return QUOTE
    if category[0] in "Zs" or char in "\n\t":
        return SPACE
    return SYMBOL


CLASSES = np.array([_class(chr(code)) for code in range(_TABLE_SIZE)], dtype=np.uint8)

KINDS = (UPPER | LETTER, LETTER, DIGIT, COMMA, STOP, QUOTE, SYMBOL, SPACE)
KIND_OF = np.zeros(256, dtype=np.int64)
KIND_OF[list(KINDS)] = np.arange(len(KINDS))
WIDE_STOPS = (0x3002, 0xFF01, 0xFF1F)
"""Ends of sentences in Chinese and Japanese; of all beyond the table, the only ones told apart."""
_WORD_CUE_BITS = np.arange(len(WORD_CUES))


@dataclass(frozen=True, slots=True, eq=False)
class Letters:
    """What is counted of n texts, letter by letter and word by word; arrays over them.

    `hits`: (n, len(KINDS)), characters of each kind. `first_codes`, `last_codes`: of their first
    and last characters. `capitals`: words that begin with one. `spoken`: (n, len(WORD_CUES)), words
    of the first HEAD that are cues. The rest is as in Wording.
    """

    lowered: tuple[str, ...]
    lengths: Ints
    hits: Ints
    first_codes: Ints
    last_codes: Ints
    capitals: Ints
    word_counts: Ints
    ids: Ints
    owner: Ints
    pairs: Ints
    spoken: Ints
    vocabulary: Mapping[str, int]


def count_letters(texts: Sequence[str]) -> Letters:
    """Count texts, none of them empty. A character that cannot be written out is a "?"."""
    count = len(texts)
    joined = "".join(texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32)
    classes = np.where(
        codes < _TABLE_SIZE, CLASSES[np.minimum(codes, _TABLE_SIZE - 1)], np.uint8(LETTER)
    )
    for code in WIDE_STOPS:
        classes[codes == code] = STOP
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=count)
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))

    # A character is of one kind, all counted in one go; only capitals are two: capital and letter.
    kinds = np.repeat(np.arange(count) * len(KINDS), lengths)
    kinds += KIND_OF[classes]
    hits = np.bincount(kinds, minlength=count * len(KINDS)).reshape(count, len(KINDS))
    hits[:, KINDS.index(LETTER)] += hits[:, KINDS.index(UPPER | LETTER)]

    lowered = tuple(map(str.lower, texts))
    vocabulary: defaultdict[str, int] = defaultdict(count_up().__next__)
    found = list(map(WORD.findall, lowered))
    word_ids = np.array(
        list(map(vocabulary.__getitem__, chain.from_iterable(found))), dtype=np.int64
    )
    vocabulary.default_factory = None
    word_counts = np.fromiter(map(len, found), dtype=np.int64, count=count)
    masks = np.fromiter(map(word_mask, vocabulary), dtype=np.int64, count=len(vocabulary))
    owner = np.repeat(np.arange(count), word_counts)
    first_word = np.concatenate(([0], np.cumsum(word_counts)[:-1]))
    in_head = np.arange(len(word_ids)) - first_word[owner] < HEAD
    said = masks[word_ids[in_head]] if len(word_ids) else np.zeros(0, np.int64)
    head_owner = owner[in_head]
    # Few words are cues: their masks are looked at, not each bit of all words.
    cued = np.flatnonzero(said)
    rows, bits = np.nonzero((said[cued, None] >> _WORD_CUE_BITS) & 1)
    spoken = np.bincount(
        head_owner[cued[rows]] * len(WORD_CUES) + bits, minlength=count * len(WORD_CUES)
    ).reshape(count, len(WORD_CUES))
    capital_starts = (classes & UPPER != 0) & np.concatenate(
        ([True], (classes[:-1] & (LETTER | DIGIT)) == 0)
    )
    return Letters(
        lowered=lowered,
        lengths=lengths,
        hits=hits,
        first_codes=codes[starts].astype(np.int64),
        last_codes=codes[starts + lengths - 1].astype(np.int64),
        capitals=np.add.reduceat(capital_starts.astype(np.int64), starts),
        word_counts=word_counts,
        ids=word_ids,
        owner=owner,
        pairs=_distinct(owner * max(1, len(vocabulary)) + word_ids),
        spoken=spoken,
        vocabulary=vocabulary,
    )


def class_of(codes: Ints) -> npt.NDArray[np.uint8]:
    """The classes of characters, as bits."""
    classes = np.where(codes < _TABLE_SIZE, CLASSES[np.minimum(codes, _TABLE_SIZE - 1)], LETTER)
    return np.where(np.isin(codes, WIDE_STOPS), STOP, classes).astype(np.uint8)


def _distinct(numbers: Ints) -> Ints:
    """The different ones among numbers, in order; np.unique hashes them, which takes ten times as
    long as sorting numbers that are nearly sorted."""
    ordered = np.sort(numbers)
    return np.asarray(ordered[np.diff(ordered, prepend=-1) != 0], dtype=np.int64)
