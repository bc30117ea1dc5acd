"""How long to wait: for a host, for a retry, until the next visit. Pure; times in seconds."""

from datetime import UTC
from email.utils import parsedate_to_datetime

from crawler.model import Manners

RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
"""Statuses that say "not now" rather than "no"."""
HOST_WIDE = frozenset({429, 503})
"""Statuses that speak for the whole host."""

FIRST_RETRY = 1.0
RETRY_FACTOR = 4.0
LONGEST_RETRY = 120.0
PATIENCE = 300.0
"""A run waits no longer than this for a host that asks for time; the next run goes on."""
DEFAULT_HOLD = 10.0
"""Pause of a host that says 429 or 503 without saying for how long."""

SHORTEST_VISIT = 3_600.0
LONGEST_VISIT = 60 * 86_400.0
"""Bounds of the time between two visits to a page; news is corrected within hours, then never."""
FAILED_VISIT = 6 * 3_600.0
PERMANENT_VISIT = 30 * 86_400.0


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3: seconds or a date), or None.

    >>> retry_after("120", 0.0), retry_after("soon", 0.0)
    (120.0, None)
    >>> retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 0.0)
    60.0
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return max(0.0, aware.timestamp() - now)
    except (OverflowError, ValueError):
        return None


def retry_delay(attempts: int, roll: float) -> float:
    """Seconds before the next try after `attempts` failures; `roll` in 0…1 spreads them by ±25 %.

    >>> [retry_delay(n, 0.5) for n in (1, 2, 3)]
    [1.0, 4.0, 16.0]
    """
    plain = min(LONGEST_RETRY, FIRST_RETRY * RETRY_FACTOR ** (attempts - 1))
    return float(plain * (0.75 + 0.5 * roll))


def pause(host_delay: float, manners: Manners, roll: float) -> float:
    """Seconds between two requests to a host; jitter only ever lengthens what robots.txt asks.

    >>> pause(0.0, Manners(delay=1.0, jitter=0.5), 0.5)
    1.25
    """
    base = min(max(host_delay, manners.delay), max(manners.max_delay, manners.delay))
    return base * (1 + manners.jitter * roll)


def adapted(delay: float, latency: float, status: int, manners: Manners) -> float:
    """A host's adaptive delay after an answer: halfway to what keeps `per_host` answers under way.

    The rule of Scrapy's AutoThrottle: an error never shortens the delay. Its floor is not here:
    `pause` never goes below `delay` or a Crawl-delay, so adapting cannot undo either.
    """
    target = latency / manners.per_host
    new = max(target, (delay + target) / 2) if delay else target
    if status != 200 and new <= delay:
        return delay
    return min(new, manners.max_delay)


def next_interval(interval: float | None, *, changed: bool) -> float:
    """Seconds until the next visit: half as long after a change, double after none, within bounds.

    The first visit gives 0: the next run looks once whether a page stands still.

    >>> next_interval(None, changed=True), next_interval(0.0, changed=False)
    (0.0, 3600.0)
    >>> next_interval(7200.0, changed=False), next_interval(7200.0, changed=True)
    (14400.0, 3600.0)
    """
    if interval is None:
        return 0.0
    wanted = interval / 2 if changed else interval * 2
    return min(LONGEST_VISIT, max(SHORTEST_VISIT, wanted))
