"""What a run has done so far, counted as it happens; turned into the RunRecord at the end."""

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from cleaners.model import Reason
from crawler import urls
from crawler.model import SiteRecord

MAX_SITES = 5_000
"""Sites told apart in one run's record; the pages of further ones count under `others`."""
MAX_NOTES = 100
OTHERS = "others"


@dataclass(slots=True)
class SiteTally:
    """One site's figures."""

    fetched: int = 0
    articles: int = 0
    rejected: int = 0
    unchanged: int = 0
    bytes: int = 0
    retries: int = 0
    requests: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Tally:
    """Counters of a run."""

    sites: dict[str, SiteTally] = field(default_factory=lambda: defaultdict(SiteTally))
    reasons: Counter[str] = field(default_factory=Counter)
    notes: dict[str, None] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)
    last_url: str | None = None
    failures_in_a_row: int = 0
    failed_hosts: set[str] = field(default_factory=set)

    def site(self, url: str) -> SiteTally:
        name = urls.site(url) or OTHERS
        if name not in self.sites and len(self.sites) >= MAX_SITES:
            name = OTHERS
        return self.sites[name]

    def answered(self, url: str, size: int, seconds: float) -> None:
        """An HTTP answer came, whatever it said."""
        site = self.site(url)
        site.requests += 1
        site.bytes += size
        site.seconds += seconds
        self.last_url = url
        self.heard()

    def heard(self) -> None:
        """Somebody answered: the network is there."""
        self.failures_in_a_row = 0
        self.failed_hosts.clear()

    def failed(self, url: str) -> None:
        """No HTTP answer came."""
        self.failures_in_a_row += 1
        self.failed_hosts.add(urls.host(url))

    def rejected(self, url: str, reason: Reason) -> None:
        self.site(url).rejected += 1
        self.reasons[reason] += 1

    def note(self, text: str) -> None:
        """Keep a remark for the run record, each once."""
        if len(self.notes) < MAX_NOTES:
            self.notes.setdefault(text)

    def total(self, name: str) -> int:
        return sum(int(getattr(site, name)) for site in self.sites.values())

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def slowest_hosts(self, count: int = 5) -> tuple[tuple[str, float], ...]:
        """Sites by the mean seconds of a request, slowest first."""
        means = [(n, s.seconds / s.requests) for n, s in self.sites.items() if s.requests]
        ranked = sorted(means, key=lambda pair: -pair[1])[:count]
        return tuple((name, round(mean, 3)) for name, mean in ranked)

    def site_records(self) -> tuple[SiteRecord, ...]:
        return tuple(
            SiteRecord(
                site=name,
                fetched=site.fetched,
                articles=site.articles,
                rejected=site.rejected,
                unchanged=site.unchanged,
                bytes=site.bytes,
                retries=site.retries,
                seconds=round(site.seconds / site.requests, 3) if site.requests else 0.0,
            )
            for name, site in sorted(self.sites.items(), key=lambda pair: -pair[1].articles)
        )
