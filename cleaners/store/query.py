"""SQL over an output: an embedded DuckDB that sees its tables and nothing else of the machine."""

import csv
import io
import json
from base64 import b64encode
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from cleaners.errors import InputError
from cleaners.store.dataset import Dataset
from cleaners.store.schema import ARTICLES, REJECTS, REVISIONS, STORIES

VIEWS = ("articles", "rejects", "stories", "revisions", "removed")

_REMOVED = """
create view removed as
select article_id, url, domain, r.text as text, r.rule as rule, r.stage as stage,
       r.position as position, r.score as score, run_id, ingest_date
from (select article_id, url, domain, run_id, ingest_date, unnest(removed) as r from articles)
"""
# In this order: after the last, a query cannot undo the others.
_LOCKS = (
    "set enable_external_access = false",
    "set python_enable_replacements = false",
    "set lock_configuration = true",
)
# A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class Format(StrEnum):
    """How the answer to a query is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def query(dataset: Dataset, sql: str) -> pa.Table:
    """The rows that one SELECT gives over the views articles, rejects, stories, revisions, removed.

    Read-only; no file, network or extension can be reached from SQL. Raises InputError with
    DuckDB's words if the query is wrong.
    """
    with duckdb.connect() as connection:
        for table in (ARTICLES, REJECTS, STORIES, REVISIONS):
            connection.register(table.name, dataset.scan(table))
        connection.execute("set timezone = 'UTC'")
        connection.execute(_REMOVED)
        for lock in _LOCKS:
            connection.execute(lock)
        try:
            statements = connection.extract_statements(sql)
            if len(statements) != 1:
                raise InputError("query", f"one statement is wanted, these are {len(statements)}")
            relation = connection.sql(sql)
            answer = relation.to_arrow_table() if relation is not None else pa.table({})
        except duckdb.Error as error:
            raise InputError("query", str(error)) from error
    if not isinstance(answer, pa.Table):
        raise InputError("query", "gives no rows")
    return answer


def render(answer: pa.Table, how: Format) -> bytes:
    """An answer as the bytes of a file or of a terminal's output (UTF-8)."""
    if how is Format.PARQUET:
        sink = pa.BufferOutputStream()
        pq.write_table(answer, sink, compression="zstd")
        return bytes(sink.getvalue())
    if how is Format.CSV:
        return _csv(answer).encode("utf-8")
    if how is Format.JSON:
        rows = [{name: _plain(value) for name, value in row.items()} for row in answer.to_pylist()]
        return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
    return _text_table(answer).encode("utf-8")


def _plain(value: Any) -> Any:
    """A value as JSON has it: times in ISO 8601, bytes in base 64."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float) and value != value:
        return None
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> guarded("=HYPERLINK(A1)"), guarded("plain")
    ("'=HYPERLINK(A1)", 'plain')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def _cell(value: Any) -> Any:
    plain = _plain(value)
    if isinstance(plain, dict | list):
        return guarded(json.dumps(plain, ensure_ascii=False))
    return guarded(plain) if isinstance(plain, str) else plain


def _csv(answer: pa.Table) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([guarded(name) for name in answer.column_names])
    for row in zip(*(column.to_pylist() for column in answer.columns), strict=True):
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


# A column of the plain table is at most so wide; --format csv or json show all of a value.
_WIDEST = 60


def _text_table(answer: pa.Table) -> str:
    rows = [list(answer.column_names)]
    rows += [
        [_shown(value) for value in row]
        for row in zip(*(column.to_pylist() for column in answer.columns), strict=True)
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines) + "\n"


def _shown(value: Any) -> str:
    """A value in one line of printable characters, so that no text can steer the terminal."""
    plain = _plain(value)
    text = plain if isinstance(plain, str) else "" if plain is None else json.dumps(plain)
    flat = "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
    return flat if len(flat) <= _WIDEST else flat[: _WIDEST - 1] + "…"
