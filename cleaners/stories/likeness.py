"""How alike two articles are: whether they tell one story, from what their profiles share."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cleaners.stories.pairs import F32, I64, Profiles
from cleaners.stories.profile import KIND, LEAD, NAME, NUMBER, WORD

_CHUNK = 8_192
_US_A_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over what two profiles share; each field is a feature's weight."""

    bias: float
    cosine: float  # root of the cosine of all weighted keys
    lead: float  # the same of the keys in titles and first sentences
    names_cosine: float  # the same of the names
    mass: float  # log(1 + summed product of the weights of shared names)
    names: float  # log(1 + number of shared names)
    words: float  # log(1 + number of shared other words)
    numbers: float  # log(1 + number of shared numbers that say something)
    gap: float  # log(days between the articles), from one day on

    def as_array(self) -> F32:
        """All but the bias, in the order of the fields."""
        return np.array([getattr(self, name) for name in FEATURES], np.float32)


FEATURES: tuple[str, ...] = Weights.__slots__[1:]

# Fitted by `python -m benchmarks.train_stories` on the demo newswire, the invented stories and real
# pages (their halves are one story, any two pages are none). Roots, as a cosine of .1 already says
# much; the lead apart, as background that reports of other events share stands further down.
# Which features: those that told stories best in sets that the weights had not seen.
SAME_LANGUAGE = Weights(
    bias=-14.68,
    cosine=7.16,
    lead=8.11,
    names_cosine=0.0,
    mass=0.11,
    names=2.33,
    words=2.56,
    numbers=2.8,
    gap=-1.29,
)
# Between languages words are shared by chance alone; names carry the pair.
FOREIGN = Weights(
    bias=-4.11,
    cosine=2.46,
    lead=5.09,
    names_cosine=3.3,
    mass=0.36,
    names=0.0,
    words=0.0,
    numbers=4.5,
    gap=-1.54,
)


@dataclass(frozen=True, slots=True, eq=False)
class Similar:
    """Pairs of rows, shape (pairs, 2), and how alike they are, 0…1."""

    rows: I64
    scores: F32


# Beyond these log odds a pair is sure enough: one that is surer must not outvote ten that are not.
_SURELY_NOT, _SURELY = -6.0, 3.0


def evidence(scores: F32) -> F32:
    """Log odds of scores, cut at both ends and brought to 0…1: what may be averaged.

    Averaged chances are ruled by the few pairs near 1; average link over log odds gives .02 to .03
    more pair-F1 on held-out stories.
    """
    safe = np.clip(scores, 1e-6, 1.0 - 1e-6)
    odds = np.clip(np.log(safe / (1.0 - safe)), _SURELY_NOT, _SURELY)
    return np.asarray((odds - _SURELY_NOT) / (_SURELY - _SURELY_NOT), np.float32)


def compare(profiles: Profiles, rows: I64) -> F32:
    """How likely the two articles of each pair tell one story, 0…1."""
    scores = np.zeros(len(rows), np.float32)
    for start in range(0, len(rows), _CHUNK):
        one, other = rows[start : start + _CHUNK].T
        shared = _features(profiles, one, other)
        raw = [shared @ model.as_array() + model.bias for model in (SAME_LANGUAGE, FOREIGN)]
        foreign = profiles.languages[one] != profiles.languages[other]
        scores[start : start + _CHUNK] = 1.0 / (1.0 + np.exp(-np.where(foreign, raw[1], raw[0])))
    return scores


def features(profiles: Profiles, rows: I64) -> F32:
    """What `Weights` weigh, in the order of FEATURES: shape (pairs, features)."""
    found = [np.zeros((0, len(FEATURES)), np.float32)]
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
    product = np.where(shared, weights[:, 1:] * weights[:, :-1], 0)
    both_lead = (kinds[:, 1:] >= LEAD) & (kinds[:, :-1] >= LEAD)
    first, second = kinds[:, 1:] & KIND, kinds[:, :-1] & KIND
    is_name = shared & (first == NAME) & (second == NAME)
    is_word = shared & (first == WORD) & (second == WORD)
    telling = (weights[:, 1:] - _PLAIN_NUMBER) / (_TELLING_NUMBER - _PLAIN_NUMBER)
    numbers = np.where(shared & (first == NUMBER), np.clip(telling, 0.0, 1.0), 0.0)
    of_names = (product * is_name).sum(axis=1)
    days = np.abs(profiles.times[one] - profiles.times[other]) / _US_A_DAY
    days = np.where(profiles.dated[one] & profiles.dated[other], days, 0.0)
    return np.stack(
        (
            _root(product.sum(axis=1), profiles.norms[one] * profiles.norms[other]),
            _root(
                (product * both_lead).sum(axis=1),
                profiles.lead_norms[one] * profiles.lead_norms[other],
            ),
            _root(of_names, profiles.name_norms[one] * profiles.name_norms[other]),
            np.log1p(of_names),
            np.log1p(is_name.sum(axis=1)),
            np.log1p(is_word.sum(axis=1)),
            np.log1p(numbers.sum(axis=1)),
            np.log1p(np.maximum(0.0, days - 1.0)),
        ),
        axis=1,
    ).astype(np.float32)


def _root(shared: npt.NDArray[np.floating], lengths: F32) -> npt.NDArray[np.floating]:
    """The root of a cosine, 0…1."""
    return np.sqrt(np.clip(shared / np.maximum(lengths, 1e-6), 0.0, 1.0))
