"""Models that have not seen the pages they are measured on.

The shipped block model has learned from pages whose fingerprints stand in trained_on.txt. A data
folder that holds any of them is cross-validated: for each fold of sites a model is grown from the
pages of all other sites, and kept beside the results for the next run.
"""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

from benchmarks.data import GoldPage, load
from benchmarks.known import fingerprint, known
from benchmarks.pages import data_sets, digest, folds, read_page
from benchmarks.train_blocks import PLAN, fit
from cleaners import gbm, models
from cleaners.html.classify import MODEL
from cleaners.html.features import FEATURES

FOLDS = 5
SEED = 7


def is_training_data(folder: Path) -> bool:
    """Whether the shipped model has learned from a page of this folder."""
    return any(fingerprint(page) in known() for page in load(folder))


def fold_of(pages: Sequence[GoldPage]) -> list[int]:
    """The fold of each page; pages of a site share one."""
    return [int(number) for number in folds([page.site for page in pages], FOLDS, SEED)]


def train_folds(root: Path, out: Path) -> list[Path]:
    """Folders of models, one a fold, grown from the article pages of the data sets NAME/dev.

    Beside the block model they hold the shipped ones of page kinds, which decide on no block.
    """
    sets = [
        (name, [page for page in pages if page.page_type == "article"])
        for name, pages in data_sets(root)
    ]
    recipe = hashlib.sha256(repr((PLAN, FEATURES, FOLDS, SEED)).encode()).hexdigest()[:8]
    folders = [out / f"{digest(sets)}-{recipe}" / f"fold-{number}" for number in range(FOLDS)]
    if all((folder / MODEL).exists() for folder in folders):
        return folders
    rows = [row for name, pages in sets for page in pages if (row := read_page(name, page))]
    own = fold_of([row.gold for row in rows])
    for number, folder in enumerate(folders):
        others = [row for row, fold in zip(rows, own, strict=True) if fold != number]
        if folder.exists():
            shutil.rmtree(folder)
        shutil.copytree(models.path("."), folder, ignore=shutil.ignore_patterns("*.py", "__*"))
        gbm.save(fit(others), folder / MODEL)
    return folders
