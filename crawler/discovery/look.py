"""The links of a page read in the worker that cleans it, which has its tree: see `scale.pages`."""

from dataclasses import dataclass

from cleaners.html.document import Document
from cleaners.model import Article, Outcome, Page
from crawler.discovery.read import read_page


@dataclass(frozen=True, slots=True)
class LinkLook:
    """Gives a `Found.packed`, or None where it is not asked for: links of articles and sources."""

    source: bool
    """Whether links are wanted whatever the page turns out to be."""
    follow_nofollow: bool = False

    def __call__(self, page: Page, outcome: Outcome, document: Document | None) -> bytes | None:
        if page.url is None or not (self.source or isinstance(outcome, Article)):
            return None
        tree = document.tree if document is not None else None
        nofollow = self.follow_nofollow
        return read_page(page.content, page.url, follow_nofollow=nofollow, tree=tree).packed()
