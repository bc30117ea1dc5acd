"""What a site offers to machines: RSS 2.0, Atom, JSON Feed, sitemaps and robots.txt."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

from examples.newswire.address import View
from examples.newswire.model import Site

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True)
class Entry:
    """One page as feeds and sitemaps name it."""

    url: str
    title: str
    blurb: str
    published: datetime
    modified: datetime
    author: str = ""


def rss(site: Site, home: str, entries: Sequence[Entry]) -> str:
    items = "".join(
        f"<item><title>{escape(e.title)}</title><link>{escape(e.url)}</link>"
        f'<guid isPermaLink="false">{escape(e.url.partition("utm_")[0])}</guid>'
        f"<description>{escape(e.blurb)}</description>"
        f"<dc:creator>{escape(e.author)}</dc:creator>"
        f"<pubDate>{format_datetime(e.published)}</pubDate></item>\n"
        for e in entries
    )
    return (
        f'{XML}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(site.name)}</title><link>{home}</link>"
        f"<description>{escape(site.slogan)}</description><language>{site.language}</language>\n"
        f"{items}</channel></rss>"
    )


def atom(site: Site, home: str, entries: Sequence[Entry]) -> str:
    items = "".join(
        f'<entry><title>{escape(e.title)}</title><link rel="alternate" href="{escape(e.url)}"/>'
        f"<id>{escape(e.url)}</id><published>{e.published.isoformat()}</published>"
        f"<updated>{e.modified.isoformat()}</updated><summary>{escape(e.blurb)}</summary>"
        f"<author><name>{escape(e.author)}</name></author></entry>\n"
        for e in entries
    )
    latest = max((e.modified for e in entries), default=None)
    return (
        f'{XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{site.language}">'
        f"<title>{escape(site.name)}</title><id>{home}</id>"
        f"<updated>{latest.isoformat() if latest else ''}</updated>\n{items}</feed>"
    )


def json_feed(site: Site, home: str, entries: Sequence[Entry]) -> str:
    items = [
        {
            "id": e.url,
            "url": e.url,
            "title": e.title,
            "summary": e.blurb,
            "date_published": e.published.isoformat(),
            "date_modified": e.modified.isoformat(),
            "authors": [{"name": e.author}] if e.author else [],
        }
        for e in entries
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.name,
        "home_page_url": home,
        "language": site.language,
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def sitemap(site: Site, entries: Sequence[Entry], *, news: bool) -> str:
    rows = []
    for entry in entries:
        row = f"<loc>{escape(entry.url)}</loc><lastmod>{entry.modified.isoformat()}</lastmod>"
        if news:
            row += (
                f"<news:news><news:publication><news:name>{escape(site.name)}</news:name>"
                f"<news:language>{site.language}</news:language></news:publication>"
                f"<news:publication_date>{entry.published.isoformat()}</news:publication_date>"
                f"<news:title>{escape(entry.title)}</news:title></news:news>"
            )
        rows.append(f"<url>{row}</url>\n")
    return f'{XML}<urlset xmlns="{SITEMAP}" xmlns:news="{NEWS}">\n{"".join(rows)}</urlset>'


def sitemap_index(urls: Sequence[str]) -> str:
    rows = "".join(f"<sitemap><loc>{escape(url)}</loc></sitemap>\n" for url in urls)
    return f'{XML}<sitemapindex xmlns="{SITEMAP}">\n{rows}</sitemapindex>'


def robots(site: Site, view: View) -> str:
    lines = ["User-agent: *", "Disallow: /private/", "Disallow: /search"]
    if site.crawl_delay:
        lines.append(f"Crawl-delay: {site.crawl_delay}")
    if site.sitemap:
        lines.append(f"Sitemap: {view.url(site, '/sitemap.xml')}")
    return "\n".join(lines) + "\n"
