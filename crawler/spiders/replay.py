"""Archived pages, cleaned as if they had just been fetched."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, ClassVar

from cleaners.errors import WinnowError
from cleaners.model import Page, Rejection
from cleaners.scale.pages import Ended
from cleaners.store.made import ArticleRow
from cleaners.store.warc import archive_pages
from crawler.model import CrawlJob
from crawler.spiders.base import FrontierSpider

WINDOW = 64
"""Pages being cleaned at once; their outcomes are stored in the archive's order."""


class ReplaySpider(FrontierSpider):
    """Reads WARC files of any make and stores their articles, without a request: `-a warcs=…`."""

    name: ClassVar[str] = "replay"  # type: ignore[misc]

    def __init__(self, job: CrawlJob, **kwargs: Any) -> None:
        super().__init__(job, **kwargs)
        self._texts: dict[str, bytes] = {}

    async def start(self) -> AsyncIterator[Any]:
        try:
            await self.services.open(refresh=self._own_archive(), fetches=False)
            await self._replay()
        except WinnowError as error:
            self.services.fail(error)
        nothing: tuple[Any, ...] = ()
        for request in nothing:  # makes it the asynchronous generator that Scrapy expects
            yield request

    def _own_archive(self) -> bool:
        """Whether it is this output's archive that is read: then its rows are made anew."""
        folder = (Path(self.job.out) / "warc").resolve()
        return any(folder in Path(warc).resolve().parents for warc in self.job.warcs)

    async def _replay(self) -> None:
        services = self.services
        pages = archive_pages(*self.job.warcs, max_bytes=self.job.manners.max_bytes)
        waiting: deque[asyncio.Future[Ended]] = deque()
        while not services.stopping:
            batch = await services.lanes.parse.run(_next_pages, pages)
            if not batch:
                break
            for item in batch:
                while len(waiting) >= WINDOW:
                    await self._store(waiting.popleft())
                waiting.append(asyncio.ensure_future(self._outcome(item)))
        while waiting:
            await self._store(waiting.popleft())

    async def _outcome(self, item: Page | Rejection) -> Ended:
        return item if isinstance(item, Rejection) else (await self.services.clean(item)).end

    async def _store(self, outcome: "asyncio.Future[Ended]") -> None:
        found = await outcome
        if isinstance(found, ArticleRow):
            text = bytes.fromhex(found.text_sha256)[:16]
            if self._texts.get(found.source) == text:
                return  # fetched twice, as after a kill: the first record is the row's
            self._texts[found.source] = text
        await self.services.keep(found)


def _next_pages(pages: Iterator[Page | Rejection]) -> list[Page | Rejection]:
    """Up to a window of pages; none when the archives are read."""
    return [page for _, page in zip(range(WINDOW // 4), pages, strict=False)]
