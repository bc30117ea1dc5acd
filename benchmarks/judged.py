"""One page judged: what a tool said of it against its gold; travels as a JSON line."""

from dataclasses import dataclass

from benchmarks.data import GoldPage
from benchmarks.metadata_eval import fold, set_f1
from benchmarks.metrics import Overlap, overlap
from benchmarks.peers import Extracted


@dataclass(frozen=True, slots=True)
class Judged(Overlap):
    """A page's overlap, and 0…1 for each field that both have."""

    id: str
    seconds: float
    error: str = ""
    title: float | None = None
    authors: float | None = None
    day: float | None = None


@dataclass(frozen=True, slots=True)
class KindJudged:
    """Whether a page is an article by its gold, is called one, and is rejected as none."""

    id: str
    article: bool
    said: bool
    rejected: bool


def judge(page: GoldPage, found: Extracted, seconds: float, error: str = "") -> Judged:
    """A tool's word on a page beside its gold; fields that either leaves open stay None."""
    words = overlap(page.text, found.text)
    title = authors = day = None
    if page.title is not None and found.title is not None:
        title = float(fold(page.title) == fold(found.title))
    if page.authors is not None and found.authors is not None:
        authors = set_f1(page.authors, found.authors)
    if page.published is not None and found.day is not None:
        day = float(page.published[:10] == found.day)
    return Judged(
        words.both, words.gold, words.predicted, page.id, seconds, error, title, authors, day
    )
