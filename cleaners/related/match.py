"""How a gist and a story agree, as a few numbers that say different things."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from math import log, log1p, sqrt

from cleaners.model import Story
from cleaners.related.fields import likeness
from cleaners.related.gist import NAME_MARK, Gist

NUMBER_MARK, PAIR_MARK, FIELD_MARK, FOCUS_MARK = "#", " ", "%", "!"
"""How `Story.terms` tells its keys apart: @name, #number, %field, "two words", !focus, word."""
CORE_NAMES = 12
CORE_WORDS = 24
FOCUS = 8
DOMINANT = 0.3
"""Of the 312 pairs of tellings that the newswire and halved news pages give, none lacks a name that
has this share of the focus; articles on the same war that tell another event do."""
MIN_PAIRS = 20
DEPTH_WORDS = (40, 240)  # different words of a brief item, and of an article of 600 words


@dataclass(frozen=True, slots=True)
class Target:
    """A story's terms by kind, ready to be matched against many gists."""

    names: Mapping[str, float]
    words: Mapping[str, float]
    numbers: Mapping[str, float]
    pairs: Mapping[tuple[str, str], float]
    focus: Mapping[str, float]
    core_names: Mapping[str, float]  # the weightiest
    core_words: Mapping[str, float]
    fields: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What story and text have in common, each as a number that grows with it.

    None counts all that is shared: of two long texts on one war that is much.
    """

    names: float  # cosine of the names
    focus: float  # share of what the story says most often that the text says
    core: float  # share of the story's weightiest names that the text has
    back: float  # share of the text's weightiest names that the story has
    name_mass: float  # log of the summed weight of those names
    words: float  # cosine of the other words
    core_words: float  # share of the story's weightiest words that the text has
    word_mass: float  # log of the summed squared weight of those words
    headline: float  # share of the headline's words that the story knows, names apart
    pairs: float  # shared word pairs in percent of those of the shorter text, as a logarithm
    absent: bool  # the one name that dominates the story is not in the text
    late: bool  # none of the story's weightiest names is in the headline or the first third
    depth: float  # 0 if either text is short, 1 if both are long
    numbers: float  # log of the weight of shared numbers
    fields: float | None  # cosine of the fields of news, None where unknown
    shared_names: tuple[str, ...] = ()
    shared_words: tuple[str, ...] = ()
    shared_numbers: tuple[str, ...] = ()


class _ThisStory:
    """A story as a key: its mappings cannot be hashed, and one that is equal is rarely met."""

    __slots__ = ("story",)

    def __init__(self, story: Story) -> None:
        self.story = story

    def __hash__(self) -> int:
        return id(self.story)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ThisStory) and other.story is self.story


def target_of(story: Story) -> Target:
    """The story's terms, taken apart by their marks; remembered for the stories last used."""
    return _target(_ThisStory(story))


@lru_cache(maxsize=256)
def _target(this: _ThisStory) -> Target:
    story = this.story
    names: dict[str, float] = {}
    words: dict[str, float] = {}
    numbers: dict[str, float] = {}
    pairs: dict[tuple[str, str], float] = {}
    focus: dict[str, float] = {}
    fields: dict[str, float] = {}
    for key, weight in story.terms.items():
        if key.startswith(NAME_MARK):
            names[key[1:]] = weight
        elif key.startswith(NUMBER_MARK):
            numbers[key] = weight
        elif key.startswith(FOCUS_MARK):
            focus[key[1:]] = weight
        elif key.startswith(FIELD_MARK):
            fields[key[1:]] = weight
        elif PAIR_MARK in key:
            first, _, second = key.partition(PAIR_MARK)
            pairs[first, second] = weight
        else:
            words[key] = weight
    return Target(
        names,
        words,
        numbers,
        pairs,
        weightiest(focus, FOCUS),
        weightiest(names, CORE_NAMES),
        weightiest(words, CORE_WORDS),
        fields,
    )


def weightiest(weights: Mapping[str, float], count: int) -> dict[str, float]:
    """The `count` heaviest entries; ties by their keys, so that the order is stable."""
    return dict(nsmallest(count, weights.items(), key=lambda item: (-item[1], item[0])))


def agree(target: Target, gist: Gist, *, foreign: bool = False) -> Agreement:
    """Compare a gist with a story; `foreign` when their languages differ.

    Then only what the text shows as a name counts as one: in German every noun has a capital.
    """
    capital = gist.names if foreign else gist.capital
    names = {key: w * capital[key] for key, w in target.names.items() if key in capital}
    words = {key: w * gist.stems[key] for key, w in target.words.items() if key in gist.stems}
    numbers = {key: w for key, w in gist.numbers.items() if key in target.numbers}
    named = {**gist.names, **{key: capital[key] for key in names}}
    return Agreement(
        names=sum(names.values()) / (_norm(target.names) * _norm(named) or 1.0),
        focus=_share(target.focus, {**gist.stems, **{NAME_MARK + key: 1.0 for key in capital}}),
        core=_share(target.core_names, capital),
        back=_share(weightiest(gist.names, CORE_NAMES), target.names),
        name_mass=log1p(
            sum(min(w, capital[key]) for key, w in target.core_names.items() if key in capital)
        ),
        words=sum(words.values()) / (_norm(target.words) * _norm(gist.words) or 1.0),
        core_words=_share(target.core_words, gist.stems),
        word_mass=log1p(
            sum(
                max(0.0, min(w, gist.stems[key]) - 1.5) ** 2
                for key, w in target.core_words.items()
                if key in gist.stems
            )
        ),
        headline=_share(gist.headline, target.words),
        pairs=_paired(target.pairs, gist.pairs),
        absent=not foreign and _dominant(target.focus) not in (*capital, ""),
        late=not target.core_names.keys() & gist.early,
        depth=_depth(min(len(target.words), len(gist.words))),
        numbers=log1p(sum(numbers.values())),
        fields=likeness(target.fields, gist.fields),
        shared_names=_shown(names, gist, NAME_MARK),
        shared_words=_shown(words, gist, ""),
        shared_numbers=_shown(numbers, gist, ""),
    )


def _paired(story: Mapping[tuple[str, str], float], text: frozenset[tuple[str, str]]) -> float:
    shared = sum(story[pair] for pair in story.keys() & text)
    return log1p(100.0 * shared / max(MIN_PAIRS, min(sum(story.values()), len(text))))


def _dominant(focus: Mapping[str, float]) -> str:
    """The name that a story says most, if it stands out; else empty."""
    key, weight = next(iter(focus.items()), ("", 0.0))
    return key.removeprefix(NAME_MARK) if weight >= DOMINANT and key[:1] == NAME_MARK else ""


def _depth(words: int) -> float:
    short, long = DEPTH_WORDS
    return min(1.0, max(0.0, log(words / short) / log(long / short))) if words else 0.0


def _share(part: Mapping[str, float], whole: Mapping[str, float]) -> float:
    total = sum(part.values())
    return sum(w for key, w in part.items() if key in whole) / total if total else 0.0


def _norm(vector: Mapping[str, float]) -> float:
    return sqrt(sum(weight * weight for weight in vector.values()))


def _shown(weights: Mapping[str, float], gist: Gist, mark: str) -> tuple[str, ...]:
    return tuple(gist.shown.get(mark + key, key) for key in weightiest(weights, 5))
