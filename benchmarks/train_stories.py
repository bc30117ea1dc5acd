"""Fits the weights of `cleaners.stories.pairs`, and prints them.

    python -m benchmarks.train_stories --data DIR…

Pairs that tell one story: of the demo newswire, of related_stories.jsonl, and, lighter, the two
halves of each real page in the folders; all other pairs tell two. Needs scikit-learn.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from benchmarks.stories_eval import Told, demo_newswire, invented_stories, real_pages
from cleaners.stories.pairs import Profiles, candidates, features, weigh_by_rarity
from cleaners.stories.profile import read_profile

# Real pages are many, and the halves of one are no two reports: a folder counts as so many pages.
_PAGES_A_FOLDER = 100
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
    """Each article as two: its odd and its even pairs of paragraphs; only the first has a title."""
    found = []
    for one in told:
        blocks = [block for block in one.article.text.split("\n") if block.strip()]
        for side in (0, 1):
            text = "\n\n".join(b for place, b in enumerate(blocks) if place // 2 % 2 == side)
            metadata = (
                one.article.metadata if side == 0 else replace(one.article.metadata, title=None)
            )
            found.append(Told(replace(one.article, text=text, metadata=metadata), one.story))
    return found


def all_pairs(count: int) -> npt.NDArray[np.int64]:
    """Every pair of `count` rows."""
    return np.stack(np.triu_indices(count, 1), axis=1).astype(np.int64)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, action="append", default=[])
    asked = parser.parse_args()
    rows, labels, weights, foreign = [], [], [], []
    pools = [(list(demo_newswire()), 1.0), (list(invented_stories()), 1.0)]
    for folder in asked.data:
        whole = list(real_pages(folder))
        weight = min(1.0, _PAGES_A_FOLDER / len(whole))
        pools += [(halves(whole), weight), (whole, weight)]
    for told, weight in pools:
        profiles = profiles_of(told)
        pairs = candidates(profiles) if len(told) > 600 else all_pairs(len(told))
        story = np.array([hash(t.story or t.article.source) for t in told])
        rows.append(features(profiles, pairs))
        labels.append(story[pairs[:, 0]] == story[pairs[:, 1]])
        foreign.append(profiles.languages[pairs[:, 0]] != profiles.languages[pairs[:, 1]])
        weights.append(np.full(len(pairs), weight))
    inputs, gold = np.concatenate(rows), np.concatenate(labels)
    mass, abroad = np.concatenate(weights), np.concatenate(foreign)
    for name, chosen in (("_SAME_LANGUAGE", ~abroad), ("_FOREIGN", abroad)):
        model = LogisticRegression(C=3.0, max_iter=5_000)
        model.fit(inputs[chosen], gold[chosen], mass[chosen])
        fields = ("cosine", "names_cosine", "names", "words", "numbers", "chance", "gap")
        values = ", ".join(f"{f}={v:.2f}" for f, v in zip(fields, model.coef_[0], strict=True))
        print(f"{name} = Weights(bias={model.intercept_[0]:.2f}, {values})")


if __name__ == "__main__":
    main()
