"""robots.txt as RFC 9309 has it: what an answer allows, and for how long it may be relied on."""

from dataclasses import dataclass
from enum import StrEnum

from protego import Protego

from cleaners.model import Reason
from crawler.frontier.base import Robots

MAX_BYTES = 500 * 1024
"""RFC 9309, 2.5: at least 500 KiB are read; what follows is passed over."""
FRESH_SECONDS = 24 * 3_600.0
"""RFC 9309, 2.4: a copy is not used for more than a day …"""
UNREACHABLE_SECONDS = 600.0
"""… and a site whose robots.txt did not answer is asked again sooner."""
MAX_REDIRECTS = 5
"""RFC 9309, 2.3.1.2."""
LONGEST_CRAWL_DELAY = 3_600.0


class Access(StrEnum):
    """What robots.txt says about a URL."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNREACHABLE = "unreachable"


ROBOTS_VERDICTS = {
    Access.DENIED: (Reason.ROBOTS_DENIED, "robots.txt forbids it"),
    Access.UNREACHABLE: (
        Reason.ROBOTS_UNREACHABLE,
        "robots.txt gives no answer, which forbids all (RFC 9309)",
    ),
}
"""Reason and words for what is not allowed."""


@dataclass(frozen=True, slots=True)
class Rules:
    """A robots.txt read: None allows everything, unless the file was `unreachable`."""

    parsed: Protego | None
    unreachable: bool
    fresh_until: float
    silent: bool = False
    """Unreachable because the host gave no answer at all."""

    def access(self, url: str, user_agent: str) -> Access:
        if self.unreachable:
            return Access.UNREACHABLE
        if self.parsed is None or self.parsed.can_fetch(url, user_agent):
            return Access.ALLOWED
        return Access.DENIED

    def crawl_delay(self, user_agent: str) -> float | None:
        """Seconds between requests that the site asks for, if it does."""
        delay = self.parsed.crawl_delay(user_agent) if self.parsed else None
        if delay is None:
            rate = self.parsed.request_rate(user_agent) if self.parsed else None
            delay = rate.seconds / rate.requests if rate and rate.requests else None
        return min(float(delay), LONGEST_CRAWL_DELAY) if delay and delay > 0 else None

    @property
    def sitemaps(self) -> tuple[str, ...]:
        return tuple(self.parsed.sitemaps) if self.parsed else ()


def read_rules(robots: Robots) -> Rules:
    """The rules of an answer: 2xx are read, 4xx allow all, 5xx and silence forbid all.

    429 counts as "not now", like 5xx: a site that is overrun is not to be crawled all the more.
    """
    parsed = None
    if 200 <= robots.status < 300:
        text = robots.body[:MAX_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")
        parsed = Protego.parse(text)
    silent = robots.status == 0
    return Rules(parsed, says_not_now(robots.status), fresh_until(robots), silent=silent)


def says_not_now(status: int) -> bool:
    """Whether a robots.txt with this status, 0 for silence, gives no answer at all."""
    return not 200 <= status < 500 or status == 429


def fresh_until(robots: Robots) -> float:
    """When an answer is to be asked for again, in seconds since the epoch."""
    wait = UNREACHABLE_SECONDS if says_not_now(robots.status) else FRESH_SECONDS
    return robots.fetched_at + wait


def robots_origin(url: str) -> str:
    """scheme://host of a URL: what one robots.txt speaks for."""
    scheme, _, rest = url.partition("://")
    return f"{scheme.lower()}://{rest.split('/', 1)[0].split('?', 1)[0].split('#', 1)[0]}"
