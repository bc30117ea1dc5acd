"""A parsed page's metadata: every field from the source that deserves most trust, with evidence.

Order of trust: JSON-LD, meta elements, microdata, visible elements, the address, then what the
feed or sitemap that led here said. Searches over the whole page run only for fields that the
machine-readable sources leave open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from lxml import etree

from cleaners.metadata.access import read_access
from cleaners.metadata.agency import find_agency, read_dateline
from cleaners.metadata.authors import Authors, Byline, choose_authors
from cleaners.metadata.bylines import (
    author_elements,
    byline_blocks,
    labelled_names,
    signatures,
)
from cleaners.metadata.dates import date_evidence
from cleaners.metadata.head import Head
from cleaners.metadata.images import read_images
from cleaners.metadata.jsonld import LdArticle
from cleaners.metadata.published import is_rewritten, page_dates
from cleaners.metadata.sitename import site_names
from cleaners.metadata.sources import PageData, Surroundings, read_page_data
from cleaners.metadata.title import TitleSources, choose_title
from cleaners.metadata.words import words
from cleaners.model import Evidence, Metadata

_AUTHOR = (
    *("author", "article:author", "og:article:author", "parsely-author", "sailthru.author"),
    *("dc.creator", "dcterms.creator", "byl", "cxenseparse:author", "article:author_name"),
    *("citation_author", "article.author", "creator", "dc.author", "articleauthor"),
    "twitter:data1",
)
_TAGS = ("article:tag", "og:article:tag", "keywords", "news_keywords", "parsely-tags")
_NEWS_TYPES = ("NewsArticle", "LiveBlogPosting")
_NO_NEWS_TYPES = frozenset({"BlogPosting", "Blog", "TechArticle"})


def read_metadata(
    tree: etree._Element,
    *,
    url: str | None = None,
    around: Surroundings | None = None,
    data: PageData | None = None,
) -> Metadata:
    """The metadata of a page from its already parsed tree.

    Pass `data` where `read_page_data` was called before. A page that says nothing gives a Metadata
    whose fields are empty; no input raises.
    """
    around = around or Surroundings()
    data = data or read_page_data(tree, url)
    head, article = data.head, data.linked.article or LdArticle()
    names = _site_names(data)
    section = article.section or head.first("article:section", "og:article:section", "section")
    title = choose_title(_title_sources(data, url, names, section or "", around))
    evidence = list(title.evidence) if title else []
    authors = _authors(tree, data, site_names(names, _host(url)), around)
    published, modified = page_dates(tree, data, url, around)
    access = read_access(tree, head, data.linked)
    dateline = read_dateline(around.first_paragraph) if around.first_paragraph else None
    agency = (
        authors.agency
        or (dateline.agency if dateline else None)
        or find_agency(around.credits, around.last_paragraphs)
    )
    publisher = article.publisher or head.first("og:site_name", "application-name") or None
    if authors.names:
        joined = "; ".join(authors.names)
        evidence.append(Evidence("authors", joined, authors.source, round(authors.confidence, 2)))
    if published is not None:
        evidence.append(date_evidence("published_at", published))
    if modified is not None:
        evidence.append(date_evidence("modified_at", modified))
    if access.is_free is not None and access.signal:
        source, trust = access.source, access.confidence
        evidence.append(Evidence("is_free", str(access.is_free).lower(), source, trust))
    for name, value, linked in (
        ("section", section, article.section),
        ("publisher", publisher, article.publisher),
    ):
        if value:
            source, trust = ("jsonld", 0.9) if linked else ("meta", 0.8)
            evidence.append(Evidence(name, value, source, trust))
    tags, images = _tags(head, article), read_images(head, article, url)
    if tags:
        source, trust = ("jsonld", 0.9) if article.tags else ("meta", 0.75)
        evidence.append(Evidence("tags", "; ".join(tags), source, trust))
    if images:
        shared = head.first("og:image", "og:image:url", "twitter:image")
        source, trust = ("meta", 0.8) if shared else ("html", 0.6)
        if article.images:
            source, trust = "jsonld", 0.9
        evidence.append(Evidence("images", images[0].url, source, trust))
    return Metadata(
        title=title.text if title else None,
        title_raw=title.raw if title else None,
        description=head.first("og:description", "description") or article.description or None,
        authors=authors.names,
        dateline=dateline.text if dateline else None,
        section=section or None,
        tags=tags,
        publisher=publisher,
        images=images,
        published_at=published.at if published else None,
        modified_at=modified.at if modified else None,
        published_raw=published.raw if published else None,
        published_source=_SOURCES.get(published.source, published.source) if published else None,
        published_precision=published.precision if published else None,
        published_confidence=published.confidence if published else None,
        url_canonical=_canonical(head, article, url),
        language_declared=_language(head, article),
        is_free=access.is_free,
        access_signal=access.signal,
        wire_agency=agency,
        evidence=tuple(evidence),
    )


# A by-line of less trust, such as a name behind a date, is not believed against an organisation or
# account that the page declares as its author.
_SIGNED = 0.37
_SOURCES = {"microdata": "meta", "html": "text"}


def _host(url: str | None) -> str:
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""


def _site_names(data: PageData) -> tuple[str, ...]:
    head, article = data.head, data.linked.article
    candidates = (
        head.first("og:site_name"),
        head.first("application-name", "apple-mobile-web-app-title", "al:android:app_name"),
        (head.first("twitter:site") or "").lstrip("@"),
        article.publisher if article is not None else "",
        data.linked.site,
        head.first("publisher", "dc.publisher", "article:publisher_name", "copyright"),
    )
    return tuple(dict.fromkeys(name for name in candidates if name and len(name) <= 60))


def _title_sources(
    data: PageData, url: str | None, names: Sequence[str], section: str, around: Surroundings
) -> TitleSources:
    head, article = data.head, data.linked.article
    hint = around.discovery.title if around.discovery is not None else None
    return TitleSources(
        jsonld=article.headline if article is not None else "",
        og=head.first("og:title") or "",
        twitter=head.first("twitter:title") or "",
        h1=head.h1,
        shown=around.headings,
        page=head.title or head.first("title") or "",
        microdata=next((t for t in head.microdata.get("headline", ()) if t), ""),
        hint=hint or "",
        names=names,
        section=section,
        url=url or "",
        news=_is_news(data),
        rewritten=is_rewritten(data),
    )


def _is_news(data: PageData) -> bool:
    """Whether the page calls itself a news article: by type, or by OpenGraph's section."""
    if any(t.endswith(_NEWS_TYPES) for t in data.types):
        return True
    head = data.head
    return (
        head.first("og:type") == "article"
        and head.first("article:section") is not None
        and not any(t in _NO_NEWS_TYPES for t in data.types)
    )


def _authors(
    tree: etree._Element, data: PageData, host_names: frozenset[str], around: Surroundings
) -> Authors:
    ruled = choose_authors([Byline(t, "html", 0.99) for t in around.ruled_authors], host_names)
    if ruled.names:
        return ruled
    found = choose_authors(_declared_authors(data), host_names)
    if found.people:
        return found
    signed = around.closing if _is_news(data) and not found.agency else ()
    shown = choose_authors(_shown_authors(tree, around, signed), host_names)
    if not found.names or (shown.people and shown.confidence >= _SIGNED):
        return replace(shown, agency=shown.agency or found.agency)
    return found


def _declared_authors(data: PageData) -> Iterator[Byline]:
    article = data.linked.article
    if article is not None:
        for entity in article.authors:
            yield Byline(entity.name, "jsonld", 0.95, entity.kind)
    for name in _AUTHOR:
        if name == "twitter:data1" and not _is_byline_label(data.head):
            continue
        for value in data.head.meta.get(name, ()):
            yield Byline(value, f"meta:{name}", 0.85)
    for value in data.head.microdata.get("author", ()):
        if len(value) <= 80:
            yield Byline(value, "microdata", 0.8)


def _is_byline_label(head: Head) -> bool:
    """Whether Twitter's first extra label says "Written by" rather than "Reading time"."""
    label = (head.first("twitter:label1") or "").lower()
    return label.startswith(words().before) or "by" in label.split()


def _shown_authors(
    tree: etree._Element, around: Surroundings, closing: Sequence[str]
) -> Iterator[Byline]:
    marked = list(author_elements(tree, around.near_headline))
    yield from (byline for byline in marked if " " in byline.text or not byline.text.isascii())
    opening = around.first_paragraph or ""
    yield from byline_blocks(around.near_headline, opening, above=around.above)
    yield from marked
    yield from labelled_names(around.foot)
    yield from signatures(closing)


def _tags(head: Head, article: LdArticle) -> tuple[str, ...]:
    listed = list(article.tags)
    for name in _TAGS:
        if not listed or name == "article:tag":
            for value in head.every(name):
                listed.extend(part.strip() for part in value.split(","))
    unique = {tag.lower(): tag for tag in reversed(listed) if 1 < len(tag) <= 80}
    return tuple(reversed(unique.values()))[:40]


def _canonical(head: Head, article: LdArticle, url: str | None) -> str | None:
    """The canonical address, made absolute; one that leads to another site's front page is not."""
    for value in (head.canonical, head.first("og:url"), article.url):
        if not value or not value.strip():
            continue
        try:
            absolute = urljoin(url or "", value.strip())
            parts = urlsplit(absolute)
            own = urlsplit(url) if url else None
        except ValueError:
            continue
        if parts.scheme not in ("http", "https") or not parts.hostname:
            continue
        if own is not None and len(parts.path) <= 1 < len(own.path) and not parts.query:
            continue  # a template's home page, not this page
        return absolute
    return None


def _language(head: Head, article: LdArticle) -> str | None:
    tag = (
        head.language or article.language or head.first("og:locale", "content-language", "language")
    )
    return tag.strip()[:35] or None if tag else None
