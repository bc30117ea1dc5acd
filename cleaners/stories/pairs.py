"""Which articles could tell the same story, and how alike they are: all pairs at once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cleaners.dedup.lsh import pack, unpack
from cleaners.stories.profile import KEYS, NAME, NUMBER

I64 = npt.NDArray[np.int64]
F32 = npt.NDArray[np.float32]

SAME_STORY = 0.28
"""Mean similarity from which on groups of articles are one story. On the demo newswire with
confusable stories pair-F1 is .96 or more for every threshold from .19 to .31, and .95 at .31 if all
dates are ignored (`python -m benchmarks.stories_eval`)."""

# Articles about one event share names and words; names tell events of one kind apart.
_NAMES_SHARE = 0.3
# Between languages only names and numbers can be shared.
_FOREIGN_NAMES = 0.75
_NUMBER_BONUS = 0.03
_GAP_PENALTY = 0.06
"""Per natural logarithm of the days between two articles beyond the first."""

WINDOW_DAYS = 21
"""Articles further apart than this are compared only through others between them."""
_US_A_DAY = 86_400_000_000

_LEADING_KEYS = 20
_SHARED_KEYS = 2
# Keys that more articles of one window have than this find no pairs; rarer ones do.
_MOST_ARTICLES = 150
_CHUNK = 8_192


@dataclass(frozen=True, slots=True, eq=False)
class Profiles:
    """Profiles of n articles as arrays of shape (n, KEYS), their times (µs) and languages (codes).

    Rows are ordered by article_id, so that nothing depends on the order of arrival.
    """

    keys: npt.NDArray[np.uint32]
    weights: F32
    kinds: npt.NDArray[np.uint8]
    times: I64
    languages: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True, eq=False)
class Similar:
    """Pairs of rows, shape (pairs, 2), and how alike they are, 0…1."""

    rows: I64
    scores: F32


# Documents that the frequency lists count for beside the articles at hand: a story's own names must
# not become common words because the pool holds little else.
_PRIOR_ARTICLES, _PRIOR_COUNT = 300.0, 3.0
_LEAST_IDF, _MOST_IDF = 0.25, 1.3


def weigh_by_rarity(keys: npt.NDArray[np.uint32], weights: F32) -> F32:
    """Weights, less for keys that many of these articles have, more for those that few have."""
    known, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    idf = np.log((len(keys) + _PRIOR_ARTICLES) / (counts + _PRIOR_COUNT)) / np.log(100.0)
    factor = np.clip(idf, _LEAST_IDF, _MOST_IDF).astype(np.float32)
    factor[known == 0] = 0.0
    return np.asarray(weights * factor[inverse].reshape(keys.shape), np.float32)


def candidates(profiles: Profiles) -> I64:
    """Pairs of rows within a window of days that share at least two of their leading keys."""
    windows = profiles.times // (WINDOW_DAYS * _US_A_DAY)
    found: list[npt.NDArray[np.uint64]] = [np.zeros(0, np.uint64)]
    for window in np.unique(windows):
        # Each window with the next one: a pair on both sides of a border is not missed.
        rows = np.flatnonzero((windows == window) | (windows == window + 1))
        found.append(_sharing(profiles.keys[rows, :_LEADING_KEYS], rows))
    pairs = unpack(np.unique(np.concatenate(found)))
    apart = np.abs(profiles.times[pairs[:, 0]] - profiles.times[pairs[:, 1]])
    return np.asarray(pairs[apart <= WINDOW_DAYS * _US_A_DAY], np.int64)


def _sharing(keys: npt.NDArray[np.uint32], rows: I64) -> npt.NDArray[np.uint64]:
    flat = keys.ravel()
    owner = np.repeat(rows, keys.shape[1])
    owner, flat = owner[flat != 0], flat[flat != 0]
    order = np.lexsort((owner, flat))
    flat, owner = flat[order], owner[order]
    starts = np.flatnonzero(np.concatenate(([True], flat[1:] != flat[:-1])))[: len(flat)]
    sizes = np.diff(np.append(starts, len(flat)))
    first, size = np.repeat(starts, sizes), np.repeat(sizes, sizes)
    at = np.arange(len(flat))
    usable = size <= _MOST_ARTICLES
    found: list[npt.NDArray[np.uint64]] = [np.zeros(0, np.uint64)]
    for step in range(1, _MOST_ARTICLES):
        near = at[usable & (at - first >= step)]
        if not len(near):
            break
        found.append(pack(owner[near - step], owner[near]))
    pairs, counts = np.unique(np.concatenate(found), return_counts=True)
    return np.asarray(pairs[counts >= _SHARED_KEYS], np.uint64)


def compare(profiles: Profiles, rows: I64) -> F32:
    """How alike the articles of each pair are, 0…1."""
    named = np.where(profiles.kinds == NAME, profiles.weights, 0).astype(np.float32)
    norms = np.sqrt((profiles.weights**2).sum(axis=1))
    name_norms = np.sqrt((named**2).sum(axis=1))
    scores = np.zeros(len(rows), np.float32)
    for start in range(0, len(rows), _CHUNK):
        one, other = rows[start : start + _CHUNK].T
        scores[start : start + _CHUNK] = _scores(profiles, one, other, norms, name_norms)
    return np.asarray(scores, np.float32)


def _scores(profiles: Profiles, one: I64, other: I64, norms: F32, name_norms: F32) -> F32:
    """Each pair's keys side by side, sorted, so that what is shared stands next to itself."""
    keys = np.concatenate((profiles.keys[one], profiles.keys[other]), axis=1)
    order = np.argsort(keys, axis=1, kind="stable")
    keys = np.take_along_axis(keys, order, axis=1)
    both = np.concatenate((profiles.weights[one], profiles.weights[other]), axis=1)
    weights = np.take_along_axis(both, order, axis=1)
    kinds = np.take_along_axis(
        np.concatenate((profiles.kinds[one], profiles.kinds[other]), axis=1), order, axis=1
    )
    shared = (keys[:, 1:] == keys[:, :-1]) & (keys[:, 1:] != 0)
    product = np.where(shared, weights[:, 1:] * weights[:, :-1], 0)
    is_name = (kinds[:, 1:] == NAME) | (kinds[:, :-1] == NAME)
    whole = product.sum(axis=1) / np.maximum(norms[one] * norms[other], 1e-6)
    names = (product * is_name).sum(axis=1) / np.maximum(name_norms[one] * name_norms[other], 1e-6)
    names = np.minimum(names, 1.0)
    numbers = (shared & (kinds[:, 1:] == NUMBER)).sum(axis=1)
    mixed = (1 - _NAMES_SHARE) * whole + _NAMES_SHARE * names
    foreign = profiles.languages[one] != profiles.languages[other]
    score = np.where(foreign, np.maximum(mixed, _FOREIGN_NAMES * names), mixed)
    days = np.abs(profiles.times[one] - profiles.times[other]) / _US_A_DAY
    score = score + _NUMBER_BONUS * np.log1p(numbers)
    score -= _GAP_PENALTY * np.log1p(np.maximum(0.0, days - 1.0))
    return np.asarray(np.clip(score, 0.0, 1.0), np.float32)


assert KEYS >= _LEADING_KEYS
