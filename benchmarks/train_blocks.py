"""Train the block model of cleaners/models on all pages of a data folder.

    python -m benchmarks.train_blocks --data FOLDER

The seed is fixed: same data, same model.
"""

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.boost import Plan, train
from benchmarks.known import write_known
from benchmarks.pages import PageRows, data_sets, digest, read_page
from cleaners import gbm, models
from cleaners.gbm import Floats
from cleaners.html.classify import MODEL
from cleaners.html.features import FEATURES

PLAN = Plan(trees=300, rate=0.08, borders=32)

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


def fit(pages: Sequence[PageRows], notes: str = "") -> gbm.Forest:
    """The forest, trained on these pages."""
    measures = [weights(page) for page in pages]
    weight = np.concatenate([own[chosen] for own, chosen in measures])
    return train(
        np.concatenate(
            [page.matrix[chosen] for page, (_, chosen) in zip(pages, measures, strict=True)]
        ),
        np.concatenate(
            [
                np.array(page.labels.body, dtype=np.float32)[chosen]
                for page, (_, chosen) in zip(pages, measures, strict=True)
            ]
        ),
        FEATURES,
        # Regularisation counts in units of weight: let a mean block weigh one.
        weights=weight / weight.mean(),
        plan=PLAN,
        notes=notes,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of data sets NAME/dev")
    parser.add_argument("--out", type=Path, default=models.path("."))
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
    notes = f"data {digest(sets)}; {len(pages)} pages; seed {PLAN.seed}; " + ATTRIBUTION
    forest = fit(pages, notes)
    gbm.save(forest, options.out / MODEL)
    if options.out.samefile(models.path(".")):
        write_known(page.gold for page in pages)
    print(f"{MODEL}: {len(forest.features)} features, {len(forest.leaves)} trees")
    print(notes)


if __name__ == "__main__":
    main()
