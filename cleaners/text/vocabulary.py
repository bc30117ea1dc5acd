"""Words and pairs of words that chrome or prose is made of, with their log-odds, as hashes.

Counted by `benchmarks.train_lines` over pages whose body is known: "log in", "min read" and "all
rights" speak against a line, "he said" and "according to" for it. No text can be read back.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from cleaners import models
from cleaners.gbm import Floats
from cleaners.text import backend, tokens
from cleaners.text.tokens import Ints, Tokens

FILE: Final = "text_words.npz"
MEASURES: Final = ("odds_sum", "odds_mean", "odds_least", "odds_most")
_SCALE: Final = 24.0
"""Steps of stored log-odds to one: they are kept as signed bytes."""
_DRAWER: Final = 16
"""Low bits of a key that do not choose its drawer: of the shipped terms two of three drawers have
one or none, so that next to nothing is left to be searched."""

Keys = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """`keys` (sorted), `odds`: (v,), log of pages that have the term in the body by those that
    have it outside. `starts`: where the keys of each drawer begin, and the last ones end."""

    keys: Keys
    odds: Floats
    starts: Ints


def make(keys: Keys, odds: Floats) -> Vocabulary:
    """A vocabulary of sorted keys."""
    drawers = np.arange((1 << (32 - _DRAWER)) + 1, dtype=np.uint64) << np.uint64(_DRAWER)
    starts = np.searchsorted(keys.astype(np.uint64), drawers).astype(np.int32)
    return Vocabulary(keys=keys, odds=odds, starts=starts)


def save(vocabulary: Vocabulary, path: Path) -> None:
    """Write a vocabulary, its odds rounded, as .npz."""
    odds = np.clip(np.rint(vocabulary.odds * _SCALE), -127, 127).astype(np.int8)
    np.savez_compressed(path, keys=vocabulary.keys, odds=odds)


@cache
def shipped() -> Vocabulary:
    """The package's vocabulary; ModelError if its file does not read."""
    with models.opened(models.path(FILE)) as file:
        return make(file["keys"], file["odds"].astype(np.float32) / np.float32(_SCALE))


def terms(seen: Tokens) -> tuple[Keys, Ints]:
    """Keys of all words and pairs of neighbouring words of a line, and the line of each."""
    pairs = tokens.combine(seen.word[:-1], seen.word[1:])
    inside = seen.word_line[:-1] == seen.word_line[1:]
    keys = np.concatenate([seen.word, pairs[inside]]) >> np.uint64(32)
    lines = np.concatenate([seen.word_line, seen.word_line[:-1][inside]])
    return keys.astype(np.uint32), lines


def weigh(seen: Tokens, vocabulary: Vocabulary) -> Floats:
    """Sum, mean, least and greatest log-odds of each line's known terms, (4, lines)."""
    if backend.COMPILED and vocabulary.odds.dtype == np.float32:
        known = (vocabulary.keys, vocabulary.odds, vocabulary.starts)
        return backend.marks.weigh(seen.word, seen.first_word, *known, _DRAWER, tokens.MIX)
    rows = np.zeros((len(MEASURES), seen.lines), dtype=np.float32)
    keys, lines = terms(seen)
    if not keys.size or not vocabulary.keys.size:
        return rows
    filled = vocabulary.starts[1:] > vocabulary.starts[:-1]
    likely = np.flatnonzero(filled.take(keys >> np.uint32(_DRAWER)))
    keys, lines = keys.take(likely), lines.take(likely)
    at = np.searchsorted(vocabulary.keys[:-1], keys)
    hit = vocabulary.keys.take(at) == keys
    lines, odds = lines[hit], vocabulary.odds[at[hit]]
    total = np.bincount(lines, weights=odds, minlength=seen.lines)
    rows[0] = total
    rows[1] = total / np.maximum(np.bincount(lines, minlength=seen.lines), 1)
    np.minimum.at(rows[2], lines, odds)
    np.maximum.at(rows[3], lines, odds)
    return rows
