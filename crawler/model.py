"""The types of the crawler: what a run is asked to do, what travels through it, what it reports."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from cleaners.config import DEFAULT, CleanConfig
from cleaners.errors import ConfigError
from cleaners.model import (
    Discovery,
    Outcome,
    Page,
    Reason,
    Rejection,
    Seed,
    Stage,
    Story,
    WarcPosition,
)
from cleaners.store.made import ArticleRow
from cleaners.store.warc_writer import Exchange


class Kind(StrEnum):
    """What a URL is fetched as: an article's page, or a source that lists articles."""

    PAGE = "page"
    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Manners:
    """How a run behaves towards the sites. Times in seconds, sizes in bytes."""

    user_agent: str = "Winnow/0.1 (news research; set `user_agent` to name a contact)"
    """Sent with every request; put your own contact address into it."""
    delay: float = 0.5
    """Least pause between two requests to one host; Crawl-delay raises it, nothing lowers it."""
    max_delay: float = 60.0
    """Most that the adaptive delay or a Crawl-delay counts; slower sites are still asked."""
    jitter: float = 0.3
    """Share by which each pause varies at random, so that requests do not come in beats."""
    concurrency: int = 32
    """Requests in flight altogether."""
    per_host: int = 2
    """Requests in flight to one host."""
    adaptive: bool = True
    """Follow each host's answer times: ask a slow one less often, none faster than `delay`."""
    timeout: float = 30.0
    """A request that takes longer in total, slow drip included, is given up."""
    max_bytes: int = 20_000_000
    """A body longer than this, compressed or not, is not read to its end."""
    attempts: int = 4
    """Times a URL is tried before its failure counts."""
    obey_robots: bool = True
    """Ask robots.txt first (RFC 9309)."""
    obey_nofollow: bool = True
    """Do not follow links marked rel=nofollow, or any link of a page that says nofollow."""
    obey_noindex: bool = False
    """Reject pages that say noindex, in their markup or an X-Robots-Tag header."""
    obey_noarchive: bool = False
    """Do not write the bodies of pages that say noarchive into the WARC."""
    allow_private: bool = False
    """Let private, link-local and loopback addresses be fetched: an intranet, demos, tests."""
    max_redirects: int = 8
    """Redirects followed for one URL."""

    def __post_init__(self) -> None:
        for key in ("timeout", "max_bytes", "attempts", "concurrency", "per_host"):
            if getattr(self, key) <= 0:
                raise ConfigError(f"{key} must be positive", key=key)
        if self.delay < 0 or not 0 <= self.jitter <= 1:
            raise ConfigError("delay must not be negative and jitter lie within 0…1", key="delay")
        if any(ord(char) < 32 for char in self.user_agent):
            raise ConfigError("user_agent must be one line", key="user_agent")


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """What a run is asked to do; run again on the same `out` it goes on where it ended."""

    spider: str
    """pages, site, related or replay."""
    out: Path
    urls: tuple[str, ...] = ()
    """pages: the pages; site: where each site begins; related: sites to look at."""
    feeds: tuple[str, ...] = ()
    """related and site: feeds to read besides those that are found."""
    seeds: tuple[Seed, ...] = ()
    """related: the documents that the story is made of."""
    stories: tuple[Story, ...] = ()
    """related: the stories themselves, where they were made before; else made of the seeds."""
    search: tuple[str, ...] = ()
    """related: search services to ask: gdelt, bing, google."""
    endpoints: tuple[tuple[str, str], ...] = ()
    """related: (service, base URL) pairs that replace the services' own addresses."""
    warcs: tuple[Path, ...] = ()
    """replay: archives to read."""
    limit: int = 1000
    """Pages fetched in one run; what is left over is rejected as limit-reached, and taken up again
    by the next run. 0 means no limit."""
    max_depth: int = 3
    """Steps from a start page that links are followed."""
    min_relevance: float | None = None
    """related: pages scored lower are rejected as not-related; None means the ranking's own bar."""
    workers: int | None = None
    """Cleaning processes; None means one per processor."""
    frontier: str | None = None
    """None for OUT/state.sqlite, or postgresql://… for a frontier shared by several workers."""
    browser: bool = False
    """Render pages found to need JavaScript in a local Chromium (extra `browser`)."""
    manners: Manners = field(default_factory=Manners)
    clean: CleanConfig = DEFAULT

    def __post_init__(self) -> None:
        if self.spider not in ("pages", "site", "related", "replay"):
            raise ConfigError(f"no spider is called {self.spider!r}", key="spider")
        if self.limit < 0:
            raise ConfigError("limit must not be negative", key="limit")


@dataclass(frozen=True, slots=True)
class Lead:
    """A URL that was seen, on its way into the frontier."""

    url: str
    kind: Kind = Kind.PAGE
    priority: float = 0.0
    """Higher is fetched sooner."""
    depth: int = 0
    """Links followed since the start page."""
    hops: int = 0
    """Redirects followed to get here."""
    discovery: Discovery | None = None
    verdict: Rejection | None = None
    """Set when it is known beforehand that it will not be fetched: off-scope, trap."""
    spelling: str | None = None
    """The URL as it was found, if `url` leaves some of it out; asked when `url` is not there."""
    asked: bool = False
    """Somebody asked for it by name, so it is fetched in each round, due or not."""


@dataclass(frozen=True, slots=True)
class Task:
    """A URL leased from the frontier, with what is remembered of its last visit."""

    fingerprint: str
    url: str
    host: str
    kind: Kind
    priority: float
    depth: int
    hops: int
    attempts: int
    discovery: Discovery | None = None
    etag: str | None = None
    last_modified: str | None = None
    text_sha256: str | None = None
    spelling: str | None = None
    archived_in: str | None = None
    archived_at: int | None = None
    """File and offset of an answer that a run archived and died before it was stored."""
    interval: float | None = None
    """Seconds between the last two visits that were planned; None on the first."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A task on its way from the network to the store; the pipelines fill it in turn."""

    task: Task
    exchange: Exchange | None = None
    position: WarcPosition | None = None
    """Where the exchange stands in the archive."""
    page: Page | None = None
    outcome: Outcome | ArticleRow | None = None
    links: bytes | None = None
    """What the worker that cleaned the page found on it, as `Found.packed` writes it; None for a
    page that no worker has read."""
    leads: tuple[Lead, ...] = ()
    retry_after: float | None = None
    """Seconds until the URL may be asked again: the visit failed, but not for good."""
    postponed: bool = False
    """Given back untried: its host's turn is later."""
    redirect: str | None = None
    """Where the URL sends the crawler: to another spelling of itself, asked under the same task."""
    unchanged: bool = False
    """The page is as it was on the last visit, so its outcome of then stands."""
    text_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class SiteRecord:
    """What one site gave in a run, and what its earlier runs gave on average."""

    site: str
    fetched: int = 0
    articles: int = 0
    rejected: int = 0
    unchanged: int = 0
    bytes: int = 0
    retries: int = 0
    seconds: float = 0.0
    """Mean seconds a request took."""
    earlier_articles: float | None = None
    """Mean share of fetched pages that became articles in earlier runs; None on the first."""
    alarm: str | None = None
    """Why this looks like a silent outage, in words; None if it does not."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run in figures; also stored as OUT/reports/run-<id>.json."""

    run_id: str
    spider: str
    started_at: datetime
    ended_at: datetime
    ending: str
    """finished, limit-reached, interrupted or failed."""
    error: str | None = None
    out: str = ""
    fetched: int = 0
    articles: int = 0
    rejected: int = 0
    unchanged: int = 0
    bytes: int = 0
    retries: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    """(reason, count) of the rejections, most frequent first."""
    sites: tuple[SiteRecord, ...] = ()
    slowest_hosts: tuple[tuple[str, float], ...] = ()
    notes: tuple[str, ...] = ()
    """What was odd: sources that were down, lying or empty, one line each."""
    left: int = 0
    """URLs still to be fetched; the same command goes on with them."""

    @property
    def seconds(self) -> float:
        return (self.ended_at - self.started_at).total_seconds()

    @property
    def pages_per_second(self) -> float:
        return self.fetched / self.seconds if self.seconds > 0 else 0.0

    @property
    def alarms(self) -> tuple[SiteRecord, ...]:
        """The sites that look silent."""
        return tuple(record for record in self.sites if record.alarm)


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of a running crawl, for a progress display."""

    fetched: int
    articles: int
    rejected: int
    queued: int
    in_flight: int
    bytes: int
    seconds: float
    limit: int
    last_url: str | None = None


def rejected(
    task: Task, stage: Stage, reason: Reason, detail: str = "", *, page: Page | None = None
) -> Rejection:
    """The rejection of a task, with the discovery and fetch data that are known of it."""
    return Rejection(
        source=task.url,
        url=task.url,
        stage=stage,
        reason=reason,
        detail=detail,
        fetch=page.fetch if page else None,
        discovery=task.discovery,
    )
