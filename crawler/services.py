"""What the parts of one crawl share, opened and closed together; and when the crawl is over."""

import asyncio
import logging
import random
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from cleaners.errors import StoreError, WinnowError
from cleaners.model import Outcome, Page, Reason, Stage
from cleaners.scale.local import CleaningPool
from cleaners.scale.pages import Finished, Judge, Look
from cleaners.store.dataset import Dataset, RunStamp, Writer
from cleaners.store.learned import load_templates, save_templates
from cleaners.store.made import ArticleRow
from cleaners.store.warc import read_exchange
from cleaners.store.warc_writer import WarcWriter
from cleaners.version import __version__
from crawler.address import GuardedResolver, guard
from crawler.admission import Gate
from crawler.browser import Browser
from crawler.collector import collect_seldom, resume_collecting
from crawler.frontier.base import Frontier
from crawler.frontier.opening import open_frontier
from crawler.lanes import Arrivals, Lanes
from crawler.leases import Leases
from crawler.model import CrawlJob, Kind, Progress, Task, Visit, rejected
from crawler.outbox import Outbox
from crawler.politeness import PATIENCE
from crawler.robots import Rules
from crawler.tally import Tally

logger = logging.getLogger("winnow.crawl")

MAX_NAP = 1.0
MIN_NAP = 0.02
DEAD_NETWORK = 20
DEAD_HOSTS = 3
"""Requests in a row, to at least so many hosts, without any answer: the network is dead."""
DRAIN_BATCH = 1_000
RENEW_SECONDS = 15.0


class CrawlEndedError(WinnowError):
    """Noted when a run had to stop because the network is dead. The state is kept: run again."""


@dataclass(slots=True)
class Services:
    """Opened once a crawl; everything that blocks runs on a lane, not on the event loop."""

    job: CrawlJob
    gate: Gate
    clock: Callable[[], float] = time.time
    roll: Callable[[], float] = random.random
    watch: Callable[[Progress], None] | None = None
    judging: Callable[[], Judge | None] | None = None
    """Makes what has the last word on articles, in the workers."""
    tally: Tally = field(default_factory=Tally)
    lanes: Lanes = field(default_factory=Lanes)
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    rules: dict[str, Rules] = field(default_factory=dict)
    """What robots.txt files said that were asked in this run, by origin."""
    frontier: Frontier = field(init=False)
    archive: WarcWriter = field(init=False)
    pool: CleaningPool = field(init=False)
    dataset: Dataset = field(init=False)
    writer: Writer = field(init=False)
    leases: Leases = field(init=False)
    outbox: Outbox = field(init=False)
    browser: Browser = field(init=False)
    resolver: GuardedResolver | None = None
    run_id: str = ""
    opened: bool = False
    was_open: bool = False
    stopping: bool = False
    interrupted: bool = False
    limit_hit: bool = False
    fetched: int = 0
    left: int = 0
    failure: Exception | None = None
    _cleaned: Arrivals | None = None
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _renewed_at: float = field(default_factory=time.monotonic)

    # -- opening and closing -----------------------------------------------------------------------

    async def open(self, *, refresh: bool = False, fetches: bool = True) -> None:
        """Open the output. Raises StoreLocked when another run has it, StoreError on a bad disk.

        `refresh` makes rows anew though their text is the same; without `fetches` no name is
        resolved.
        """
        await self.lanes.store.run(self._open_store, refresh)
        try:
            # The frontier's connection belongs to the lane's thread.
            await self.lanes.state.run(self._open_frontier)
            await self.lanes.store.run(self._open_rest)
        except BaseException:
            await self.lanes.store.run(self.writer.close)
            raise
        self.browser = Browser(self.job.manners)
        self.gate.rules = self.rules
        if fetches:
            self.resolver = guard(self.job.manners.allow_private)
        collect_seldom()
        self.opened = self.was_open = True

    def _open_store(self, refresh: bool) -> None:
        job, out = self.job, self.job.out
        self.run_id = f"{self.started_at:%Y%m%dT%H%M%S}-{random.getrandbits(24):06x}"
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(str(out), error.strerror or "cannot be written") from error
        stamp = RunStamp(self.run_id, self.started_at, __version__, job.clean.digest)
        shared = job.frontier is not None
        self.dataset = Dataset.open(out)
        self.writer = self.dataset.writer(stamp, shared=shared, refresh=refresh)

    def _open_frontier(self) -> None:
        self.frontier = open_frontier(self.job, self.clock())
        if not any((self.job.out / "articles").rglob("*.parquet")):
            self.frontier.forget_visits()

    def _open_rest(self) -> None:
        job, prefix = self.job, "winnow"
        if job.frontier is not None:
            prefix = f"winnow-{self.run_id[-6:]}"  # workers write beside each other
        self.archive = WarcWriter(job.out / "warc", prefix=prefix, software=f"winnow/{__version__}")
        clean = replace(job.clean, respect_noindex=job.manners.obey_noindex)
        templates = load_templates(self.dataset)
        judge = self.judging() if self.judging else None
        self.pool = CleaningPool(clean, workers=job.workers, templates=templates, judge=judge)
        self.leases = Leases(job, self.frontier, self.lanes.state, self.clock, self.roll)
        self.outbox = Outbox(
            self.frontier,
            self.writer,
            self.archive,
            self.gate,
            self.tally,
            self.lanes,
            self.clock,
        )

    async def close(self) -> None:
        """Flush what is done, give back what is not, let go of everything."""
        if self.opened:
            self.opened = False
            try:
                await self._give_back()
            except (WinnowError, OSError) as error:
                self.fail(error)
            await self.browser.close()
            await self.lanes.store.run(self._close)
            await self.lanes.state.run(self._closed, self.archive.close)
            await self.lanes.state.run(self._closed, self.frontier.close)
            resume_collecting()
        self.lanes.close()

    async def _give_back(self) -> None:
        lane, frontier = self.lanes.state, self.frontier
        dead = isinstance(self.failure, CrawlEndedError)
        try:
            # What failed with the network is to be tried when the same command goes on.
            untried = self.outbox.withdraw() if dead else ()
            if self.failure is None or dead:
                await self.outbox.flush()
            await lane.run(frontier.release, (*self.leases.tasks.values(), *untried))
        finally:  # what takes no more can often still be read: a full disk
            counts = await lane.run(frontier.counts)
            self.left = counts.ready + counts.leased
        if not (self.left or self.stopping or self.interrupted):
            await lane.run(frontier.finish)

    def _close(self) -> None:
        self.pool.close(cancel=True)
        self._closed(lambda: save_templates(self.dataset, self.pool.learned()))
        self._closed(self.writer.close)

    def _closed(self, close: Callable[[], None]) -> None:
        try:
            close()
        except (WinnowError, OSError) as error:
            self.failure = self.failure or error

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

    # -- taking work -------------------------------------------------------------------------------

    async def end_suspects(self) -> None:
        """End the URLs that were in flight whenever the crawler died: one of them may be why."""
        tasks = await self.lanes.state.run(self.frontier.suspects)
        detail = "the crawler died too often while this was in flight"
        await self._end(tasks, Stage.FETCH, Reason.GAVE_UP, detail)

    async def archived(self, task: Task) -> Visit | None:
        """The visit of a task whose answer a run archived, dying before it was stored; or None."""
        if task.archived_in is None:
            return None
        visit = await self.lanes.parse.run(self._from_archive, task)
        if visit is not None:
            self.left_network(task)
        return visit

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
            await self._renew()
            room = self.leases.room(self.fetched)
            if room > 0 and (tasks := await self.leases.take(room)):
                return tasks
            if await self._over():
                break
            await self._nap()
        return ()

    async def _over(self) -> bool:
        """Whether nothing is left to do, with what is left over ended; flushes when idle."""
        idle = not self.leases.tasks
        if self.outbox.waiting and (idle or self.outbox.urgent or self.outbox.due):
            self._check_network()
            if self.stopping:
                return False
            await self.outbox.flush(silence=not idle and self._silence())
            self._wake.set()
            return False
        if not idle:
            return False
        limit = self.job.limit
        if limit and self.fetched >= limit:
            self.limit_hit = await self._end_rest(
                Reason.LIMIT_REACHED, f"the run's limit of {limit} pages"
            )
            return True
        at = await self.lanes.state.run(self.frontier.next_ready_at, now=self.clock())
        if at is None:
            return True
        if at > self.clock() + PATIENCE:
            await self._end_rest(Reason.GAVE_UP, "its host asks to be left alone for a while")
            return True
        return False

    async def _end_rest(self, reason: Reason, detail: str) -> bool:
        """End what will not be fetched, each URL with its rejection; whether any was."""
        ended, lane = False, self.lanes.state
        while tasks := await lane.run(self.frontier.drain, DRAIN_BATCH, now=self.clock()):
            ended = True
            await self._end(tasks, Stage.DISCOVER, reason, detail)
        return ended

    async def _end(
        self, tasks: tuple[Task, ...], stage: Stage, reason: Reason, detail: str
    ) -> None:
        await self.outbox.settle(
            [Visit(task=task, outcome=rejected(task, stage, reason, detail)) for task in tasks]
        )

    async def _nap(self) -> None:
        # With no room for a task, whoever makes room wakes this up.
        seconds = max(MIN_NAP, self.job.manners.delay / 4) if self._has_room() else MAX_NAP
        seconds = min(MAX_NAP, seconds)
        try:
            await asyncio.wait_for(self._wake.wait(), seconds)
        except TimeoutError:
            return

    async def _renew(self) -> None:
        """Heartbeat of the leases: a slow page does not go to another worker."""
        if time.monotonic() - self._renewed_at > RENEW_SECONDS:
            self._renewed_at = time.monotonic()
            tasks = tuple(self.leases.tasks.values())
            await self.lanes.state.run(self.frontier.renew, tasks, now=self.clock())

    def _check_network(self) -> None:
        failures, hosts = self.tally.failures_in_a_row, len(self.tally.failed_hosts)
        if failures >= DEAD_NETWORK and hosts >= DEAD_HOSTS:
            self.fail(
                CrawlEndedError(
                    f"the network gives no answer: {failures} requests in a row to {hosts} hosts"
                    " failed; run the same command to go on"
                )
            )

    def _silence(self) -> bool:
        """Whether nothing has been heard from the network since a request failed."""
        return self.tally.failures_in_a_row > 0

    async def pace(self, host: str, seconds: float) -> None:
        """Keep a host's own pause between requests, as if its robots.txt had asked for it."""
        await self.lanes.state.run(self.frontier.set_delay, host, crawl=seconds)

    def left_network(self, task: Task) -> None:
        """The answer to a task is here, or it failed: its host is free for the next."""
        self.leases.left_network(task)
        self._wake_for_room()

    def _wake_for_room(self) -> None:
        """Have tasks taken if there is room for some: not after each answer, but after many."""
        if self._has_room() or not self.leases.tasks:
            self._wake.set()

    def _has_room(self) -> bool:
        return self.leases.room(self.fetched) > 0

    # -- giving it back ----------------------------------------------------------------------------

    async def put(self, visit: Visit) -> None:
        """Take a visit that came back: for another try, or with its end."""
        task, lane, frontier = visit.task, self.lanes.state, self.frontier
        if visit.postponed:
            await lane.run(frontier.release, (task,))
        elif visit.retry_after is not None:
            self.tally.site(task.url).retries += 1
            await lane.run(frontier.retry, task, at=self.clock() + visit.retry_after)
        elif visit.redirect is not None:
            await lane.run(frontier.ask_elsewhere, task, visit.redirect, at=self.clock())
        else:
            self.fetched += task.kind is Kind.PAGE and visit.exchange is not None
            await self.outbox.put(visit)
        self.leases.gone(task)
        self._wake_for_room()
        if self.outbox.due:
            await self.outbox.flush(silence=self._silence())

    async def keep(self, outcome: Outcome | ArticleRow) -> None:
        """Store an outcome that has no task: a replayed page."""
        if self.failure is None:
            self.fetched += 1
            await self.lanes.store.run(self.outbox.keep, outcome)

    async def clean(self, page: Page, look: Look | None = None) -> Finished:
        """The page's end, from a worker process: its row, or why it has none."""
        loop = asyncio.get_running_loop()
        if self._cleaned is None:
            self._cleaned = Arrivals(loop)
        arrivals = self._cleaned
        ended: asyncio.Future[Finished] = loop.create_future()
        self.pool.row(page, look).add_done_callback(
            lambda done: arrivals.put(partial(_pass_on, done, ended))
        )
        return await ended


def _pass_on(done: "Future[Finished]", to: "asyncio.Future[Finished]") -> None:
    """The end of one future is the end of the other, unless nobody waits for it any more."""
    if to.cancelled():
        return
    error = done.exception()
    if error is not None:
        to.set_exception(error)
    else:
        to.set_result(done.result())
