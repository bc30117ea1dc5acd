"""Pairs of signatures that are probably alike, found without comparing all with all.

A signature is cut into bands; two signatures that agree in all numbers of a band are a pair. With
42 bands of 3 numbers, a pair of Jaccard similarity s is found with probability 1 - (1 - s³)^42:
0.99 at 0.47 (a fifth of the words replaced), 0.68 at 0.3, and 10⁻⁶ at 0.003, which two unrelated
articles have. Source: Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", 3.4.
"""

import numpy as np
import numpy.typing as npt

U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]

ROWS = 3
BANDS = 42
# In a larger group of equal bands each is compared with its neighbours and the first only: such
# groups are copies of one text, and comparing all of 10,000 copies would take 50 million pairs.
_ALL_PAIRS = 12


def candidate_pairs(signatures: U32, present: npt.NDArray[np.bool_]) -> I64:
    """Pairs of row numbers, shape (pairs, 2), ordered, each once, the smaller number first.

    `signatures` has shape (articles, 128); rows where `present` is off have none.
    """
    rows = np.flatnonzero(present)
    found: list[U64] = []
    for band in range(BANDS):
        block = signatures[rows, band * ROWS : (band + 1) * ROWS].astype(np.uint64)
        keys = block[:, 0]
        for column in range(1, ROWS):
            keys = (keys * np.uint64(0x9E3779B97F4A7C15)) ^ (keys >> np.uint64(29))
            keys ^= block[:, column]
        found.append(pairs_of_equal(keys, rows))
        if len(found) > 8:
            found = [np.unique(np.concatenate(found))]
    return unpack(np.unique(np.concatenate(found)))


# Of 128 numbers, how many must agree for texts to be worth comparing word by word. Copies with
# 40 % of their words replaced agree in 28 on average (10 or fewer: once in 10,000), independent
# reports of one event in 6.
_LEAST_AGREEMENT = 10
_CHUNK = 65_536


def may_be_copies(
    signatures: U32, present: npt.NDArray[np.bool_], rows: I64
) -> npt.NDArray[np.bool_]:
    """Which pairs of rows are worth comparing word by word; all where a signature is missing."""
    chosen = np.zeros(len(rows), np.bool_)
    for start in range(0, len(rows), _CHUNK):
        one, other = rows[start : start + _CHUNK].T
        agreeing = (signatures[one] == signatures[other]).sum(axis=1)
        unsigned = ~present[one] | ~present[other]
        chosen[start : start + _CHUNK] = (agreeing >= _LEAST_AGREEMENT) | unsigned
    return chosen


def pairs_of_equal(keys: U64, rows: I64, limit: int = _ALL_PAIRS) -> U64:
    """Packed pairs of rows with equal keys: all of them in groups of up to `limit` rows."""
    order = np.argsort(keys, kind="stable")
    ordered, place = keys[order], rows[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    sizes = np.diff(np.append(starts, len(ordered)))
    first = np.repeat(starts, sizes)
    size = np.repeat(sizes, sizes)
    at = np.arange(len(ordered))
    found = [np.zeros(0, np.uint64)]
    for step in range(1, limit):
        near = at[(at - first >= step) & ((size <= limit) | (step == 1))]
        if not len(near):
            break
        found.append(pack(place[near - step], place[near]))
    big = at[(size > limit) & (at > first)]
    found.append(pack(place[first[big]], place[big]))
    return np.unique(np.concatenate(found))


def pack(one: I64, other: I64) -> U64:
    """A pair as one number, the smaller row in front."""
    low, high = np.minimum(one, other).astype(np.uint64), np.maximum(one, other).astype(np.uint64)
    return np.asarray((low << np.uint64(32)) | high, np.uint64)


def unpack(packed: U64) -> I64:
    """Packed pairs as an array of shape (pairs, 2)."""
    low = (packed >> np.uint64(32)).astype(np.int64)
    return np.stack((low, (packed & np.uint64(0xFFFFFFFF)).astype(np.int64)), axis=1)
