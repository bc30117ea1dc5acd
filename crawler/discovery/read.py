"""One door for sources of unknown kind: a URL from a user may be a feed, a sitemap or a page."""

from crawler.discovery.feeds import is_feed, read_feed
from crawler.discovery.found import Found, SourceKind
from crawler.discovery.links import read_links
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
    kind = kind_of(content, url)
    if kind == "feed":
        return read_feed(content, url)
    if kind == "sitemap":
        return read_sitemap(content, url)
    return read_links(content, url, follow_nofollow=follow_nofollow)
