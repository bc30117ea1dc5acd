"""Parquet files of the tables: how they are written and how they are read."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cleaners.errors import StoreDamaged, StoreError
from cleaners.store.disk import Disk
from cleaners.store.schema import ROW_GROUP_ROWS, Column, Table

# On news text zstd takes 0.12 ms an article at level 1, 0.18 at level 3 for 10 % less, 0.7 at level
# 9 for 5 % less again. What a run writes is soon merged with other files: those are packed closer.
# At level -5 a fresh file takes a fifth less time to write than at 1, and half as much room again.
# Setting zstd up takes 10 µs a column, which for 45 columns of numbers and repetitions is a third
# of what a small file costs and makes it .8 % smaller: that is left for the merging, too.
_ZSTD_FRESH, _ZSTD_MERGED = -5, 3
# Nobody filters by the least and greatest of these, and finding them reads every character.
_UNORDERED = frozenset({"text", "markdown", "minhash", "removed", "images"})
# A row group is 64k rows or this many bytes, whichever comes first, so that a reader's memory does
# not depend on how long articles are.
ROW_GROUP_BYTES = 256 * 2**20


def _leaves(name: str, kind: pa.DataType) -> list[str]:
    """The Parquet columns that an Arrow column takes, as Parquet names them."""
    if pa.types.is_struct(kind):
        return [leaf for field in kind for leaf in _leaves(f"{name}.{field.name}", field.type)]
    if pa.types.is_list(kind):
        return _leaves(f"{name}.list.element", kind.value_type)
    return [name]


def _wordy(column: Column) -> bool:
    """Whether a column has words of its own in every row: lists, and strings that do not repeat."""
    kind = column.type
    if pa.types.is_list(kind):
        return True
    return (pa.types.is_string(kind) or pa.types.is_large_string(kind)) and not column.repeats


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the files of a table have in common; Parquet columns are named by their paths."""

    schema: pa.Schema
    every: list[str]
    wordy: list[str]
    repeating: list[str]
    ordered: list[str]
    sorting: list[pq.SortingColumn] | None


@cache
def _layout(table: Table) -> _Layout:
    leaves = {column.name: _leaves(column.name, column.type) for column in table.columns}
    names = list(chain.from_iterable(leaves.values()))
    sorting = [pq.SortingColumn(names.index(name), nulls_first=False) for name in table.order]
    return _Layout(
        schema=table.schema,
        every=names,
        wordy=list(chain(*(leaves[c.name] for c in table.columns if _wordy(c)))),
        repeating=table.repeating,
        ordered=list(chain(*(leaves[name] for name in leaves if name not in _UNORDERED))),
        sorting=sorting or None,
    )


def open_writer(sink: Any, table: Table, *, in_order: bool = False) -> pq.ParquetWriter:
    """A Parquet writer with the settings that all files of Winnow have.

    `in_order`: the rows come in the table's order, and readers may rely on it.
    """
    layout = _layout(table)
    packed = layout.every if in_order else layout.wordy
    level = _ZSTD_MERGED if in_order else _ZSTD_FRESH
    return pq.ParquetWriter(
        sink,
        layout.schema,
        compression=dict.fromkeys(layout.every, "none") | dict.fromkeys(packed, "zstd"),
        compression_level=dict.fromkeys(packed, level),
        use_dictionary=layout.repeating,
        write_statistics=layout.ordered,
        write_page_index=True,
        write_page_checksum=True,
        sorting_columns=layout.sorting if in_order else None,
    )


def fill_with(
    table: Table, data: pa.Table | Iterable[pa.Table], *, in_order: bool = False
) -> Callable[[Any], None]:
    """What `Disk.write` calls to make a file of this data."""

    def fill(sink: Any) -> None:
        with open_writer(sink, table, in_order=in_order) as writer:
            for piece in [data] if isinstance(data, pa.Table) else data:
                if piece.num_rows:
                    writer.write_table(piece, row_group_size=group_rows(piece))

    return fill


def group_rows(data: pa.Table) -> int:
    """Rows a row group for this data."""
    by_bytes: int = ROW_GROUP_BYTES * data.num_rows // max(data.nbytes, 1)
    return max(1, min(ROW_GROUP_ROWS, by_bytes))


def read_part(
    disk: Disk, path: str, columns: Sequence[str] | None = None, *, verify: bool = False
) -> Iterator[pa.Table]:
    """The row groups of a file; columns it lacks are left out.

    Raises StoreDamaged if the bytes are no Parquet, StoreError if they cannot be had.
    """
    done = 0
    try:
        with disk.filesystem.open_input_file(path) as source:
            for piece in _groups(source, columns, verify):
                yield piece
                done += 1
    except FileNotFoundError:
        raise
    except pa.ArrowInvalid as error:
        raise _damaged(disk, path, error) from error
    except (OSError, pa.ArrowException):
        # Either the bytes are no good or they did not come (a network, a disk that is going): a
        # file that is whole must not be taken for a damaged one.
        whole = _all_bytes(disk, path)
        try:
            yield from islice(_groups(pa.BufferReader(whole), columns, verify), done, None)
        except (OSError, pa.ArrowException) as error:
            raise _damaged(disk, path, error) from error


def _groups(source: Any, columns: Sequence[str] | None, verify: bool) -> Iterator[pa.Table]:
    with pq.ParquetFile(source, page_checksum_verification=verify) as file:
        known = set(file.schema_arrow.names)
        wanted = None if columns is None else [name for name in columns if name in known]
        for group in range(file.num_row_groups):
            yield file.read_row_group(group, columns=wanted, use_threads=False)


def _all_bytes(disk: Disk, path: str) -> pa.Buffer:
    try:
        with disk.filesystem.open_input_stream(path, compression=None) as source:
            return source.read_buffer()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StoreError(f"{disk.place}/{path}", f"cannot be read: {error}") from error


def _damaged(disk: Disk, path: str, error: Exception) -> StoreDamaged:
    return StoreDamaged(f"{disk.place}/{path}", str(error).partition("\n")[0])
