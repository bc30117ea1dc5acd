"""Exactly the pages that are named."""

from typing import ClassVar

from cleaners.model import Discovery
from crawler.model import Lead
from crawler.spiders.base import FrontierSpider


class PagesSpider(FrontierSpider):
    """Fetches, cleans and stores the given pages: `-a urls=URL,…` or `-a urls=FILE`."""

    name: ClassVar[str] = "pages"  # type: ignore[misc]

    def begin(self) -> tuple[Lead, ...]:
        return tuple(
            Lead(url, priority=-place / 1000, asked=True, discovery=Discovery(method="seed"))
            for place, url in enumerate(self.job.urls)
        )
