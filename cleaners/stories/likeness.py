"""How alike two articles are: whether they tell one story, from what their profiles share."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cleaners.stories.pairs import F32, I64, Profiles
from cleaners.stories.profile import KIND, LEAD, LEVEL_SHIFT, LEVELS, NAME, NUMBER, TITLE, telling

_CHUNK = 8_192
_US_A_DAY = 86_400_000_000

SAME_STORY = 0.24
"""The likeness from which two articles, and the mean from which two groups of one size are one
story (`cluster`). Mean pair-F1 over four weeks of real news by threshold .22, .23, .24, .25, each
with random thirds of the stories taken away: .922, .940, .947, .944; DESIGN, "Stories"."""


@dataclass(frozen=True, slots=True)
class Similar:
    """Pairs of rows, shape (pairs, 2), and how alike they are, 0…1."""

    rows: I64
    scores: F32


@dataclass(frozen=True, slots=True)
class Shares:
    """What the likeness of two articles of one language is made of.

    Cosines are averaged with these weights; the rest is added. All is linear, as the mean over
    pairs that average link takes says most then: means of log odds gave .83 to .85 where cosines
    gave .89. Each part tells more than it costs on at least three of six sets; fitting them by
    regression gave less than setting them alike for all sets, as most pairs are easily told.
    """

    body: float = 1.0  # cosine of all keys
    title: float = 0.5  # of each title's keys with all keys of the other
    both: float = 0.5  # the lesser of the cosines of names and of words
    numbers: float = 0.03  # log(1 + number of telling numbers that both have)
    # A site tells an event once, and has phrases of its own: among articles of one site alone
    # stories are told apart best at a threshold .06 higher (eight sites, three weeks each).
    same_site: float = -0.065
    day: float = -0.008  # each day between them after the first, up to _MOST_DAYS


SAME_LANGUAGE = Shares()
_MOST_NUMBERS, _MOST_DAYS = 1.5, 60.0


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over what two profiles share; each field is a feature's weight."""

    bias: float
    cosine: float  # root of the cosine of all weighted keys
    lead: float  # the same of the keys in titles and first sentences
    names_cosine: float  # the same of the names
    names: float  # log(1 + number of shared names)
    numbers: float  # log(1 + number of shared numbers that say something)
    gap: float  # log(days between the articles), from one day on

    def as_array(self) -> F32:
        """All but the bias, in the order of the fields."""
        return np.array([getattr(self, name) for name in FEATURES], np.float32)


FEATURES: tuple[str, ...] = Weights.__slots__[1:]

# Between languages words are shared by chance alone; names carry the pair. Fitted by
# `python -m benchmarks.train_stories` on the demo newswire and the invented stories.
FOREIGN = Weights(
    bias=-4.27,
    cosine=2.0,
    lead=2.03,
    names_cosine=2.64,
    names=2.17,
    numbers=6.28,
    gap=-1.5,
)
# Log odds of pairs between languages on the scale of the others: at these odds they are as good as
# SAME_STORY, which was read where pairs of one language lie beside them.
_ENOUGH_ODDS, _SCALE = -1.5, SAME_STORY / 4
_SURELY = 2.5 * SAME_STORY


def compare(profiles: Profiles, rows: I64) -> F32:
    """How alike the two articles of each pair are, 0…1; from SAME_STORY on they tell one story."""
    scores = np.zeros(len(rows), np.float32)
    for start in range(0, len(rows), _CHUNK):
        some = slice(start, start + _CHUNK)
        one, other = rows[some].T
        foreign = profiles.languages[one] != profiles.languages[other]
        shared = _share(profiles, one, other)
        found = _likeness(profiles, one, other, shared)
        if foreign.any():
            odds = _features(profiles, one, other, shared) @ FOREIGN.as_array() + FOREIGN.bias
            theirs = SAME_STORY + (odds - _ENOUGH_ODDS) * _SCALE
            found = np.where(foreign, np.clip(theirs, 0.0, _SURELY), found)
        scores[some] = found
    return scores


def features(profiles: Profiles, rows: I64) -> F32:
    """What `Weights` weigh, in the order of FEATURES: shape (pairs, features)."""
    found = [np.zeros((0, len(FEATURES)), np.float32)]
    for start in range(0, len(rows), _CHUNK):
        one, other = rows[start : start + _CHUNK].T
        found.append(_features(profiles, one, other, _share(profiles, one, other)))
    return np.concatenate(found)


@dataclass(frozen=True, slots=True, eq=False)
class _Shared:
    """Sums over the keys that the two articles of each pair share: of the products of weights,
    over all, by kind and by place; and counts."""

    all: F32
    words: F32
    names: F32
    leads: F32
    title_one: F32  # keys of the first one's title
    title_other: F32
    count_names: F32
    numbers: F32
    days: F32


# Weights of numbers (`cleaners.related`): round ones and years under the first say nothing, those
# of three digits and more say all that a number can.
_PLAIN_NUMBER, _TELLING_NUMBER = 2.0, 3.2
_TELLS = np.array(
    [
        np.clip((telling(level) - _PLAIN_NUMBER) / (_TELLING_NUMBER - _PLAIN_NUMBER), 0.0, 1.0)
        for level in range(LEVELS)
    ],
    np.float32,
)


def _share(profiles: Profiles, one: I64, other: I64) -> _Shared:
    """Each pair's keys side by side, sorted, so that what is shared stands next to itself; of two
    equal keys the first one's comes first."""
    width = profiles.keys.shape[1]
    keys = np.concatenate((profiles.keys[one], profiles.keys[other]), axis=1)
    order = np.argsort(keys, axis=1, kind="stable")
    keys = np.take_along_axis(keys, order, axis=1)
    pair, place = np.nonzero((keys[:, 1:] == keys[:, :-1]) & (keys[:, 1:] != 0))
    left, right = order[pair, place], order[pair, place + 1] - width
    # Two keys of one article may have one hash.
    apart = (left < width) & (right >= 0)
    pair, left, right = pair[apart], left[apart], right[apart]
    row_one, row_other = one[pair], other[pair]
    product = profiles.weights[row_one, left] * profiles.weights[row_other, right]
    kinds, others = profiles.kinds[row_one, left], profiles.kinds[row_other, right]

    def total(of: npt.NDArray[np.generic]) -> F32:
        return np.bincount(pair, weights=of, minlength=len(one)).astype(np.float32)

    first, second = kinds & KIND, others & KIND
    names = (first == NAME) & (second == NAME)
    days = np.abs(profiles.times[one] - profiles.times[other]) / _US_A_DAY
    dated = profiles.dated[one] & profiles.dated[other]
    return _Shared(
        all=total(product),
        words=total(product * ((first == second) & (first != NAME) & (first != NUMBER))),
        names=total(product * names),
        leads=total(product * ((kinds & others & LEAD) != 0)),
        title_one=total(product * ((kinds & TITLE) != 0)),
        title_other=total(product * ((others & TITLE) != 0)),
        count_names=total(names),
        numbers=total(_TELLS[kinds >> LEVEL_SHIFT] * (first == NUMBER)),
        days=np.where(dated, np.maximum(0.0, days - 1.0), 0.0).astype(np.float32),
    )


def _likeness(profiles: Profiles, one: I64, other: I64, shared: _Shared) -> F32:
    norms, titles = profiles.norms, profiles.title_norms
    title = (
        _cosine(shared.title_one, titles[one] * norms[other])
        + _cosine(shared.title_other, titles[other] * norms[one])
    ) / 2.0
    both = np.minimum(
        _cosine(shared.names, profiles.name_norms[one] * profiles.name_norms[other]),
        _cosine(shared.words, profiles.word_norms[one] * profiles.word_norms[other]),
    )
    part = SAME_LANGUAGE
    found = (
        part.body * _cosine(shared.all, norms[one] * norms[other])
        + part.title * title
        + part.both * both
    ) / _ALL
    site = profiles.sites[one]
    found += part.numbers * np.minimum(np.log1p(shared.numbers), _MOST_NUMBERS)
    found += part.same_site * ((site == profiles.sites[other]) & (site >= 0))
    found += part.day * np.minimum(shared.days, _MOST_DAYS)
    return np.asarray(np.clip(found, 0.0, 1.0), np.float32)


# Titles and the lesser cosine are lower than the cosine of all: what makes the sum as high as it.
_ALL = SAME_LANGUAGE.body + 0.7 * (SAME_LANGUAGE.title + SAME_LANGUAGE.both)


def _features(profiles: Profiles, one: I64, other: I64, shared: _Shared) -> F32:
    return np.stack(
        (
            np.sqrt(_cosine(shared.all, profiles.norms[one] * profiles.norms[other])),
            np.sqrt(_cosine(shared.leads, profiles.lead_norms[one] * profiles.lead_norms[other])),
            np.sqrt(_cosine(shared.names, profiles.name_norms[one] * profiles.name_norms[other])),
            np.log1p(shared.count_names),
            np.log1p(shared.numbers),
            np.log1p(shared.days),
        ),
        axis=1,
    ).astype(np.float32)


def _cosine(shared: F32, lengths: F32) -> F32:
    return np.clip(shared / np.maximum(lengths, 1e-6), 0.0, 1.0)
