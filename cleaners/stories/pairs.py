"""Which articles could tell the same story: pairs that share telling keys within some days."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaners.dedup.lsh import pack, unpack
from cleaners.stories.profile import KEYS, KIND, LEAD, LEVEL_SHIFT, NAME, PRIOR, TITLE, WORD, share

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
    """Profiles of n articles as arrays of shape (n, KEYS), their times (µs), languages and sites
    (codes; a site below 0 is not known).

    Where `dated` is off, the time says nothing (a file without a date). Rows are ordered by
    article_id, so that nothing depends on the order of arrival. The norms are
    the lengths of each profile's vector, and of its part of each sort.
    """

    keys: npt.NDArray[np.uint32]
    weights: F32
    kinds: npt.NDArray[np.uint8]
    times: I64
    dated: npt.NDArray[np.bool_]
    languages: npt.NDArray[np.int32]
    sites: npt.NDArray[np.int32]
    norms: F32 = field(init=False)
    word_norms: F32 = field(init=False)
    name_norms: F32 = field(init=False)
    lead_norms: F32 = field(init=False)
    title_norms: F32 = field(init=False)

    def __post_init__(self) -> None:
        found = np.zeros((5, len(self.keys)), np.float32)
        for start in range(0, len(self.keys), _CHUNK):
            some = slice(start, start + _CHUNK)
            squares, kinds = self.weights[some] ** 2, self.kinds[some]
            found[0, some] = squares.sum(axis=1)
            found[1, some] = (squares * ((kinds & KIND) == WORD)).sum(axis=1)
            found[2, some] = (squares * ((kinds & KIND) == NAME)).sum(axis=1)
            found[3, some] = (squares * ((kinds & LEAD) != 0)).sum(axis=1)
            found[4, some] = (squares * ((kinds & TITLE) != 0)).sum(axis=1)
        for name, lengths in zip(
            ("norms", "word_norms", "name_norms", "lead_norms", "title_norms"),
            np.sqrt(found),
            strict=True,
        ):
            object.__setattr__(self, name, lengths)

    def __len__(self) -> int:
        return len(self.keys)


# Rarer than in one of 600 articles is rare enough: words of one story must not outweigh all others
# as the pool grows.
_MOST_IDF = 7.5


def weigh_by_rarity(
    keys: npt.NDArray[np.uint32],
    weights: npt.NDArray[np.floating[Any]],
    kinds: npt.NDArray[np.uint8],
) -> F32:
    """Weights times inverse document frequency, in these articles and in the language at large."""
    known, counts = np.unique(keys, return_counts=True)
    expected = np.array(
        [PRIOR * share(byte >> LEVEL_SHIFT, byte & KIND) for byte in range(256)], np.float32
    )
    articles = np.float32(len(keys) + PRIOR + 1.0)
    weighed = np.zeros(keys.shape, np.float32)
    for start in range(0, len(keys), _CHUNK):
        some = slice(start, start + _CHUNK)
        having = counts[np.searchsorted(known, keys[some])] + expected[kinds[some]]
        rarity = np.log(articles / (having + 1.0)) + 1.0
        weighed[some] = weights[some] * np.minimum(rarity, _MOST_IDF) * (keys[some] != 0)
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
