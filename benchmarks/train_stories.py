"""Fits the weights of `cleaners.stories.likeness`, prints them, and how they do where they are new.

    python -m benchmarks.train_stories --data DIR… [--labelled FILE]…

Pairs that tell one story: of the demo newswire, of related_stories.jsonl, and the two halves of
each real page in the folders; all other pairs tell two. Then each set is grouped by weights fitted
on the others; labelled files (see benchmarks.stories_eval) are only judged. Needs scikit-learn.
"""

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from benchmarks.stories_eval import (
    Told,
    demo_newswire,
    evaluate,
    invented_stories,
    labelled,
    real_pages,
)
from cleaners.stories import likeness
from cleaners.stories.likeness import FEATURES, Weights, features
from cleaners.stories.pairs import Profiles, candidates, weigh_by_rarity
from cleaners.stories.profile import read_profile

# Sets have from 100 to 1,000 pairs of one story: each counts as if it had so many.
_SET_WEIGHT, _FEW = 200.0, 20
_ALL_PAIRS = 600
_SAME_LANGUAGE = ("cosine", "lead", "mass", "names", "words", "numbers", "gap")
_FOREIGN = ("cosine", "lead", "names_cosine", "mass", "numbers", "gap")
_NO_DATE = 1_767_225_600_000_000


def profiles_of(told: list[Told]) -> Profiles:
    """Profiles of articles in the order given."""
    made = [read_profile(t.article.title, t.article.text, t.article.language) for t in told]
    keys = np.stack([profile.keys for profile in made])
    weights = np.stack([profile.weights for profile in made]).astype(np.float32)
    times = [
        round(t.article.published_at.timestamp() * 1e6) if t.article.published_at else _NO_DATE
        for t in told
    ]
    languages = sorted({t.article.language or "" for t in told})
    return Profiles(
        keys=keys,
        weights=weigh_by_rarity(keys, weights),
        kinds=np.stack([profile.kinds for profile in made]),
        times=np.array(times, np.int64),
        dated=np.array([t.article.published_at is not None for t in told], np.bool_),
        languages=np.array([languages.index(t.article.language or "") for t in told], np.int32),
    )


def halves(told: list[Told]) -> list[Told]:
    """Each article as two: its odd and its even pairs of paragraphs; only the first has a title.

    Without dates: those of the pages lie years apart, and would tell the pairs alone.
    """
    found = []
    for one in told:
        blocks = [block for block in one.article.text.split("\n") if block.strip()]
        for side in (0, 1):
            text = "\n\n".join(b for place, b in enumerate(blocks) if place // 2 % 2 == side)
            title = one.article.title if side == 0 else None
            metadata = replace(one.article.metadata, title=title, published_at=None)
            found.append(Told(replace(one.article, text=text, metadata=metadata), one.story))
    return found


def all_pairs(count: int) -> npt.NDArray[np.int64]:
    """Every pair of `count` rows."""
    return np.stack(np.triu_indices(count, 1), axis=1).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of one set: their features, whether they tell one story, whether languages differ."""

    inputs: npt.NDArray[np.float32]
    gold: npt.NDArray[np.bool_]
    foreign: npt.NDArray[np.bool_]


def pairs_of(told: list[Told]) -> Pairs:
    """All pairs of a set, or of a large one those that linking would look at."""
    profiles = profiles_of(told)
    pairs = candidates(profiles) if len(told) > _ALL_PAIRS else all_pairs(len(told))
    story = np.array([hash(t.story or t.article.source) for t in told])
    one, other = pairs.T
    return Pairs(
        inputs=features(profiles, pairs),
        gold=story[one] == story[other],
        foreign=profiles.languages[one] != profiles.languages[other],
    )


def fitted(sets: Sequence[Pairs], *, foreign: bool) -> Weights:
    """Weights that tell the pairs of these sets best; each set counts alike."""
    used = [FEATURES.index(name) for name in (_FOREIGN if foreign else _SAME_LANGUAGE)]
    inputs, gold, mass = [], [], []
    for pairs in sets:
        chosen = pairs.foreign == foreign
        right = int(pairs.gold[chosen].sum())
        inputs.append(pairs.inputs[chosen][:, used])
        gold.append(pairs.gold[chosen])
        mass.append(np.full(chosen.sum(), _SET_WEIGHT / max(_FEW, right)))
    model = LogisticRegression(C=3.0, max_iter=5_000)
    model.fit(np.concatenate(inputs), np.concatenate(gold), np.concatenate(mass))
    found = dict.fromkeys(FEATURES, 0.0)
    for place, value in zip(used, model.coef_[0], strict=True):
        found[FEATURES[place]] = round(float(value), 2)
    return Weights(bias=round(float(model.intercept_[0]), 2), **found)


def held_out(name: str, sets: Mapping[str, list[Told]], known: Mapping[str, Pairs]) -> float:
    """Pair-F1 of one set, grouped by weights that were fitted on the others."""
    others = [pairs for other, pairs in known.items() if other != name]
    spoken = [pairs for pairs in others if pairs.foreign.any()] or [known[name]]
    told = sets[name]
    model = fitted(others, foreign=False), fitted(spoken, foreign=True)
    with patched(*model), tempfile.TemporaryDirectory() as folder:
        return evaluate(told, Path(folder)).f1


@contextmanager
def patched(same: Weights, foreign: Weights) -> Iterator[None]:
    """These weights instead of those that ship."""
    before = likeness.SAME_LANGUAGE, likeness.FOREIGN
    likeness.SAME_LANGUAGE, likeness.FOREIGN = same, foreign
    try:
        yield
    finally:
        likeness.SAME_LANGUAGE, likeness.FOREIGN = before


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
    known = {name: pairs_of(told) for name, told in sets.items()}
    for folder in asked.data:
        known[str(folder)] = pairs_of(halves(list(real_pages(folder))))
    for name, model in (
        ("SAME_LANGUAGE", fitted(list(known.values()), foreign=False)),
        ("FOREIGN", fitted([known[each] for each in sets], foreign=True)),
    ):
        print(f"{name} = {model}")
    for file in asked.labelled:  # judged, never learned from
        sets[str(file)] = list(labelled(file))
    for name in sets:
        print(f"{name}: F1 {held_out(name, sets, known):.3f} by weights that have not seen it")


if __name__ == "__main__":
    main()
