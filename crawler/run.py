"""Run a crawl from Python: `crawl(job)` fetches, cleans and stores, and returns the run's record.

The reactor lives in a thread of its own for as long as the process does (it cannot be started
twice), so any number of crawls can follow each other, and Ctrl-C stays with the caller's thread.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from types import FrameType
from typing import Any

from cleaners.errors import WinnowError
from crawler.collector import sweep
from crawler.heaps import share_heaps
from crawler.model import CrawlJob, Progress, RunRecord

logger = logging.getLogger("winnow.crawl")

Watch = Callable[[Progress], None]

_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
_starting = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None


def crawl(job: CrawlJob, *, watch: Watch | None = None) -> RunRecord:
    """Run a job to its end, its limit, or Ctrl-C; `watch` is told the state twice a second.

    Ctrl-C (or SIGTERM) once ends it in the time of the requests in flight, and the record says
    `interrupted`; the same job goes on from there. A second time ends at once; nothing that was
    stored is lost. Raises StoreLocked when another run has the output, StoreError when it cannot be
    written from the beginning on, ConfigError for a job that cannot be run.
    """
    share_heaps()
    sweep()
    run = _Run(job, watch)
    future = asyncio.run_coroutine_threadsafe(run.run(), reactor_loop())
    with _terminated_as_interrupted():
        try:
            return _waited(future)
        except KeyboardInterrupt:
            logger.warning("stopping: waiting for the requests in flight (Ctrl-C again: at once)")
            asyncio.run_coroutine_threadsafe(run.stop(), reactor_loop())
            return _waited(future)


def _waited(future: "Future[RunRecord]") -> RunRecord:
    while True:
        try:
            return future.result(timeout=0.2)  # a plain wait would not let a signal through
        except TimeoutError:
            if future.done():
                raise


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """SIGTERM stops a run as cleanly as Ctrl-C; only the main thread may say so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def reactor_loop() -> asyncio.AbstractEventLoop:
    """The event loop of the reactor, which is started when it is first needed."""
    global _loop  # one reactor a process is Twisted's rule
    with _starting:
        if _loop is None:
            from scrapy.utils.reactor import install_reactor

            install_reactor(_REACTOR)
            from twisted.internet import reactor

            started = threading.Event()
            r: Any = reactor
            r.callWhenRunning(started.set)
            threading.Thread(
                target=r.run,
                kwargs={"installSignalHandlers": False},
                name="reactor",
                daemon=True,
            ).start()
            started.wait()
            _loop = r._asyncioEventloop
        return _loop


class _Run:
    """One crawl on the reactor's loop."""

    def __init__(self, job: CrawlJob, watch: Watch | None) -> None:
        self._job, self._watch = job, watch
        self._crawler: Any = None

    async def run(self) -> RunRecord:
        from scrapy.crawler import AsyncCrawlerRunner
        from scrapy.settings import Settings

        from crawler import settings as project

        # What befalls a page is its rejection; a line on the terminal for each would hide the rest.
        logging.getLogger("scrapy").setLevel(logging.ERROR)
        settings = Settings()
        settings.setmodule(project, priority="project")
        settings.setdict(project.manners_settings(self._job.manners), priority="cmdline")
        runner = AsyncCrawlerRunner(settings)
        self._crawler = runner.create_crawler(self._job.spider)
        await runner.crawl(self._crawler, job=self._job, watch=self._watch)
        spider = self._crawler.spider
        if spider is None or spider.record is None:
            failure = spider.services.failure if spider else None
            raise failure or WinnowError("the crawl did not begin")
        record: RunRecord = spider.record
        return record

    async def stop(self) -> None:
        if self._crawler is not None:
            await self._crawler.stop_async()
