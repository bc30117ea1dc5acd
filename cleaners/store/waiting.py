"""New articles that wait for their first flush: rows made here, or places in Arrow tables.

Rows that come as Arrow are never taken apart into Python values unless one of them is asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from cleaners.store.columns import conform, to_rows, to_table
from cleaners.store.rows import Row, RunStamp
from cleaners.store.schema import ARTICLES


@dataclass(frozen=True, slots=True)
class _Place:
    table: int
    row: int


@dataclass(slots=True)
class NewArticles:
    """article_id → row, in the order in which they came."""

    stamp: RunStamp
    _tables: list[pa.Table] = field(default_factory=list)
    _numbers: dict[int, int] = field(default_factory=dict)
    """id of a table → its number; the list keeps it alive."""
    _rows: dict[str, Row | _Place] = field(default_factory=dict)

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, key: str, row: Row) -> None:
        self._rows[key] = row

    def put_places(self, table: pa.Table, keys: dict[str, int]) -> None:
        """Take rows of a table of articles (without stamp): article_id → number of the row."""
        if not keys:
            return
        at = self._numbers.setdefault(id(table), len(self._tables))
        if at == len(self._tables):
            self._tables.append(table)
        self._rows.update((key, _Place(at, number)) for key, number in keys.items())

    def get(self, key: str) -> Row:
        row = self._rows[key]
        if isinstance(row, _Place):
            one = self._tables[row.table].slice(row.row, 1)
            return to_rows(self._stamped(one), ARTICLES)[0]
        return row

    def pop(self, key: str) -> Row:
        row = self.get(key)
        del self._rows[key]
        return row

    def to_table(self) -> pa.Table:
        """All rows as a table of ARTICLES."""
        made: list[Row] = []
        places: dict[int, list[int]] = {}
        for row in self._rows.values():
            if isinstance(row, _Place):
                places.setdefault(row.table, []).append(row.row)
            else:
                made.append(row)
        tables = []
        for number, rows in places.items():
            table = self._tables[number]
            whole = rows == list(range(table.num_rows))
            tables.append(table if whole else table.take(rows))
        # In one piece: encoding 60 columns of 16 pieces each takes a fourth longer.
        given = [self._stamped(pa.concat_tables(tables).combine_chunks())] if tables else []
        return pa.concat_tables([to_table(ARTICLES, made), *given] if made else given)

    def clear(self) -> None:
        self._rows, self._tables, self._numbers = {}, [], {}

    def _stamped(self, table: pa.Table) -> pa.Table:
        count, stamp = table.num_rows, self.stamp
        values = {
            "revision": 1,
            "cleaner_version": stamp.cleaner_version,
            "config_digest": stamp.config_digest,
            "run_id": stamp.run_id,
            "cleaned_at": stamp.cleaned_at,
        }
        for name, value in values.items():
            kind = ARTICLES.schema.field(name).type
            column = pa.repeat(pa.scalar(value, kind), count)
            at = table.schema.get_field_index(name)
            if at < 0:
                table = table.append_column(name, column)
            else:
                table = table.set_column(at, name, column)
        return conform(table, ARTICLES)
