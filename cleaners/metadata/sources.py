"""What metadata is read from: the machine-readable part of a page, and what is known around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from cleaners.metadata.head import Head, read_head
from cleaners.metadata.jsonld import LinkedData, read_jsonld
from cleaners.model import Discovery


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known beside the tree: visible blocks near the headline, kept paragraphs, hints.

    `first_paragraph` and `last_paragraphs` are of the kept body; `near_headline` the texts of the
    blocks around it, of which the first `above` stand over it; `headings` these and lower headings;
    `credits` captions and credit lines that were removed; `closing` the short blocks around the
    body's end, where some sign; `foot` those that follow it; `ruled_…` what the user's own
    selectors for the domain found, believed before anything else.
    """

    near_headline: Sequence[str] = ()
    above: int = 0
    headings: Sequence[str] = ()
    first_paragraph: str | None = None
    last_paragraphs: Sequence[str] = ()
    credits: Sequence[str] = ()
    closing: Sequence[str] = ()
    foot: Sequence[str] = ()
    discovery: Discovery | None = None
    fetched_at: datetime | None = None
    ruled_dates: Sequence[str] = ()
    ruled_authors: Sequence[str] = ()


@dataclass(frozen=True, slots=True, eq=False)
class PageData:
    """The machine-readable part of a page, read once: also what the page classifier looks at."""

    head: Head
    linked: LinkedData

    @property
    def types(self) -> tuple[str, ...]:
        """Schema.org types of JSON-LD and microdata, the article's own first."""
        article = self.linked.article
        own = (article.type,) if article is not None and article.type else ()
        return own + self.linked.types + self.head.types

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles that the page declares, of which some may bear the site's name."""
        article = self.linked.article
        found = (article.headline if article is not None else "", self.head.first("og:title"))
        return tuple(title for title in (*found, self.head.title) if title)


def read_page_data(tree: etree._Element, url: str | None = None) -> PageData:
    """Collect meta elements, JSON-LD and microdata of a parsed page."""
    head = read_head(tree)
    titles = (head.first("og:title"), head.title, *head.h1)
    return PageData(head, read_jsonld(head.jsonld, url, filter(None, titles)))
