"""The tables and statements of the frontiers, and their parameters.

Written with SQLite's `:name`; the PostgreSQL frontier turns that into its own form.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from cleaners.model import Stage
from cleaners.store.found import discovery_from_json, discovery_to_json
from crawler import urls
from crawler.frontier.base import JOB_MATTERS, REOPENED, Settlement
from crawler.model import Kind, Lead, Task

SCHEMA_VERSION = 1
ROBOTS_DAY = 86_400.0
SCHEMA = """
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
CREATE TABLE IF NOT EXISTS rounds (
  job TEXT PRIMARY KEY, round TEXT NOT NULL, open INTEGER NOT NULL
);
"""
TASK = (
    "fingerprint, url, host, kind, priority, depth, hops, attempts, discovery, etag, last_modified,"
    " text_sha256, spelling, interval, archived_in, archived_at"
)
TASK_FIELDS = tuple(TASK.replace(",", " ").split())
# Every host with ready URLs, by jumping from one to the next in the index, however many URLs wait.
READY_HOSTS = """
WITH RECURSIVE waiting(host) AS (
  SELECT min(host) FROM urls WHERE job = :job AND state = 'ready'
  UNION ALL
  SELECT (SELECT min(host) FROM urls WHERE job = :job AND state = 'ready' AND host > waiting.host)
  FROM waiting WHERE waiting.host IS NOT NULL)
SELECT waiting.host, coalesce(hosts.next_ok_at, 0),
  max(coalesce(hosts.adaptive, 0), coalesce(hosts.crawl_delay, 0))
FROM waiting LEFT JOIN hosts USING (host) WHERE waiting.host IS NOT NULL
"""
INSERT = """
INSERT INTO urls (fingerprint, url, host, kind, state, job, round, priority, depth, hops, discovery,
  found_at, ended_at, stage, reason, detail, spelling, next_visit_at)
VALUES (:fingerprint, :url, :host, :kind, :state, :job, :round, :priority, :depth, :hops,
  :discovery, :now, :ended_at, :stage, :reason, :detail, :spelling, :next_visit_at)
"""
REOPEN = """
UPDATE urls SET state = 'ready', job = :job, round = :round, url = :url, host = :host, kind = :kind,
  priority = :priority, depth = :depth, hops = :hops, discovery = :discovery, not_before = 0,
  attempts = 0, lost = 0, spelling = :spelling,
  archived_in = NULL
WHERE fingerprint = :fingerprint AND :state = 'ready' AND state = 'done' AND (
  (round <> :round AND (:asked OR reason IN ({reopened}) OR next_visit_at <= :now))
  OR (job <> :job AND reason IN ({job_matters}))
  OR (reason = 'not-related' AND status IS NULL))
"""
IMPROVE = """
UPDATE urls SET job = :job, round = :round,
  priority = CASE WHEN :priority > priority THEN :priority ELSE priority END,
  discovery = CASE WHEN :priority > priority THEN :discovery ELSE discovery END,
  depth = CASE WHEN :depth < depth THEN :depth ELSE depth END
WHERE fingerprint = :fingerprint AND :state = 'ready' AND state = 'ready'
  AND (job <> :job OR priority < :priority)
"""


def _quoted(reasons: Iterable[str]) -> str:
    return ", ".join(f"'{reason}'" for reason in sorted(reasons))


REOPENED_LIST = _quoted(REOPENED)
REOPEN = REOPEN.format(reopened=REOPENED_LIST, job_matters=_quoted(JOB_MATTERS))

END = """
UPDATE urls SET state = 'done', ended_at = :now, status = :status, archived_in = NULL, lost = 0,
  etag = coalesce(:etag, CASE WHEN :unchanged THEN etag END),
  last_modified = coalesce(:last_modified, CASE WHEN :unchanged THEN last_modified END),
  text_sha256 = coalesce(:text_sha256, text_sha256), next_visit_at = :next_visit_at,
  interval = :interval, stage = CASE WHEN :unchanged THEN stage ELSE :stage END,
  reason = CASE WHEN :unchanged THEN reason ELSE :reason END,
  detail = CASE WHEN :unchanged THEN detail ELSE :detail END
WHERE fingerprint = :fingerprint
"""
FORGET = """
UPDATE urls SET etag = NULL, last_modified = NULL, text_sha256 = NULL, next_visit_at = 0
"""
DUE = f"""
UPDATE urls SET state = 'ready', round = :round, attempts = 0, not_before = 0, lost = 0
WHERE job = :job AND state = 'done' AND (reason IN ({REOPENED_LIST}) OR (next_visit_at <= :now
  AND (reason IS NULL OR kind IN ('feed', 'sitemap', 'section'))))
"""


def lead_values(lead: Lead, *, job: str, round_: str, now: float) -> dict[str, object]:
    """The parameters of INSERT, REOPEN and IMPROVE."""
    verdict = lead.verdict
    return {
        "fingerprint": urls.fingerprint(lead.url),
        "url": lead.url,
        "host": urls.host(lead.url),
        "kind": str(lead.kind),
        "state": "done" if verdict else "ready",
        "job": job,
        "round": round_,
        "priority": lead.priority,
        "depth": lead.depth,
        "hops": lead.hops,
        "discovery": discovery_to_json(lead.discovery),
        "now": now,
        "asked": lead.asked,
        "spelling": lead.spelling,
        "ended_at": now if verdict else None,
        # robots.txt may say otherwise tomorrow; what is off scope or a trap stays so.
        "next_visit_at": now + ROBOTS_DAY if verdict and verdict.stage is Stage.ROBOTS else None,
        "stage": str(verdict.stage) if verdict else None,
        "reason": str(verdict.reason) if verdict else None,
        "detail": verdict.detail if verdict else None,
    }


def end_values(end: Settlement, *, now: float) -> dict[str, object]:
    """The parameters of END."""
    return {
        "now": now,
        "status": end.status,
        "etag": end.etag,
        "last_modified": end.last_modified,
        "text_sha256": end.text_sha256,
        "next_visit_at": end.next_visit_at,
        "interval": end.interval,
        "unchanged": end.unchanged,
        "stage": str(end.stage) if end.stage else None,
        "reason": str(end.reason) if end.reason else None,
        "detail": end.detail,
        "fingerprint": end.task.fingerprint,
    }


def task_of(row: Sequence[object]) -> Task:
    """A row of the columns `TASK` as a Task; they are named after its fields."""
    values: dict[str, Any] = dict(zip(TASK_FIELDS, row, strict=True))
    values["kind"] = Kind(values["kind"])
    values["discovery"] = discovery_from_json(values["discovery"])
    return Task(**values)
