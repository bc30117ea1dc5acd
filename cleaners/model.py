"""Every type that crosses a stage.

    Page ─decode→ Decoded ─blocks→ tuple[Block, …] ─classify→ kept and removed
    Page ─clean→ Article | Rejection
    Seed ─profile→ Story ─discover→ Candidate ─rank→ Candidate(score, why) ─fetch→ Page

All are frozen and slotted: a stage makes a new value, it never edits the one it was given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal


class Stage(StrEnum):
    """Where in the pipeline something was decided."""

    INPUT = "input"
    DISCOVER = "discover"
    ROBOTS = "robots"
    FETCH = "fetch"
    DECODE = "decode"
    EXTRACT = "extract"
    PAGETYPE = "pagetype"
    RULES = "rules"
    TEMPLATE = "template"
    CLASSIFY = "classify"
    TEXT = "text"
    RELATE = "relate"
    CLEAN = "clean"
    STORE = "store"


class Reason(StrEnum):
    """The closed set of reasons for which an input or URL does not become an article."""

    # input
    EMPTY = "empty"
    BINARY = "binary"
    UNREADABLE = "unreadable"
    UNSUPPORTED = "unsupported-type"
    BROKEN_ARCHIVE = "broken-archive"
    TOO_LARGE = "too-large"
    LINK_LOOP = "link-loop"
    # discovery and the frontier
    OFF_SCOPE = "off-scope"
    LIMIT_REACHED = "limit-reached"
    TRAP = "trap"
    # fetching
    ROBOTS_DENIED = "robots-denied"
    ROBOTS_UNREACHABLE = "robots-unreachable"
    FORBIDDEN_ADDRESS = "forbidden-address"
    DNS_FAILED = "dns-failed"
    CONNECTION_FAILED = "connection-failed"
    TLS_FAILED = "tls-failed"
    FETCH_TIMEOUT = "fetch-timeout"
    HTTP_ERROR = "http-error"
    REDIRECT_LOOP = "redirect-loop"
    REDIRECTED = "redirected"
    NOT_A_PAGE = "not-a-page"
    GAVE_UP = "gave-up"
    NOINDEX = "noindex"
    # what the page turned out to be
    NO_TEXT = "no-text"
    TOO_SHORT = "too-short"
    LISTING = "listing"
    LIVE_BLOG = "live-blog"
    CHALLENGE = "challenge"
    CONSENT_WALL = "consent-wall"
    SOFT_404 = "soft-404"
    MEDIA_PAGE = "media-page"
    NEEDS_JAVASCRIPT = "needs-javascript"
    NOT_ARTICLE = "not-article"
    NOT_RELATED = "not-related"
    SAME_AS = "same-as"
    # the cleaning process itself
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    INTERNAL_ERROR = "internal-error"
    INVALID_ROW = "invalid-row"


class PageType(StrEnum):
    """What kind of page was read; only the article kinds become articles by default."""

    ARTICLE = "article"
    LIVE_BLOG = "live-blog"
    LISTING = "listing"
    FORUM = "forum"
    PRODUCT = "product"
    MEDIA = "media"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class WarcPosition:
    """Where a response stands in the archive: file name, byte offset and length of its record."""

    file: str
    record_id: str
    offset: int
    length: int
    payload_digest: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """What the network said when the page was fetched; header names are in lower case."""

    url_requested: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    warc: WarcPosition | None = None

    def header(self, name: str) -> str | None:
        """The first value of a header, or None; `name` in lower case."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Discovery:
    """Why a URL was fetched: by which method, from where, for which seed, how relevant and why."""

    method: str  # seed | feed | sitemap | link | search | related-link | archive
    source: str | None = None
    seed_id: str | None = None
    score: float | None = None
    reasons: tuple[str, ...] = ()
    title: str | None = None  # as the feed, sitemap or link gave it
    published: datetime | None = None  # likewise


@dataclass(frozen=True, slots=True)
class Page:
    """Bytes to clean, and where they come from; what a WARC response record holds.

    `source` is the URL, or the path of the input file as given (archive members as path::member).
    `content` has content- and transfer-encodings already undone, but no charset.
    """

    content: bytes
    source: str
    url: str | None = None
    kind: Literal["html", "text"] = "html"
    fetch: Fetch | None = None
    discovery: Discovery | None = None

    def rejected(self, stage: Stage, reason: Reason, detail: str = "") -> "Rejection":
        """The rejection of this page."""
        return Rejection(
            source=self.source,
            url=self.url,
            stage=stage,
            reason=reason,
            detail=detail,
            fetch=self.fetch,
            discovery=self.discovery,
        )


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's text, the charset it was read with, who named that charset, and what was mended.

    The text is held as UTF-8, which is how most pages come and what the parser takes; `chars` is
    its length in characters.
    """

    utf8: bytes
    chars: int
    charset: str
    charset_source: str  # bom | header | meta | xml | detected | default | given
    flags: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.utf8.decode()


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text that is kept or removed as a whole: a paragraph, heading, item or row.

    `index` counts from 0 in document order. `text` has its white space folded and holds no blank
    line. `tag` is how it is rendered: p, h1…h6, li, blockquote, pre, tr, figcaption, …
    """

    index: int
    text: str
    tag: str = "p"


@dataclass(frozen=True, slots=True)
class Removal:
    """A block that is not the article's body: its text, the rule or model that took it, and where.

    `position` is the block's index among all blocks; `score` the rule's or model's certainty, 0…1.
    """

    text: str
    rule: str
    stage: str
    position: int
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a metadata value comes from and how sure that source is, 0…1."""

    field: str
    value: str
    source: str  # jsonld | meta | microdata | html | url | feed | sitemap | text | page
    confidence: float


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the article."""

    url: str
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about an article beside its body; `evidence` says who says so."""

    title: str | None = None
    title_raw: str | None = None
    description: str | None = None
    authors: tuple[str, ...] = ()
    dateline: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    publisher: str | None = None
    images: tuple[Image, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    published_raw: str | None = None
    published_source: str | None = None  # jsonld | meta | url | feed | sitemap | text
    published_precision: str | None = None  # second | minute | day
    published_confidence: float | None = None
    url_canonical: str | None = None
    language_declared: str | None = None
    is_free: bool | None = None
    access_signal: str | None = None
    wire_agency: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned article: `text` is its body and nothing else, `removals` all that was taken away.

    Body blocks stand in `text` in document order with one blank line between them; together with
    the removals, by position, they are all blocks of the page (see `cleaners.audit`).
    """

    source: str
    url: str | None
    text: str
    markdown: str
    metadata: Metadata
    language: str | None = None  # ISO 639-1
    language_score: float | None = None
    page_type: PageType = PageType.ARTICLE
    page_type_score: float | None = None
    quality_flags: tuple[str, ...] = ()
    charset: str | None = None
    charset_source: str | None = None
    raw_chars: int = 0
    removals: tuple[Removal, ...] = ()
    fetch: Fetch | None = None
    discovery: Discovery | None = None

    @property
    def title(self) -> str | None:
        return self.metadata.title

    @property
    def authors(self) -> tuple[str, ...]:
        return self.metadata.authors

    @property
    def published_at(self) -> datetime | None:
        return self.metadata.published_at


@dataclass(frozen=True, slots=True)
class Rejection:
    """An input or URL that did not become an article: where it fell out and why."""

    source: str
    url: str | None
    stage: Stage
    reason: Reason
    detail: str = ""
    fetch: Fetch | None = None
    discovery: Discovery | None = None


Outcome = Article | Rejection


@dataclass(frozen=True, slots=True)
class Seed:
    """A document about the story that is sought, already cleaned."""

    seed_id: str
    title: str | None
    text: str
    language: str | None = None
    published_at: datetime | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """What the seeds are about: weighted names, phrases and words, with dates and languages."""

    story_id: str
    title: str
    seed_ids: tuple[str, ...]
    names: Mapping[str, float] = field(default_factory=dict)
    phrases: Mapping[str, float] = field(default_factory=dict)
    terms: Mapping[str, float] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    first_date: datetime | None = None
    last_date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A URL that may belong to a story, with what its source said of it; ranked once scored."""

    url: str
    method: str
    source: str | None = None
    title: str | None = None
    snippet: str | None = None
    published: datetime | None = None
    language: str | None = None
    seed_id: str | None = None
    score: float | None = None
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relevance:
    """How surely a text is about a story, 0…1, and why, in words for a person."""

    score: float
    why: tuple[str, ...] = ()
