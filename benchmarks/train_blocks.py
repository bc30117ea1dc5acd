"""Train the block models of cleaners/models on all pages of a data folder.

    python -m benchmarks.train_blocks --data FOLDER

The first forest sees a block, the second also what the first says of its company; so that it does
not learn to trust scores of pages that the first has seen, those it is trained with come from
forests of other sites' pages (stacking, Wolpert 1992). Seeds are fixed: same data, same models.
"""

import argparse
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.boost import Plan, train
from benchmarks.pages import PageRows, data_sets, digest, folds, read_page
from cleaners import gbm
from cleaners.gbm import Floats
from cleaners.html.classify import MODELS, Forests
from cleaners.html.company import SECOND, second_features
from cleaners.html.features import FEATURES

FIRST = Plan(trees=200, rate=0.1, borders=32)
LATER = Plan(trees=150, rate=0.1, borders=32)
STACK_FOLDS, STACK_SEED = 4, 11

NEWS_WEIGHT = 3.0
"""Weight of a page of the news set: 129 pages beside 789, but they are what Winnow is for."""
WORD_POWER = 0.5
"""A block weighs by this power of its words: between each block alike and each word alike."""
LARGEST = 0.2
"""No block weighs more than this share of its page."""
FAR_SHARE = 0.12
"""Of blocks far from any prose, plain chrome, this share is trained on, with more weight each."""
FAR = 3

ATTRIBUTION = (
    "WCXB development pages (Murrough Foley 2026, CC-BY-4.0); news pages of the test data of "
    "flairNLP/fundus (MIT)"
)


def weights(page: PageRows) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Weight of each block of a page, and whether it is trained on at all."""
    sizes = np.maximum(page.wording.words, 1) ** WORD_POWER
    sizes *= np.sqrt(len(sizes)) / sizes.sum()
    sizes = np.minimum(sizes, LARGEST * sizes.sum())
    sizes[np.array(page.labels.twin)] = 0.0
    if page.data == "news":
        sizes *= NEWS_WEIGHT
    column = {name: page.matrix[:, FEATURES.index(name)] for name in _NEARNESS}
    near = np.array(page.labels.body) | (column["in_75"] > 0)
    near |= (column["to_prose_before"] <= FAR) | (column["to_prose_after"] <= FAR)
    seed = int.from_bytes(hashlib.sha256(page.gold.id.encode()).digest()[:4], "big")
    chosen = near | (np.random.default_rng(seed).random(len(near)) < FAR_SHARE)
    return np.where(near, sizes, sizes / FAR_SHARE).astype(np.float32), chosen


_NEARNESS = ("in_75", "to_prose_before", "to_prose_after")


def fit(pages: Sequence[PageRows], notes: str = "") -> Forests:
    """Both forests, trained on these pages."""
    measures = [weights(page) for page in pages]
    # Regularisation counts in units of weight: let a mean block weigh one.
    mean = float(np.mean(np.concatenate([weight for weight, _ in measures])))

    def grow(
        rows: Callable[[int], Floats], use: Sequence[int], names: Sequence[str], plan: Plan
    ) -> gbm.Forest:
        chosen = [measures[number][1] for number in use]
        labels = [np.array(pages[number].labels.body, dtype=np.float32) for number in use]
        return train(
            np.concatenate([rows(number)[own] for number, own in zip(use, chosen, strict=True)]),
            np.concatenate([label[own] for label, own in zip(labels, chosen, strict=True)]),
            names,
            weights=np.concatenate(
                [measures[number][0][own] / mean for number, own in zip(use, chosen, strict=True)]
            ),
            plan=plan,
            notes=notes,
        )

    def first_rows(number: int) -> Floats:
        return pages[number].matrix

    everything = range(len(pages))
    fold = folds([page.gold.site for page in pages], STACK_FOLDS, STACK_SEED)
    late: dict[int, Floats] = {}
    for part in range(STACK_FOLDS):
        forest = grow(first_rows, [n for n in everything if fold[n] != part], FEATURES, FIRST)
        for number in everything:
            if fold[number] == part:
                page = pages[number]
                early = forest.probability(page.matrix)
                late[number] = second_features(early, page.layout, page.wording)

    def both_rows(number: int) -> Floats:
        return np.concatenate([pages[number].matrix, late[number]], axis=1)

    return Forests(
        first=grow(first_rows, everything, FEATURES, FIRST),
        second=grow(both_rows, everything, (*FEATURES, *SECOND), LATER),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of data sets NAME/dev")
    parser.add_argument("--out", type=Path, default=MODELS)
    options = parser.parse_args()
    sets = [
        (name, [gold for gold in golds if gold.page_type == "article"])
        for name, golds in data_sets(options.data)
    ]
    pages = [
        rows
        for name, golds in sets
        for gold in golds
        if (rows := read_page(name, gold)) is not None
    ]
    notes = (
        f"data {digest(sets)}; {len(pages)} pages; seeds {FIRST.seed}, {LATER.seed}, {STACK_SEED}; "
        + ATTRIBUTION
    )
    forests = fit(pages, notes)
    for name, forest in (("first", forests.first), ("second", forests.second)):
        gbm.save(forest, options.out / f"blocks_{name}.npz")
        print(f"blocks_{name}.npz: {len(forest.features)} features, {len(forest.leaves)} trees")
    print(notes)


if __name__ == "__main__":
    main()
