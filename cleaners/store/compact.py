"""Small files merged towards a size that scans well, sorted so that filters skip what they can.

Files of one partition are merged in one journaled transaction. While it is put in place a glob may
miss or double rows of that partition for a moment; before and after, and after a crash once the
next command has started, it is right.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cleaners.store.columns import conform
from cleaners.store.dataset import Dataset
from cleaners.store.disk import Disk, Stored
from cleaners.store.journal import SPOOL, Transaction
from cleaners.store.parts import fill_with, group_rows, read_part
from cleaners.store.schema import ARTICLES, REJECTS, REVISIONS, Table

TARGET_BYTES = 128 * 2**20
"""Files are merged towards this; larger ones are left alone."""
# A file over this share of the target is not worth rewriting for the rest of its partition.
_GROWN_SHARE = 0.6
# What a bucket may hold when it is sorted in memory, as Arrow: 128 MB of Parquet are 300 to 500 MB.
_BUCKET_ARROW_BYTES = 400 * 2**20


@dataclass(frozen=True, slots=True)
class Compaction:
    """What was done: files and bytes before and after, of the partitions that were touched."""

    partitions: int
    files_before: int
    files_after: int
    bytes_before: int
    bytes_after: int


def compact(dataset: Dataset, *, target_bytes: int = TARGET_BYTES) -> Compaction:
    """Merge small files of articles, rejects and revisions. Memory does not grow with the tables.

    Raises StoreLocked, StoreDamaged.
    """
    partitions = before = after = bytes_before = bytes_after = 0
    with dataset.exclusive():
        for table in (ARTICLES, REJECTS, REVISIONS):
            for folder, files in _partitions(dataset.parts(table)).items():
                small = [file for file in files if file.size < target_bytes * _GROWN_SHARE]
                size = sum(file.size for file in small)
                if len(small) < 2 or -(-size // target_bytes) >= len(small):
                    continue
                made = _merge(dataset.disk, table, folder, small, target_bytes)
                partitions += 1
                before, after = before + len(small), after + len(made)
                bytes_before += size
                bytes_after += sum(file.size for file in made)
    return Compaction(partitions, before, after, bytes_before, bytes_after)


def _partitions(files: list[Stored]) -> dict[str, list[Stored]]:
    found: dict[str, list[Stored]] = defaultdict(list)
    for file in files:
        found[file.path.rpartition("/")[0]].append(file)
    return found


def _merge(
    disk: Disk, table: Table, folder: str, files: list[Stored], target_bytes: int
) -> list[Stored]:
    arrow_bytes = sum(_arrow_bytes(disk, file.path) for file in files)
    count = max(
        1,
        -(-sum(file.size for file in files) // target_bytes),
        -(-arrow_bytes // _BUCKET_ARROW_BYTES),
    )
    spooled = _spool(disk, table, files, count) if count > 1 else [[f.path for f in files]]
    transaction = Transaction(disk)
    targets = []
    for number, paths in enumerate(spooled):
        name = f"{folder}/{_fresh(files)}-{number:05d}.parquet"
        transaction.put(name, fill_with(table, _sorted(disk, table, paths), in_order=True))
        targets.append(name)
        if count > 1:
            for path in paths:
                disk.delete(path)
    for file in files:
        transaction.drop(file.path)
    transaction.commit()
    made = set(targets)
    return [file for file in disk.files(folder, ".parquet") if file.path in made]


def _fresh(files: list[Stored]) -> str:
    """A name that says which files were merged, so that it is new in their folder."""
    names = "\n".join(file.path for file in files).encode("utf-8")
    return f"merged-{hashlib.blake2b(names, digest_size=6).hexdigest()}"


def _arrow_bytes(disk: Disk, path: str) -> int:
    with disk.filesystem.open_input_file(path) as source:
        meta = pq.ParquetFile(source).metadata
        return sum(meta.row_group(group).total_byte_size for group in range(meta.num_row_groups))


def _sort_keys(table: Table) -> list[tuple[str, str]]:
    return [(name, "ascending") for name in (*table.order, table.key)]


def _sorted(disk: Disk, table: Table, paths: list[str]) -> Iterator[pa.Table]:
    """The rows of some files in the table's order, in pieces."""
    pieces = [conform(piece, table) for path in paths for piece in read_part(disk, path)]
    whole = pa.concat_tables(pieces).combine_chunks()
    del pieces
    order = pc.sort_indices(whole, sort_keys=_sort_keys(table))
    rows = group_rows(whole)  # each piece becomes a row group
    for start in range(0, len(order), rows):
        yield whole.take(order.slice(start, rows)).combine_chunks()


def _spool(disk: Disk, table: Table, files: list[Stored], count: int) -> list[list[str]]:
    """The rows divided by their first sort column into `count` sets of hidden files."""
    buckets = _buckets(disk, table, files, count)
    spooled: list[list[str]] = [[] for _ in range(count)]
    number = start = 0
    for file in files:
        for piece in read_part(disk, file.path):
            whole = conform(piece, table)
            bucket = buckets[start : start + whole.num_rows]
            start += whole.num_rows
            for place in np.unique(bucket):
                path = f"{SPOOL}/{place:05d}-{number:06d}.parquet"
                disk.write(path, fill_with(table, whole.filter(pa.array(bucket == place))))
                spooled[place].append(path)
                number += 1
    return [paths for paths in spooled if paths]


def _buckets(disk: Disk, table: Table, files: list[Stored], count: int) -> npt.NDArray[np.int32]:
    """For each row in reading order, which of `count` equal shares of the sorted rows it is in."""
    lead = table.order[0]
    pieces = (piece for file in files for piece in read_part(disk, file.path, [lead]))
    numbers = np.concatenate([_numbers(piece[lead]) for piece in pieces])
    buckets = np.zeros(len(numbers), np.int32)
    buckets[np.argsort(numbers, kind="stable")] = np.arange(len(numbers)) * count // len(numbers)
    return buckets


def _numbers(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Values as numbers in sort order, nulls last: times, or the first letters of words."""
    if pa.types.is_timestamp(column.type):
        last = np.iinfo(np.int64).max
        return np.asarray(column.cast(pa.int64()).fill_null(last).to_numpy(), np.int64)
    texts = column.fill_null("\U0010ffff").to_pylist()
    leads = (text.encode("utf-8")[:7].ljust(7, b"\0") for text in texts)
    return np.fromiter((int.from_bytes(lead, "big") for lead in leads), np.int64, len(texts))
