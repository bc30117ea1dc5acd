"""Where sites keep their feeds and sitemaps by convention, for those that do not say."""

from urllib.parse import urljoin

from crawler.discovery.found import Source

# In the order of how often they answer; a 404 costs one request, so the lists stay short.
FEED_PATHS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
SITEMAP_PATHS = (
    "/sitemap.xml",
    "/sitemap_index.xml",
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/sitemap.txt",
)


def robots_url(url: str) -> str:
    """The robots.txt that rules the URL (RFC 9309 2.3)."""
    return urljoin(url, "/robots.txt")


def guessed_feeds(url: str) -> tuple[Source, ...]:
    """Feeds that the URL's site may have."""
    return tuple(Source(urljoin(url, path), "feed", guessed=True) for path in FEED_PATHS)


def guessed_sitemaps(url: str) -> tuple[Source, ...]:
    """Sitemaps that the URL's site may have, for when robots.txt names none."""
    return tuple(Source(urljoin(url, path), "sitemap", guessed=True) for path in SITEMAP_PATHS)
