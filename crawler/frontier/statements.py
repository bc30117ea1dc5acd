"""The tables and longer statements of the embedded frontier."""

from collections.abc import Iterable

from crawler.frontier.base import JOB_MATTERS, REOPENED

SCHEMA_VERSION = 1
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
  found_at, ended_at, stage, reason, detail, spelling)
VALUES (:fingerprint, :url, :host, :kind, :state, :job, :round, :priority, :depth, :hops,
  :discovery, :now, :ended_at, :stage, :reason, :detail, :spelling)
"""
REOPEN = """
UPDATE urls SET state = 'ready', job = :job, round = :round, url = :url, host = :host, kind = :kind,
  priority = :priority, depth = :depth, hops = :hops, discovery = :discovery, not_before = 0,
  attempts = 0, lost = 0, spelling = :spelling,
  archived_in = NULL
WHERE fingerprint = :fingerprint AND :state = 'ready' AND state = 'done' AND (
  (round <> :round AND (:asked OR reason IN ({reopened}) OR next_visit_at <= :now))
  OR (job <> :job AND reason IN ({job_matters})))
"""
IMPROVE = """
UPDATE urls SET job = :job, round = :round, priority = max(priority, :priority),
  discovery = CASE WHEN :priority > priority THEN :discovery ELSE discovery END,
  depth = min(depth, :depth)
WHERE fingerprint = :fingerprint AND :state = 'ready' AND state = 'ready'
  AND (job <> :job OR priority < :priority)
"""


def _quoted(reasons: Iterable[str]) -> str:
    return ", ".join(f"'{reason}'" for reason in sorted(reasons))


REOPENED_LIST = _quoted(REOPENED)
REOPEN = REOPEN.format(reopened=REOPENED_LIST, job_matters=_quoted(JOB_MATTERS))
