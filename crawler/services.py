"""What the parts of one crawl share: the frontier, the archive, the cleaners, the store, the counts.

The order of durability is here: WARC to disk, rows to disk, then the frontier is told.
"""

import asyncio
import hashlib
import logging
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from cleaners.errors import StoreError, WinnowError
from cleaners.model import Article, Outcome, Page, Reason, Rejection, Stage
from cleaners.scale.local import CleaningPool
from cleaners.store.dataset import Added, Dataset, RunStamp, Writer
from cleaners.store.warc import read_exchange
from cleaners.store.warc_writer import WarcWriter
from cleaners.version import __version__
from crawler.address import GuardedResolver, guard
from crawler.admission import Gate
from crawler.frontier.base import Frontier, Settlement
from crawler.frontier.sqlite import SqliteFrontier
from crawler.lanes import Lane
from crawler.model import CrawlJob, Kind, Lead, Progress, Task, Visit, rejected
from crawler.politeness import (
    FAILED_VISIT,
    PATIENCE,
    PERMANENT_VISIT,
    adapted,
    next_interval,
    pause,
)
from crawler.robots import Rules
from crawler.tally import Tally

logger = logging.getLogger("winnow.crawl")

FLUSH_VISITS = 200
FLUSH_SECONDS = 5.0
"""Outcomes wait for each other at most this long: what a kill costs is fetched again."""
MAX_WAIT = 1.0
DEAD_NETWORK = 20
"""Requests in a row, to at least three hosts, without any answer: the network is taken for dead."""
PERMANENT = frozenset({Reason.REDIRECTED, Reason.REDIRECT_LOOP, Reason.FORBIDDEN_ADDRESS})
DRAIN_BATCH = 1_000


class CrawlEndedError(WinnowError):
    """Raised by `crawl` when a run had to stop: the network is dead. The state is kept: run again."""


@dataclass(slots=True)
class Services:
    """Opened once a crawl; everything that blocks runs on a lane, not on the event loop."""

    job: CrawlJob
    gate: Gate
    clock: Callable[[], float] = time.time
    roll: Callable[[], float] = random.random
    tally: Tally = field(default_factory=Tally)
    in_flight: dict[str, Task] = field(default_factory=dict)
    busy: Counter[str] = field(default_factory=Counter)
    pending: list[Visit] = field(default_factory=list)
    failure: Exception | None = None
    stopping: bool = False
    limit_hit: bool = False
    fetched: int = 0
    left: int = 0
    run_id: str = ""
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    frontier: Frontier = field(init=False)
    archive: WarcWriter = field(init=False)
    pool: CleaningPool = field(init=False)
    writer: Writer = field(init=False)
    frontier_lane: Lane = field(default_factory=lambda: Lane("frontier"))
    archive_lane: Lane = field(default_factory=lambda: Lane("archive"))
    store_lane: Lane = field(default_factory=lambda: Lane("store"))
    parse_lane: Lane = field(default_factory=lambda: Lane("parse"))
    watch: Callable[[Progress], None] | None = None
    opened: bool = False
    was_open: bool = False
    interrupted: bool = False
    resolver: GuardedResolver | None = None
    rules: dict[str, Rules] = field(default_factory=dict)
    """What robots.txt files said that were asked in this run, by origin."""
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _flushing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _flushed_at: float = 0.0
    _urgent: bool = False
    _paces: dict[str, float] = field(default_factory=dict)

    # -- opening and closing -----------------------------------------------------------------------

    async def open(self, *, refresh: bool = False, fetches: bool = True) -> None:
        """Open the output. Raises StoreLocked when another run has it, StoreError on a bad disk.

        `refresh` makes rows anew though their text is the same; without `fetches` nothing is
        archived and no name resolved.
        """
        await self.store_lane.run(self._open, refresh)
        if fetches:
            self.resolver = guard(self.job.manners.allow_private)
        self._flushed_at = time.monotonic()

    def _open(self, refresh: bool) -> None:
        job, out = self.job, self.job.out
        self.run_id = f"{self.started_at:%Y%m%dT%H%M%S}-{random.getrandbits(24):06x}"
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(str(out), error.strerror or "cannot be written") from error
        stamp = RunStamp(self.run_id, self.started_at, __version__, job.clean.digest)
        self.writer = Dataset.open(out).writer(
            stamp, shared=job.frontier is not None, refresh=refresh
        )
        try:
            self.frontier = open_frontier(job, self.clock())
            self.archive = WarcWriter(out / "warc", software=f"winnow/{__version__}")
            if not any((out / "articles").rglob("*.parquet")):
                self.frontier.forget_visits()
            clean = replace(job.clean, respect_noindex=job.manners.obey_noindex)
            self.pool = CleaningPool(clean, workers=job.workers)
        except BaseException:
            self.writer.close()
            raise
        self.opened = self.was_open = True

    @property
    def refused(self) -> dict[str, str]:
        """Names that resolved to an address which is not allowed, with that address."""
        return self.resolver.refused if self.resolver else {}

    @property
    def ending(self) -> str:
        """How the run ended, in a word."""
        if self.failure is not None:
            return "failed"
        if self.interrupted:
            return "interrupted"
        return "limit-reached" if self.limit_hit else "finished"

    async def close(self) -> None:
        """Flush what is done, give back what is not, let go of everything."""
        if not self.opened:
            self._close_lanes()
            return
        self.opened = False
        try:
            if self.failure is None or isinstance(self.failure, CrawlEndedError):
                await self.flush()
            await self.frontier_lane.run(self.frontier.release, tuple(self.in_flight.values()))
            counts = await self.frontier_lane.run(self.frontier.counts)
            self.left = counts.ready + counts.leased
            if not (self.left or self.stopping or self.interrupted):
                await self.frontier_lane.run(self.frontier.finish)
        except (WinnowError, OSError) as error:
            self.fail(error)
        await self.store_lane.run(self._close)
        self._close_lanes()

    def _close(self) -> None:
        self.pool.close(cancel=True)
        for close in (self.archive.close, self.writer.close, self.frontier.close):
            try:
                close()
            except (WinnowError, OSError) as error:
                self.failure = self.failure or error

    def _close_lanes(self) -> None:
        for lane in (self.frontier_lane, self.archive_lane, self.store_lane, self.parse_lane):
            lane.close()

    def fail(self, error: Exception) -> None:
        """Stop the run for a reason that is not the pages': the first one is told."""
        if self.failure is None:
            self.failure = error
            logger.error("the run stops: %s", error)
        self.stop()

    def stop(self) -> None:
        """Begin nothing new."""
        self.stopping = True
        self._wake.set()

    # -- taking work -------------------------------------------------------------------------------

    async def add(self, leads: tuple[Lead, ...]) -> None:
        """Put start URLs into the frontier; those that are turned away get their rejection."""
        judged = tuple(self.gate.judge(lead) for lead in leads)
        refused = [lead.verdict for lead in judged if lead.verdict]
        if refused:
            await self.store_lane.run(self._store, refused)
            await self.store_lane.run(self.writer.flush)
        await self.frontier_lane.run(self.frontier.add, judged, now=self.clock())

    async def end_suspects(self) -> None:
        """End the URLs that were in flight whenever the crawler died: one of them may be why."""
        tasks = await self.frontier_lane.run(self.frontier.suspects)
        detail = "the crawler died too often while this was in flight"
        ends = [rejected(task, Stage.FETCH, Reason.GAVE_UP, detail) for task in tasks]
        await self._settle([Visit(t, outcome=e) for t, e in zip(tasks, ends, strict=True)])

    async def rescued(self) -> tuple[Visit, ...]:
        """Visits whose answers a run archived and died before they were stored: nothing is fetched."""
        tasks = await self.frontier_lane.run(self.frontier.take_archived, now=self.clock())
        found: list[Visit] = []
        for task in tasks:
            visit = await self.parse_lane.run(self._from_archive, task)
            if visit is None:
                await self.frontier_lane.run(self.frontier.release, (task,), fetch_again=True)
            else:
                self.in_flight[task.fingerprint] = task
                found.append(visit)
        return tuple(found)

    def _from_archive(self, task: Task) -> Visit | None:
        path = self.job.out / "warc" / (task.archived_in or "")
        read = read_exchange(path, task.archived_at or 0, max_bytes=self.job.manners.max_bytes)
        if read is None or read[0].url != task.url:
            return None
        return Visit(task=task, exchange=read[0], position=read[1])

    async def next_tasks(self) -> tuple[Task, ...]:
        """Tasks to fetch now; waits for them; none when the crawl is over."""
        while not self.stopping:
            self._wake.clear()
            self._check_network()
            room = self._room()
            if room > 0:
                tasks = await self._lease(room)
                if tasks:
                    return tasks
            if await self._over(room):
                break
            await self._wait()
        return ()

    def _room(self) -> int:
        free = self.job.manners.concurrency * 2 - len(self.in_flight)
        if not self.job.limit:
            return free
        pages = sum(task.kind is Kind.PAGE for task in self.in_flight.values())
        return min(free, self.job.limit - self.fetched - pages)

    async def _lease(self, room: int) -> tuple[Task, ...]:
        manners = self.job.manners
        tasks = await self.frontier_lane.run(
            self.frontier.lease,
            now=self.clock(),
            limit=room,
            busy=dict(self.busy),
            per_host=manners.per_host,
            pause=lambda delay: pause(delay, manners, self.roll()),
        )
        for task in tasks:
            self.in_flight[task.fingerprint] = task
            self.busy[task.host] += 1
        return tasks

    async def _over(self, room: int) -> bool:
        """Whether nothing is left to do, with what is left over ended; flushes when idle."""
        idle = not self.in_flight
        if self.pending and (idle or self._urgent or self._flush_is_due()):
            await self.flush()
            return False
        if not idle:
            return False
        if self.job.limit and self.fetched >= self.job.limit:
            await self._end_rest(Reason.LIMIT_REACHED, f"the run's limit of {self.job.limit} pages")
            return True
        at = await self.frontier_lane.run(self.frontier.next_ready_at, now=self.clock())
        if at is None:
            return True
        if at > self.clock() + PATIENCE:
            await self._end_rest(Reason.GAVE_UP, "its host asks to be left alone for a while")
            return True
        return False

    async def _end_rest(self, reason: Reason, detail: str) -> None:
        """End what will not be fetched in this run, each URL with its rejection."""
        while tasks := await self.frontier_lane.run(
            self.frontier.drain, DRAIN_BATCH, now=self.clock()
        ):
            self.limit_hit = self.limit_hit or reason is Reason.LIMIT_REACHED
            visits = [
                Visit(task=task, outcome=rejected(task, Stage.DISCOVER, reason, detail))
                for task in tasks
            ]
            await self._settle(visits)

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), self._nap())
        except TimeoutError:
            return

    def _nap(self) -> float:
        delay = self.job.manners.delay
        return min(MAX_WAIT, max(0.02, delay / 4))

    def _check_network(self) -> None:
        tally = self.tally
        if tally.failures_in_a_row >= DEAD_NETWORK and len(tally.failed_hosts) >= 3:
            self.fail(
                CrawlEndedError(
                    f"the network gives no answer: {tally.failures_in_a_row} requests in a row to"
                    f" {len(tally.failed_hosts)} hosts failed; run the same command to go on"
                )
            )

    async def hold(self, task: Task, seconds: float) -> None:
        """Leave the task's host alone for a while, in this run and the next."""
        await self.frontier_lane.run(self.frontier.hold, task.host, self.clock() + seconds)

    def left_network(self, task: Task) -> None:
        """The answer to a task is here, or it failed: its host is free for the next."""
        if self.busy[task.host] > 1:
            self.busy[task.host] -= 1
        else:
            self.busy.pop(task.host, None)
        self._wake.set()

    async def adapt(self, task: Task, latency: float, status: int) -> None:
        """Let the host's pace follow its answer times."""
        if self.job.manners.adaptive and self.job.manners.delay > 0:
            old = self._paces.get(task.host, 0.0)
            delay = adapted(old, latency, status, self.job.manners)
            self._paces[task.host] = delay
            if max(old, delay) <= self.job.manners.delay or abs(delay - old) < old / 10:
                return  # it would change no pause by much
            await self.frontier_lane.run(self.frontier.set_delay, task.host, adaptive=delay)

    # -- giving it back ----------------------------------------------------------------------------

    async def put(self, visit: Visit) -> None:
        """Take a finished visit; it is durable, and its task ended, after the next flush."""
        task = visit.task
        if visit.postponed:
            await self.frontier_lane.run(self.frontier.release, (task,))
            self._gone(task)
            return
        if visit.retry_after is not None:
            self.tally.site(task.url).retries += 1
            await self.frontier_lane.run(
                self.frontier.retry, task, at=self.clock() + visit.retry_after
            )
            self._gone(task)
            return
        if visit.redirect is not None:
            await self.frontier_lane.run(
                self.frontier.ask_elsewhere, task, visit.redirect, at=self.clock()
            )
            self._gone(task)
            return
        self.fetched += task.kind is Kind.PAGE and visit.exchange is not None
        new = await self.frontier_lane.run(self.frontier.unseen, visit.leads)
        fresh = {lead.url for lead in new}
        leads = tuple(self.gate.judge(lead, new=lead.url in fresh) for lead in visit.leads)
        # Known URLs bring no news unless they are due, so their verdicts are no rows of this run.
        leads = tuple(
            lead
            for lead, given in zip(leads, visit.leads, strict=True)
            if lead.verdict is None or given.url in fresh
        )
        self._urgent = self._urgent or any(lead.verdict is None for lead in leads)
        self.pending.append(replace(visit, leads=leads))
        self._gone(task)
        if self._flush_is_due():
            await self.flush()

    def _gone(self, task: Task) -> None:
        self.in_flight.pop(task.fingerprint, None)
        self._wake.set()

    def _flush_is_due(self) -> bool:
        waited = time.monotonic() - self._flushed_at
        return len(self.pending) >= FLUSH_VISITS or (bool(self.pending) and waited > FLUSH_SECONDS)

    async def flush(self) -> None:
        """Make all pending visits durable, then end their tasks."""
        async with self._flushing:
            visits, self.pending = self.pending, []
            self._urgent = False
            self._flushed_at = time.monotonic()
            if visits:
                await self._settle(visits)

    async def _settle(self, visits: list[Visit]) -> None:
        await self.archive_lane.run(self.archive.sync)
        added = await self.store_lane.run(self._store_visits, visits)
        ends = [self._settlement(v, a) for v, a in zip(visits, added, strict=True)]
        await self.frontier_lane.run(self.frontier.settle, ends, now=self.clock())
        self._wake.set()

    def _store_visits(self, visits: list[Visit]) -> list[Added | None]:
        verdicts = [lead.verdict for visit in visits for lead in visit.leads if lead.verdict]
        added = [self.writer.add(v.outcome) if v.outcome else None for v in visits]
        self._store(verdicts)
        self.writer.flush()
        for visit, how in zip(visits, added, strict=True):
            self._count(visit, how)
        return added

    def _store(self, outcomes: list[Rejection] | list[Outcome]) -> None:
        for outcome in outcomes:
            self.writer.add(outcome)
            if isinstance(outcome, Rejection):
                self.tally.rejected(outcome.source, outcome.reason)

    def _count(self, visit: Visit, added: Added | None) -> None:
        url, outcome = visit.task.url, visit.outcome
        site = self.tally.site(url)
        site.fetched += visit.exchange is not None
        if visit.unchanged or added in (Added.UNCHANGED, Added.KEPT):
            site.unchanged += 1
        elif isinstance(outcome, Article) and added is not Added.INVALID:
            site.articles += 1
        elif isinstance(outcome, Rejection):
            self.tally.rejected(url, outcome.reason)

    def _settlement(self, visit: Visit, added: Added | None) -> Settlement:
        task, outcome, now = visit.task, visit.outcome, self.clock()
        rejection = outcome if isinstance(outcome, Rejection) else None
        changed = added in (Added.NEW, Added.CHANGED)
        interval: float | None = next_interval(task.interval, changed=changed)
        if rejection is not None:
            interval = _patience(rejection.reason)
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

    async def keep(self, outcome: Outcome) -> None:
        """Store an outcome that has no task: a replayed page."""
        if self.failure is not None:
            return
        self.fetched += 1
        await self.store_lane.run(self._keep, outcome)

    def _keep(self, outcome: Outcome) -> None:
        added = self.writer.add(outcome)
        site = self.tally.site(outcome.url or outcome.source)
        site.fetched += 1
        if added in (Added.UNCHANGED, Added.KEPT):
            site.unchanged += 1
        elif isinstance(outcome, Article):
            site.articles += 1
        else:
            self.tally.rejected(outcome.source, outcome.reason)

    # -- cleaning ----------------------------------------------------------------------------------

    async def clean(self, page: Page) -> Outcome:
        """The page's outcome, from a worker process."""
        return await asyncio.wrap_future(self.pool.submit(page))


def _patience(reason: Reason) -> float:
    """Seconds until a rejected page is looked at again."""
    if reason in PERMANENT:
        return PERMANENT_VISIT
    if reason in _PASSING:
        return 0.0
    return FAILED_VISIT


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


def job_name(job: CrawlJob) -> str:
    """What tells one job from another in a frontier: spider, start points and seeds, no manners."""
    parts = (
        job.spider,
        *sorted(job.urls),
        *sorted(job.feeds),
        *sorted(seed.seed_id for seed in job.seeds),
        *sorted(story.story_id for story in job.stories),
        *sorted(job.search),
    )
    return f"{job.spider}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:12]}"


def open_frontier(job: CrawlJob, now: float) -> Frontier:
    """The frontier that the job names: OUT/state.sqlite, or a PostgreSQL database."""
    path = Path(job.out) / "state.sqlite"
    return SqliteFrontier(path, job=job_name(job), now=now)
