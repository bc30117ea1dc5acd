"""Train the page type models on all pages of the data sets; measure them by cross-validation.

    python -m benchmarks.train_pagetype --data ../shared/data [--measure]

Folds are grouped by site. Attribution: WCXB (Murrough Foley 2026, CC-BY-4.0); news pages with gold
from fundus (flairNLP, MIT).
"""

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks import boost
from benchmarks.pages import data_sets, digest, folds
from cleaners import gbm
from cleaners.decode import decode
from cleaners.gbm import Floats
from cleaners.html.blocks import read_blocks
from cleaners.html.pagefeatures import FEATURES, page_features
from cleaners.html.pagetype import ARTICLE_FROM, KINDS, MODELS, REJECT_BELOW
from cleaners.metadata import read_page_data
from cleaners.model import PageType

FOLDS = 5
SEED = 7
ARTICLE_PLAN = boost.Plan(trees=300, depth=5, rate=0.05, seed=SEED)
KIND_PLAN = boost.Plan(trees=120, depth=4, rate=0.08, seed=SEED)

# The data sets' kinds to Winnow's.
KIND_OF = {
    "article": PageType.ARTICLE,
    "listing": PageType.LISTING,
    "collection": PageType.LISTING,
    "forum": PageType.FORUM,
    "product": PageType.PRODUCT,
    "service": PageType.OTHER,
    "documentation": PageType.OTHER,
}


def main() -> None:
    """Measure, then write the models."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--measure", action="store_true", help="only measure, write nothing")
    options = parser.parse_args()
    sets = data_sets(options.data)
    pages = [(name, page) for name, listed in sets for page in listed]
    rows = np.concatenate([_row(page.html, page.url) for _, page in pages])
    kinds = [KIND_OF[page.page_type] for _, page in pages]
    sites = [page.site for _, page in pages]
    news = np.array([name == "news" for name, _ in pages])
    _measure(rows, kinds, sites, news)
    if options.measure:
        return
    notes = f"data {digest(sets)}, seed {SEED}; WCXB (M. Foley 2026, CC-BY-4.0), fundus test pages"
    for kind in (PageType.ARTICLE, *KINDS):
        plan = ARTICLE_PLAN if kind is PageType.ARTICLE else KIND_PLAN
        forest = boost.train(rows, _labels(kinds, kind), FEATURES, plan=plan, notes=notes)
        gbm.save(forest, MODELS / f"pagetype_{kind.value}.npz")


def _row(html: bytes, url: str) -> Floats:
    document = read_blocks(decode(html).text)
    return page_features(document, read_page_data(document.tree, url), url)


def _labels(kinds: list[PageType], kind: PageType) -> Floats:
    return np.array([k is kind for k in kinds], dtype=np.float32)


def _measure(
    rows: Floats, kinds: list[PageType], sites: list[str], news: npt.NDArray[np.bool_]
) -> None:
    fold = folds(sites, FOLDS, SEED)
    wanted = (PageType.ARTICLE, *KINDS)
    scores = np.zeros((len(kinds), len(wanted)), dtype=np.float32)
    for column, kind in enumerate(wanted):
        plan = ARTICLE_PLAN if kind is PageType.ARTICLE else KIND_PLAN
        for number in range(FOLDS):
            test = fold == number
            forest = boost.train(rows[~test], _labels(kinds, kind)[~test], FEATURES, plan=plan)
            scores[test, column] = forest.probability(rows[test])
    truth = np.array([k is PageType.ARTICLE for k in kinds])
    article = scores[:, 0]
    said = article >= ARTICLE_FROM
    wide = ~news
    both = int((said & truth & wide).sum())
    f1 = 2 * both / int((said & wide).sum() + (truth & wide).sum())
    rejected = (article < REJECT_BELOW) & truth
    print(f"article F1 at {ARTICLE_FROM}, WCXB pages of all types: {f1:.4f}")
    print(
        f"true articles below {REJECT_BELOW}: WCXB {rejected[wide].sum() / truth[wide].sum():.4f}"
    )
    print(f"    news {rejected[news].sum()} of {news.sum()}")
    others = ~truth & wide
    print(f"others rejected: {(article[others] < REJECT_BELOW).mean():.3f}")
    best = [
        wanted[0] if s else wanted[1 + int(np.argmax(row[1:]))]
        for s, row in zip(said, scores, strict=True)
    ]
    right = [b is k for b, k, w in zip(best, kinds, wide, strict=True) if w]
    print(f"kind right, WCXB: {np.mean(right):.3f}")
    for threshold in (0.02, 0.03, 0.05, 0.08, 0.3, 0.4, 0.5, 0.6):
        said = (article >= threshold) & wide
        f1 = 2 * int((said & truth).sum()) / int(said.sum() + (truth & wide).sum())
        lost = int(((article < threshold) & truth & wide).sum()) / int((truth & wide).sum())
        print(f"    threshold {threshold}: F1 {f1:.4f}, articles lost {lost:.4f}")


if __name__ == "__main__":
    main()
