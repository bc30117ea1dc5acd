"""Finished visits on their way to the disk, in the order that loses nothing.

WARC to disk, rows to disk, then the frontier is told: a kill between any two steps leaves the task
leased, and its answer is read again from the archive.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from cleaners.model import Outcome, Reason, Rejection, Stage
from cleaners.store.dataset import Added, Writer
from cleaners.store.made import ArticleRow
from cleaners.store.warc_writer import WarcWriter
from crawler.admission import Gate
from crawler.frontier.base import Frontier, Settlement
from crawler.lanes import Lanes
from crawler.model import Kind, Lead, Task, Visit, rejected
from crawler.politeness import FAILED_VISIT, PERMANENT_VISIT, next_interval
from crawler.tally import Tally

FLUSH_VISITS = 200
FLUSH_SECONDS = 5.0
"""Outcomes wait for each other at most this long, so that a Parquet part is not one row."""

LEADS_AT_ONCE = 1_000
"""Of a sitemap's 50,000 addresses so many are judged before other work has its turn."""
MAX_LINKS = 200_000
"""Links remembered as seen in this run: 60 bytes each."""

_LINKS = frozenset({"link", "related-link", "page"})
_PERMANENT = frozenset(
    {Reason.REDIRECTED, Reason.REDIRECT_LOOP, Reason.FORBIDDEN_ADDRESS, Reason.SAME_AS}
)
_READ = frozenset({Reason.LISTING, Reason.NOT_A_PAGE})
_PASSING = frozenset(
    {
        Reason.DNS_FAILED,
        Reason.CONNECTION_FAILED,
        Reason.TLS_FAILED,
        Reason.FETCH_TIMEOUT,
        Reason.ROBOTS_UNREACHABLE,
        Reason.GAVE_UP,
        Reason.LIMIT_REACHED,
        Reason.TIMEOUT,
        Reason.CRASHED,
        Reason.INTERNAL_ERROR,
    }
)
"""Reasons that say nothing about the page: the next round asks again."""
_UNHEARD = frozenset(
    {
        Reason.DNS_FAILED,
        Reason.CONNECTION_FAILED,
        Reason.FETCH_TIMEOUT,
        Reason.ROBOTS_UNREACHABLE,
    }
)
"""Reasons that a dead network gives to every page."""
MAX_HELD = 1_000
"""Visits that failed in a silence of the network wait for its end; no more than these."""


@dataclass(slots=True)
class Outbox:
    """Collects visits and makes them durable together."""

    frontier: Frontier
    writer: Writer
    archive: WarcWriter
    gate: Gate
    tally: Tally
    lanes: Lanes
    clock: Callable[[], float]
    _links: set[int] = field(default_factory=set)
    _pending: list[Visit] = field(default_factory=list)
    _held: list[Visit] = field(default_factory=list)
    _flushing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _flushed_at: float = field(default_factory=time.monotonic)
    urgent: bool = False
    """Whether URLs wait to be written that could be fetched."""

    @property
    def due(self) -> bool:
        """Whether it is time to flush."""
        waited = time.monotonic() - self._flushed_at
        return len(self._pending) >= FLUSH_VISITS or (
            bool(self._pending) and waited > FLUSH_SECONDS
        )

    @property
    def waiting(self) -> bool:
        """Whether a visit is not durable yet, so that its links are not in the frontier either."""
        return bool(self._pending or self._held) or self._flushing.locked()

    async def put(self, visit: Visit) -> None:
        """Take a visit that has an end; durable, and its task ended, after the next flush."""
        kept: list[Lead] = []
        for at in range(0, len(visit.leads), LEADS_AT_ONCE):
            some = visit.leads[at : at + LEADS_AT_ONCE]
            kept += await self.lanes.state.run(self._sifted, some)
        self._pending.append(replace(visit, leads=tuple(kept)))

    def _sifted(self, found: tuple[Lead, ...]) -> list[Lead]:
        """The leads that say anything new, judged; runs on the lane that the gate belongs to."""
        leads = tuple(lead for lead in found if self._worth_a_look(lead))
        fresh = {lead.url for lead in self.frontier.unseen(leads)}
        judged = [(self.gate.judge(lead, new=lead.url in fresh), lead.url) for lead in leads]
        self.urgent = self.urgent or any(
            lead.verdict is None and url in fresh for lead, url in judged
        )
        # Of known URLs, those go on that may be due again; their verdicts are no news.
        return [lead for lead, url in judged if lead.verdict is None or url in fresh]

    def _worth_a_look(self, lead: Lead) -> bool:
        """Whether a lead says anything new: menus name the same links on every page."""
        if lead.discovery is None or lead.discovery.method not in _LINKS:
            return True
        key = hash(lead.url)
        if key in self._links:
            return False
        if len(self._links) >= MAX_LINKS:
            self._links.clear()
        self._links.add(key)
        return True

    async def add(self, leads: Iterable[Lead]) -> None:
        """Put start URLs into the frontier; those that are turned away get their rejection."""
        given = tuple(leads)
        judged = await self.lanes.state.run(lambda: tuple(map(self.gate.judge, given)))
        refused = [lead.verdict for lead in judged if lead.verdict]
        if refused:
            await self.lanes.store.run(self._store, refused)
            await self.lanes.store.run(self.writer.flush)
        await self.lanes.state.run(self.frontier.add, judged, now=self.clock())

    async def flush(self, *, silence: bool = False) -> None:
        """Make all waiting visits durable, then end their tasks. Raises StoreError.

        In a silence of the network those that failed for want of it are held back: it may be dead.
        """
        async with self._flushing:
            visits, self._pending, self._held = self._held + self._pending, [], []
            unheard = [visit for visit in visits if silence and _unheard(visit)]
            if 0 < len(unheard) <= MAX_HELD:
                self._held = unheard
                visits = [visit for visit in visits if not _unheard(visit)]
            self.urgent = False
            self._flushed_at = time.monotonic()
            await self.settle(visits)

    def withdraw(self) -> tuple[Task, ...]:
        """Forget the visits that wait and failed for want of a network; the tasks they were of."""
        waiting, self._held = self._held + self._pending, []
        self._pending = [visit for visit in waiting if not _unheard(visit)]
        return tuple(visit.task for visit in waiting if _unheard(visit))

    async def settle(self, visits: list[Visit]) -> None:
        """Make these visits durable, then end their tasks. Raises StoreError."""
        if not visits:
            return
        await self.lanes.state.run(self.archive.sync)
        added = await self.lanes.store.run(self._store_visits, visits)
        ends = [self._settlement(v, a) for v, a in zip(visits, added, strict=True)]
        await self.lanes.state.run(self.frontier.settle, ends, now=self.clock())

    def keep(self, outcome: Outcome | ArticleRow) -> None:
        """Store an outcome that has no task: a replayed page. Durable with the next flush."""
        added = self.writer.add(outcome)
        self.tally.site(outcome.url or outcome.source).fetched += 1
        self._count(outcome.url or outcome.source, outcome, added)

    def _store_visits(self, visits: list[Visit]) -> list[Added | None]:
        added = [self.writer.add(visit.outcome) if visit.outcome else None for visit in visits]
        self._store([lead.verdict for visit in visits for lead in visit.leads if lead.verdict])
        self.writer.flush()
        for visit, how in zip(visits, added, strict=True):
            answered = visit.task.kind is Kind.PAGE and visit.exchange is not None
            self.tally.site(visit.task.url).fetched += answered
            self._count(visit.task.url, visit.outcome, how)
        return added

    def _store(self, rejections: Iterable[Rejection]) -> None:
        for rejection in rejections:
            self.writer.add(rejection)
            self.tally.rejected(rejection.source, rejection.reason)

    def _count(self, url: str, outcome: Outcome | ArticleRow | None, added: Added | None) -> None:
        site = self.tally.site(url)
        if isinstance(outcome, Rejection):
            self.tally.rejected(url, outcome.reason)
        elif added is Added.INVALID:
            self.tally.rejected(url, Reason.INVALID_ROW)
        elif added is Added.ALIAS:
            self.tally.rejected(url, Reason.SAME_AS)
        elif added in (None, Added.UNCHANGED):
            site.unchanged += 1
        else:
            site.articles += 1

    def _settlement(self, visit: Visit, added: Added | None) -> Settlement:
        task, outcome, now = visit.task, visit.outcome, self.clock()
        rejection = outcome if isinstance(outcome, Rejection) else None
        if added is Added.ALIAS:
            rejection = rejected(task, Stage.STORE, Reason.SAME_AS)
        changed = added in (Added.NEW, Added.CHANGED)
        interval: float | None = next_interval(task.interval, changed=changed)
        if rejection is not None:
            interval = _wait_after(rejection.reason)
        if task.kind is not Kind.PAGE and (rejection is None or rejection.reason in _READ):
            interval = None  # sources are read in every round
        headers = dict(outcome.fetch.headers) if outcome and outcome.fetch else {}
        return Settlement(
            task=task,
            stage=rejection.stage if rejection else None,
            reason=rejection.reason if rejection else None,
            detail=rejection.detail if rejection else "",
            status=visit.exchange.status if visit.exchange else None,
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            next_visit_at=now + (interval or 0.0),
            interval=interval if rejection is None else task.interval,
            leads=visit.leads,
            unchanged=visit.unchanged,
        )


def _unheard(visit: Visit) -> bool:
    return isinstance(visit.outcome, Rejection) and visit.outcome.reason in _UNHEARD


def _wait_after(reason: Reason) -> float:
    """Seconds until a rejected page is looked at again."""
    if reason in _PERMANENT:
        return PERMANENT_VISIT
    return 0.0 if reason in _PASSING else FAILED_VISIT
