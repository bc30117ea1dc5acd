"""How a gist and a story agree, as a few numbers that say different things."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log1p, sqrt

from cleaners.model import Story
from cleaners.related.gist import Gist

NAME_MARK, NUMBER_MARK, PAIR_MARK = "@", "#", " "
"""How `Story.terms` tells its keys apart: @name, #number, "two words"; the rest are words."""
CORE_NAMES = 12
FOREIGN_NAMES = 8


@dataclass(frozen=True, slots=True)
class Target:
    """A story's terms by kind, ready to be matched against many gists."""

    names: Mapping[str, float]
    words: Mapping[str, float]
    numbers: Mapping[str, float]
    pairs: frozenset[tuple[str, str]]
    core: tuple[tuple[str, float], ...]  # the weightiest names, descending


@dataclass(frozen=True, slots=True)
class Agreement:
    """Each 0…1 but `pairs` and `numbers`, which start at 0 and rarely pass 4."""

    names: float  # cosine of the names
    core: float  # share of the story's weightiest names that the text has
    foreign: float  # share of the text's weightiest names that the story does not have
    words: float  # cosine of the other words
    headline: float  # share of the headline's weight that the story knows
    pairs: float  # log of the number of shared word pairs
    numbers: float  # log of the weight of shared numbers
    shared_names: tuple[str, ...] = ()
    shared_words: tuple[str, ...] = ()
    shared_numbers: tuple[str, ...] = ()


def target_of(story: Story) -> Target:
    """The story's terms, taken apart by their marks."""
    names: dict[str, float] = {}
    words: dict[str, float] = {}
    numbers: dict[str, float] = {}
    pairs: set[tuple[str, str]] = set()
    for key, weight in story.terms.items():
        if key.startswith(NAME_MARK):
            names[key[1:]] = weight
        elif key.startswith(NUMBER_MARK):
            numbers[key] = weight
        elif PAIR_MARK in key:
            first, _, second = key.partition(PAIR_MARK)
            pairs.add((first, second))
        else:
            words[key] = weight
    core = sorted(names.items(), key=lambda item: (-item[1], item[0]))[:CORE_NAMES]
    return Target(names, words, numbers, frozenset(pairs), tuple(core))


def agree(target: Target, gist: Gist) -> Agreement:
    """Compare a gist with a story."""
    # A name of one text may be written as a word in the other (a headline in capitals).
    either = {**gist.words, **gist.names}
    shared = {key: weight * either[key] for key, weight in target.names.items() if key in either}
    named = {**gist.names, **{key: either[key] for key in shared}}
    said = {key: w * either[key] for key, w in target.words.items() if key in either}
    foreign = sorted(gist.names.items(), key=lambda item: (-item[1], item[0]))[:FOREIGN_NAMES]
    total = sum(weight for _, weight in foreign)
    unknown = sum(w for key, w in foreign if key not in target.names and key not in target.words)
    core = sum(weight for _, weight in target.core)
    headline = {key: either[key] for key in gist.headline if key in either}
    known = sum(w for key, w in headline.items() if key in target.names or key in target.words)
    numbers = {key: w for key, w in gist.numbers.items() if key in target.numbers}
    return Agreement(
        names=sum(shared.values()) / (_norm(target.names) * _norm(named) or 1.0),
        core=sum(w for key, w in target.core if key in either) / core if core else 0.0,
        foreign=unknown / total if total else 0.0,
        words=sum(said.values()) / (_norm(target.words) * _norm(gist.words) or 1.0),
        headline=known / sum(headline.values()) if headline else 0.0,
        pairs=log1p(len(target.pairs & gist.pairs)),
        numbers=log1p(sum(numbers.values())),
        shared_names=_shown(shared, gist),
        shared_words=_shown(said, gist),
        shared_numbers=_shown(numbers, gist),
    )


def _norm(vector: Mapping[str, float]) -> float:
    return sqrt(sum(weight * weight for weight in vector.values()))


def _shown(weights: Mapping[str, float], gist: Gist) -> tuple[str, ...]:
    best = sorted(weights, key=lambda key: (-weights[key], key))[:5]
    return tuple(gist.shown.get(key, key).lstrip("#") for key in best)
