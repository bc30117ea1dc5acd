"""Models that have not seen the pages they are measured on.

The shipped models have learned from pages whose fingerprints stand in trained_on.txt. A data
folder that holds any of them is cross-validated: for each fold of sites models are grown from the
pages of all other sites, and kept beside the results for the next run.
"""

import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks import kept, train_lines, train_pagetype
from benchmarks.data import GoldPage, load
from benchmarks.known import fingerprint, known
from benchmarks.pages import data_sets, digest, folds, read_page
from benchmarks.train_blocks import fit
from cleaners import gbm, models
from cleaners.html.classify import MODEL

FOLDS = 5
SEED = 7


def is_training_data(folder: Path) -> bool:
    """Whether the shipped model has learned from a page of this folder."""
    return any(fingerprint(page) in known() for page in load(folder))


def fold_of(pages: Sequence[GoldPage]) -> list[int]:
    """The fold of each page; pages of a site share one."""
    return [int(number) for number in folds([page.site for page in pages], FOLDS, SEED)]


def train_folds(root: Path, out: Path, *, lines: bool) -> list[Path]:
    """Folders of models, one a fold, grown without the fold's sites from the data sets NAME/dev.

    Each holds the block model, those of page kinds and, if `lines` of text are to be judged, the
    line models, which take longest. They are kept: the next run with the same data reads them,
    unless what pages are read or models are grown with has changed since.
    """
    sets = data_sets(root)
    folders = [out / f"{digest(sets)}-{FOLDS}-{SEED}" / f"fold-{at}" for at in range(FOLDS)]
    for folder in folders:
        if not folder.exists():
            shutil.copytree(models.path("."), folder, ignore=shutil.ignore_patterns("*.py", "__*"))
    for grow, made_of in _GROWN if lines else _GROWN[:-1]:
        kept.grow_once(grow.__name__.strip("_"), made_of, folders, partial(grow, sets, folders))
    return folders


Sets = Sequence[tuple[str, Sequence[GoldPage]]]


def _articles(sets: Sets) -> list[tuple[str, GoldPage]]:
    return [(name, page) for name, pages in sets for page in pages if page.page_type == "article"]


def _grow_blocks(sets: Sets, folders: Sequence[Path]) -> None:
    rows = [row for name, page in _articles(sets) if (row := read_page(name, page)) is not None]
    own = fold_of([row.gold for row in rows])
    for number, folder in enumerate(folders):
        others = [row for row, fold in zip(rows, own, strict=True) if fold != number]
        gbm.save(fit(others), folder / MODEL)


def _grow_lines(sets: Sets, folders: Sequence[Path]) -> None:
    known = train_lines.read_samples([page for _, page in _articles(sets) if page.text])
    own = fold_of([sample.page for sample in known])
    for number, folder in enumerate(folders):
        others = [sample for sample, fold in zip(known, own, strict=True) if fold != number]
        train_lines.write(others, folder)


def _grow_kinds(sets: Sets, folders: Sequence[Path]) -> None:
    pages = [page for _, listed in sets for page in listed]
    rows, kinds = train_pagetype.read_rows(pages), train_pagetype.kinds_of(pages)
    own = np.array(fold_of(pages))
    for number, folder in enumerate(folders):
        others = own != number
        train_pagetype.write(rows[others], [kinds[at] for at in np.flatnonzero(others)], folder)


_GROWN = (
    (_grow_kinds, (*kept.PAGES, "benchmarks/train_pagetype.py")),
    (_grow_blocks, (*kept.PAGES, "benchmarks/train_blocks.py")),
    (_grow_lines, (*kept.LINES, "benchmarks/train_lines.py", "benchmarks/train_net.py")),
)
"""What grows models, and the sources that they are made of."""
