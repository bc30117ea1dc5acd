"""All articles of the named sites."""

from collections.abc import Iterable
from typing import ClassVar

from cleaners.model import Discovery
from crawler import urls
from crawler.discovery.found import Found, Source
from crawler.model import Kind, Lead, Task
from crawler.spiders.base import SOURCE_PRIORITY, FrontierSpider
from crawler.spiders.sources import site_sources


class SiteSpider(FrontierSpider):
    """Reads sites' feeds, sitemaps and sections and stores their articles: `-a sites=URL,…`."""

    name: ClassVar[str] = "site"  # type: ignore[misc]
    follows_pages: ClassVar[bool] = True

    def scope(self) -> frozenset[str]:
        return frozenset(urls.site(url) for url in (*self.job.urls, *self.job.feeds))

    def begin(self) -> tuple[Lead, ...]:
        given = [(url, Kind.SECTION) for url in self.job.urls]
        given += [(url, Kind.FEED) for url in self.job.feeds]
        return tuple(
            Lead(url, kind, SOURCE_PRIORITY, asked=True, discovery=Discovery(method="seed"))
            for url, kind in given
        )

    def further(self, task: Task, found: Found) -> Iterable[Source]:
        return site_sources(task, found, self.services.rules)
