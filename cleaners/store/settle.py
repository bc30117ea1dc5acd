"""Changed rows put in place of the ones they replace, each file exchanged in one step.

A run stages what it changes under the hidden folder, one folder for each part that holds the row
to be replaced; `settle` rewrites those parts, moves the replaced rows to revisions/, and takes rows
away from rejects/ whose source has become an article. Each part is replaced by one rename, so that
a glob shows every article exactly once, before, during and after.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

import pyarrow as pa

from cleaners.store.columns import conform, to_rows, to_table
from cleaners.store.disk import Disk
from cleaners.store.identity import source_key
from cleaners.store.journal import HIDDEN, Transaction
from cleaners.store.parts import fill_with, read_part
from cleaners.store.rows import Row
from cleaners.store.schema import ARTICLES, REJECTS, REVISIONS, Table

_ID = ARTICLES.position("article_id")
_REVISION = ARTICLES.position("revision")
_CLEANED = ARTICLES.position("cleaned_at")
_SHA = ARTICLES.position("text_sha256")
_SOURCE = REJECTS.position("source")
_SUFFIX = ".parquet"


def staging_folder(table: Table, target: str) -> str:
    """Where rows wait that replace rows of the part `target`."""
    return f"{HIDDEN}/staged/{table.name}/{target.replace('/', '~').removesuffix(_SUFFIX)}"


def _staged(disk: Disk, table: Table) -> dict[str, list[str]]:
    """Part to be rewritten → files of rows for it, in the order they were written."""
    found: dict[str, list[str]] = defaultdict(list)
    for stored in disk.files(f"{HIDDEN}/staged/{table.name}", _SUFFIX):
        target = stored.path.split("/")[-2].replace("~", "/") + _SUFFIX
        found[target].append(stored.path)
    return found


@dataclass(slots=True)
class Removals:
    """Rows to take away without a replacement: ids of articles by part, sources of rejects."""

    rejects: Mapping[str, set[int]] = field(default_factory=dict)
    articles: Mapping[str, set[str]] = field(default_factory=dict)


def settle(disk: Disk, removals: Removals) -> None:
    """Apply all that is staged, and these removals, as one transaction."""
    transaction = Transaction(disk)
    staged = _staged(disk, ARTICLES)
    for target in sorted(staged.keys() | removals.articles.keys()):
        _settle_articles(
            transaction, target, staged.get(target, []), removals.articles.get(target, set())
        )
    staged = _staged(disk, REJECTS)
    gone = set().union(*removals.rejects.values()) if removals.rejects else set()
    for target in sorted(staged.keys() | removals.rejects.keys()):
        _settle_rejects(transaction, target, staged.get(target, []), gone)
    transaction.commit()


def _rows_of(disk: Disk, table: Table, paths: Iterable[str]) -> Iterator[Row]:
    for path in paths:
        for piece in read_part(disk, path):
            yield from to_rows(piece, table)


def _settle_articles(
    transaction: Transaction, target: str, paths: list[str], removed: set[str]
) -> None:
    disk = transaction.disk
    latest: dict[str, Row] = {}
    replaced: list[Row] = []

    def replace(old: Row, new: Row) -> None:
        # The same revision again is the same text cleaned anew: nothing to remember.
        if old[_REVISION] < new[_REVISION] and old[_SHA] != new[_SHA]:
            replaced.append((*old, new[_CLEANED]))

    for row in _rows_of(disk, ARTICLES, paths):
        before = latest.get(row[_ID])
        if before is not None:
            replace(before, row)
        latest[row[_ID]] = row

    def pieces() -> Iterator[pa.Table]:
        if disk.exists(target):
            for piece in read_part(disk, target):
                ids = piece["article_id"].to_pylist()
                keep = [name not in latest and name not in removed for name in ids]
                if not all(keep):
                    for old in to_rows(piece.filter(pa.array([not k for k in keep])), ARTICLES):
                        if old[_ID] in latest:
                            replace(old, latest[old[_ID]])
                        else:
                            replaced.append((*old, old[_CLEANED]))
                    piece = piece.filter(pa.array(keep))
                yield conform(piece, ARTICLES)
        yield to_table(ARTICLES, list(latest.values()))

    transaction.put(target, fill_with(ARTICLES, pieces()))
    if replaced:
        folder, _, name = target.partition("/")[2].rpartition("/")
        kept = f"{REVISIONS.name}/{folder}/{name.removesuffix(_SUFFIX)}-{_mark(replaced)}{_SUFFIX}"
        transaction.put(kept, fill_with(REVISIONS, to_table(REVISIONS, replaced)))
    for path in paths:
        transaction.drop(path)


def _mark(replaced: Iterable[Row]) -> str:
    """Names these revisions: each is replaced once, so no later file of the part has this name."""
    names = sorted(f"{row[_ID]}:{row[_REVISION]}" for row in replaced)
    return blake2b("\n".join(names).encode(), digest_size=8).hexdigest()


def _settle_rejects(
    transaction: Transaction, target: str, paths: list[str], gone: set[int]
) -> None:
    disk = transaction.disk
    latest = {source_key(row[_SOURCE]): row for row in _rows_of(disk, REJECTS, paths)}
    left: list[pa.Table] = []
    if disk.exists(target):
        for piece in read_part(disk, target):
            keys = [source_key(source) for source in piece["source"].to_pylist()]
            keep = [key not in latest and key not in gone for key in keys]
            left.append(conform(piece.filter(pa.array(keep, pa.bool_())), REJECTS))
    left.append(to_table(REJECTS, [row for key, row in latest.items() if key not in gone]))
    whole = pa.concat_tables(left)
    if whole.num_rows:
        transaction.put(target, fill_with(REJECTS, whole))
    else:
        transaction.drop(target)
    for path in paths:
        transaction.drop(path)
