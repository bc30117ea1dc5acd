"""What the demo newswire is made of, and what it knows of every page it serves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

Relation = Literal["original", "rewritten", "syndicated"]


class Kind(StrEnum):
    """What a URL of the newswire is; only an article ought to become an article."""

    ARTICLE = "article"
    LISTING = "listing"
    LIVE_BLOG = "live-blog"
    CHALLENGE = "challenge"
    CONSENT_WALL = "consent-wall"
    SOFT_404 = "soft-404"
    VIDEO = "video"
    SHELL = "needs-javascript"
    REDIRECT = "redirect"
    REDIRECT_LOOP = "redirect-loop"
    ALIAS = "alias"
    DENIED = "denied-by-robots"
    GONE = "gone"
    FEED = "feed"
    SITEMAP = "sitemap"
    ROBOTS = "robots"


@dataclass(frozen=True, slots=True)
class Piece:
    """One block of a body: a paragraph, sub-heading, list item or quotation."""

    tag: Literal["p", "h2", "li", "blockquote"]
    text: str


@dataclass(frozen=True, slots=True)
class Update:
    """What day 2 makes of a telling: text grown on the same URL, perhaps under a new headline."""

    at: datetime
    headline: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """One article: a story as one site tells it; a distractor has no story."""

    site: str
    slug: str
    story: str | None
    relation: Relation
    headline: str
    standfirst: str
    authors: tuple[str, ...]
    published: datetime
    section: str
    pieces: tuple[Piece, ...]
    caption: str = ""
    credit: str = ""
    dateline: str = ""
    copy_of: tuple[str, str] | None = None
    """(site, slug) of the telling whose words these are."""
    agency: str = ""
    free: bool = True
    day: int = 1
    """The day from which on it is published."""
    update: Update | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.site, self.slug


@dataclass(frozen=True, slots=True)
class Site:
    """One publisher: its address, its habits, and the chrome around its articles."""

    key: str
    host: str
    name: str
    slogan: str
    language: str
    charset: str
    declares: Literal["header", "meta", "both"]
    design: str
    path: str
    """Pattern of article paths: {year} {month} {day} {slug} {number} {section}."""
    section_path: str
    date_format: str
    byline: str
    feed: Literal["rss", "atom", "json", ""]
    sitemap: Literal["news", "index", "plain", ""]
    jsonld: Literal["article", "graph", ""]
    meta: bool
    """Whether pages carry Open Graph and article:* meta tags."""
    crawl_delay: int
    words: Mapping[str, str]
    """Captions of its furniture: related, trending, promo, newsletter, cookies, footer, …"""
    menu: tuple[str, ...]
    ticker: tuple[str, ...]
    comments: tuple[str, ...]

    def word(self, name: str) -> str:
        return self.words.get(name, "")


@dataclass(frozen=True, slots=True)
class GoldPage:
    """What is true of one URL; the article's fields are empty for any other kind of page."""

    url: str
    site: str
    kind: Kind
    title: str = ""
    body: str = ""
    """Body blocks with one blank line between them, the standfirst first where the page shows it:
    no headline, by-line, caption or chrome."""
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str = ""
    charset: str = ""
    story: str | None = None
    relation: Relation | None = None
    copy_of: str | None = None
    """URL of the article whose words these are."""
    canonical: str | None = None
    dateline: str = ""
    agency: str = ""
    section: str = ""
    is_free: bool = True
    removed_words: tuple[str, ...] = ()
    """Chrome on this page that must not be in the text."""
