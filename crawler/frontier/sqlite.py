"""The embedded frontier: one SQLite file in WAL mode, one process at a time.

WAL with synchronous=NORMAL loses no transaction when a process is killed, only the last ones when
the power fails; then the URLs of these are fetched once more, which the store folds into one row.
"""

import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from cleaners.errors import StoreDamaged, StoreError
from cleaners.store.found import discovery_from_json, discovery_to_json
from crawler import urls
from crawler.frontier.base import (
    JOB_MATTERS,
    LEASE_SECONDS,
    MAX_LOST_LEASES,
    REOPENED,
    Counts,
    Payload,
    Robots,
    Settlement,
)
from crawler.model import Kind, Lead, Task

SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS urls (
  seq INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, url TEXT NOT NULL, host TEXT NOT NULL,
  kind TEXT NOT NULL, state TEXT NOT NULL, job TEXT NOT NULL, round TEXT NOT NULL,
  priority REAL NOT NULL, depth INTEGER NOT NULL, hops INTEGER NOT NULL, discovery TEXT,
  not_before REAL NOT NULL DEFAULT 0, lease_until REAL, attempts INTEGER NOT NULL DEFAULT 0,
  lost INTEGER NOT NULL DEFAULT 0, found_at REAL NOT NULL, ended_at REAL,
  stage TEXT, reason TEXT, detail TEXT, status INTEGER,
  etag TEXT, last_modified TEXT, text_sha256 TEXT, next_visit_at REAL, interval REAL, spelling TEXT,
  archived_in TEXT, archived_at INTEGER
);
CREATE INDEX IF NOT EXISTS urls_by_state ON urls (job, state, host, priority DESC, seq);
CREATE TABLE IF NOT EXISTS hosts (
  host TEXT PRIMARY KEY, next_ok_at REAL NOT NULL DEFAULT 0, adaptive REAL NOT NULL DEFAULT 0,
  crawl_delay REAL NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS robots (
  origin TEXT PRIMARY KEY, status INTEGER NOT NULL, body BLOB NOT NULL, fetched_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS payloads (
  digest TEXT PRIMARY KEY, record_id TEXT NOT NULL, url TEXT NOT NULL, date TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rounds (job TEXT PRIMARY KEY, round TEXT NOT NULL, open INTEGER NOT NULL);
"""
_TASK = (
    "fingerprint, url, host, kind, priority, depth, hops, attempts, discovery, etag, last_modified,"
    " text_sha256, spelling, interval, archived_in, archived_at"
)
# Every host with ready URLs, by jumping from one to the next in the index, however many URLs wait.
_READY_HOSTS = """
WITH RECURSIVE waiting(host) AS (
  SELECT min(host) FROM urls WHERE job = :job AND state = 'ready'
  UNION ALL
  SELECT (SELECT min(host) FROM urls WHERE job = :job AND state = 'ready' AND host > waiting.host)
  FROM waiting WHERE waiting.host IS NOT NULL)
SELECT waiting.host, coalesce(hosts.next_ok_at, 0),
  max(coalesce(hosts.adaptive, 0), coalesce(hosts.crawl_delay, 0))
FROM waiting LEFT JOIN hosts USING (host) WHERE waiting.host IS NOT NULL
"""
_INSERT = """
INSERT INTO urls (fingerprint, url, host, kind, state, job, round, priority, depth, hops, discovery,
  found_at, ended_at, stage, reason, detail, spelling)
VALUES (:fingerprint, :url, :host, :kind, :state, :job, :round, :priority, :depth, :hops, :discovery,
  :now, :ended_at, :stage, :reason, :detail, :spelling)
"""
_REOPEN = """
UPDATE urls SET state = 'ready', job = :job, round = :round, url = :url, host = :host, kind = :kind,
  priority = :priority, depth = :depth, hops = :hops, discovery = :discovery, not_before = 0,
  attempts = 0, lost = 0, spelling = :spelling,
  archived_in = NULL
WHERE fingerprint = :fingerprint AND :state = 'ready' AND state = 'done' AND (
  (round <> :round AND (:asked OR reason IN ({reopened}) OR next_visit_at <= :now))
  OR (job <> :job AND reason IN ({job_matters})))
"""
_IMPROVE = """
UPDATE urls SET job = :job, round = :round, priority = max(priority, :priority),
  discovery = CASE WHEN :priority > priority THEN :discovery ELSE discovery END,
  depth = min(depth, :depth)
WHERE fingerprint = :fingerprint AND :state = 'ready' AND state = 'ready'
  AND (job <> :job OR priority < :priority)
"""


def _quoted(reasons: Iterable[str]) -> str:
    return ", ".join(f"'{reason}'" for reason in sorted(reasons))


_REOPEN = _REOPEN.format(reopened=_quoted(REOPENED), job_matters=_quoted(JOB_MATTERS))


class SqliteFrontier:
    """A `Frontier` in one file; the caller sees to it that one process alone has it open.

    Raises StoreDamaged when the file is no frontier or does not read, StoreError when it cannot
    be opened. Not thread-safe: call it from one thread.
    """

    def __init__(self, path: Path, *, job: str, now: float) -> None:
        self._path, self._job = path, job
        try:
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("PRAGMA busy_timeout=5000")
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version not in (0, SCHEMA_VERSION):
                raise StoreDamaged(str(path), f"frontier version {version}, not {SCHEMA_VERSION}")
            self._db.executescript(_SCHEMA)
            self._db.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
            with self._transaction():
                self._take_up_round(now)
        except sqlite3.DatabaseError as error:
            kind = StoreError if isinstance(error, sqlite3.OperationalError) else StoreDamaged
            raise kind(str(path), f"the frontier does not open: {error}") from error

    def _take_up_round(self, now: float) -> None:
        row = self._db.execute(
            "SELECT round, open FROM rounds WHERE job = ?", (self._job,)
        ).fetchone()
        self.resumed = bool(row and row[1])
        self._round = row[0] if self.resumed else uuid.uuid4().hex
        self._db.execute("INSERT OR REPLACE INTO rounds VALUES (?, ?, 1)", (self._job, self._round))
        # One process at a time: whatever is leased was in flight when its process died.
        self._db.execute("UPDATE urls SET state = 'ready', lost = lost + 1 WHERE state = 'leased'")
        if not self.resumed:
            self._db.execute(
                "UPDATE urls SET state = 'ready', round = ?, attempts = 0, not_before = 0"
                f" WHERE job = ? AND state = 'done' AND (reason IN ({_quoted(REOPENED)})"
                " OR (reason IS NULL AND kind = 'page' AND next_visit_at <= ?))",
                (self._round, self._job, now),
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing; the connection itself is in autocommit mode."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def add(self, leads: Sequence[Lead], *, now: float) -> int:
        with self._transaction():
            return sum(self._add(lead, now) for lead in leads)

    def _add(self, lead: Lead, now: float) -> bool:
        verdict = lead.verdict
        values = {
            "fingerprint": urls.fingerprint(lead.url),
            "url": lead.url,
            "host": urls.host(lead.url),
            "kind": lead.kind,
            "state": "done" if verdict else "ready",
            "job": self._job,
            "round": self._round,
            "priority": lead.priority,
            "depth": lead.depth,
            "hops": lead.hops,
            "discovery": discovery_to_json(lead.discovery),
            "now": now,
            "asked": lead.asked,
            "spelling": lead.spelling,
            "ended_at": now if verdict else None,
            "stage": verdict.stage if verdict else None,
            "reason": verdict.reason if verdict else None,
            "detail": verdict.detail if verdict else None,
        }
        if not self._known(values["fingerprint"]):
            self._db.execute(_INSERT, values)
            return True
        if self._db.execute(_REOPEN, values).rowcount:
            return True
        self._db.execute(_IMPROVE, values)
        return False

    def _known(self, fingerprint: object) -> bool:
        found = self._db.execute("SELECT 1 FROM urls WHERE fingerprint = ?", (fingerprint,))
        return found.fetchone() is not None

    def unseen(self, leads: Sequence[Lead]) -> tuple[Lead, ...]:
        first = {urls.fingerprint(lead.url): lead for lead in reversed(leads)}
        return tuple(lead for key, lead in reversed(first.items()) if not self._known(key))

    def lease(
        self,
        *,
        now: float,
        limit: int,
        busy: Mapping[str, int],
        per_host: int,
        pause: Callable[[float], float],
    ) -> tuple[Task, ...]:
        with self._transaction():
            found: list[tuple[float, int, Task]] = []
            pauses: dict[str, float] = {}
            for host, next_ok_at, delay in self._db.execute(_READY_HOSTS, {"job": self._job}):
                free = per_host - busy.get(host, 0)
                if free <= 0 or next_ok_at > now:
                    continue
                pauses[host] = wait = pause(delay)
                rows = self._db.execute(
                    f"SELECT seq, {_TASK} FROM urls WHERE job = ? AND state = 'ready' AND host = ?"
                    " AND not_before <= ? ORDER BY priority DESC, seq LIMIT ?",
                    (self._job, host, now, 1 if wait > 0 else free),
                )
                found += [(-row[5], row[0], _task(row[1:])) for row in rows]
            tasks = [task for _, _, task in sorted(found, key=lambda item: item[:2])[:limit]]
            self._mark_leased(tasks, now)
            for host in {task.host for task in tasks}:
                if pauses[host] > 0:
                    self._upsert_host(host, "next_ok_at", now + pauses[host])
            return tuple(tasks)

    def _mark_leased(self, tasks: Sequence[Task], now: float) -> None:
        self._db.executemany(
            "UPDATE urls SET state = 'leased', lease_until = ? WHERE fingerprint = ?",
            [(now + LEASE_SECONDS, task.fingerprint) for task in tasks],
        )

    def archived(self, task: Task, file: str, offset: int) -> None:
        self._db.execute(
            "UPDATE urls SET archived_in = ?, archived_at = ? WHERE fingerprint = ?",
            (file, offset, task.fingerprint),
        )

    def take_archived(self, *, now: float) -> tuple[Task, ...]:
        with self._transaction():
            rows = self._db.execute(
                f"SELECT {_TASK} FROM urls WHERE job = ? AND state = 'ready'"
                " AND archived_in IS NOT NULL",
                (self._job,),
            )
            tasks = [_task(row) for row in rows]
            self._mark_leased(tasks, now)
            return tuple(tasks)

    def next_ready_at(self, *, now: float) -> float | None:
        soonest: float | None = None
        for host, next_ok_at, _ in self._db.execute(_READY_HOSTS, {"job": self._job}).fetchall():
            (not_before,) = self._db.execute(
                "SELECT min(not_before) FROM urls WHERE job = ? AND state = 'ready' AND host = ?",
                (self._job, host),
            ).fetchone()
            at = max(next_ok_at, not_before or 0.0)
            soonest = at if soonest is None else min(soonest, at)
            if soonest <= now:
                break
        return soonest

    def retry(self, task: Task, *, at: float) -> None:
        self._db.execute(
            "UPDATE urls SET state = 'ready', attempts = attempts + 1, not_before = ?,"
            " archived_in = NULL"
            " WHERE fingerprint = ? AND state = 'leased'",
            (at, task.fingerprint),
        )

    def release(self, tasks: Sequence[Task]) -> None:
        with self._transaction():
            self._db.executemany(
                "UPDATE urls SET state = 'ready', archived_in = NULL"
                " WHERE fingerprint = ? AND state = 'leased'",
                [(task.fingerprint,) for task in tasks],
            )

    def renew(self, tasks: Sequence[Task], *, now: float) -> None:
        """Nothing to do: a lease in this file ends with the process that holds it."""

    def ask_elsewhere(self, task: Task, url: str, *, at: float) -> None:
        self._db.execute(
            "UPDATE urls SET state = 'ready', url = ?, host = ?, hops = hops + 1, not_before = ?,"
            " archived_in = NULL"
            " WHERE fingerprint = ?",
            (url, urls.host(url), at, task.fingerprint),
        )

    def settle(self, settlements: Sequence[Settlement], *, now: float) -> None:
        with self._transaction():
            for end in settlements:
                self._end(end, now)
                for lead in end.leads:
                    self._add(lead, now)

    def _end(self, end: Settlement, now: float) -> None:
        kept = "" if end.unchanged else ", stage = :stage, reason = :reason, detail = :detail"
        self._db.execute(
            "UPDATE urls SET state = 'done', ended_at = :now, status = :status, archived_in = NULL,"
            " etag = coalesce(:etag, CASE WHEN :unchanged THEN etag END),"
            " last_modified = coalesce(:last_modified, CASE WHEN :unchanged THEN last_modified END),"
            " text_sha256 = coalesce(:text_sha256, text_sha256), next_visit_at = :next_visit_at,"
            f" interval = :interval{kept} WHERE fingerprint = :fingerprint",
            {
                "now": now,
                "status": end.status,
                "etag": end.etag,
                "last_modified": end.last_modified,
                "text_sha256": end.text_sha256,
                "next_visit_at": end.next_visit_at,
                "interval": end.interval,
                "unchanged": end.unchanged,
                "stage": end.stage,
                "reason": end.reason,
                "detail": end.detail,
                "fingerprint": end.task.fingerprint,
            },
        )

    def drain(self, limit: int, *, now: float) -> tuple[Task, ...]:
        with self._transaction():
            rows = self._db.execute(
                f"SELECT {_TASK} FROM urls WHERE job = ? AND state = 'ready' LIMIT ?",
                (self._job, limit),
            )
            tasks = [_task(row) for row in rows]
            self._mark_leased(tasks, now)
            return tuple(tasks)

    def suspects(self) -> tuple[Task, ...]:
        """Tasks that were in flight at so many deaths of the crawler that they may be the cause."""
        rows = self._db.execute(
            f"SELECT {_TASK} FROM urls WHERE job = ? AND state = 'ready' AND lost >= ?",
            (self._job, MAX_LOST_LEASES),
        )
        return tuple(_task(row) for row in rows)

    def hold(self, host: str, until: float) -> None:
        self._db.execute(
            "INSERT INTO hosts (host, next_ok_at) VALUES (?, ?)"
            " ON CONFLICT (host) DO UPDATE SET next_ok_at = max(next_ok_at, excluded.next_ok_at)",
            (host, until),
        )

    def set_delay(
        self, host: str, *, adaptive: float | None = None, crawl: float | None = None
    ) -> None:
        if adaptive is not None:
            self._upsert_host(host, "adaptive", adaptive)
        if crawl is not None:
            self._upsert_host(host, "crawl_delay", crawl)

    def _upsert_host(self, host: str, column: str, value: float) -> None:
        self._db.execute(
            f"INSERT INTO hosts (host, {column}) VALUES (?, ?)"
            f" ON CONFLICT (host) DO UPDATE SET {column} = excluded.{column}",
            (host, value),
        )

    def robots(self, origin: str) -> Robots | None:
        row = self._db.execute(
            "SELECT status, body, fetched_at FROM robots WHERE origin = ?", (origin,)
        ).fetchone()
        return Robots(*row) if row else None

    def save_robots(self, origin: str, robots: Robots) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)",
            (origin, robots.status, robots.body, robots.fetched_at),
        )

    def payload(self, digest: str) -> Payload | None:
        row = self._db.execute(
            "SELECT record_id, url, date FROM payloads WHERE digest = ?", (digest,)
        ).fetchone()
        return Payload(*row) if row else None

    def save_payload(self, digest: str, payload: Payload) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO payloads VALUES (?, ?, ?, ?)",
            (digest, payload.record_id, payload.url, payload.date),
        )

    def forget_visits(self) -> None:
        self._db.execute(
            "UPDATE urls SET etag = NULL, last_modified = NULL, text_sha256 = NULL,"
            " next_visit_at = 0 WHERE state = 'done'"
        )

    def counts(self) -> Counts:
        found = dict(
            self._db.execute(
                "SELECT state, count(*) FROM urls WHERE job = ? GROUP BY state", (self._job,)
            ).fetchall()
        )
        return Counts(found.get("ready", 0), found.get("leased", 0), found.get("done", 0))

    def finish(self) -> None:
        self._db.execute("UPDATE rounds SET open = 0 WHERE job = ?", (self._job,))

    def close(self) -> None:
        self._db.close()


def _task(row: tuple[object, ...] | sqlite3.Row) -> Task:
    """A row of the columns `_TASK` as a Task."""
    values = dict(zip(_TASK.replace("\n", "").replace(",", "").split(), row, strict=True))
    values["kind"] = Kind(str(values["kind"]))
    discovery = values["discovery"]
    values["discovery"] = discovery_from_json(str(discovery) if discovery else None)
    return Task(**values)
