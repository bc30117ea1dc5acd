"""What a request passes on its way out: is its address allowed, and does robots.txt permit it?"""

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from cleaners.model import Reason, Stage
from cleaners.store.encoding import CodingError, codings, undo_codings
from crawler import urls
from crawler.address import forbidden
from crawler.answers import REDIRECTS, header
from crawler.exchange import exchange_of, failure_reason
from crawler.frontier.base import Robots
from crawler.model import Kind
from crawler.robots import (
    MAX_BYTES,
    MAX_REDIRECTS,
    ROBOTS_VERDICTS,
    Access,
    Rules,
    fresh_until,
    read_rules,
    robots_origin,
    says_not_now,
)

if TYPE_CHECKING:
    from crawler.services import Services

logger = logging.getLogger("winnow.robots")

ROBOTS_TRIES = 3
ROBOTS_RETRY_SECONDS = (1.0, 4.0)
MAX_ORIGINS = 5_000
"""robots.txt files kept read in memory; the frontier has them all."""


class RefusedError(IgnoreRequest):
    """Raised by these middlewares for a request that is not sent; the spider's errback tells."""

    def __init__(self, stage: Stage, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.stage, self.reason, self.detail = stage, reason, detail


class PostponedError(IgnoreRequest):
    """Raised when a host's pause was only just learnt; the task goes back to the frontier."""


def services_of(crawler: Crawler) -> "Services":
    """The services of the crawl that a component belongs to."""
    services: Services = crawler.spider.services  # type: ignore[union-attr]
    return services


class AddressMiddleware:
    """Refuses addresses of this machine and its network, as far as the URL shows them."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises RefusedError for a forbidden address."""
        if services_of(self._crawler).job.manners.allow_private:
            return
        why = forbidden(request.url)
        if why is not None:
            raise RefusedError(Stage.FETCH, Reason.FORBIDDEN_ADDRESS, why)


@dataclass(slots=True)
class _Asked:
    """The rules of an origin, or the task that is fetching them."""

    rules: Rules | None
    task: "asyncio.Task[tuple[Rules, float]] | None" = None


class RobotsMiddleware:
    """Sends nothing that robots.txt does not permit (RFC 9309), and keeps its Crawl-delay."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._origins: dict[str, _Asked] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises RefusedError for what robots.txt forbids or does not answer for."""
        services = services_of(self._crawler)
        manners = services.job.manners
        if not manners.obey_robots or request.meta.get("robots"):
            return
        task = request.meta.get("task")
        if task is not None and task.kind is Kind.SEARCH:
            return  # a question put to a service at the user's word, not a crawl of its pages
        rules, learnt = await self.rules(request.url)
        access = rules.access(request.url, manners.user_agent)
        if rules.silent:
            services.tally.failed(request.url)  # a network that is dead is so for robots.txt, too
        if access is not Access.ALLOWED:
            raise RefusedError(Stage.ROBOTS, *ROBOTS_VERDICTS[access])
        if learnt and services.clock() < learnt:
            # robots.txt was a request, too: the first page waits its turn, without a slot.
            raise PostponedError

    async def rules(self, url: str) -> tuple[Rules, float]:
        """The rules for a URL, fetched if they are not known or no longer fresh.

        With them comes the time before which the host is not to be asked, 0 if they were known.
        """
        origin, services = robots_origin(url), services_of(self._crawler)
        asked = self._origins.get(origin)
        now = services.clock()
        if asked and asked.rules and asked.rules.fresh_until > now:
            return asked.rules, 0.0
        if asked is None or asked.task is None:
            if len(self._origins) >= MAX_ORIGINS:
                self._origins.pop(next(iter(self._origins)))
            asked = self._origins[origin] = _Asked(None)
            asked.task = asyncio.ensure_future(self._learn(origin, url))
        task = asked.task
        assert task is not None
        rules, until = await asyncio.shield(task)
        asked.rules, asked.task = rules, None
        services.rules[origin] = rules
        return rules, until

    async def _learn(self, origin: str, url: str) -> tuple[Rules, float]:
        services = services_of(self._crawler)
        frontier, lane = services.frontier, services.lanes.state
        # Half a megabyte of rules takes 400 ms to read: not on the event loop.
        parse = services.lanes.parse
        saved = await lane.run(frontier.robots, origin)
        if saved and fresh_until(saved) > services.clock():
            return await parse.run(read_rules, saved), 0.0
        robots = await self._fetch(f"{origin}/robots.txt")
        rules = await parse.run(read_rules, robots)
        if not rules.silent:
            services.tally.heard()
        if rules.unreachable:
            services.tally.note(f"{origin}: robots.txt gives no answer ({robots.status})")
        if not rules.silent:  # silence is asked about again by the next run
            await lane.run(frontier.save_robots, origin, robots)
        return rules, await self._keep_pace(rules, url)

    async def _keep_pace(self, rules: Rules, url: str) -> float:
        """Keep the Crawl-delay; until when the host is to be left alone now."""
        services = services_of(self._crawler)
        manners, host = services.job.manners, urls.host(url)
        delay = rules.crawl_delay(manners.user_agent) or 0.0
        lane, frontier = services.lanes.state, services.frontier
        await lane.run(frontier.set_delay, host, crawl=delay)
        wait = min(max(delay, manners.delay), manners.max_delay)
        until = services.clock() + wait
        await lane.run(frontier.hold, host, until)
        return until

    async def _fetch(self, url: str) -> Robots:
        """The robots.txt, asked for up to three times; status 0 for silence."""
        robots = Robots(0, b"", 0.0)
        for attempt in range(ROBOTS_TRIES):
            robots, final = await self._follow(url)
            if final or not says_not_now(robots.status):
                return robots
            if attempt < len(ROBOTS_RETRY_SECONDS):
                await asyncio.sleep(ROBOTS_RETRY_SECONDS[attempt])
        return robots

    async def _follow(self, url: str) -> tuple[Robots, bool]:
        """The answer behind the redirects, and whether asking again would change nothing."""
        services = services_of(self._crawler)
        for _ in range(MAX_REDIRECTS + 1):
            response = await self._ask(url)
            now = services.clock()
            if isinstance(response, Exception):
                return Robots(0, b"", now), not failure_reason(response)[1]
            exchange = exchange_of(response, services.started_at)
            location = header(exchange, "location")
            if response.status in REDIRECTS and location:
                target = urls.resolve(url, location)
                if target is None:
                    return Robots(404, b"", now), True
                url = target
                continue
            names = codings([header(exchange, "content-encoding") or ""])
            try:
                body = undo_codings(response.body, names, limit=services.job.manners.max_bytes)
            except CodingError:
                return Robots(0, b"", now), True
            return Robots(response.status, body[:MAX_BYTES], now), False
        return Robots(404, b"", services.clock()), True  # RFC 9309, 2.3.1.2: taken for unavailable

    async def _ask(self, url: str) -> Response | Exception:
        engine = self._crawler.engine
        assert engine is not None
        request = Request(url, meta={"robots": True}, callback=NO_CALLBACK, dont_filter=True)
        try:
            return await engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever befalls the request, no answer came
            logger.info("%s: %s", url, error)
            return error
