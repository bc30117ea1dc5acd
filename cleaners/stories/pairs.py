"""Which articles could tell the same story, and how alike they are: all pairs at once."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaners.dedup.lsh import pack, unpack
from cleaners.stories.profile import KEYS, NAME, NUMBER, WORD

I64 = npt.NDArray[np.int64]
F32 = npt.NDArray[np.float32]

SAME_STORY = 0.25
"""Mean likeness from which on groups of articles are one story. Pair-F1 on the demo newswire is
.985 from .20 to .50, on the invented stories of benchmarks/ .90 at .25 and .85 at .40; of 125 real
pages of different stories none are grouped (`python -m benchmarks.stories_eval`)."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over what two profiles share; each field is a feature's weight."""

    bias: float
    cosine: float  # of all weighted keys
    names_cosine: float  # of the weighted names
    names: float  # log(1 + number of shared names)
    words: float  # log(1 + number of shared other words)
    numbers: float  # log(1 + number of shared numbers that say something)
    chance: float  # log(1 + names of the profile with fewer): many names share some by chance
    gap: float  # log(days between the articles), from one day on

    def as_array(self) -> F32:
        """All but the bias, in the order of the fields."""
        return np.array([getattr(self, name) for name in self.__slots__[1:]], np.float32)


# Fitted by `python -m benchmarks.train_stories` on the demo newswire, the invented stories and real
# pages (their halves are one story, any two pages are none). Articles about one event share many
# names, articles about one place or person only that one; cosines alone reach .86 on the second.
_SAME_LANGUAGE = Weights(
    bias=-9.3, cosine=7, names_cosine=3.5, names=2, words=1.9, numbers=0.8, chance=-0.1, gap=-1.5
)
# Between languages words are shared by chance alone; names carry the pair.
_FOREIGN = Weights(
    bias=-4.6, cosine=2, names_cosine=3.2, names=3, words=0.6, numbers=1.7, chance=-0.7, gap=-1.4
)

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
    article_id, so that nothing depends on the order of arrival. `norms`, `name_norms`, `names`:
    the length of each profile's vector, of its names', and their number.
    """

    keys: npt.NDArray[np.uint32]
    weights: F32
    kinds: npt.NDArray[np.uint8]
    times: I64
    dated: npt.NDArray[np.bool_]
    languages: npt.NDArray[np.int32]
    norms: F32 = field(init=False)
    name_norms: F32 = field(init=False)
    names: I64 = field(init=False)

    def __post_init__(self) -> None:
        shape = len(self.keys)
        norms, name_norms = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        names = np.zeros(shape, np.int64)
        for start in range(0, shape, _CHUNK):
            some = slice(start, start + _CHUNK)
            named = self.kinds[some] == NAME
            norms[some] = np.sqrt((self.weights[some] ** 2).sum(axis=1))
            name_norms[some] = np.sqrt(((self.weights[some] * named) ** 2).sum(axis=1))
            names[some] = named.sum(axis=1)
        object.__setattr__(self, "norms", norms)
        object.__setattr__(self, "name_norms", name_norms)
        object.__setattr__(self, "names", names)

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


def compare(profiles: Profiles, rows: I64) -> F32:
    """How likely the two articles of each pair tell one story, 0…1."""
    scores = np.zeros(len(rows), np.float32)
    for start in range(0, len(rows), _CHUNK):
        one, other = rows[start : start + _CHUNK].T
        shared = _features(profiles, one, other)
        raw = [shared @ model.as_array() + model.bias for model in (_SAME_LANGUAGE, _FOREIGN)]
        foreign = profiles.languages[one] != profiles.languages[other]
        scores[start : start + _CHUNK] = 1.0 / (1.0 + np.exp(-np.where(foreign, raw[1], raw[0])))
    return scores


def features(profiles: Profiles, rows: I64) -> F32:
    """What `Weights` weigh, in the order of its fields: shape (pairs, 7)."""
    found = [np.zeros((0, 7), np.float32)]
    for start in range(0, len(rows), _CHUNK):
        one, other = rows[start : start + _CHUNK].T
        found.append(_features(profiles, one, other))
    return np.concatenate(found)


# Weights of numbers (`cleaners.related`): round ones and years under the first say nothing, those
# of three digits and more say all that a number can.
_PLAIN_NUMBER, _TELLING_NUMBER = 2.0, 3.2


def _features(profiles: Profiles, one: I64, other: I64) -> F32:
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
    first, second = kinds[:, 1:], kinds[:, :-1]
    product = np.where(shared, weights[:, 1:] * weights[:, :-1], 0)
    is_name = shared & ((first == NAME) | (second == NAME))
    is_word = shared & (first == WORD) & (second == WORD)
    telling = (weights[:, 1:] - _PLAIN_NUMBER) / (_TELLING_NUMBER - _PLAIN_NUMBER)
    numbers = np.where(shared & (first == NUMBER), np.clip(telling, 0.0, 1.0), 0.0)
    length = np.maximum(profiles.norms[one] * profiles.norms[other], 1e-6)
    name_length = np.maximum(profiles.name_norms[one] * profiles.name_norms[other], 1e-6)
    days = np.abs(profiles.times[one] - profiles.times[other]) / _US_A_DAY
    days = np.where(profiles.dated[one] & profiles.dated[other], days, 0.0)
    return np.stack(
        (
            product.sum(axis=1) / length,
            np.minimum((product * is_name).sum(axis=1) / name_length, 1.0),
            np.log1p(is_name.sum(axis=1)),
            np.log1p(is_word.sum(axis=1)),
            np.log1p(numbers.sum(axis=1)),
            np.log1p(np.minimum(profiles.names[one], profiles.names[other])),
            np.log1p(np.maximum(0.0, days - 1.0)),
        ),
        axis=1,
    ).astype(np.float32)


assert KEYS >= _LEADING_KEYS
