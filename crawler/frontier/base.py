"""The frontier: every URL ever seen, what is to be fetched next, and what became of the rest.

    add ─→ ready ─lease→ leased ─settle→ done ─(due again in a later round)→ ready
                    ↑       │
                    └─retry─┘   lost leases come back by themselves

- A URL's fingerprint is its key, so the frontier is the duplicate filter, too.
- `settle` is called once the output is durable. It ends tasks and adds the links that were found
  on them in one transaction, so a kill at any moment neither loses a link nor ends a URL twice.
- A *round* is one pass of a job. A run that was killed or stopped is taken up in the same round,
  so nothing that ended is fetched again; the round after asks again for what is due.
- Politeness is part of it: `next_ok_at` of a host outlives the process that was told to wait.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from cleaners.model import Reason, Stage
from crawler.model import Lead, Task

LEASE_SECONDS = 60.0
"""A worker renews its leases four times as often; those of a dead one come back after this."""

MAX_LOST_LEASES = 25
"""Times a URL may be in flight when the crawler dies before it is taken for the cause."""

REOPENED = frozenset({Reason.LIMIT_REACHED, Reason.GAVE_UP})
"""Reasons that say nothing about the page, so the next round tries again without waiting."""

JOB_MATTERS = frozenset({Reason.NOT_RELATED, Reason.OFF_SCOPE, Reason.TRAP})
"""Reasons that hold for one job only: another job that finds the URL decides anew."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a task ended, and when to look again. `reason` is None for an article."""

    task: Task
    stage: Stage | None = None
    reason: Reason | None = None
    detail: str = ""
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    text_sha256: str | None = None
    next_visit_at: float | None = None
    interval: float | None = None
    leads: tuple[Lead, ...] = ()
    unchanged: bool = False
    """Keep the outcome of the last visit; only the times and validators are new."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many URLs of the job stand where."""

    ready: int
    leased: int
    done: int


@dataclass(frozen=True, slots=True)
class Robots:
    """A robots.txt as it was last fetched; status 0 means that no answer came."""

    status: int
    body: bytes
    fetched_at: float


@dataclass(frozen=True, slots=True)
class Payload:
    """Where identical bytes were archived first."""

    record_id: str
    url: str
    date: str


class Frontier(Protocol):
    """What every frontier does. Times are seconds since the epoch and come in as arguments."""

    resumed: bool
    """Whether this run takes up a round that was not finished."""

    def add(self, leads: Sequence[Lead], *, now: float) -> int:
        """Take in URLs, how many are new; those known stay as they are unless they are due."""

    def unseen(self, leads: Sequence[Lead]) -> tuple[Lead, ...]:
        """Those whose URL is not known yet, each once."""

    def lease(
        self,
        *,
        now: float,
        limit: int,
        busy: Mapping[str, int],
        per_host: int,
        pause: Callable[[float], float],
    ) -> tuple[Task, ...]:
        """The best tasks that may be fetched now: at most `limit`, `per_host` less `busy` a host.

        `pause` turns a host's own delay into the seconds until its next request.
        """

    def archived(self, task: Task, file: str, offset: int) -> None:
        """Note that a task's answer stands in the archive: a later run need not fetch it again."""

    def next_ready_at(self, *, now: float) -> float | None:
        """When the next task can be leased, were no host busy; None when none is left."""

    def retry(self, task: Task, *, at: float) -> None:
        """Give a task back after a failure, not to be leased before `at`."""

    def release(self, tasks: Sequence[Task]) -> None:
        """Give tasks back that were not ended."""

    def renew(self, tasks: Sequence[Task], *, now: float) -> None:
        """Keep the leases of long tasks."""

    def ask_elsewhere(self, task: Task, url: str, *, at: float) -> None:
        """Give a task back under another spelling of its URL: a redirect to itself."""

    def settle(self, settlements: Sequence[Settlement], *, now: float) -> None:
        """End tasks and add what was found on them, in one transaction."""

    def drain(self, limit: int, *, now: float) -> tuple[Task, ...]:
        """Lease tasks whatever their host's times, to end them unfetched."""

    def suspects(self) -> tuple[Task, ...]:
        """Lease tasks in flight at so many deaths of the crawler that they may cause them."""

    def hold(self, host: str, until: float) -> None:
        """Ask nothing of the host before `until`; never shortens an earlier wait."""

    def set_delay(
        self, host: str, *, adaptive: float | None = None, crawl: float | None = None
    ) -> None:
        """Keep the host's pace: its adaptive delay or its Crawl-delay, in seconds."""

    def robots(self, origin: str) -> Robots | None:
        """The robots.txt of an origin (scheme://host), as it was last saved."""

    def save_robots(self, origin: str, robots: Robots) -> None:
        """Keep a robots.txt."""

    def payload(self, digest: str) -> Payload | None:
        """Where a body with this digest was archived."""

    def save_payload(self, digest: str, payload: Payload) -> None:
        """Remember where a body was archived."""

    def forget_visits(self) -> None:
        """Drop validators and text hashes, so that the next round fetches and stores anew."""

    def counts(self) -> Counts:
        """How many URLs of this job are ready, leased and done."""

    def finish(self) -> None:
        """End the round: all its URLs have an outcome."""

    def close(self) -> None:
        """Let go of the database."""
