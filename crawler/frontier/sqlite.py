"""The embedded frontier: one SQLite file in WAL mode, one process at a time.

WAL with synchronous=NORMAL loses no transaction when a process is killed, only the last ones when
the power fails; then the URLs of these are fetched once more, which the store folds into one row.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from cleaners.errors import StoreDamaged, StoreError
from crawler import urls
from crawler.frontier.base import (
    LEASE_SECONDS,
    MAX_LOST_LEASES,
    Counts,
    Payload,
    Robots,
    Settlement,
)
from crawler.frontier.file import SqliteFile
from crawler.frontier.statements import (
    DUE,
    END,
    FORGET,
    IMPROVE,
    INSERT,
    READY_HOSTS,
    REOPEN,
    SCHEMA,
    SCHEMA_VERSION,
    TASK,
    end_values,
    lead_values,
    task_of,
)
from crawler.model import Lead, Task


class SqliteFrontier:
    """A `Frontier` in one file; the caller sees to it that one process alone has it open.

    Raises StoreDamaged when the file is no frontier or does not read, StoreError when it is locked,
    full or out of reach. Not thread-safe: call it from one thread.
    """

    def __init__(self, path: Path, *, job: str, now: float) -> None:
        self._job, self._now = job, now
        self._db = SqliteFile(path)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        row = self._db.execute("PRAGMA user_version").fetchone()
        version = row[0] if row else 0
        if version not in (0, SCHEMA_VERSION):
            raise StoreDamaged(str(path), f"frontier version {version}, not {SCHEMA_VERSION}")
        self._db.executescript(SCHEMA)
        self._db.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        with self._transaction():
            self._take_up_round(now)

    def _take_up_round(self, now: float) -> None:
        row = self._db.execute(
            "SELECT round, open FROM rounds WHERE job = ?", (self._job,)
        ).fetchone()
        self.resumed = bool(row and row[1])
        self._round = str(row[0]) if row and self.resumed else uuid.uuid4().hex
        self._db.execute("INSERT OR REPLACE INTO rounds VALUES (?, ?, 1)", (self._job, self._round))
        # One process at a time: whatever is leased was in flight when its process died.
        self._db.execute("UPDATE urls SET state = 'ready', lost = lost + 1 WHERE state = 'leased'")
        if not self.resumed:
            self._db.execute(DUE, {"round": self._round, "job": self._job, "now": now})

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing; the connection itself is in autocommit mode."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            # A full disk has rolled it back already; what is told is what happened first.
            with suppress(StoreError):
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def add(self, leads: Sequence[Lead], *, now: float) -> int:
        with self._transaction():
            return sum(self._add(lead, now) for lead in leads)

    def _add(self, lead: Lead, now: float) -> bool:
        values = lead_values(lead, job=self._job, round_=self._round, now=now)
        if not self._known(values["fingerprint"]):
            self._db.execute(INSERT, values)
            return True
        if self._db.execute(REOPEN, values).rowcount:
            return True
        self._db.execute(IMPROVE, values)
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
            for host, next_ok_at, delay in self._db.execute(READY_HOSTS, {"job": self._job}):
                free = per_host - busy.get(host, 0)
                if free <= 0 or next_ok_at > now:
                    continue
                pauses[host] = wait = pause(delay)
                rows = self._db.execute(
                    f"SELECT seq, {TASK} FROM urls WHERE job = ? AND state = 'ready' AND host = ?"
                    " AND not_before <= ? ORDER BY priority DESC, seq LIMIT ?",
                    (self._job, host, now, 1 if wait > 0 else free),
                )
                found += [(-row[5], row[0], task_of(row[1:])) for row in rows]
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

    def next_ready_at(self, *, now: float) -> float | None:
        soonest: float | None = None
        for host, next_ok_at, _ in self._db.execute(READY_HOSTS, {"job": self._job}):
            row = self._db.execute(
                "SELECT min(not_before) FROM urls WHERE job = ? AND state = 'ready' AND host = ?",
                (self._job, host),
            ).fetchone()
            at = max(next_ok_at, (row and row[0]) or 0.0)
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
                "UPDATE urls SET state = 'ready' WHERE fingerprint = ? AND state = 'leased'",
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
                self._db.execute(END, end_values(end, now=now))
                for lead in end.leads:
                    self._add(lead, now)

    def drain(self, limit: int, *, now: float) -> tuple[Task, ...]:
        with self._transaction():
            rows = self._db.execute(
                f"SELECT {TASK} FROM urls WHERE job = ? AND state = 'ready' LIMIT ?",
                (self._job, limit),
            )
            tasks = [task_of(row) for row in rows]
            self._mark_leased(tasks, now)
            return tuple(tasks)

    def suspects(self) -> tuple[Task, ...]:
        with self._transaction():
            rows = self._db.execute(
                f"SELECT {TASK} FROM urls WHERE job = ? AND state = 'ready' AND lost >= ?",
                (self._job, MAX_LOST_LEASES),
            )
            tasks = tuple(task_of(row) for row in rows)
            self._mark_leased(tasks, self._now)
            return tasks

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
        self._db.execute(FORGET)

    def counts(self) -> Counts:
        found: dict[str, int] = dict(
            self._db.execute(
                "SELECT state, count(*) FROM urls WHERE job = ? GROUP BY state", (self._job,)
            )
        )
        return Counts(found.get("ready", 0), found.get("leased", 0), found.get("done", 0))

    def finish(self) -> None:
        self._db.execute("UPDATE rounds SET open = 0 WHERE job = ?", (self._job,))

    def close(self) -> None:
        self._db.close()
