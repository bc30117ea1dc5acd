"""The settings of winnow.toml as types; the docstring under a field is its help everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cleaners.config import CleanConfig
from cleaners.errors import ConfigError
from crawler.model import Manners

SERVICES = ("gdelt", "bing", "google")


@dataclass(frozen=True, slots=True)
class CrawlSettings:
    """How far a crawl goes."""

    limit: int = 1000
    """Pages fetched in one run; the next run goes on with the rest. 0 means no limit."""
    max_depth: int = 3
    """Steps from a start page that links are followed."""
    min_relevance: float | None = None
    """Pages about something else than the story score lower; unset means the ranking's own bar."""
    frontier: str | None = None
    """A postgresql:// address when machines share a crawl; unset means OUT/state.sqlite."""
    browser: bool = False
    """Render pages that need JavaScript in a local Chromium (extra `browser`)."""

    def __post_init__(self) -> None:
        if self.limit < 0:
            raise ConfigError("limit must not be negative", key="limit")
        if self.max_depth < 0:
            raise ConfigError("max_depth must not be negative", key="max_depth")


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """How `winnow watch` behaves."""

    health: str = "127.0.0.1:8710"
    """Address of the health page (/health as JSON, /metrics for Prometheus); empty for none."""
    link: bool = True
    """Find duplicates and stories anew after every run."""
    report: bool = True
    """Write OUT/reports/report.html anew after every run."""
    timeout_minutes: int = 360
    """A run that takes longer is ended; what it stored is kept."""

    def __post_init__(self) -> None:
        if self.timeout_minutes <= 0:
            raise ConfigError("timeout_minutes must be positive", key="timeout_minutes")


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """Whom to tell when a run fails or a site falls silent."""

    webhook: str | None = None
    """An address that gets a JSON POST."""
    command: str | None = None
    """A program that gets the same JSON on its standard input."""
    on: tuple[str, ...] = ("failure", "silence")
    """What to tell: failure (a run ended badly), silence (a site gives nothing), success."""

    def __post_init__(self) -> None:
        for event in self.on:
            if event not in ("failure", "silence", "success"):
                raise ConfigError(f"{event!r} is not failure, silence or success", key="on")


@dataclass(frozen=True, slots=True)
class StorySettings:
    """A story to follow: documents about it, and where its coverage may be."""

    seeds: tuple[str, ...] = ()
    """Files, folders or addresses of documents about the story."""
    sites: tuple[str, ...] = ()
    """Sites to look at."""
    feeds: tuple[str, ...] = ()
    """Feeds to read besides those that the sites name."""
    search: tuple[str, ...] = ()
    """Search services to ask: gdelt, bing, google."""
    limit: int | None = None
    """Pages fetched in one run, for this story."""
    schedule: str | None = None
    """When `winnow watch` runs it: "every 6 hours", "daily at 06:30", or cron's five fields."""

    def __post_init__(self) -> None:
        if not self.seeds:
            raise ConfigError("a story needs seeds: files or addresses about it", key="seeds")
        if not (self.sites or self.feeds or self.search):
            raise ConfigError("name sites, feeds or search services to look at", key="sites")
        for service in self.search:
            if service not in SERVICES:
                raise ConfigError(f"{service!r} is not one of {', '.join(SERVICES)}", key="search")


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """A site (or several) to keep whole."""

    urls: tuple[str, ...] = ()
    """Where to begin: front pages, sections, feeds or sitemaps."""
    limit: int | None = None
    """Pages fetched in one run, for this site."""
    max_depth: int | None = None
    """Steps from a start page that links are followed, for this site."""
    schedule: str | None = None
    """When `winnow watch` runs it."""

    def __post_init__(self) -> None:
        if not self.urls:
            raise ConfigError("a site needs urls to begin with", key="urls")


@dataclass(frozen=True, slots=True)
class JobSettings:
    """A story or site of winnow.toml under the name it has there."""

    name: str
    work: StorySettings | SiteSettings

    @property
    def kind(self) -> str:
        """story or site."""
        return "story" if isinstance(self.work, StorySettings) else "site"

    @property
    def schedule(self) -> str | None:
        """When it is due, as written; None when only by hand."""
        return self.work.schedule


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a setting's value came from: default, a line of the file, an environment variable."""

    place: str


@dataclass(frozen=True, slots=True)
class Settings:
    """All of winnow.toml, checked, with the origin of each value by its dotted key."""

    out: str = "output"
    """Where results go."""
    workers: int | None = None
    """Cleaning processes; unset means one per processor."""
    clean: CleanConfig = field(default_factory=CleanConfig)
    politeness: Manners = field(default_factory=Manners)
    crawl: CrawlSettings = field(default_factory=CrawlSettings)
    watch: WatchSettings = field(default_factory=WatchSettings)
    notify: NotifySettings = field(default_factory=NotifySettings)
    jobs: tuple[JobSettings, ...] = ()
    endpoints: tuple[tuple[str, str], ...] = ()
    """(service, address) pairs that replace the search services' own addresses."""
    file: str | None = None
    origins: Mapping[str, Origin] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def with_out(self, out: str | None) -> "Settings":
        """The settings with another output folder, when one is given."""
        return replace(self, out=out) if out else self

    def job(self, name: str) -> JobSettings:
        """The job of that name; raises `ConfigError` that names the ones there are."""
        for job in self.jobs:
            if job.name == name:
                return job
        known = ", ".join(job.name for job in self.jobs) or "none"
        raise ConfigError(f"no story or site is called {name!r}; there is: {known}", file=self.file)
