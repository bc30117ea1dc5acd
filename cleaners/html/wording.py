"""What the texts of a page's blocks look like: letters, words, openings. Arrays over blocks."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from itertools import count as count_up

import numpy as np
import numpy.typing as npt

from cleaners.gbm import Floats
from cleaners.html.cues import OPENING_CUES, WORD_CUES, opening_mask, word_mask

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

LETTERS = re.compile("[" + _ranges(_runs(r"[^\W\d_]+")) + "]+")
"""A run of letters, of whatever script."""

_HEAD = 40  # words of a block that cue words are looked for in: chrome says what it is at once

_UPPER, _DIGIT, _COMMA, _STOP, _QUOTE, _SYMBOL, _LETTER, _SPACE = (1 << bit for bit in range(8))
_TABLE_SIZE = 0x3100


def _class(char: str) -> int:
    category = unicodedata.category(char)
    if category == "Lu":
        return _UPPER | _LETTER
    if category[0] in "LM":
        return _LETTER
    if category[0] == "N":
        return _DIGIT
    if char in ",;،、":
        return _COMMA
    if char in ".!?…。！？।؟":
        return _STOP
    if category in {"Pi", "Pf"} or char in "\"'„“”«»":
        return _QUOTE
    if category[0] in "Zs" or char in "\n\t":
        return _SPACE
    return _SYMBOL


_TABLE = np.array([_class(chr(code)) for code in range(_TABLE_SIZE)], dtype=np.uint8)

_KINDS = (_UPPER | _LETTER, _LETTER, _DIGIT, _COMMA, _STOP, _QUOTE, _SYMBOL, _SPACE)
_KIND_OF = np.zeros(256, dtype=np.int64)
_KIND_OF[list(_KINDS)] = np.arange(len(_KINDS))
_OPENING_CUE_BITS = np.arange(len(OPENING_CUES))
_WORD_CUE_BITS = np.arange(len(WORD_CUES))


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """Texts of n blocks as numbers. `ids`, `owner`: (w,), each word's number and its block's.

    `pairs`: the distinct words of each block in order, as owner * max(1, len(vocabulary)) + id.
    """

    chars: Floats
    words: Floats
    ids: Ints
    owner: Ints
    pairs: Ints
    lowered: tuple[str, ...]
    vocabulary: Mapping[str, int]
    openings: npt.NDArray[np.int64]
    columns: Floats  # (n, len(NAMES))


NAMES = (
    "chars", "words", "word_length", "upper", "digits", "commas", "stops", "quotes", "symbols",
    "ends_stop", "ends_colon", "ends_ellipsis", "starts_lower", "starts_upper", "starts_quote",
    "all_upper", "bracketed", "has_pipe", "has_arrow", "has_at", "has_url", "lines",
    "capitals_of_words", "first_digit", "distinct",
    *(f"opens_{cue}" for cue in OPENING_CUES),
    *(f"says_{cue}" for cue in WORD_CUES),
)  # fmt: skip


def _distinct(numbers: Ints) -> Ints:
    """The different ones among numbers, in order; np.unique hashes them, which takes ten times as
    long as sorting numbers that are nearly sorted."""
    ordered = np.sort(numbers)
    return np.asarray(ordered[np.diff(ordered, prepend=-1) != 0], dtype=np.int64)


def read_wording(texts: Sequence[str]) -> Wording:
    """Numbers for the texts of a page's blocks, none of them empty."""
    count = len(texts)
    joined = "".join(texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32)
    classes = np.where(
        codes < _TABLE_SIZE, _TABLE[np.minimum(codes, _TABLE_SIZE - 1)], np.uint8(_LETTER)
    )
    classes[(codes == 0x3002) | (codes == 0xFF01) | (codes == 0xFF1F)] = _STOP
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=count)
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))

    # A character is of one kind, all counted in one go; only capitals are two: capital and letter.
    kinds = np.repeat(np.arange(count) * len(_KINDS), lengths)
    kinds += _KIND_OF[classes]
    hits = np.bincount(kinds, minlength=count * len(_KINDS)).reshape(count, len(_KINDS))
    hits[:, _KINDS.index(_LETTER)] += hits[:, _KINDS.index(_UPPER | _LETTER)]
    shares = np.asarray(hits / lengths[:, None], dtype=np.float32)

    def share(kind: int) -> Floats:
        return shares[:, _KINDS.index(kind)]

    lowered = tuple(map(str.lower, texts))
    vocabulary: defaultdict[str, int] = defaultdict(count_up().__next__)
    found = list(map(WORD.findall, lowered))
    ids = list(map(vocabulary.__getitem__, chain.from_iterable(found)))
    counts = list(map(len, found))
    vocabulary.default_factory = None
    masks = np.fromiter(map(word_mask, vocabulary), dtype=np.int64, count=len(vocabulary))
    word_ids = np.array(ids, dtype=np.int64)
    word_counts = np.array(counts, dtype=np.int64)
    owner = np.repeat(np.arange(count), word_counts)
    first_word = np.concatenate(([0], np.cumsum(word_counts)[:-1]))
    in_head = np.arange(len(ids)) - first_word[owner] < _HEAD
    said = masks[word_ids[in_head]] if ids else np.zeros(0, np.int64)
    head_owner = owner[in_head]
    openings = np.fromiter(map(opening_mask, lowered), dtype=np.int64, count=count)
    ends = classes[starts + lengths - 1]
    firsts = classes[starts]
    last_codes = codes[starts + lengths - 1]
    first_codes = codes[starts]
    upper = share(_UPPER | _LETTER)
    letters = share(_LETTER)
    words = word_counts.astype(np.float32)
    capital_starts = (classes & _UPPER != 0) & np.concatenate(
        ([True], (classes[:-1] & (_LETTER | _DIGIT)) == 0)
    )
    capitals = np.add.reduceat(capital_starts.astype(np.int32), starts)
    pairs = _distinct(owner * max(1, len(masks)) + word_ids)
    distinct = np.bincount(pairs // max(1, len(masks)), minlength=count)
    # Few words are cues: their masks are looked at, not each bit of all words.
    cued = np.flatnonzero(said)
    rows, bits = np.nonzero((said[cued, None] >> _WORD_CUE_BITS) & 1)
    spoken = np.bincount(
        head_owner[cued[rows]] * len(WORD_CUES) + bits, minlength=count * len(WORD_CUES)
    ).reshape(count, len(WORD_CUES))
    head_words = np.maximum(np.minimum(words, _HEAD), 1)[:, None]
    columns = [
        np.log1p(lengths),
        np.log1p(words),
        lengths / np.maximum(words, 1),
        upper / np.maximum(letters, 0.01),
        share(_DIGIT),
        share(_COMMA),
        share(_STOP),
        share(_QUOTE),
        share(_SYMBOL),
        (ends & _STOP) != 0,
        (last_codes == ord(":")) | (last_codes == 0xFF1A),
        last_codes == 0x2026,
        ((firsts & _LETTER) != 0) & ((firsts & _UPPER) == 0),
        (firsts & _UPPER) != 0,
        (firsts & _QUOTE) != 0,
        (upper > 0.8 * letters) & (letters > 0.3),
        ((first_codes == ord("(")) | (first_codes == ord("["))),
        ["|" in text for text in texts],
        [("›" in text) or ("→" in text) or ("»" in text) or (">" in text) for text in texts],
        ["@" in text for text in texts],
        [("http" in text) or ("www." in text) for text in lowered],
        [text.count("\n") for text in texts],
        capitals / np.maximum(words, 1),
        (firsts & _DIGIT) != 0,
        distinct / np.maximum(words, 1),
    ]
    return Wording(
        chars=lengths.astype(np.float32),
        words=words,
        ids=word_ids,
        owner=owner,
        pairs=pairs,
        lowered=lowered,
        vocabulary=vocabulary,
        openings=openings,
        columns=np.concatenate(
            [
                np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1),
                (openings[:, None] >> _OPENING_CUE_BITS) & 1,
                spoken / head_words,
            ],
            axis=1,
            dtype=np.float32,
        ),
    )
