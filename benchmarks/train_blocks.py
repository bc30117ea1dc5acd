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

PLAN = Plan(trees=240, rate=0.1, borders=32, forests=5)
"""One forest's leaks on the news set depend on its seed by as much as .7 words in 1,000 either way;
the mean of five loses .6 words fewer as well, and takes .05 ms a page more where it is compiled."""

NEWS_WEIGHT = 3.0
"""Weight of a page of the news set: 129 pages beside 789, but they are what Winnow is for."""
WORD_POWER = 0.5
"""A block weighs by this power of its words: between each block alike and each word alike."""
LARGEST = 0.2
"""No block weighs more than this share of its page."""
FAR_SHARE = 0.12
"""Of blocks far from any prose, plain chrome, this share is trained on, with more weight each."""
FAR = 3

_IDLE = """
    word_length quotes ends_ellipsis starts_lower starts_upper starts_quote all_upper opens_share
    opens_advert opens_byline opens_comment opens_correct says_legal says_comment is_dd inner_nav
    inner_header inner_footer inner_related inner_teaser inner_share inner_comment inner_advert
    inner_newsletter inner_paywall inner_byline inner_time inner_media inner_title inner_lead
    inner_meta inner_popup inner_hidden inner_note inner_review inner_quote inner_breaking own_nav
    own_header own_footer own_aside own_article own_related own_teaser own_share own_comment
    own_advert own_newsletter own_paywall own_byline own_time own_caption own_media own_title
    own_tags own_meta own_popup own_hidden own_toc own_note own_call own_breaking own_<nav>
    own_<header> own_<footer> own_<aside> own_<article> own_<main> own_<figcaption> own_<form>
    own_<table> own_<blockquote> own_<button> own_<section> own_<details> own_<dialog> own_<ul>
    own_<ol> own_<address> own_<a> own_<hidden> inside_nav inside_header inside_aside inside_related
    inside_paywall inside_time inside_title inside_meta inside_breaking inside_<nav> inside_<header>
    inside_<main> inside_<details> inside_<address> inside_<a> inside_<hidden> inside_<articlebody>
    path_nav path_footer path_aside path_advert path_hidden path_<nav> path_<header> path_<aside>
    path_<button> path_<details> path_<dialog> path_<address> path_<a> path_<hidden> linked@-2
    stop@-2 is_p@-2 is_li@-2 heading@-2 same_parent@-2 stop@-1 is_p@-1 is_li@-1 heading@-1
    same_path@-1 same_parent@-1 stop@+1 is_p@+1 is_li@+1 same_path@+1 same_parent@+1 stop@+2 is_p@+2
    is_li@+2 heading@+2 same_path@+2 same_parent@+2 opens_before since_subscribe
"""
IDLE = tuple(_IDLE.split())
"""Columns that the trees need not ask of: each had less than .15 % of what the splits of a forest
over all columns changed, all together 4 %. Left out, a forest takes half the time to grow."""

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
        idle=IDLE,
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
