"""What all spiders do: take URLs from the frontier, fetch them, and tell what came of them."""

import logging
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from cleaners.errors import WinnowError
from cleaners.model import Candidate, Discovery, Reason, Rejection, Stage
from cleaners.scale.pages import Judge, Look
from cleaners.store.made import ArticleRow
from crawler.admission import Gate
from crawler.answers import host_hold
from crawler.arguments import job_of
from crawler.discovery.found import Found, Source
from crawler.discovery.look import LinkLook
from crawler.discovery.read import read_page, read_source
from crawler.exchange import exchange_of, failure_reason, failure_words
from crawler.extensions import record_of
from crawler.middlewares import PostponedError, RefusedError
from crawler.model import CrawlJob, Kind, Lead, RunRecord, Task, Visit, rejected
from crawler.politeness import retry_delay
from crawler.services import Services
from crawler.wishes import says

logger = logging.getLogger("winnow.crawl")

KINDS = {"feed": Kind.FEED, "sitemap": Kind.SITEMAP, "page": Kind.SECTION}
SOURCE_PRIORITY = 100.0
"""Sources come before pages: they bring the titles and dates by which pages are put in order."""

SECTION_PRIORITY = 2.0


class FrontierSpider(Spider):
    """Base of Winnow's spiders; a subclass says where to begin, how far to go and what to keep."""

    follows_pages: ClassVar[bool] = False
    """Whether links on article pages are followed, not only those of sources."""

    def __init__(self, job: CrawlJob, **kwargs: Any) -> None:
        super().__init__(self.name, **kwargs)
        self.job = job
        self.record: RunRecord | None = None
        gate = Gate(job.manners, sites=self.scope(), max_depth=job.max_depth)
        self.services = Services(job, gate, judging=self.judging)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *_: Any, **kwargs: Any) -> Self:
        watch = kwargs.pop("watch", None)
        job = kwargs.pop("job", None) or job_of(cls.name, kwargs, crawler.settings)
        spider = super().from_crawler(crawler, job)
        spider.services.watch = watch
        crawler.signals.connect(spider._close, signals.spider_closed)
        crawler.signals.connect(spider._broke, signals.spider_error)
        return spider

    # -- what subclasses say -----------------------------------------------------------------------

    def scope(self) -> frozenset[str]:
        """The sites that are crawled, as `urls.site` names them; none for the whole web."""
        return frozenset()

    def begin(self) -> tuple[Lead, ...]:
        """Where the crawl begins."""
        raise CloseSpider(f"{self.name} has nowhere to begin")

    def paces(self) -> tuple[tuple[str, float], ...]:
        """Hosts that ask for a pause of their own between requests, with its seconds."""
        return ()

    def judging(self) -> Judge | None:
        """What says whether an article is kept; it is asked in the worker processes."""
        return None

    def weigh(self, candidates: Iterable[Candidate]) -> Iterable[Candidate]:
        """The candidates with the scores by which pages are put in order."""
        return candidates

    def turns_down(self, candidate: Candidate) -> str | None:
        """Why a candidate is not worth its fetch; None if it is."""
        del candidate
        return None

    def further(self, task: Task, found: Found) -> Iterable[Source]:
        """The sources, among those found on `task`, that are read as well.

        Not those of articles: their menus name the same sections as the front page does.
        """
        return () if task.kind is Kind.PAGE else found.sources

    # -- the crawl ---------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        try:
            await self.services.open()
            for host, seconds in self.paces():
                await self.services.pace(host, seconds)
            await self.services.outbox.add(self.begin())
            await self.services.end_suspects()
            while tasks := await self.services.next_tasks():
                for task in tasks:
                    # An answer that was archived and not yet stored is not asked for again.
                    yield await self.services.archived(task) or self._request(task)
        except WinnowError as error:
            self.services.fail(error)
        except Exception as error:  # a fault of ours, but the run has ended by it: say so
            logger.exception("the %s spider broke off", self.name)
            self.services.fail(error)

    def _broke(self, failure: Failure) -> None:
        """A fault while an answer was read: its task would wait for ever, so the run ends."""
        error = failure.value
        self.services.fail(error if isinstance(error, Exception) else RuntimeError(str(error)))

    def _request(self, task: Task) -> Request:
        headers = {}
        if task.etag:
            headers["If-None-Match"] = task.etag
        if task.last_modified:
            headers["If-Modified-Since"] = task.last_modified
        return Request(
            task.url,
            callback=self.parse,
            errback=self.fail_task,
            headers=headers,
            meta={"task": task},
            priority=int(task.priority),
            dont_filter=True,
        )

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Visit]:
        """The answer as a Visit, for the pipelines."""
        task: Task = response.meta["task"]
        services = self.services
        now = datetime.fromtimestamp(services.clock(), UTC)
        exchange = exchange_of(response, now)
        hold = host_hold(exchange, task.attempts, services.clock())
        if hold is not None:
            await services.leases.hold(task, hold)  # before the host's next task can be leased
        services.left_network(task)
        latency = float(response.meta.get("download_latency") or 0.0)
        services.tally.answered(task.url, len(response.body), latency)
        await services.leases.adapt(task, latency, response.status)
        yield Visit(task=task, exchange=exchange)

    async def fail_task(self, failure: Failure) -> AsyncIterator[Visit]:
        """No answer: a retry, or a rejection that says why."""
        task: Task = failure.request.meta["task"]  # type: ignore[attr-defined]
        services = self.services
        error = failure.value or RuntimeError("no cause given")
        services.left_network(task)
        if isinstance(error, PostponedError):
            yield Visit(task=task, postponed=True)
            return
        if isinstance(error, RefusedError):
            yield Visit(task=task, outcome=rejected(task, error.stage, error.reason, error.detail))
            return
        reason, passing = failure_reason(error)
        host = urlsplit(task.url).hostname or ""
        if reason is Reason.DNS_FAILED and (address := services.refused.get(host)):
            detail = f"{host} resolves to {address}, which is not a public address"
            forbidden = rejected(task, Stage.FETCH, Reason.FORBIDDEN_ADDRESS, detail)
            yield Visit(task=task, outcome=forbidden)
            return
        services.tally.failed(task.url)
        tries = task.attempts + 1
        if passing and tries < self.job.manners.attempts:
            yield Visit(task=task, retry_after=retry_delay(tries, services.roll()))
            return
        detail = failure_words(error) + (f" ({tries} times)" if tries > 1 else "")
        yield Visit(task=task, outcome=rejected(task, Stage.FETCH, reason, detail))

    async def _close(self, reason: str) -> None:
        self.services.interrupted = reason == "shutdown"
        await self.services.close()
        if self.services.was_open:
            self.record = record_of(self.services)

    # -- finding more ------------------------------------------------------------------------------

    def cleans(self, task: Task) -> bool:
        """Whether what is fetched may be an article: a front page, feed or sitemap is none."""
        path = urlsplit(task.url).path
        return task.kind is Kind.PAGE or (task.kind is Kind.SECTION and path not in ("", "/"))

    def look(self, task: Task) -> Look | None:
        """What reads the links of a page where it is cleaned; None if nobody wants them."""
        if task.kind is Kind.PAGE and not self.follows_pages:
            return None
        source = task.kind is not Kind.PAGE
        return LinkLook(source=source, follow_nofollow=not self.job.manners.obey_nofollow)

    def looks_into(self, visit: Visit) -> bool:
        """Whether `discover` has anything to do with a visit."""
        return visit.task.kind is not Kind.PAGE or self._followed(visit)

    def decided(self, visit: Visit) -> bool:
        """Whether the visit's rejection is the crawl's, which a replay could not find by itself."""
        outcome = visit.outcome
        return isinstance(outcome, Rejection) and outcome.stage in (Stage.DISCOVER, Stage.RELATE)

    def discover(self, visit: Visit) -> Visit:
        """The visit with the URLs found on its page; a source gets its rejection here."""
        task, page = visit.task, visit.page
        if page is None or (task.kind is Kind.PAGE and not self._followed(visit)):
            return visit
        found = Found.unpacked(visit.links) if visit.links else self.read(task, page.content)
        if self._not_to_be_followed(visit):
            found = replace(found, candidates=(), sources=())
        for note in found.notes:
            self.services.tally.note(f"{task.url}: {note}")
        leads = self._leads(task, found)
        outcome = visit.outcome
        if outcome is None:
            reason = Reason.LISTING if task.kind is Kind.SECTION else Reason.NOT_A_PAGE
            detail = f"{task.kind} with {len(found.candidates)} entries"
            outcome = rejected(task, Stage.DISCOVER, reason, detail, page=page)
        return replace(visit, outcome=outcome, leads=(*visit.leads, *leads))

    def _not_to_be_followed(self, visit: Visit) -> bool:
        manners, exchange = self.job.manners, visit.exchange
        return bool(manners.obey_nofollow and exchange and says(exchange, "nofollow", manners))

    def _followed(self, visit: Visit) -> bool:
        return self.follows_pages and isinstance(visit.outcome, ArticleRow)

    def read(self, task: Task, content: bytes) -> Found:
        """What a page or source lists."""
        nofollow = not self.job.manners.obey_nofollow
        if task.kind in (Kind.PAGE, Kind.SECTION):
            return read_page(content, task.url, follow_nofollow=nofollow)
        return read_source(content, task.url, follow_nofollow=nofollow)

    def _leads(self, task: Task, found: Found) -> tuple[Lead, ...]:
        sources = tuple(
            Lead(
                url=source.url,
                kind=KINDS[source.kind],
                priority=_source_priority(source, task.depth + 1),
                depth=task.depth + 1,
                discovery=Discovery(method=source.kind, source=task.url, title=source.title),
            )
            for source in self.further(task, found)
        )
        pages = tuple(
            self._page_lead(task, candidate, place)
            for place, candidate in enumerate(self.weigh(found.candidates))
        )
        return sources + pages

    def _page_lead(self, task: Task, candidate: Candidate, place: int) -> Lead:
        discovery = Discovery(
            method=candidate.method,
            source=candidate.source or task.url,
            seed_id=candidate.seed_id,
            score=candidate.score,
            reasons=candidate.why,
            title=candidate.title,
            published=candidate.published,
        )
        lead = Lead(
            url=candidate.url,
            priority=self._priority(task, candidate) - place / 100_000,
            depth=task.depth + (task.kind in (Kind.PAGE, Kind.SECTION)),
            discovery=discovery,
        )
        why = self.turns_down(candidate)
        if why is None:
            return lead
        verdict = Rejection(
            source=candidate.url,
            url=candidate.url,
            stage=Stage.RELATE,
            reason=Reason.NOT_RELATED,
            detail=why,
            discovery=discovery,
        )
        return replace(lead, verdict=verdict)

    def _priority(self, task: Task, candidate: Candidate) -> float:
        """Score first, then the newest, then what is near the start."""
        fresh = 0.0
        if candidate.published is not None:
            published = candidate.published
            aware = published if published.tzinfo else published.replace(tzinfo=UTC)
            days = max(0.0, (self.services.clock() - aware.timestamp()) / 86_400)
            fresh = 1.0 + 4.0 / (1.0 + days)
        return 10.0 * (candidate.score or 0.0) + fresh - task.depth


def _source_priority(source: Source, depth: int) -> float:
    """Feeds and sitemaps before all pages; sections among them, as what they list is less new."""
    return SECTION_PRIORITY - depth if source.kind == "page" else SOURCE_PRIORITY - 10.0 * depth
