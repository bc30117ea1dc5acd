"""An output: its tables, opened for reading, writing (one at a time) or appending (many)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as pads

from cleaners.errors import StoreDamaged, StoreLocked
from cleaners.model import Article, Rejection
from cleaners.store import settle as settling
from cleaners.store.columns import absent, to_rows
from cleaners.store.damage import Damage, set_aside
from cleaners.store.disk import Disk, LocalDisk, Steps, no_steps, open_disk
from cleaners.store.disk import Stored as StoredFile
from cleaners.store.index import ARTICLE_COLUMNS, REJECT_COLUMNS, ArticleIndex, RejectIndex
from cleaners.store.journal import HIDDEN, files_as_committed, interrupted, recover
from cleaners.store.lock import Lock, remote_lock_path
from cleaners.store.parts import read_part
from cleaners.store.rows import RunStamp, article_from_row, rejection_from_row
from cleaners.store.schema import ARTICLES, PARTITION, REJECTS, REVISIONS, Table
from cleaners.store.writer import Added, Limits, Stored, Writer

__all__ = ["Added", "Dataset", "Limits", "RunStamp", "Writer"]

_DIRTY = f"{HIDDEN}/dirty"
# A shared writer waits so long for another one that puts changes in place on closing …
_SETTLING_SECONDS = 60.0
# … and for the flushes of the others; a flush takes a second at most on a slow disk.
_FLUSHING_SECONDS = 300.0


class Dataset:
    """The tables below one output folder or URI. Opening touches nothing."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.damaged: list[Damage] = []
        """Parts that did not read and were set aside when this dataset was opened for writing."""

    @classmethod
    def open(cls, out: str | Path, *, steps: Steps = no_steps) -> "Dataset":
        """The output at a path or URI (s3://, gs://, …). Raises MissingExtra or StoreError."""
        return cls(open_disk(out, steps))

    # -- reading ---------------------------------------------------------------------------------

    def parts(self, table: Table) -> list[StoredFile]:
        """Files of a table that readers see, an interrupted exchange of files as if finished."""
        return [seen.file for seen in files_as_committed(self.disk, table.name, ".parquet")]

    def scan(self, table: Table) -> pads.Dataset:
        """A table as an Arrow dataset of today's schema; files of older schemas read with null."""
        schema = table.schema
        if table.partitioned:
            schema = schema.append(pa.field(PARTITION, pa.date32()))
        form = pads.ParquetFileFormat()
        hive = pads.partitioning(pa.schema([(PARTITION, pa.date32())]), flavor="hive")
        fragments = [
            form.make_fragment(
                seen.file.path,
                self.disk.filesystem,
                hive.parse(seen.target) if table.partitioned else None,
            )
            for seen in files_as_committed(self.disk, table.name, ".parquet")
        ]
        return pads.FileSystemDataset(fragments, schema, form, self.disk.filesystem)

    def articles(self) -> Iterator[Article]:
        """Every stored article, a row group in memory at a time."""
        for part in self.parts(ARTICLES):
            for piece in read_part(self.disk, part.path):
                for row in to_rows(piece, ARTICLES):
                    yield article_from_row(row)

    def rejections(self) -> Iterator[Rejection]:
        """Every stored rejection, a row group in memory at a time."""
        for part in self.parts(REJECTS):
            for piece in read_part(self.disk, part.path):
                for row in to_rows(piece, REJECTS):
                    yield rejection_from_row(row)

    # -- writing ---------------------------------------------------------------------------------

    def writer(
        self,
        stamp: RunStamp,
        *,
        shared: bool = False,
        refresh: bool = False,
        limits: Limits | None = None,
    ) -> Writer:
        """Open for storing outcomes of one run.

        `shared`: beside other shared writers (crawl workers on one frontier). `refresh`: replace
        rows even if the text is the same (cleaning anew). Raises StoreLocked, StoreError.
        """
        lock = self._lock(shared=shared)
        lock.acquire(wait=_SETTLING_SECONDS if shared else 0.0)
        try:
            if not shared:
                self._recover()
            articles, rejects = self._load()
            if not shared:
                self._reconcile(articles, rejects)
            self._mark_dirty(stamp.run_id)
        except BaseException:
            lock.release()
            raise
        return Writer(
            self.disk,
            stamp,
            Stored(articles, rejects, self._revisions),
            limits=limits or Limits(),
            refresh=refresh,
            before_flush=self._refresh_shared(articles) if shared else _alone,
            close=self._closer(lock, shared=shared),
        )

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the output alone, with everything interrupted put right first."""
        with self._lock(shared=False):
            self._recover()
            if self.disk.exists(_DIRTY):
                self._reconcile(*self._load())
                self.disk.delete(_DIRTY)
            yield

    def mend(self) -> None:
        """Put right whatever interrupted runs or copies have left, also without their mark.

        Interrupted exchanges are finished, leftovers taken away, parts that do not read set aside
        (see `damaged`), rows that stand twice made one. Raises StoreLocked, StoreError.
        """
        with self._lock(shared=False):
            self._mark_dirty("mending")
            self._recover()
            self._reconcile(*self._load())
            self.disk.delete(_DIRTY)

    def unfinished(self) -> bool:
        """Whether a run is at work, or was cut off before it could close."""
        return self.disk.exists(_DIRTY) or interrupted(self.disk)

    def _lock(self, *, shared: bool) -> Lock:
        return Lock(self._hidden("lock"), shared=shared)

    def _hidden(self, name: str) -> Path:
        if isinstance(self.disk, LocalDisk):
            return self.disk.root / HIDDEN / name
        return remote_lock_path(f"{self.disk.place} {name}")

    def _mark_dirty(self, run_id: str) -> None:
        self.disk.write(_DIRTY, lambda sink: sink.write(run_id.encode("utf-8", "replace")))

    def _recover(self) -> None:
        if not recover(self.disk):
            self._mark_dirty("recovered")
        for table in (ARTICLES, REJECTS, REVISIONS):
            self.disk.sweep(table.name)
        if self.disk.exists(_DIRTY):
            settling.settle(self.disk, settling.Removals())

    def _reconcile(self, articles: ArticleIndex, rejects: RejectIndex) -> None:
        """After a run that did not close: rejects that have become articles leave."""
        if not self.disk.exists(_DIRTY):
            return
        gone: dict[str, set[int]] = {}
        for key, entry in rejects.items():
            if articles.has_key(key):
                gone.setdefault(entry.part, set()).add(key)
                rejects.drop(key)
        settling.settle(self.disk, settling.Removals(gone, articles.doubles()))

    def _load(self) -> tuple[ArticleIndex, RejectIndex]:
        articles, rejects = ArticleIndex(), RejectIndex()
        articles.load(list(self._tables(ARTICLES, ARTICLE_COLUMNS)))
        for path, table in self._tables(REJECTS, REJECT_COLUMNS):
            rejects.load(path, table)
        return articles, rejects

    def _tables(
        self, table: Table, columns: Sequence[str], known: Sequence[str] = ()
    ) -> Iterator[tuple[str, pa.Table]]:
        """These columns of every file; a file that does not read is set aside and noted."""
        seen = set(known)
        for part in self.parts(table):
            if part.path in seen:
                continue
            try:
                pieces = list(read_part(self.disk, part.path, columns))
            except StoreDamaged as error:
                self.damaged.append(set_aside(self.disk, part.path, error.cause))
                continue
            if pieces:
                yield part.path, _with_all(pa.concat_tables(pieces), table, columns)

    def _revisions(self) -> set[tuple[str, str]]:
        columns = ("article_id", "text_sha256")
        found: set[tuple[str, str]] = set()
        for _, table in self._tables(REVISIONS, columns):
            found.update(zip(*(table[name].to_pylist() for name in columns), strict=True))
        return found

    def _refresh_shared(self, articles: ArticleIndex) -> Callable[[Writer], Callable[[], None]]:
        """Writers of one machine flush in turn, each seeing what the others have stored."""

        def before(writer: Writer) -> Callable[[], None]:
            turn = Lock(self._hidden("commit"))
            turn.acquire(wait=_FLUSHING_SECONDS)
            articles.load(list(self._tables(ARTICLES, ARTICLE_COLUMNS, articles.parts)))
            writer.redecide(articles)
            return turn.release

        return before

    def _closer(self, lock: Lock, *, shared: bool) -> Callable[[Writer], None]:
        def close(writer: Writer) -> None:
            try:
                if not shared:
                    settling.settle(self.disk, settling.Removals(rejects=writer.gone_rejects))
                    self.disk.delete(_DIRTY)
            finally:
                lock.release()
            if shared and isinstance(self.disk, LocalDisk):
                # The last of the shared writers to close puts the changes of all in place.
                with suppress(StoreLocked), self.exclusive():
                    pass

        return close


def _with_all(data: pa.Table, table: Table, names: Sequence[str]) -> pa.Table:
    """A table with these columns, also where its file is of a schema that lacked some."""
    for name in names:
        if name not in data.column_names:
            cells = absent(table.columns[table.position(name)], data.num_rows)
            data = data.append_column(name, cells)
    return data


def _alone(_: Writer) -> Callable[[], None]:
    return lambda: None
