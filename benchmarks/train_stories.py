"""Fits the weights that `cleaners.stories.likeness` has for pairs between languages, and shows what
every set of stories says of the threshold.

    python -m benchmarks.train_stories [--data DIR]… [--labelled FILE]…

Pairs that tell one story: of the demo newswire and of related_stories.jsonl; all other pairs tell
two. For each set (those of benchmarks.stories_eval) the pair-F1 by threshold is printed, all pairs
compared, from which SAME_STORY was chosen. Needs scikit-learn.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from benchmarks.stories_eval import (
    Told,
    demo_newswire,
    invented_stories,
    labelled,
    real_pages,
    score,
)
from cleaners.stories.cluster import EASE, average_link
from cleaners.stories.likeness import FEATURES, SAME_STORY, Weights, compare, features
from cleaners.stories.pairs import Profiles, weigh_by_rarity
from cleaners.stories.profile import read_profile

# Sets have from 100 to 1,000 pairs of one story: each counts as if it had so many.
_SET_WEIGHT, _FEW = 200.0, 20
_FITTED = ("cosine", "lead", "names_cosine", "names", "numbers", "gap")
_NO_DATE = 1_767_225_600_000_000
_AROUND = np.arange(-0.06, 0.0601, 0.02)


def profiles_of(told: list[Told]) -> Profiles:
    """Profiles of articles in the order given."""
    made = [read_profile(t.article.title, t.article.text, t.article.language) for t in told]
    keys = np.stack([profile.keys for profile in made])
    weights = np.stack([profile.weights for profile in made]).astype(np.float32)
    kinds = np.stack([profile.kinds for profile in made])
    times = [
        round(t.article.published_at.timestamp() * 1e6) if t.article.published_at else _NO_DATE
        for t in told
    ]
    languages = sorted({t.article.language or "" for t in told})
    hosts = [urlsplit(t.article.url or "").hostname or "" for t in told]
    sites = sorted(set(hosts))
    return Profiles(
        keys=keys,
        weights=weigh_by_rarity(keys, weights, kinds),
        kinds=kinds,
        times=np.array(times, np.int64),
        dated=np.array([t.article.published_at is not None for t in told], np.bool_),
        languages=np.array([languages.index(t.article.language or "") for t in told], np.int32),
        sites=np.array([sites.index(site) if site else -1 for site in hosts], np.int32),
    )


def all_pairs(count: int) -> npt.NDArray[np.int64]:
    """Every pair of `count` rows."""
    return np.stack(np.triu_indices(count, 1), axis=1).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of one set between languages: their features, and whether they tell one story."""

    inputs: npt.NDArray[np.float32]
    gold: npt.NDArray[np.bool_]


def pairs_of(told: list[Told]) -> Pairs:
    """All pairs between languages of a set."""
    profiles, pairs = profiles_of(told), all_pairs(len(told))
    pairs = pairs[profiles.languages[pairs[:, 0]] != profiles.languages[pairs[:, 1]]]
    story = np.array([hash(t.story or t.article.source) for t in told])
    return Pairs(features(profiles, pairs), story[pairs[:, 0]] == story[pairs[:, 1]])


def fitted(sets: Sequence[Pairs]) -> Weights:
    """Weights that tell the pairs of these sets best; each set counts alike."""
    used = [FEATURES.index(name) for name in _FITTED]
    inputs = np.concatenate([pairs.inputs[:, used] for pairs in sets])
    gold = np.concatenate([pairs.gold for pairs in sets])
    mass = [
        np.full(len(pairs.gold), _SET_WEIGHT / max(_FEW, int(pairs.gold.sum()))) for pairs in sets
    ]
    model = LogisticRegression(C=3.0, max_iter=5_000)
    model.fit(inputs, gold, np.concatenate(mass))
    found = dict.fromkeys(FEATURES, 0.0)
    for place, value in zip(used, model.coef_[0], strict=True):
        found[FEATURES[place]] = round(float(value), 2)
    return Weights(bias=round(float(model.intercept_[0]), 2), **found)


def by_threshold(told: list[Told]) -> list[float]:
    """Pair-F1 of a set, all its pairs compared, at each threshold _AROUND the one in use."""
    profiles, pairs = profiles_of(told), all_pairs(len(told))
    table = np.full((len(told), len(told)), -1.0, np.float32)
    table[pairs[:, 0], pairs[:, 1]] = compare(profiles, pairs)
    table = np.maximum(table, table.T)
    return [score(told, average_link(table, SAME_STORY + step, EASE)).f1 for step in _AROUND]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.train_stories",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, action="append", default=[])
    parser.add_argument("--labelled", type=Path, action="append", default=[])
    asked = parser.parse_args()
    sets = {"demo newswire": list(demo_newswire()), "invented stories": list(invented_stories())}
    print(f"FOREIGN = {fitted([pairs_of(told) for told in sets.values()])}")
    sets |= {str(folder): list(real_pages(folder)) for folder in asked.data}
    sets |= {str(file): list(labelled(file)) for file in asked.labelled}
    print("threshold", *(f"{SAME_STORY + step:.2f}" for step in _AROUND))
    for name, told in sets.items():
        print(name, *(f"{f1:.3f}" for f1 in by_threshold(told)))


if __name__ == "__main__":
    main()
