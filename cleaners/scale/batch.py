"""Cleaning as a function from one Arrow table to another, for engines and users' own pipelines.

    table of pages ─clean_batch→ table of outcomes: an article's columns, or why there is none

Needs nothing but the table: hand it to `ray.data.Dataset.map_batches`, to Spark's `mapInArrow`
batch by batch, or call it on a record batch from anywhere.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from operator import itemgetter
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from cleaners.clean import clean
from cleaners.config import DEFAULT, CleanConfig
from cleaners.dedup.near import signature
from cleaners.dedup.words import words
from cleaners.html.templates import Templates
from cleaners.model import Article, Outcome, Page, Reason, Rejection, Stage
from cleaners.store.columns import to_array, to_cells
from cleaners.store.identity import article_id
from cleaners.store.rows import (
    MAX_ROW_CHARS,
    RunStamp,
    article_from_row,
    article_row,
    fault,
    fault_beside_strings,
    rejection_from_row,
    rejection_row,
    sha256_of,
)
from cleaners.store.schema import ARTICLES, REJECTS
from cleaners.version import __version__

Made = TypeVar("Made", pa.Table, bytes)

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
_NEVER = datetime.fromtimestamp(0, UTC)
_ARTICLE = tuple(column.name for column in ARTICLES.columns)
_REJECT = tuple(column.name for column in REJECTS.columns)
_VERDICT = ("stage", "reason", "detail")

_UNVERDICTED = pa.schema(
    [
        pa.field(column.name, column.type)
        for column in ARTICLES.columns
        if column.name not in _UNSTAMPED
    ]
)
OUTCOMES = pa.schema([*_UNVERDICTED, *(pa.field(name, pa.string()) for name in _VERDICT)])
"""What `clean_batch` gives: `reason` is null for articles, `article_id` for all others."""
_UNVERDICTED_TYPES, _OUTCOME_TYPES = (
    tuple(field.type for field in schema) for schema in (_UNVERDICTED, OUTCOMES)
)


def clean_batch(
    pages: pa.Table, *, config: CleanConfig = DEFAULT, templates: Templates | None = None
) -> pa.Table:
    """Clean the pages of a table (see PAGES); one row of OUTCOMES a page, in the same order."""
    cleaned = (clean(page, config=config, templates=templates) for page in _pages(pages))
    return outcomes_table(cleaned, config_digest=config.digest)


def pages_table(pages: Sequence[Page]) -> pa.Table:
    """Pages as a table for `clean_batch`; what the network said of them is left behind."""
    columns = [
        [page.source for page in pages],
        [page.url for page in pages],
        [page.kind for page in pages],
        [page.content for page in pages],
    ]
    return pa.table(columns, schema=PAGES)


def outcomes_table(outcomes: Iterable[Outcome], *, config_digest: str = DEFAULT.digest) -> pa.Table:
    """Outcomes as rows of OUTCOMES; what no row can hold is a rejection `invalid-row`."""
    stamp = RunStamp("", _NEVER, __version__, config_digest)
    table = partial(_outcomes, stamp)
    return _checked(tuple(outcomes), table, pa.Table.get_total_buffer_size)[1]


def _outcomes(stamp: RunStamp, outcomes: Sequence[Outcome]) -> pa.Table:
    rows = [_row(outcome, stamp) for outcome in outcomes]
    return pa.Table.from_batches([_batch(rows, OUTCOMES, _OUTCOME_TYPES)])


def _batch(
    rows: Sequence[tuple[object, ...]], schema: pa.Schema, types: Sequence[pa.DataType]
) -> pa.RecordBatch:
    columns = zip(*rows, strict=True) if rows else ((),) * len(types)
    arrays = [to_array(cells, kind) for cells, kind in zip(columns, types, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def outcomes(table: pa.Table) -> Iterator[Outcome]:
    """The outcomes that a table of OUTCOMES tells of, in order."""
    columns = [to_cells(name, table[name]) for name in table.column_names]
    for cells in zip(*columns, strict=True):
        row = dict(zip(table.column_names, cells, strict=True))
        if row["reason"] is None:
            yield article_from_row(tuple(row.get(name) for name in _ARTICLE))
        else:
            yield rejection_from_row(tuple(row.get(name) for name in _REJECT))


@dataclass(frozen=True, slots=True)
class Told:
    """A row of OUTCOMES in short: what a person or a script is told of it."""

    source: str
    url: str | None
    title: str | None
    authors: tuple[str, ...]
    published_at: datetime | None
    language: str | None
    words: int
    removed_blocks: int
    stage: str | None
    reason: str | None
    """None for an article."""
    detail: str


_TOLD = ("source", "url", "title", "authors", "published_at", "language", "word_count")


def told(table: pa.Table) -> Iterator[Told]:
    """The rows of a table of OUTCOMES in short, in order."""
    columns = [table[name].to_pylist() for name in (*_TOLD, *_VERDICT)]
    removed = pc.list_value_length(table["removed"]).to_pylist()
    for row in zip(*columns, removed, strict=True):
        source, url, title, authors, published, language, count, stage, reason, detail, gone = row
        yield Told(
            source=source,
            url=url,
            title=title,
            authors=tuple(authors or ()),
            published_at=published,
            language=language,
            words=count or 0,
            removed_blocks=gone or 0,
            stage=stage,
            reason=reason,
            detail=detail or "",
        )


def rejections(table: pa.Table) -> list[Rejection]:
    """The rejections among the rows of a table of OUTCOMES."""
    return [one for one in outcomes(table.filter(pc.is_valid(table["reason"])))
            if isinstance(one, Rejection)]  # fmt: skip


def rules(table: pa.Table) -> Iterator[tuple[str, int]]:
    """Which rules removed how many blocks."""
    removed = table["removed"].combine_chunks().flatten()
    if len(removed):
        for pair in pc.value_counts(pc.struct_field(removed, "rule")).to_pylist():
            yield pair["values"], pair["counts"]


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


def storable(outcome: Outcome) -> Outcome:
    """The outcome, or why no row can hold it."""
    why = fault(outcome) if isinstance(outcome, Article) else None
    if why is None:
        return outcome
    return Rejection(
        source=outcome.source,
        url=outcome.url,
        stage=Stage.STORE,
        reason=Reason.INVALID_ROW,
        detail=why,
        fetch=outcome.fetch,
        discovery=outcome.discovery,
    )


def articles_message(
    outcomes: Sequence[Outcome], *, config_digest: str
) -> tuple[tuple[Outcome, ...], bytes]:
    """Outcomes as they can be stored, and the articles among them as rows of articles/ without the
    stamp of a run: an Arrow message without its schema, which both sides know, as writing and
    reading 60 fields takes as long as three rows."""
    stamp = RunStamp("", _NEVER, __version__, config_digest)
    return _checked(outcomes, partial(_message, stamp), len)


def articles_from_message(rows: bytes) -> pa.Table:
    """The rows of `articles_message`; they refer to the bytes, they do not copy them."""
    message = pa.py_buffer(rows)
    batches = [pa.ipc.read_record_batch(message, _UNVERDICTED)] if rows else []
    return pa.Table.from_batches(batches, _UNVERDICTED)


def _checked(
    outcomes: Sequence[Outcome],
    made: Callable[[Sequence[Outcome]], Made],
    size: Callable[[Made], int],
) -> tuple[tuple[Outcome, ...], Made]:
    """The outcomes as they are `storable`, and what is made of them, of a `size` in bytes; most
    are, and are asked for last."""
    try:
        if not any(isinstance(end, Article) and fault_beside_strings(end) for end in outcomes):
            rows = made(outcomes)
            if size(rows) <= MAX_ROW_CHARS:  # a character has a byte or more
                return tuple(outcomes), rows
    except (ValueError, TypeError, AttributeError, ArithmeticError, pa.ArrowException):
        pass  # one of them holds what no column can: a lone surrogate, a number that is too large
    ends = tuple(map(storable, outcomes))
    return ends, made(ends)


def _message(stamp: RunStamp, outcomes: Sequence[Outcome]) -> bytes:
    articles = [outcome for outcome in outcomes if isinstance(outcome, Article)]
    if not articles:
        return b""
    return bytes(_batch(_cells(articles, stamp), _UNVERDICTED, _UNVERDICTED_TYPES).serialize())


def _row(outcome: Outcome, stamp: RunStamp) -> tuple[object, ...]:
    if isinstance(outcome, Article):
        return (*_cells([outcome], stamp)[0], None, None, None)
    reject = dict(zip(_REJECT, rejection_row(outcome, stamp), strict=True))
    return tuple(reject.get(name) for name in OUTCOMES.names)


def _cells(articles: Sequence[Article], stamp: RunStamp) -> list[tuple[object, ...]]:
    """The rows of articles, step by step: after cleaning no cache holds the code of any."""
    bodies = [words(article.text) for article in articles]
    signatures = list(map(signature, bodies))
    texts = [article.text.encode() for article in articles]
    rows = [
        article_row(
            article,
            article_id=article_id(article),
            revision=1,
            text=text,
            text_sha256=sha256_of(text),
            word_count=len(body),
            minhash=minhash,
            stamp=stamp,
        )
        for article, text, body, minhash in zip(articles, texts, bodies, signatures, strict=True)
    ]
    return list(map(_FROM_ARTICLE, rows))


_FROM_ARTICLE = itemgetter(*(at for at, name in enumerate(_ARTICLE) if name not in _UNSTAMPED))
