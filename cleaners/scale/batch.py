"""Cleaning as a function from one Arrow table to another, for engines and users' own pipelines.

    table of pages ─clean_batch→ table of outcomes: an article's columns, or why there is none

Needs nothing but the table: hand it to `ray.data.Dataset.map_batches`, to Spark's `mapInArrow`
batch by batch, or call it on a record batch from anywhere.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

import pyarrow as pa

from cleaners.clean import clean
from cleaners.config import DEFAULT, CleanConfig
from cleaners.dedup.near import signature
from cleaners.dedup.words import words
from cleaners.html.templates import Templates
from cleaners.model import Article, Outcome, Page, Reason, Rejection, Stage
from cleaners.store.columns import to_array, to_cells
from cleaners.store.identity import article_id
from cleaners.store.rows import (
    RunStamp,
    article_from_row,
    article_row,
    fault,
    rejection_from_row,
    rejection_row,
    sha256_of,
)
from cleaners.store.schema import ARTICLES, REJECTS
from cleaners.version import __version__

PAGES = pa.schema(
    [
        pa.field("source", pa.string()),
        pa.field("url", pa.string()),
        pa.field("kind", pa.string()),
        pa.field("content", pa.large_binary()),
    ]
)
"""What `clean_batch` reads; of these only `content` must be there (binary, or string as UTF-8)."""

# When and by which run a row was made is the store's to say.
_UNSTAMPED = frozenset({"revision", "run_id", "cleaned_at"})
_STAMP = RunStamp("", datetime.fromtimestamp(0, UTC), __version__, "")
_ARTICLE = tuple(column.name for column in ARTICLES.columns)
_REJECT = tuple(column.name for column in REJECTS.columns)
_VERDICT = ("stage", "reason", "detail")

OUTCOMES = pa.schema(
    [
        pa.field(column.name, column.type)
        for column in ARTICLES.columns
        if column.name not in _UNSTAMPED
    ]
    + [pa.field(name, pa.string()) for name in _VERDICT]
)
"""What `clean_batch` gives: `reason` is null for articles, `article_id` for all others."""


def clean_batch(
    pages: pa.Table, *, config: CleanConfig = DEFAULT, templates: Templates | None = None
) -> pa.Table:
    """Clean the pages of a table (see PAGES); one row of OUTCOMES a page, in the same order."""
    return outcomes_table(clean(page, config=config, templates=templates) for page in _pages(pages))


def pages_table(pages: Sequence[Page]) -> pa.Table:
    """Pages as a table for `clean_batch`; what the network said of them is left behind."""
    columns = [
        [page.source for page in pages],
        [page.url for page in pages],
        [page.kind for page in pages],
        [page.content for page in pages],
    ]
    return pa.table(columns, schema=PAGES)


def outcomes_table(outcomes: Iterable[Outcome]) -> pa.Table:
    """Outcomes as rows of OUTCOMES; what no row can hold is a rejection `invalid-row`."""
    rows = [_row(outcome) for outcome in outcomes]
    arrays = [to_array([row.get(field.name) for row in rows], field.type) for field in OUTCOMES]
    return pa.Table.from_arrays(arrays, schema=OUTCOMES)


def outcomes(table: pa.Table) -> Iterator[Outcome]:
    """The outcomes that a table of OUTCOMES tells of, in order."""
    columns = [to_cells(name, table[name]) for name in table.column_names]
    for cells in zip(*columns, strict=True):
        row = dict(zip(table.column_names, cells, strict=True))
        if row["reason"] is None:
            yield article_from_row(tuple(row.get(name) for name in _ARTICLE))
        else:
            yield rejection_from_row(tuple(row.get(name) for name in _REJECT))


def _pages(table: pa.Table) -> Iterator[Page]:
    names = [field.name for field in PAGES if field.name in table.column_names]
    for number, row in enumerate(table.select(names).to_pylist()):
        content = row["content"]
        url = row.get("url")
        yield Page(
            content=content.encode() if isinstance(content, str) else content or b"",
            source=row.get("source") or url or f"row {number}",
            url=url,
            kind="text" if row.get("kind") == "text" else "html",
        )


def _row(outcome: Outcome) -> dict[str, object]:
    if isinstance(outcome, Article):
        why = fault(outcome)
        if why is None:
            body = words(outcome.text)
            values = article_row(
                outcome,
                article_id=article_id(outcome),
                revision=1,
                text_sha256=sha256_of(outcome.text),
                word_count=len(body),
                minhash=signature(body),
                stamp=_STAMP,
            )
            return dict(zip(_ARTICLE, values, strict=True))
        outcome = Rejection(
            source=outcome.source,
            url=outcome.url,
            stage=Stage.STORE,
            reason=Reason.INVALID_ROW,
            detail=why,
            fetch=outcome.fetch,
            discovery=outcome.discovery,
        )
    return dict(zip(_REJECT, rejection_row(outcome, _STAMP), strict=True))
