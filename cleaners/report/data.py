"""What the report shows, as types; figures count everything, lists hold the newest that fit."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Count:
    """A named number; `second` is a part of it, or a number beside it, as the chart says."""

    name: str
    first: int
    second: int = 0


@dataclass(frozen=True, slots=True)
class Site:
    """One site: pages read that became articles or did not, addresses that were not read."""

    domain: str
    articles: int
    rejected: int
    unread: int
    words: int
    removed_share: float

    @property
    def yield_share(self) -> float:
        """Articles among the pages that were read, 0…1."""
        pages = self.articles + self.rejected
        return self.articles / pages if pages else 0.0


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One story: how many tell it, how many on their own, where and when."""

    story_id: str
    title: str
    articles: int
    reports: int
    domains: tuple[str, ...]
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A cleaning rule: blocks and characters it took, with a few of its texts."""

    name: str
    stage: str
    blocks: int
    chars: int
    examples: tuple[tuple[str, str], ...]
    """(text, source) pairs."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason for rejections: how many, at which stage, a few of them."""

    reason: str
    stage: str
    count: int
    examples: tuple[tuple[str, str], ...]
    """(source, detail) pairs."""


@dataclass(frozen=True, slots=True)
class Run:
    """An earlier run, from its record."""

    run_id: str
    spider: str
    started_at: str
    fetched: int
    articles: int
    alarms: tuple[str, ...]

    @property
    def yield_share(self) -> float:
        """Articles among fetched pages, 0…1."""
        return self.articles / self.fetched if self.fetched else 0.0


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in the searchable list, with its text and what was removed from it."""

    article_id: str
    title: str
    source: str
    url: str | None
    domain: str
    published_at: datetime | None
    language: str
    words: int
    authors: tuple[str, ...]
    story_id: str | None
    duplicate_kind: str | None
    relevance: float | None
    text: str
    removed: tuple[tuple[int, str, str], ...]
    """(position, rule, text) of the removed blocks."""


@dataclass(frozen=True, slots=True)
class Bin:
    """A stretch of time in the coverage chart: its first day, own reports and copies in it."""

    start: date
    own: int
    copies: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Publication over time. `unit` is day, week, month or year."""

    unit: str
    bins: tuple[Bin, ...]
    earlier: int
    """Articles published before the first bin."""
    undated: int


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything on the page."""

    name: str
    made_at: datetime
    articles: int
    read: int
    """Pages that were read and did not become articles."""
    rejected: int
    """All rejections: those, and addresses that were never read as a page."""
    words: int
    kept_chars: int
    raw_chars: int
    """Characters of all blocks of the articles' pages, kept and removed."""
    coverage: Coverage
    sites: tuple[Site, ...]
    languages: tuple[Count, ...]
    stories: tuple[StoryLine, ...]
    rules: tuple[Rule, ...]
    refusals: tuple[Refusal, ...]
    runs: tuple[Run, ...]
    listed: tuple[Listed, ...]
    rejects: tuple[tuple[str, str, str, str, str], ...]
    """(source, domain, stage, reason, detail), as many as are listed."""
