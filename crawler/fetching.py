"""Pages by address, fetched and cleaned into an output, as their outcomes."""

from collections.abc import Sequence

import pyarrow.dataset as pads

from cleaners.model import Outcome, Reason, Rejection, Stage
from cleaners.store.columns import to_rows
from cleaners.store.dataset import Dataset
from cleaners.store.rows import article_from_row, rejection_from_row
from cleaners.store.schema import ARTICLES, REJECTS
from crawler.model import CrawlJob
from crawler.run import crawl


def fetch_outcomes(job: CrawlJob) -> Sequence[Outcome]:
    """Run a `pages` job and give what the output then holds of its addresses, in their order."""
    crawl(job)
    dataset = Dataset.open(job.out)
    return [_outcome(dataset, url) for url in job.urls]


def _outcome(dataset: Dataset, url: str) -> Outcome:
    is_it = pads.field("url") == url
    for name in ("source", "url_requested"):
        is_it = is_it | (pads.field(name) == url)
    if dataset.parts(ARTICLES):
        table = dataset.scan(ARTICLES).to_table(filter=is_it)
        for row in to_rows(table, ARTICLES):
            return article_from_row(row)
    if dataset.parts(REJECTS):
        table = dataset.scan(REJECTS).to_table(filter=is_it)
        for row in to_rows(table, REJECTS):
            return rejection_from_row(row)
    return Rejection(
        source=url,
        url=url,
        stage=Stage.FETCH,
        reason=Reason.GAVE_UP,
        detail="it was not fetched; see the notes of the run",
    )
