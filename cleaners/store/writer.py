"""Outcomes into the tables: each is stored once, the same again adds nothing."""

import os
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import TracebackType
from typing import Self

import pyarrow as pa

from cleaners.dedup.near import signature
from cleaners.dedup.words import words
from cleaners.model import Article, Outcome, Reason, Rejection, Stage
from cleaners.store.columns import to_rows, to_table
from cleaners.store.disk import Disk
from cleaners.store.identity import article_id, source_key
from cleaners.store.index import ArticleIndex, Entry, RejectEntry, RejectIndex, outcome_key
from cleaners.store.made import ArticleRow
from cleaners.store.parts import fill_with
from cleaners.store.rows import (
    Row,
    RunStamp,
    article_from_row,
    article_row,
    fault,
    rejection_from_row,
    rejection_row,
    sha256_of,
)
from cleaners.store.schema import ARTICLES, PARTITION, REJECTS, REVISIONS, Table
from cleaners.store.settle import staging_folder
from cleaners.store.waiting import NewArticles


class Added(StrEnum):
    """What became of an outcome that was handed to the store."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFRESHED = "refreshed"  # the same text cleaned anew, its row replaced
    OLDER = "older"  # fetched before what is stored: kept in revisions/
    REJECTED = "rejected"
    KEPT = "kept"  # a rejection of what is an article already: the article stays
    INVALID = "invalid"  # no row can hold it: stored as a reject
    ALIAS = "alias"  # fetched from another address of a stored article: stored as a reject


@dataclass(frozen=True, slots=True)
class Limits:
    """When a writer flushes by itself: rows or characters that wait (whichever comes first)."""

    rows: int = 2_000
    chars: int = 64_000_000


@dataclass(frozen=True, slots=True)
class Stored:
    """What a writer finds on opening: what the output holds already."""

    articles: ArticleIndex
    rejects: RejectIndex
    revisions: Callable[[], set[tuple[str, str]]]
    """Reads (article_id, text_sha256) of revisions/, when it is first needed."""


class Writer:
    """Buffers rows and writes them as parts; made by `Dataset.writer`, safe from threads."""

    def __init__(
        self,
        disk: Disk,
        stamp: RunStamp,
        stored: Stored,
        *,
        limits: Limits,
        refresh: bool,
        before_flush: Callable[["Writer"], Callable[[], None]],
        close: Callable[["Writer"], None],
    ) -> None:
        self._disk, self._stamp, self._limits, self._refresh = disk, stamp, limits, refresh
        self._articles, self._rejects = stored.articles, stored.rejects
        self._read_revisions = stored.revisions
        self._before_flush, self._finish = before_flush, close
        self._guard = threading.RLock()
        self._closed = False
        self._old: set[tuple[str, str]] | None = None
        self._name = f"{_file_safe(stamp.run_id)}-{os.getpid():x}{uuid.uuid4().hex[:8]}"
        self._count = 0
        self._chars = 0
        self._new = NewArticles(stamp)
        self._changed: dict[str, Row] = {}
        self._superseded: list[Row] = []
        self._new_rejects: dict[int, Row] = {}
        self._changed_rejects: dict[int, Row] = {}
        self.gone_rejects: dict[str, set[int]] = defaultdict(set)
        """Part of rejects/ → sources in it that have become articles."""
        self.flushes = 0
        """How often what waited became durable: what was added before the latest is."""
        self._part = self._next_part(ARTICLES)
        self._reject_part = self._next_part(REJECTS)

    # -- adding ----------------------------------------------------------------------------------

    def add(self, outcome: Outcome | ArticleRow) -> Added:
        """Take an outcome in; it is durable after the next `flush`. Raises StoreError."""
        with self._guard:
            if isinstance(outcome, Rejection):
                added = self._add_rejection(outcome)
            elif isinstance(outcome, ArticleRow):
                added = self._add_row(outcome)
            else:
                added = self._add_article(outcome)
            self._flush_if_full()
            return added

    def add_table(self, outcomes: pa.Table) -> list[Added]:
        """Take in outcomes as rows of an Arrow table, what became of each in its order.

        The columns are those of articles/ without the stamp of a run, and `stage`, `reason` and
        `detail`: a row with a reason is a rejection. Rows of new articles go to the disk as they
        are, so they cost a few lookups each. Raises StoreError.
        """
        names = ("article_id", "text_sha256", "fetched_at", "source", "url", "reason")
        columns = (
            outcomes[name].cast(pa.int64()) if name == "fetched_at" else outcomes[name]
            for name in names
        )
        added: list[Added] = []
        new: dict[str, int] = {}
        with self._guard:
            for number, (key, sha, fetched, source, url, reason) in enumerate(
                zip(*(column.to_pylist() for column in columns), strict=True)
            ):
                text = bytes.fromhex(sha)[:16] if reason is None else b""
                stored = self._articles.get(key) if reason is None else None
                same = stored is not None and stored.text == text and not self._refresh
                if reason is not None or (stored is not None and not same):
                    self._new.put_places(outcomes, new)  # it may be about one of these
                    new = {}
                    added.append(self._add_slowly(outcomes.slice(number, 1), reason))
                    continue
                self._forget_rejects(source, url)
                if stored is None:
                    new[key] = number
                    stored = Entry(self._part, text, 1, fetched or 0)
                self._articles.put(key, stored, source, url)
                added.append(Added.UNCHANGED if same else Added.NEW)
            self._new.put_places(outcomes, new)
            self._chars += outcomes.nbytes
            self._flush_if_full()
        return added

    def _add_row(self, made: ArticleRow) -> Added:
        if self._articles.get(made.article_id) is not None:
            return self._add_article(made.article())
        self._forget_rejects(made.source, made.url)
        self._new.put_places(made.table, {made.article_id: made.row})
        fetched = _microseconds(made.fetch.fetched_at if made.fetch else None)
        entry = Entry(self._part, bytes.fromhex(made.text_sha256)[:16], 1, fetched)
        self._articles.put(made.article_id, entry, made.source, made.url)
        self._chars += made.bytes
        return Added.NEW

    def _add_slowly(self, row: pa.Table, reason: str | None) -> Added:
        if reason is not None:
            return self._add_rejection(rejection_from_row(to_rows(row, REJECTS)[0]))
        return self._add_article(article_from_row(to_rows(row, ARTICLES)[0]))

    def _flush_if_full(self) -> None:
        if self._waiting() >= self._limits.rows or self._chars >= self._limits.chars:
            self.flush()

    def _waiting(self) -> int:
        articles = len(self._new) + len(self._changed) + len(self._superseded)
        return articles + len(self._new_rejects) + len(self._changed_rejects)

    def _add_article(self, article: Article) -> Added:
        why = fault(article)
        if why is not None:
            self._add_rejection(_unstored(article, Reason.INVALID_ROW, why))
            return Added.INVALID
        text = article.text.encode()
        key, sha = article_id(article), sha256_of(text)
        stored = self._articles.get(key)
        # Whatever was fetched ends in a row of its own; were it to take the row of the article, the
        # other address would be in no table, and the two would take turns.
        if stored and article.fetch and not self._articles.has_source(article.source):
            self._add_rejection(_unstored(article, Reason.SAME_AS, _canonical(article)))
            return Added.ALIAS
        fetched = _microseconds(article.fetch.fetched_at if article.fetch else None)
        added, revision = self._decide(stored, sha, fetched)
        self._forget_rejects(article.source, article.url)
        if added is Added.UNCHANGED:
            if stored is not None:
                self._articles.put(key, stored, article.source, article.url)
            return added
        body = words(article.text)
        row = article_row(
            article,
            article_id=key,
            revision=revision,
            text=text,
            text_sha256=sha,
            word_count=len(body),
            minhash=signature(body),
            stamp=self._stamp,
        )
        self._chars += len(article.text) * 2 + article.raw_chars
        if added is Added.OLDER:
            return self._keep_older(key, sha, row)
        self._buffer(key, row, stored, added)
        part = stored.part if stored is not None else self._part
        entry = Entry(part, bytes.fromhex(sha)[:16], revision, fetched)
        self._articles.put(key, entry, article.source, article.url)
        return added

    def _decide(self, stored: Entry | None, sha: str, fetched: int) -> tuple[Added, int]:
        if stored is None:
            return Added.NEW, 1
        if stored.text == bytes.fromhex(sha)[:16]:
            return (Added.REFRESHED if self._refresh else Added.UNCHANGED), stored.revision
        if 0 < fetched < stored.fetched_us:
            return Added.OLDER, 0
        return Added.CHANGED, stored.revision + 1

    def _buffer(self, key: str, row: Row, stored: Entry | None, added: Added) -> None:
        before = self._new.get(key) if key in self._new else self._changed.get(key)
        if before is not None and added is Added.CHANGED:
            self._superseded.append((*before, self._stamp.cleaned_at.astimezone(UTC)))
        if key in self._new or stored is None:
            self._new.put(key, row)
        else:
            self._changed[key] = row

    def _keep_older(self, key: str, sha: str, row: Row) -> Added:
        if self._old is None:
            self._old = self._read_revisions()
        if (key, sha) in self._old:
            return Added.UNCHANGED
        self._old.add((key, sha))
        self._superseded.append((*row, self._stamp.cleaned_at.astimezone(UTC)))
        return Added.OLDER

    def _forget_rejects(self, *names: str | None) -> None:
        for name in {*names} - {None}:
            key = source_key(str(name))
            entry = self._rejects.drop(key)
            self._changed_rejects.pop(key, None)
            if self._new_rejects.pop(key, None) is None and entry is not None:
                self.gone_rejects[entry.part].add(key)

    def _add_rejection(self, rejection: Rejection) -> Added:
        key = source_key(rejection.source)
        if self._articles.has_key(key):
            return Added.KEPT
        status = rejection.fetch.status if rejection.fetch else None
        outcome = outcome_key(str(rejection.stage), str(rejection.reason), status)
        stored = self._rejects.get(key)
        if stored is not None and stored.outcome == outcome:
            return Added.UNCHANGED
        row = rejection_row(rejection, self._stamp)
        waits = stored is None or key in self._new_rejects
        (self._new_rejects if waits else self._changed_rejects)[key] = row
        part = stored.part if stored is not None else self._reject_part
        self._rejects.put(key, RejectEntry(part, outcome))
        return Added.REJECTED

    # -- writing ---------------------------------------------------------------------------------

    def flush(self) -> None:
        """Write what waits; on return it survives a crash of the machine. Raises StoreError."""
        with self._guard:
            done = self._before_flush(self)
            try:
                self._write_new()
                self._stage()
                self._chars = 0
                self.flushes += 1
            finally:
                done()

    def _write_new(self) -> None:
        if self._new:
            self._disk.write(self._part, fill_with(ARTICLES, self._new.to_table()))
            self._new.clear()
            self._part = self._next_part(ARTICLES)
        if self._superseded:
            self._write(self._next_part(REVISIONS), REVISIONS, self._superseded)
            self._superseded = []
        if self._new_rejects:
            self._write(self._reject_part, REJECTS, list(self._new_rejects.values()))
            self._new_rejects = {}
            self._reject_part = self._next_part(REJECTS)

    def _stage(self) -> None:
        targets: dict[str, list[Row]] = defaultdict(list)
        for key, row in self._changed.items():
            entry = self._articles.get(key)
            targets[entry.part if entry else self._part].append(row)
        for target, rows in targets.items():
            self._write(self._staged_part(ARTICLES, target), ARTICLES, rows)
        self._changed = {}
        targets = defaultdict(list)
        for number, row in self._changed_rejects.items():
            known = self._rejects.get(number)
            targets[known.part if known else self._reject_part].append(row)
        for target, rows in targets.items():
            self._write(self._staged_part(REJECTS, target), REJECTS, rows)
        self._changed_rejects = {}

    def redecide(self, refreshed: ArticleIndex) -> None:
        """Look again at what waits, after others have stored more: new rows may be known by now."""
        for key in list(self._new):
            stored = refreshed.on_disk(key)
            if stored is None:
                continue
            row = self._new.pop(key)
            if stored.text.hex() != str(row[_SHA])[:32]:
                self._changed[key] = (row[0], stored.revision + 1, *row[2:])
            refreshed.put(key, stored)

    def _write(self, path: str, table: Table, rows: list[Row]) -> None:
        self._disk.write(path, fill_with(table, to_table(table, rows)))

    def _next_part(self, table: Table) -> str:
        self._count += 1
        day = self._stamp.cleaned_at.astimezone(UTC).date().isoformat()
        return f"{table.name}/{PARTITION}={day}/part-{self._name}-{self._count:05d}.parquet"

    def _staged_part(self, table: Table, target: str) -> str:
        self._count += 1
        return f"{staging_folder(table, target)}/{self._count:05d}-{self._name}.parquet"

    # -- closing ---------------------------------------------------------------------------------

    def close(self) -> None:
        """Flush, put changed rows in place of the old ones, and let go of the output."""
        with self._guard:
            if self._closed:
                return
            self._closed = True
            try:
                self.flush()
            finally:
                self._finish(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


_SHA = ARTICLES.position("text_sha256")


def _unstored(article: Article, reason: Reason, detail: str) -> Rejection:
    return Rejection(
        source=article.source,
        url=article.url,
        stage=Stage.STORE,
        reason=reason,
        detail=detail,
        fetch=article.fetch,
        discovery=article.discovery,
    )


def _canonical(article: Article) -> str:
    return f"stored from another address of {article.metadata.url_canonical or article.url}"


def _microseconds(moment: datetime | None) -> int:
    return round(moment.timestamp() * 1_000_000) if moment is not None else 0


def _file_safe(run_id: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in run_id)[:60]
