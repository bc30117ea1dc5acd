"""A frontier in PostgreSQL, shared by any number of workers; needs the extra `postgres`.

Workers lease by host: who takes a URL of a host keeps the host for a while, so that N workers ask
each host at the pace of one. Rows are taken with FOR UPDATE SKIP LOCKED, so nobody waits for
another; the lease of a worker that died runs out, and its URLs come back by themselves.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cleaners.errors import StoreDamaged
from crawler import urls
from crawler.frontier import statements
from crawler.frontier.base import (
    LEASE_SECONDS,
    MAX_LOST_LEASES,
    Counts,
    Payload,
    Robots,
    Settlement,
)
from crawler.frontier.session import Session
from crawler.model import Lead, Task

HOST_SECONDS = 30.0
"""How long a worker keeps a host after its last lease there."""
PEERS_SECONDS = 1.0
"""How soon to look again when only the tasks of other workers are left."""
HOSTS_LOOKED_AT = 200
_LOCK = 0x57494E4E  # of the tables' creation, for workers that start at once
_SCHEMA = """
CREATE TABLE IF NOT EXISTS winnow_version (version integer NOT NULL);
CREATE TABLE IF NOT EXISTS urls (
  seq bigserial PRIMARY KEY, fingerprint text NOT NULL UNIQUE, url text NOT NULL,
  host text NOT NULL, kind text NOT NULL, state text NOT NULL, job text NOT NULL,
  round text NOT NULL, priority float8 NOT NULL, depth integer NOT NULL, hops integer NOT NULL,
  discovery text, not_before float8 NOT NULL DEFAULT 0, lease_until float8, owner text,
  attempts integer NOT NULL DEFAULT 0, lost integer NOT NULL DEFAULT 0, found_at float8 NOT NULL,
  ended_at float8, stage text, reason text, detail text, status integer, etag text,
  last_modified text, text_sha256 text, next_visit_at float8, interval float8, spelling text,
  archived_in text, archived_at bigint
);
CREATE INDEX IF NOT EXISTS urls_by_state ON urls (job, state, host, priority DESC, seq);
CREATE TABLE IF NOT EXISTS hosts (
  host text PRIMARY KEY, next_ok_at float8 NOT NULL DEFAULT 0, adaptive float8 NOT NULL DEFAULT 0,
  crawl_delay float8 NOT NULL DEFAULT 0, owner text, owner_until float8 NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS robots (
  origin text PRIMARY KEY, status integer NOT NULL, body bytea NOT NULL, fetched_at float8 NOT NULL
);
CREATE TABLE IF NOT EXISTS payloads (
  digest text PRIMARY KEY, record_id text NOT NULL, url text NOT NULL, date text NOT NULL
);
CREATE TABLE IF NOT EXISTS rounds (
  job text PRIMARY KEY, round text NOT NULL, open boolean NOT NULL
);
"""
_HOSTS = """
SELECT host, greatest(adaptive, crawl_delay) FROM hosts
WHERE next_ok_at <= :now AND (owner IS NULL OR owner = :me OR owner_until < :now)
  AND NOT host = ANY(:full) AND EXISTS (SELECT 1 FROM urls WHERE urls.job = :job
    AND urls.state = 'ready' AND urls.host = hosts.host AND urls.not_before <= :now)
ORDER BY next_ok_at LIMIT :count FOR UPDATE SKIP LOCKED
"""
_BEST = f"""
SELECT seq, {statements.TASK} FROM urls WHERE job = :job AND state = 'ready' AND host = :host
  AND not_before <= :now ORDER BY priority DESC, seq LIMIT :count FOR UPDATE SKIP LOCKED
"""


class PostgresFrontier:
    """A `Frontier` in a database that workers share; one object a worker, one thread an object.

    Raises StoreError when the server cannot be reached, also after it was gone for half a minute.
    """

    def __init__(self, address: str, *, job: str, now: float) -> None:
        self._job, self._now = job, now
        self._me = uuid.uuid4().hex
        self._session = Session(address)
        self._run, self._lasting = self._session.run, self._session.lasting
        self._lasting(self._set_up)

    def _set_up(self) -> None:
        self._run("SELECT pg_advisory_xact_lock(:lock)", lock=_LOCK)
        self._run(_SCHEMA)
        self._check_version()
        self._take_up_round(self._now)

    def _check_version(self) -> None:
        row = self._run("SELECT version FROM winnow_version").fetchone()
        if row is None:
            self._run("INSERT INTO winnow_version VALUES (:v)", v=statements.SCHEMA_VERSION)
        elif row[0] != statements.SCHEMA_VERSION:
            cause = f"frontier version {row[0]}, not {statements.SCHEMA_VERSION}"
            raise StoreDamaged(self._session.name, cause)

    def _take_up_round(self, now: float) -> None:
        row = self._run("SELECT round, open FROM rounds WHERE job = :job", job=self._job).fetchone()
        self.resumed = bool(row and row[1])
        self._round = str(row[0]) if row and self.resumed else uuid.uuid4().hex
        self._run(
            "INSERT INTO rounds VALUES (:job, :round, true)"
            " ON CONFLICT (job) DO UPDATE SET round = excluded.round, open = true",
            job=self._job,
            round=self._round,
        )
        if not self.resumed:
            self._run(statements.DUE, round=self._round, job=self._job, now=now)

    # -- taking in and giving out ------------------------------------------------------------------

    def add(self, leads: Sequence[Lead], *, now: float) -> int:
        return self._lasting(lambda: self._add(leads, now))

    def _add(self, leads: Sequence[Lead], now: float) -> int:
        new = 0
        # In one order for all workers, or two that add the same links wait for each other for ever.
        rows = [
            statements.lead_values(lead, job=self._job, round_=self._round, now=now)
            for lead in leads
        ]
        for host in sorted({str(row["host"]) for row in rows}):
            self._run("INSERT INTO hosts (host) VALUES (:host) ON CONFLICT DO NOTHING", host=host)
        for row in sorted(rows, key=lambda row: str(row["fingerprint"])):
            insert = f"{statements.INSERT} ON CONFLICT (fingerprint) DO NOTHING"
            if self._run(insert, **row).rowcount or self._run(statements.REOPEN, **row).rowcount:
                new += 1
            else:
                self._run(statements.IMPROVE, **row)
        return new

    def unseen(self, leads: Sequence[Lead]) -> tuple[Lead, ...]:
        first = {urls.fingerprint(lead.url): lead for lead in reversed(leads)}
        known = self._lasting(
            lambda: self._run(
                "SELECT fingerprint FROM urls WHERE fingerprint = ANY(:keys)", keys=list(first)
            ).fetchall()
        )
        for (key,) in known:
            del first[key]
        return tuple(reversed(first.values()))

    def lease(
        self,
        *,
        now: float,
        limit: int,
        busy: Mapping[str, int],
        per_host: int,
        pause: Callable[[float], float],
    ) -> tuple[Task, ...]:
        full = [host for host, count in busy.items() if count >= per_host]

        def take() -> tuple[Task, ...]:
            self._take_back(now)
            found: list[tuple[float, int, Task]] = []
            pauses: dict[str, float] = {}
            hosts = self._run(
                _HOSTS, now=now, me=self._me, job=self._job, full=full, count=HOSTS_LOOKED_AT
            )
            for host, delay in hosts.fetchall():
                pauses[host] = wait = pause(delay)
                count = 1 if wait > 0 else per_host - busy.get(host, 0)
                rows = self._run(_BEST, job=self._job, host=host, now=now, count=count)
                found += [(-row[5], row[0], statements.task_of(row[1:])) for row in rows]
            tasks = [task for _, _, task in sorted(found, key=lambda item: item[:2])[:limit]]
            self._mark_leased(tasks, now)
            for host in {task.host for task in tasks}:
                self._run(
                    "UPDATE hosts SET owner = :me, owner_until = :until,"
                    " next_ok_at = greatest(next_ok_at, :next) WHERE host = :host",
                    me=self._me,
                    until=now + HOST_SECONDS,
                    next=now + pauses[host],
                    host=host,
                )
            return tuple(tasks)

        return self._lasting(take)

    def _take_back(self, now: float) -> None:
        """Leases that have run out: their worker is dead or hangs."""
        self._run(
            "UPDATE urls SET state = 'ready', lost = lost + 1, owner = NULL"
            " WHERE fingerprint IN (SELECT fingerprint FROM urls WHERE job = :job"
            " AND state = 'leased' AND lease_until < :now FOR UPDATE SKIP LOCKED)",
            job=self._job,
            now=now,
        )

    def _mark_leased(self, tasks: Sequence[Task], now: float) -> None:
        self._run(
            "UPDATE urls SET state = 'leased', lease_until = :until, owner = :me"
            " WHERE fingerprint = ANY(:keys)",
            until=now + LEASE_SECONDS,
            me=self._me,
            keys=[task.fingerprint for task in tasks],
        )

    def _leased(self, statement: str, *, now: float, **values: object) -> tuple[Task, ...]:
        """Lease what a SELECT of the task columns gives."""

        def take() -> tuple[Task, ...]:
            self._take_back(now)
            rows = self._run(f"{statement} FOR UPDATE SKIP LOCKED", job=self._job, **values)
            tasks = tuple(statements.task_of(row) for row in rows)
            self._mark_leased(tasks, now)
            return tasks

        return self._lasting(take)

    def suspects(self) -> tuple[Task, ...]:
        select = f"SELECT {statements.TASK} FROM urls WHERE job = :job AND state = 'ready'"
        return self._leased(f"{select} AND lost >= :most", now=self._now, most=MAX_LOST_LEASES)

    def drain(self, limit: int, *, now: float) -> tuple[Task, ...]:
        select = f"SELECT {statements.TASK} FROM urls WHERE job = :job AND state = 'ready'"
        return self._leased(f"{select} LIMIT :count", now=now, count=limit)

    def next_ready_at(self, *, now: float) -> float | None:
        def look() -> float | None:
            row = self._run(
                "SELECT min(greatest(hosts.next_ok_at, urls.not_before,"
                " CASE WHEN hosts.owner = :me THEN 0 ELSE hosts.owner_until END))"
                " FROM urls JOIN hosts USING (host) WHERE job = :job AND state = 'ready'",
                me=self._me,
                job=self._job,
            ).fetchone()
            if row and row[0] is not None:
                return float(row[0])
            peers = self._run(
                "SELECT 1 FROM urls WHERE job = :job AND state = 'leased' LIMIT 1", job=self._job
            )
            return now + PEERS_SECONDS if peers.fetchone() else None

        return self._lasting(look)

    # -- giving back -------------------------------------------------------------------------------

    def archived(self, task: Task, file: str, offset: int) -> None:
        self._change("archived_in = :file, archived_at = :offset", task, file=file, offset=offset)

    def retry(self, task: Task, *, at: float) -> None:
        self._change(
            "state = 'ready', attempts = attempts + 1, not_before = :at, archived_in = NULL",
            task,
            at=at,
        )

    def ask_elsewhere(self, task: Task, url: str, *, at: float) -> None:
        host = urls.host(url)
        self._lasting(
            lambda: self._run(
                "INSERT INTO hosts (host) VALUES (:host) ON CONFLICT DO NOTHING", host=host
            )
        )
        self._change(
            "state = 'ready', url = :url, host = :host, hops = hops + 1, not_before = :at,"
            " archived_in = NULL",
            task,
            url=url,
            host=host,
            at=at,
        )

    def _change(self, change: str, task: Task, **values: object) -> None:
        """Change a task that is leased to this worker; no other's."""
        statement = f"UPDATE urls SET {change} WHERE fingerprint = :key AND owner = :me"
        key = task.fingerprint
        self._lasting(lambda: self._run(statement, key=key, me=self._me, **values))

    def release(self, tasks: Sequence[Task]) -> None:
        keys = [task.fingerprint for task in tasks]
        self._lasting(
            lambda: self._run(
                "UPDATE urls SET state = 'ready'"
                " WHERE fingerprint = ANY(:keys) AND state = 'leased' AND owner = :me",
                keys=keys,
                me=self._me,
            )
        )

    def renew(self, tasks: Sequence[Task], *, now: float) -> None:
        keys = [task.fingerprint for task in tasks]
        self._lasting(
            lambda: self._run(
                "UPDATE urls SET lease_until = :until"
                " WHERE fingerprint = ANY(:keys) AND state = 'leased' AND owner = :me",
                until=now + LEASE_SECONDS,
                keys=keys,
                me=self._me,
            )
        )

    def settle(self, settlements: Sequence[Settlement], *, now: float) -> None:
        def end_all() -> None:
            for end in sorted(settlements, key=lambda end: end.task.fingerprint):
                self._run(statements.END, **statements.end_values(end, now=now))
            self._add([lead for end in settlements for lead in end.leads], now)

        self._lasting(end_all)

    # -- hosts, robots, payloads -------------------------------------------------------------------

    def hold(self, host: str, until: float) -> None:
        self._lasting(
            lambda: self._run(
                "INSERT INTO hosts (host, next_ok_at) VALUES (:host, :until) ON CONFLICT (host)"
                " DO UPDATE SET next_ok_at = greatest(hosts.next_ok_at, excluded.next_ok_at)",
                host=host,
                until=until,
            )
        )

    def set_delay(
        self, host: str, *, adaptive: float | None = None, crawl: float | None = None
    ) -> None:
        self._lasting(
            lambda: self._run(
                "INSERT INTO hosts (host, adaptive, crawl_delay)"
                " VALUES (:host, coalesce(:adaptive, 0), coalesce(:crawl, 0)) ON CONFLICT (host)"
                " DO UPDATE SET adaptive = coalesce(:adaptive, hosts.adaptive),"
                " crawl_delay = coalesce(:crawl, hosts.crawl_delay)",
                host=host,
                adaptive=adaptive,
                crawl=crawl,
            )
        )

    def robots(self, origin: str) -> Robots | None:
        row = self._one("SELECT status, body, fetched_at FROM robots WHERE origin = :key", origin)
        return Robots(row[0], bytes(row[1]), row[2]) if row else None

    def save_robots(self, origin: str, robots: Robots) -> None:
        self._lasting(
            lambda: self._run(
                "INSERT INTO robots VALUES (:origin, :status, :body, :at) ON CONFLICT (origin) DO"
                " UPDATE SET status = :status, body = :body, fetched_at = :at",
                origin=origin,
                status=robots.status,
                body=robots.body,
                at=robots.fetched_at,
            )
        )

    def payload(self, digest: str) -> Payload | None:
        row = self._one("SELECT record_id, url, date FROM payloads WHERE digest = :key", digest)
        return Payload(*row) if row else None

    def save_payload(self, digest: str, payload: Payload) -> None:
        self._lasting(
            lambda: self._run(
                "INSERT INTO payloads VALUES (:key, :id, :url, :date) ON CONFLICT DO NOTHING",
                key=digest,
                id=payload.record_id,
                url=payload.url,
                date=payload.date,
            )
        )

    def _one(self, statement: str, key: str) -> tuple[Any, ...] | None:
        return self._lasting(lambda: self._run(statement, key=key).fetchone())

    # -- the round ---------------------------------------------------------------------------------

    def forget_visits(self) -> None:
        """Only in a new round that nobody is at work on: what is not here may be elsewhere."""
        alone = "NOT EXISTS (SELECT 1 FROM urls WHERE job = :job AND state = 'leased')"
        statement = f"{statements.FORGET} WHERE job = :job AND {alone}"
        if not self.resumed:
            self._lasting(lambda: self._run(statement, job=self._job))

    def counts(self) -> Counts:
        rows = self._lasting(
            lambda: self._run(
                "SELECT state, count(*) FROM urls WHERE job = :job GROUP BY state", job=self._job
            ).fetchall()
        )
        found = dict(rows)
        return Counts(found.get("ready", 0), found.get("leased", 0), found.get("done", 0))

    def finish(self) -> None:
        self._lasting(
            lambda: self._run(
                "UPDATE rounds SET open = false WHERE job = :job AND NOT EXISTS (SELECT 1 FROM urls"
                " WHERE urls.job = :job AND state IN ('ready', 'leased'))",
                job=self._job,
            )
        )

    def close(self) -> None:
        self._session.close(
            "UPDATE hosts SET owner = NULL, owner_until = 0 WHERE owner = :me", me=self._me
        )
