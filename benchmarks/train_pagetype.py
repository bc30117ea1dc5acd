"""Train the page type models on all pages of the data sets; measure them by cross-validation.

    python -m benchmarks.train_pagetype --data ../shared/data [--measure]

Folds are grouped by site. Attribution: WCXB (Murrough Foley 2026, CC-BY-4.0); news pages with gold
from fundus (flairNLP, MIT).
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks import boost
from benchmarks.data import GoldPage
from benchmarks.pages import data_sets, digest, folds
from cleaners import gbm, models
from cleaners.decode import decode
from cleaners.gbm import Floats
from cleaners.html.blocks import read_blocks
from cleaners.html.pagefeatures import CONTENT, FEATURES, page_features
from cleaners.html.pagetype import ARTICLE_FROM, KINDS, REJECT_BELOW
from cleaners.metadata import read_page_data
from cleaners.model import PageType

FOLDS = 5
SEED = 7
# Few columns a split and strong leaves: more other pages rejected at 1 % of articles lost (62 % of
# them against 58 %) than with 0.3 and 5; deeper, longer or with counts of teasers is no better.
ARTICLE_PLAN = boost.Plan(trees=300, depth=5, rate=0.05, l2=10.0, columns=0.15, seed=SEED)
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
    pages = [page for _, listed in sets for page in listed]
    rows, kinds = read_rows(pages), kinds_of(pages)
    if not options.measure:
        notes = f"data {digest(sets)}, seed {SEED}; WCXB (M. Foley 2026, CC-BY-4.0), fundus pages"
        write(rows, kinds, models.path("."), notes)
    sites = [page.site for page in pages]
    news = np.array([name == "news" for name, listed in sets for _ in listed])
    print("with address and declarations")
    _measure(rows, FEATURES, kinds, sites, news)
    print("by what pages show alone")
    _measure(rows[:, CONTENT:], FEATURES[CONTENT:], kinds, sites, news)


def read_rows(pages: Sequence[GoldPage]) -> Floats:
    """Features of all pages: shape (pages, len(FEATURES))."""
    return np.concatenate([_row(page.html, page.url) for page in pages])


def kinds_of(pages: Sequence[GoldPage]) -> list[PageType]:
    """What the pages are by their gold."""
    return [KIND_OF[page.page_type] for page in pages]


def write(rows: Floats, kinds: Sequence[PageType], out: Path, notes: str = "") -> None:
    """Grow all forests of page kinds into a folder."""
    for kind in (PageType.ARTICLE, *KINDS):
        plan = ARTICLE_PLAN if kind is PageType.ARTICLE else KIND_PLAN
        forest = boost.train(rows, _labels(kinds, kind), FEATURES, plan=plan, notes=notes)
        gbm.save(forest, out / f"pagetype_{kind.value}.npz")
    shown, names = rows[:, CONTENT:], FEATURES[CONTENT:]
    labels = _labels(kinds, PageType.ARTICLE)
    forest = boost.train(shown, labels, names, plan=ARTICLE_PLAN, notes=notes)
    gbm.save(forest, out / "pagetype_bare.npz")


def _row(html: bytes, url: str) -> Floats:
    document = read_blocks(decode(html).text)
    return page_features(document, read_page_data(document.tree, url), url)


def _labels(kinds: Sequence[PageType], kind: PageType) -> Floats:
    return np.array([k is kind for k in kinds], dtype=np.float32)


def _measure(
    rows: Floats,
    names: tuple[str, ...],
    kinds: list[PageType],
    sites: list[str],
    news: npt.NDArray[np.bool_],
) -> None:
    """Print F1 of "article" and what is lost, cross-validated by site, at several thresholds."""
    fold = folds(sites, FOLDS, SEED)
    labels = _labels(kinds, PageType.ARTICLE)
    scores = np.zeros(len(kinds), dtype=np.float32)
    for number in range(FOLDS):
        test = fold == number
        forest = boost.train(rows[~test], labels[~test], names, plan=ARTICLE_PLAN)
        scores[test] = forest.probability(rows[test])
    truth, wide = labels > 0, ~news
    for threshold in sorted({0.02, 0.03, REJECT_BELOW, 0.05, 0.06, 0.4, ARTICLE_FROM, 0.6}):
        said = (scores >= threshold) & wide
        f1 = 2 * int((said & truth).sum()) / int(said.sum() + (truth & wide).sum())
        lost = int(((scores < threshold) & truth & wide).sum()) / int((truth & wide).sum())
        others = float((scores[~truth & wide] < threshold).mean())
        print(
            f"    {threshold}: F1 {f1:.4f}, WCXB articles lost {lost:.4f}, others rejected "
            f"{others:.3f}, news lost {int(((scores < threshold) & news).sum())}"
        )


if __name__ == "__main__":
    main()
