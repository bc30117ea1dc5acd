"""Stories from seeds: seeds of one story reinforce each other, seeds of several are told apart."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cleaners.model import Seed, Story
from cleaners.related.gist import NAME_MARK, Gist, read_gist
from cleaners.related.keyphrases import names_of, phrases_of
from cleaners.related.match import FIELD_MARK, FOCUS_MARK, PAIR_MARK, Target, target_of
from cleaners.related.score import relevance

SAME_STORY = 0.4
"""Seeds whose relevance to each other, the mean of both directions, reaches this tell one story. Of
the pairs of tellings in the demo newswire .975 do, and 4 of 5,500 pairs that are no story's."""
COMPARED = 5  # seeds of a story that a new one is compared with, so that many seeds stay quick
MAX_TERMS = 600
MAX_PAIRS = 1_200
MAX_NAMES = 40
MAX_PHRASES = 30
DEFAULT_LANGUAGE = "en"
WORD_MARK = ""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A seed with what is needed to compare it with others."""

    seed: Seed
    language: str
    gist: Gist
    story: Story
    target: Target


def profile(seeds: Sequence[Seed]) -> tuple[Story, ...]:
    """The stories that the seeds tell, in the order of their first seeds; empty seeds tell none."""
    groups: list[list[_Reading]] = []
    for seed in seeds:
        if not seed.text.strip() and not (seed.title or "").strip():
            continue
        new = _read(seed)
        home = next((g for g in groups if any(_same_story(new, old) for old in g[:COMPARED])), None)
        if home is None:
            groups.append([new])
        else:
            home.append(new)
    return tuple(story_of([reading.seed for reading in group]) for group in groups)


def _read(seed: Seed) -> _Reading:
    story = story_of([seed])
    language = _language(seed)
    gist = read_gist(seed.title, seed.text, language)
    return _Reading(seed, language, gist, story, target_of(story))


def _same_story(one: _Reading, other: _Reading) -> bool:
    if one.target.core_names.keys().isdisjoint(other.gist.capital):
        return False
    there = relevance(one.story, one.target, other.gist, other.seed.published_at, other.language)
    back = relevance(other.story, other.target, one.gist, one.seed.published_at, one.language)
    return (there.score + back.score) / 2 >= SAME_STORY


def _language(seed: Seed) -> str:
    return seed.language or DEFAULT_LANGUAGE


def story_of(seeds: Sequence[Seed]) -> Story:
    """The one story that all of the seeds tell; there must be a seed."""
    terms: defaultdict[str, float] = defaultdict(float)
    names: defaultdict[str, float] = defaultdict(float)
    phrases: defaultdict[str, float] = defaultdict(float)
    part = 1.0 / len(seeds)  # the mean over the seeds: what only one of them says weighs less
    for seed in seeds:
        language = _language(seed)
        gist = read_gist(seed.title, seed.text, language)
        for mark, kind in (
            (NAME_MARK, gist.names),
            (WORD_MARK, gist.words),
            (WORD_MARK, gist.numbers),  # their keys begin with #
            (FIELD_MARK, gist.fields),
            (FOCUS_MARK, gist.focus),
        ):
            for key, weight in kind.items():
                terms[mark + key] += part * weight
        for first, second in gist.pairs:
            terms[f"{first}{PAIR_MARK}{second}"] += part
        for name, weight in names_of(seed, language).items():
            names[name] += part * weight
        for phrase, weight in phrases_of(seed, gist, language).items():
            phrases[phrase] += part * weight
    dates = sorted(_aware(seed.published_at) for seed in seeds if seed.published_at)
    ids = tuple(seed.seed_id for seed in seeds)
    return Story(
        story_id=hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()[:12],
        title=next((seed.title for seed in seeds if seed.title), "") or _opening(seeds[0].text),
        seed_ids=ids,
        names=_top(names, MAX_NAMES),
        phrases=_top(phrases, MAX_PHRASES),
        terms=_trimmed(terms),
        languages=tuple(dict.fromkeys(_language(seed) for seed in seeds)),
        first_date=dates[0] if dates else None,
        last_date=dates[-1] if dates else None,
    )


def _opening(text: str) -> str:
    return " ".join(text.split())[:80]


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _top(weights: Mapping[str, float], count: int) -> dict[str, float]:
    best = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:count]
    return {key: round(weight, 4) for key, weight in best}


def _trimmed(terms: Mapping[str, float]) -> dict[str, float]:
    """The weightiest terms; word pairs apart, as they are many and light."""
    pairs = {key: weight for key, weight in terms.items() if PAIR_MARK in key}
    rest = {key: weight for key, weight in terms.items() if PAIR_MARK not in key}
    few = {key: w for key, w in rest.items() if key[:1] in (FIELD_MARK, FOCUS_MARK)}
    many = {key: w for key, w in rest.items() if key not in few}
    return {**_top(many, MAX_TERMS), **_top(few, len(few)), **_top(pairs, MAX_PAIRS)}
