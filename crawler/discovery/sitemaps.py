"""Sitemaps: URL sets, indexes, news tags, text sitemaps, gzip.

Sources: sitemaps.org/protocol, Google's news sitemap schema 0.9. Dates: `publication_date` is when
the article appeared; a bare `lastmod` is when the page last changed, which is the best there is.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime

from lxml import etree

from cleaners.model import Candidate
from crawler.discovery import xml
from crawler.discovery.dates import read_date
from crawler.discovery.feeds import MAX_TITLE, plain
from crawler.discovery.found import Found, Gathering, Source
from crawler.urls import resolve

MAX_ENTRIES = 50_000
"""The protocol's own limit for one file."""
_NEWS = re.compile(r"news|latest|recent|aktuell|actualit|noticias", re.IGNORECASE)


def is_sitemap(content: bytes) -> bool:
    """Whether the first bytes look like an XML sitemap or an index of them."""
    head, _ = xml.inflate(content[:65536], limit=4096)
    return bool(re.search(rb"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]", head[:4096].lower()))


def read_sitemap(content: bytes, url: str, *, limit: int = MAX_ENTRIES) -> Found:
    """The pages of a sitemap in its order, further sitemaps as sources; never raises."""
    content, notes = xml.inflate(content)
    gathering = Gathering(limit, notes=list(notes))
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<":
        _read_text(content, url, gathering)
        return gathering.found()
    root, notes = xml.parse(content)
    for note in notes:
        gathering.note(note)
    if root is not None and xml.local(root) not in ("urlset", "sitemapindex"):
        gathering.note(f"not a sitemap: <{xml.local(root)}>"[:80])
    elif root is not None:
        _read_xml(root, url, gathering)
    found = gathering.found()
    return replace(found, sources=_newest_first(found.sources))


def _read_xml(root: etree._Element, url: str, gathering: Gathering) -> None:
    for element in xml.children(root, "url", "sitemap"):
        if gathering.full:
            gathering.note(f"stopped at {gathering.limit} entries")
            return
        target = resolve(url, _child_text(element, "loc"))
        if target is None:
            gathering.note("an entry without a location")
            continue
        changed = read_date(_child_text(element, "lastmod"))
        if xml.local(element) == "sitemap":
            gathering.add(Source(target, "sitemap", modified=changed))
        else:
            gathering.add(_page(element, target, url, changed))


def _page(element: etree._Element, target: str, url: str, changed: datetime | None) -> Candidate:
    news = next(xml.children(element, "news"), None)
    title = language = published = None
    if news is not None:
        title = plain(_child_text(news, "title"), MAX_TITLE)
        published = read_date(_child_text(news, "publication_date"))
        publication = next(xml.children(news, "publication"), None)
        if publication is not None:
            language = _child_text(publication, "language").lower()[:2] or None
    return Candidate(
        url=target,
        method="sitemap",
        source=url,
        title=title,
        published=published or changed,
        language=language,
    )


def _child_text(element: etree._Element, name: str) -> str:
    return xml.text_of(next(xml.children(element, name), None))


def _read_text(content: bytes, url: str, gathering: Gathering) -> None:
    """One URL a line; a line that is no URL shows that it is no sitemap at all."""
    for line in content.decode("utf-8-sig", "replace").splitlines():
        target = resolve(url, line) if line.strip().startswith(("http://", "https://")) else None
        if target:
            gathering.add(Candidate(url=target, method="sitemap", source=url))
        elif line.strip():
            gathering.note("lines that are no URL")
        if gathering.full:
            gathering.note(f"stopped at {gathering.limit} entries")
            return
    if not gathering.candidates:
        gathering.note("empty")


def _newest_first(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """Those for news before others, then the newest first and undated ones last, else as listed.

    An index may list the archives of twenty years; what a story needs stands in the last of them.
    """
    oldest = datetime.min.replace(tzinfo=UTC)
    return tuple(
        sorted(
            sources,
            key=lambda source: (bool(_NEWS.search(source.url)), source.modified or oldest),
            reverse=True,
        )
    )
