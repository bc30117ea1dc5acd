"""The blocks of all pages of a data folder as one table of features and labels."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.data import GoldPage, load
from benchmarks.labels import Labels, label
from cleaners.decode import decode
from cleaners.gbm import Floats
from cleaners.html.blocks import read_blocks
from cleaners.html.document import Document
from cleaners.html.features import features
from cleaners.html.layout import Layout
from cleaners.html.said import read_said
from cleaners.html.wording import Wording
from cleaners.metadata import read_page_data


@dataclass(frozen=True, slots=True, eq=False)
class PageRows:
    """One page: where it is from, its document, features, and the labels of its blocks."""

    data: str  # name of the data set
    gold: GoldPage
    document: Document
    matrix: Floats
    layout: Layout
    wording: Wording
    labels: Labels


def read_page(data: str, gold: GoldPage) -> PageRows | None:
    """The rows of a page; None if it has no block of text at all."""
    document = read_blocks(decode(gold.html).text)
    if not document.blocks:
        return None
    matrix, layout, wording = features(document, read_said(read_page_data(document.tree)))
    return PageRows(data, gold, document, matrix, layout, wording, label(document, gold.text))


def data_sets(folder: Path) -> list[tuple[str, list[GoldPage]]]:
    """The data sets NAME/dev of a folder, by name, each with its pages."""
    return [(path.parent.name, list(load(path))) for path in sorted(folder.glob("*/dev"))]


def digest(sets: Iterable[tuple[str, Sequence[GoldPage]]]) -> str:
    """Twelve hex digits that name exactly these pages and golds."""
    total = hashlib.sha256()
    for name, pages in sets:
        for page in pages:
            for part in (name, page.id, page.text):
                total.update(part.encode())
            total.update(page.html)
    return total.hexdigest()[:12]


def registered(host: str) -> str:
    """The part of a host name that one owner registers, well enough to keep owners apart.

    >>> registered("edition.harbour.example"), registered("news.harbour.co.uk")
    ('harbour.example', 'harbour.co.uk')
    """
    parts = host.split(".")
    short = len(parts) > 2 and len(parts[-2]) <= 3 and len(parts[-1]) <= 3
    return ".".join(parts[-3:] if short else parts[-2:])


def folds(sites: Sequence[str], count: int, seed: int) -> npt.NDArray[np.int64]:
    """A fold 0…count-1 for each page, by its site and the seed only."""
    numbers = [
        int.from_bytes(hashlib.sha256(f"{seed}:{registered(site)}".encode()).digest()[:4], "big")
        % count
        for site in sites
    ]
    return np.array(numbers, dtype=np.int64)
