"""One door for sources of unknown kind: a URL from a user may be a feed, a sitemap or a page."""

from lxml import etree

from crawler.discovery.feeds import is_feed, read_feed
from crawler.discovery.found import Found, SourceKind
from crawler.discovery.links import links_of, read_links
from crawler.discovery.sitemaps import is_sitemap, read_sitemap


def kind_of(content: bytes, url: str) -> SourceKind:
    """What the bytes are, whatever the header claims: feed, sitemap or page."""
    if is_feed(content):
        return "feed"
    if is_sitemap(content) or (url.endswith(".txt") and content[:4] == b"http"):
        return "sitemap"
    return "page"


def read_source(content: bytes, url: str, *, follow_nofollow: bool = False) -> Found:
    """Candidates and further sources of a feed, sitemap or page; never raises."""
    return _read(content, url, kind_of(content, url), follow_nofollow)


def read_page(
    content: bytes,
    url: str,
    *,
    follow_nofollow: bool = False,
    tree: etree._Element | None = None,
) -> Found:
    """The same for what was asked for as a page; `tree` is the page if it is parsed already."""
    kind = "page" if b"<html" in content[:2048].lower() else kind_of(content, url)
    if kind == "page" and tree is not None:
        return links_of(tree, url, follow_nofollow=follow_nofollow)
    return _read(content, url, kind, follow_nofollow)


def _read(content: bytes, url: str, kind: SourceKind, follow_nofollow: bool) -> Found:
    if kind == "feed":
        return read_feed(content, url)
    if kind == "sitemap":
        return read_sitemap(content, url)
    return read_links(content, url, follow_nofollow=follow_nofollow)
