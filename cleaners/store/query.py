"""SQL over an output: an embedded DuckDB that sees its tables and nothing else of the machine."""

import csv
import io
import json
from base64 import b64encode
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from typing import Any
from uuid import UUID

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
_READING = frozenset(
    getattr(duckdb.StatementType, kind) for kind in ("SELECT", "MULTI", "EXPLAIN", "PRAGMA", "CALL")
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
            if statements[0].type not in _READING:
                kind = statements[0].type.name.replace("_", " ")
                raise InputError("query", f"only reads (SELECT, FROM, DESCRIBE …), not {kind}")
            relation = connection.sql(sql)
            answer = relation.to_arrow_table() if relation is not None else pa.table({})
        except duckdb.Error as error:
            raise InputError("query", str(error)) from error
    if not isinstance(answer, pa.Table):
        raise InputError("query", "gives no rows")
    return _with_own_names(answer)


def _with_own_names(answer: pa.Table) -> pa.Table:
    """Columns of one name told apart, as JSON and most readers of Parquet take only one of them."""
    names: list[str] = []
    for name in answer.column_names:
        fresh, count = name, 1
        while fresh in names:
            fresh, count = f"{name}_{count}", count + 1
        names.append(fresh)
    return answer.rename_columns(names)


def rows_of(answer: pa.Table) -> list[dict[str, Any]]:
    """The rows of an answer with values as JSON has them."""
    return [{name: _plain(value) for name, value in row.items()} for row in answer.to_pylist()]


def render(answer: pa.Table, how: Format) -> bytes:
    """An answer as the bytes of a file or of a terminal's output (UTF-8)."""
    if how is Format.PARQUET:
        sink = pa.BufferOutputStream()
        pq.write_table(_with_spans_spelt(answer), sink, compression="zstd")
        return bytes(sink.getvalue())
    if how is Format.CSV:
        return _csv(answer).encode("utf-8")
    if how is Format.JSON:
        return (json.dumps(rows_of(answer), ensure_ascii=False, indent=1) + "\n").encode("utf-8")
    return _text_table(answer).encode("utf-8")


def _with_spans_spelt(answer: pa.Table) -> pa.Table:
    """Spans of months and days, which Parquet does not have, as text (ISO 8601)."""
    for at, field in enumerate(answer.schema):
        if pa.types.is_interval(field.type):
            spelt = pa.array(map(_plain, answer.column(at).to_pylist()), pa.string())
            answer = answer.set_column(at, field.name, spelt)
    return answer


def _plain(value: Any) -> Any:
    """A value as JSON has it: times and spans in ISO 8601, bytes in base 64."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, pa.MonthDayNano):
        seconds = value.nanoseconds / 1e9
        return f"P{value.months}M{value.days}DT{seconds:g}S"
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and not isfinite(value):
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
