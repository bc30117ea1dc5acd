"""Which articles could tell the same story: pairs that share telling keys within some days."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaners.dedup.lsh import pack, unpack
from cleaners.stories.profile import KEYS, KIND, LEAD, NAME

I64 = npt.NDArray[np.int64]
F32 = npt.NDArray[np.float32]

WINDOW_DAYS = 21
"""Articles further apart than this are compared only through others between them."""
_US_A_DAY = 86_400_000_000

_LEADING_KEYS = 32
_SHARED_KEYS = 2
# Keys that more articles of one window have than this find no pairs; rarer ones do.
_MOST_ARTICLES = 150
_CHUNK = 8_192
_BLOCK_PAIRS = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Profiles:
    """Profiles of n articles as arrays of shape (n, KEYS), their times (µs) and languages (codes).

    Where `dated` is off, the time says nothing (a file without a date). Rows are ordered by
    article_id, so that nothing depends on the order of arrival. `norms`, `name_norms` and
    `lead_norms` are the lengths of each profile's vector, of its names', and of its lead's.
    """

    keys: npt.NDArray[np.uint32]
    weights: F32
    kinds: npt.NDArray[np.uint8]
    times: I64
    dated: npt.NDArray[np.bool_]
    languages: npt.NDArray[np.int32]
    norms: F32 = field(init=False)
    name_norms: F32 = field(init=False)
    lead_norms: F32 = field(init=False)

    def __post_init__(self) -> None:
        found = np.zeros((3, len(self.keys)), np.float32)
        for start in range(0, len(self.keys), _CHUNK):
            some = slice(start, start + _CHUNK)
            squares = self.weights[some] ** 2
            found[0, some] = squares.sum(axis=1)
            found[1, some] = (squares * ((self.kinds[some] & KIND) == NAME)).sum(axis=1)
            found[2, some] = (squares * (self.kinds[some] >= LEAD)).sum(axis=1)
        for name, lengths in zip(
            ("norms", "name_norms", "lead_norms"), np.sqrt(found), strict=True
        ):
            object.__setattr__(self, name, lengths)

    def __len__(self) -> int:
        return len(self.keys)


# Documents that the frequency lists count for beside the articles at hand: a story's own names must
# not become common words because the pool holds little else.
_PRIOR_ARTICLES, _PRIOR_COUNT = 300.0, 3.0
_LEAST_IDF, _MOST_IDF = 0.25, 1.3


def weigh_by_rarity(keys: npt.NDArray[np.uint32], weights: npt.NDArray[np.floating[Any]]) -> F32:
    """Weights, less for keys that many of these articles have, more for those that few have."""
    known, counts = np.unique(keys, return_counts=True)
    idf = np.log((len(keys) + _PRIOR_ARTICLES) / (counts + _PRIOR_COUNT)) / np.log(100.0)
    factor = np.clip(idf, _LEAST_IDF, _MOST_IDF).astype(np.float32)
    factor[known == 0] = 0.0
    weighed = np.zeros(keys.shape, np.float32)
    for start in range(0, len(keys), _CHUNK):
        some = slice(start, start + _CHUNK)
        weighed[some] = weights[some] * factor[np.searchsorted(known, keys[some])]
    return weighed


def candidates(profiles: Profiles) -> I64:
    """Pairs of rows within a window of days that share at least two of their leading keys.

    Those without a date are within any window.
    """
    windows = profiles.times // (WINDOW_DAYS * _US_A_DAY)
    leading = profiles.keys[:, :_LEADING_KEYS]
    found: list[npt.NDArray[np.uint64]] = [np.zeros(0, np.uint64)]
    for window in np.unique(windows[profiles.dated]):
        # Each window with the next one: a pair on both sides of a border is not missed.
        near = (windows == window) | (windows == window + 1)
        rows = np.flatnonzero(near & profiles.dated)
        found.append(_sharing(leading[rows], rows))
    if not profiles.dated.all():
        theirs = np.unique(leading[~profiles.dated])
        shared = np.where(np.isin(leading, theirs), leading, 0)
        found.append(_sharing(shared, np.arange(len(profiles))))
    pairs = unpack(np.unique(np.concatenate(found)))
    apart = np.abs(profiles.times[pairs[:, 0]] - profiles.times[pairs[:, 1]])
    undated = ~profiles.dated[pairs].all(axis=1)
    return np.asarray(pairs[(apart <= WINDOW_DAYS * _US_A_DAY) | undated], np.int64)


def _sharing(keys: npt.NDArray[np.uint32], rows: I64) -> npt.NDArray[np.uint64]:
    """Packed pairs of `rows` (ascending) that share keys, in blocks that bound the memory."""
    flat = keys.ravel()
    owner = np.repeat(np.arange(len(rows)), keys.shape[1])[flat != 0]
    flat = flat[flat != 0]
    order = np.argsort(flat, kind="stable")
    flat, owner = flat[order], owner[order]
    starts = np.flatnonzero(np.concatenate(([True], flat[1:] != flat[:-1])))[: len(flat)]
    sizes = np.diff(np.append(starts, len(flat)))
    end, size = np.repeat(starts + sizes, sizes), np.repeat(sizes, sizes)
    # The rows after it that have a key, for each place: within a key, rows ascend.
    after = np.where(size <= _MOST_ARTICLES, end - np.arange(len(flat)) - 1, 0)
    mass = np.cumsum(np.bincount(owner, weights=after, minlength=len(rows)))
    block = (mass // _BLOCK_PAIRS).astype(np.int64)[owner]
    by_block = np.argsort(block, kind="stable")
    borders = np.flatnonzero(np.diff(block[by_block])) + 1
    found: list[npt.NDArray[np.uint64]] = [np.zeros(0, np.uint64)]
    for places in np.split(by_block, borders):
        counts = after[places]
        left = np.repeat(places, counts)
        step = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
        pairs, shared = np.unique(
            pack(rows[owner[left]], rows[owner[left + step]]), return_counts=True
        )
        found.append(pairs[shared >= _SHARED_KEYS])
    return np.concatenate(found)


assert KEYS >= _LEADING_KEYS
