"""Beside the crawl: its progress while it runs, and its record at the end."""

import asyncio
import logging
from datetime import UTC, datetime
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.middlewares import services_of
from crawler.model import Progress, RunRecord
from crawler.redact import redact
from crawler.runs import compared, load_records, reasons_of, save_record
from crawler.services import Services

logger = logging.getLogger("winnow.crawl")

PROGRESS_SECONDS = 0.5


class ProgressExtension:
    """Tells whoever asked how far the crawl is, twice a second."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._task: asyncio.Task[None] | None = None
        crawler.signals.connect(self._opened, signals.spider_opened)
        crawler.signals.connect(self._closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def _opened(self) -> None:
        if services_of(self._crawler).watch is not None:
            self._task = asyncio.ensure_future(self._tell())

    def _closed(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _tell(self) -> None:
        services = services_of(self._crawler)
        while services.watch is not None:
            if services.opened:
                services.watch(await progress_of(services))
            await asyncio.sleep(PROGRESS_SECONDS)


async def progress_of(services: Services) -> Progress:
    """The state of a crawl that is under way."""
    counts = await services.lanes.state.run(services.frontier.counts)
    tally = services.tally
    return Progress(
        fetched=services.fetched,
        articles=tally.total("articles"),
        rejected=sum(tally.reasons.values()),
        queued=counts.ready,
        in_flight=len(services.leases.tasks),
        bytes=tally.total("bytes"),
        seconds=tally.seconds,
        limit=services.job.limit,
        last_url=tally.last_url,
    )


def record_of(services: Services) -> RunRecord:
    """The record of a crawl that has ended, compared with earlier ones and stored."""
    tally, job = services.tally, services.job
    record = RunRecord(
        run_id=services.run_id,
        spider=job.spider,
        started_at=services.started_at,
        ended_at=datetime.now(UTC),
        ending=services.ending,
        error=redact(str(services.failure)) if services.failure else None,
        out=str(job.out),
        fetched=services.fetched,
        articles=tally.total("articles"),
        rejected=sum(tally.reasons.values()),
        unchanged=tally.total("unchanged"),
        bytes=tally.total("bytes"),
        retries=tally.total("retries"),
        reasons=reasons_of(tally.reasons),
        sites=compared(tally.site_records(), _earlier(services)),
        slowest_hosts=tally.slowest_hosts(),
        notes=tuple(tally.notes),
        left=services.left,
    )
    try:
        save_record(record)
    except OSError as error:
        logger.error("the run record is not stored: %s", error)
    for site in record.alarms:
        logger.warning("%s may be silent: %s", site.site, site.alarm)
    logger.info(
        "%s: %d articles, %d rejected, %d unchanged of %d fetched; %d left",
        record.ending,
        record.articles,
        record.rejected,
        record.unchanged,
        record.fetched,
        record.left,
    )
    return record


def _earlier(services: Services) -> tuple[RunRecord, ...]:
    records = load_records(services.job.out, limit=50)
    return tuple(r for r in records if r.spider == services.job.spider)[:10]
