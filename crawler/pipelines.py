"""A visit's way from the network to the store: archive -> clean -> discover -> store.

Each pipeline fills in its part of the Visit. What breaks the output (a full disk, a folder that is
gone) stops the run; what is wrong with a page is that page's rejection.
"""

import logging
from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Self

from scrapy.crawler import Crawler

from cleaners.errors import WinnowError
from cleaners.model import Reason, Rejection, Stage, WarcPosition
from cleaners.store.found import discovery_to_json, verdict_to_json
from cleaners.store.warc_writer import FOUND_FIELD, VERDICT_FIELD, Exchange, Original, warc_date
from crawler.answers import read_answer
from crawler.discovery.found import Found
from crawler.frontier.base import Payload
from crawler.middlewares import services_of
from crawler.model import Task, Visit, rejected
from crawler.wishes import says_noarchive

if TYPE_CHECKING:
    from crawler.services import Services
    from crawler.spiders.base import FrontierSpider

logger = logging.getLogger("winnow.crawl")

MIN_SHARED_BYTES = 256
"""Bodies smaller than this are archived again rather than referred to."""


RENDERED_HEADERS = (
    (b"Content-Type", b"text/html; charset=utf-8"),
    (b"X-Winnow-Rendered", b"chromium"),
)


class VisitPipeline(ABC):
    """Base of the four: knows the crawl's services and spider."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: Visit) -> Visit:
        """The visit, further on; an output that cannot be written stops the whole run."""
        if self.services.failure is not None:
            return item
        try:
            return await self.step(item)
        except (WinnowError, OSError) as error:
            self.services.fail(error)
            return item
        except Exception as error:  # the boundary: a fault of ours costs this page alone
            logger.exception("%s", item.task.url)
            return self.broken(item, error)

    def broken(self, item: Visit, error: Exception) -> Visit:
        """The visit with an end, after a step that should not have failed."""
        detail = f"{type(error).__name__}: {error}"[:300]
        outcome = rejected(item.task, Stage.CLEAN, Reason.INTERNAL_ERROR, detail, page=item.page)
        return replace(item, page=None, outcome=outcome)

    @abstractmethod
    async def step(self, item: Visit) -> Visit:
        """This pipeline's part of the way."""

    @property
    def services(self) -> "Services":
        return services_of(self._crawler)

    @property
    def spider(self) -> "FrontierSpider":
        spider: FrontierSpider = self._crawler.spider  # type: ignore[assignment]
        return spider


class ArchivePipeline(VisitPipeline):
    """Writes the exchange into the WARC and reads what the answer means."""

    async def step(self, item: Visit) -> Visit:
        """The visit with its Page, or with its end."""
        if item.exchange is None:
            return item
        # One turn for all: digests and packing let other threads go on, waking them costs more.
        return await self.services.lanes.state.run(self._archived_and_read, item, item.exchange)

    def _archived_and_read(self, item: Visit, exchange: Exchange) -> Visit:
        services = self.services
        return read_answer(
            item.task,
            exchange,
            services.job.manners,
            now=services.clock(),
            roll=services.roll(),
            warc=item.position or self._archived(item.task, exchange),
        )

    def _archived(self, task: Task, exchange: Exchange) -> WarcPosition:
        """Where the exchange now stands in the archive; the frontier has noted it."""
        services, frontier = self.services, self.services.frontier
        original, digest = None, exchange.payload_digest
        if exchange.status == 200 and len(exchange.body) >= MIN_SHARED_BYTES:
            payload = frontier.payload(digest)
            original = Original(payload.record_id, payload.url, payload.date) if payload else None
        manners = services.job.manners
        keep = not (manners.obey_noarchive and says_noarchive(exchange, manners))
        position = services.archive.write(
            exchange, original=original, keep_body=keep, payload=digest
        )
        if exchange.status == 200 and original is None and keep:
            found = Payload(position.record_id, exchange.url, warc_date(exchange.fetched_at))
            frontier.save_payload(position.payload_digest, found)
        frontier.archived(task, position.file, position.offset)
        return position


class CleanPipeline(VisitPipeline):
    """Has the page cleaned by a worker process."""

    async def step(self, item: Visit) -> Visit:
        """The visit with its outcome."""
        if item.page is None or item.outcome is not None or not self.spider.cleans(item.task):
            return item
        look = self.spider.look(item.task)
        finished = await self.services.clean(item.page, look)
        # A page that its worker died of is not read here either: it would take the crawl with it.
        links = finished.sight or (Found().packed() if look else None)
        return replace(item, outcome=finished.end, links=links)


class RenderPipeline(VisitPipeline):
    """Has what is empty without JavaScript rendered by a browser, if the job says so."""

    async def step(self, item: Visit) -> Visit:
        """The visit with the outcome of the rendered page; as it was if that did not help."""
        services, exchange, outcome = self.services, item.exchange, item.outcome
        if not services.job.browser or exchange is None or not isinstance(outcome, Rejection):
            return item
        if outcome.reason is not Reason.NEEDS_JAVASCRIPT:
            return item
        body = await services.browser.render(item.task.url)
        if body is None:
            return item
        # Archived as a second answer, so that a replay finds the article where the crawl did.
        rendered = replace(
            exchange,
            headers=(*RENDERED_HEADERS, *(h for h in exchange.headers if h[0].lower() == b"etag")),
            body=body,
            fetched_at=datetime.fromtimestamp(services.clock(), UTC),
        )
        position = await services.lanes.state.run(services.archive.write, rendered)
        visit = read_answer(
            item.task, rendered, services.job.manners, now=0.0, roll=0.0, warc=position
        )
        return await CleanPipeline(self._crawler).step(visit)


class DiscoverPipeline(VisitPipeline):
    """Has the spider read links, feeds and sitemaps; notes in the archive how a page was found.

    Noted is a verdict, too, that a replay could not find by itself.
    """

    async def step(self, item: Visit) -> Visit:
        """The visit with the URLs that were found on it."""
        if item.page is None:
            return item
        if self.spider.looks_into(item):
            item = await self.services.lanes.parse.run(self.spider.discover, item)
        self._note(item)
        return item

    def _note(self, item: Visit) -> None:
        values: list[tuple[str, str]] = []
        outcome, exchange = item.outcome, item.exchange
        found = discovery_to_json(outcome.discovery if outcome else item.task.discovery)
        if found:
            values.append((FOUND_FIELD, found))
        if isinstance(outcome, Rejection) and self.spider.decided(item):
            values.append((VERDICT_FIELD, verdict_to_json(outcome)))
        position = item.page.fetch.warc if item.page and item.page.fetch else None
        if values and exchange and position:
            services = self.services
            note = partial(
                services.archive.write_metadata, exchange, position.record_id, tuple(values)
            )
            services.lanes.state.post(note, services.fail)  # the next flush writes it through


class StorePipeline(VisitPipeline):
    """Hands the visit to the store and the frontier."""

    async def step(self, item: Visit) -> Visit:
        """The visit as it is; it is durable after the next flush."""
        await self.services.put(item)
        return item

    def broken(self, item: Visit, error: Exception) -> Visit:
        """As it was: what cannot be handed over stops the run, or its task would stay for ever."""
        self.services.fail(error)
        return item
