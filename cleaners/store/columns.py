"""Rows to Arrow columns and back: what is nested is built leaf by leaf, never as dicts.

A page has some 200 removed blocks; as dicts they cost more than all the rest of a row together.
"""

from collections.abc import Callable, Sequence
from itertools import accumulate, chain
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa

from cleaners.model import Image, Removal
from cleaners.store import backend
from cleaners.store.rows import Row
from cleaners.store.schema import ARTICLES, SIGNATURE, Column, Table, comparable

# The cells of these columns are tuples of these types, whose fields are the struct's.
_NESTED: dict[str, Callable[..., Any]] = {"images": Image, "removed": Removal}
_REMOVED: pa.DataType = ARTICLES.schema.field("removed").type


def to_table(table: Table, rows: Sequence[Row]) -> pa.Table:
    """Rows as an Arrow table of the table's schema."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(table.columns)
    arrays = [
        to_array(values, column.type) for values, column in zip(columns, table.columns, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=table.schema)


def to_array(cells: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """The cells of one column as an Arrow array of a type of the schema.

    Cells of lists of structs are tuples of objects with the struct's fields as attributes.
    """
    if cells.count(None) == len(cells):  # a third of the columns of most batches
        return pa.nulls(len(cells), kind)
    if kind == pa.large_string() and None not in cells:
        return _long_texts(cells)
    if not (pa.types.is_list(kind) and pa.types.is_struct(kind.value_type)):
        return pa.array(cells, kind)
    missing = None
    if None in cells:
        missing = pa.array([cell is None for cell in cells], pa.bool_())
        cells = [cell or () for cell in cells]
    elif backend.COMPILED and kind.equals(_REMOVED):
        try:
            return _gathered(cells)
        except TypeError:
            pass  # fields that an older version of the struct had not are null
    offsets = pa.array([0, *accumulate(map(len, cells))], pa.int32())
    flat = list(chain.from_iterable(cells))
    fields = list(kind.value_type)
    leaves = [pa.array(list(map(attrgetter(leaf.name), flat)), leaf.type) for leaf in fields]
    structs = pa.StructArray.from_arrays(leaves, fields=fields)
    return pa.ListArray.from_arrays(offsets, structs, type=kind, mask=missing)


def _long_texts(cells: Sequence[str | bytes]) -> pa.Array:
    """Joined they are copied once; an Arrow builder copies them whenever it grows."""
    encoded = [cell if isinstance(cell, bytes) else cell.encode() for cell in cells]
    ends = np.zeros(len(cells) + 1, np.int64)
    np.cumsum(list(map(len, encoded)), out=ends[1:])
    joined = pa.py_buffer(b"".join(encoded))
    return pa.LargeStringArray.from_buffers(len(cells), pa.py_buffer(ends), joined)


def _gathered(cells: Sequence[tuple[Removal, ...]]) -> pa.Array:
    """Cells of removed blocks as `to_array` makes them, by what is compiled."""
    first, strings, position, score, known = backend.removed.gather(cells, Removal)
    count = len(position)
    texts, rules, stages = ([pa.py_buffer(part) for part in parts] for parts in strings)
    leaves = [
        pa.LargeStringArray.from_buffers(count, *texts),
        pa.StringArray.from_buffers(count, *rules),
        pa.StringArray.from_buffers(count, *stages),
        pa.array(position),
        pa.array(score, mask=None if known.all() else ~known),
    ]
    structs = pa.StructArray.from_arrays(leaves, fields=list(_REMOVED.value_type))
    return pa.ListArray.from_arrays(pa.array(first), structs, type=_REMOVED)


def to_rows(data: pa.Table, table: Table) -> list[Row]:
    """An Arrow table of any version of the schema as rows of today's."""
    whole = conform(data, table)
    columns = (to_cells(name, whole[name]) for name in whole.column_names)
    return list(zip(*columns, strict=True))


def to_cells(name: str, column: pa.ChunkedArray) -> list[Any]:
    """The cells of the column with this name, as `to_array` takes them."""
    cells: list[Any] = column.to_pylist()
    make = _NESTED.get(name)
    if make is None:
        return cells
    return [cell if cell is None else tuple(make(**each) for each in cell) for cell in cells]


def absent(column: Column, rows: int) -> pa.Array:
    """The cells of a column that a file of an older schema lacks."""
    if not column.required:
        return pa.nulls(rows, column.type)
    text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    return pa.repeat(pa.scalar("" if text else 0, pa.string() if text else pa.int64()), rows).cast(
        column.type
    )


def conform(data: pa.Table | pa.RecordBatch, table: Table) -> pa.Table:
    """A table of an older schema version as one of today's: columns it lacks are null (or empty
    where null is not allowed), and so are signatures that cannot be compared with today's."""
    arrays = []
    signed = comparable(data.schema)
    for column in table.columns:
        at = data.schema.get_field_index(column.name)
        if at < 0 or (column.name == SIGNATURE and not signed):
            arrays.append(absent(column, data.num_rows))
            continue
        found = data.column(at)
        arrays.append(found if found.type == column.type else found.cast(column.type))
    return pa.Table.from_arrays(arrays, schema=table.schema)
