"""Data folders of real pages as a web: each page under its own host, found as real ones are.

Every host has a front page, a feed, a news sitemap and a robots.txt made of its pages. Served on
loopback as an HTTP proxy; hosts that are not in the folders are asked of another proxy, so that a
made-up web stands among the real pages.
"""

import html
import threading
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.data import GoldPage, load

LOOPBACK = "127.0.0.1"
_UNDATED = datetime(2024, 1, 1, tzinfo=UTC)
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_MAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a host as its front page, feed and sitemap name it."""

    url: str
    title: str
    published: datetime
    page: GoldPage


Host = Mapping[str, Listed]
"""Path with query → page."""


def read_hosts(folders: Iterable[Path]) -> dict[str, Host]:
    """The hosts of some data folders, all under http."""
    hosts: dict[str, dict[str, Listed]] = {}
    for folder in folders:
        for page in load(folder):
            parts = urlsplit(page.url)
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            name = (parts.hostname or "").lower()
            url = f"http://{name}{path}"
            if name:
                listed = Listed(url, page.title or url, _moment(page.published), page)
                hosts.setdefault(name, {})[path] = listed
    return dict(hosts)


def _moment(said: str | None) -> datetime:
    try:
        moment = datetime.fromisoformat(said or "")
    except ValueError:
        return _UNDATED
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def front_page(name: str, host: Host) -> str:
    """The page that lists all others."""
    links = "\n".join(
        f'<li><a href="{html.escape(p.url)}">{html.escape(p.title)}</a></li>' for p in host.values()
    )
    feed = f'<link rel="alternate" type="application/rss+xml" href="http://{name}/feed.xml">'
    return (
        f"<!doctype html><html><head><title>{name}</title>{feed}</head><body>"
        f'<nav><a href="/">Home</a></nav><ul>{links}</ul></body></html>'
    )


def feed(name: str, host: Host) -> str:
    """RSS 2.0: titles and dates, no descriptions."""
    items = "".join(
        f"<item><title>{html.escape(p.title)}</title><link>{html.escape(p.url)}</link>"
        f"<pubDate>{format_datetime(p.published)}</pubDate></item>"
        for p in host.values()
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{name}</title>'
        f"<link>http://{name}/</link>{items}</channel></rss>"
    )


def sitemap(name: str, host: Host) -> str:
    """A news sitemap."""
    rows = "".join(
        f"<url><loc>{html.escape(p.url)}</loc><news:news><news:publication><news:name>{name}"
        "</news:name></news:publication><news:publication_date>"
        f"{p.published.date()}</news:publication_date><news:title>{html.escape(p.title)}"
        "</news:title></news:news></url>"
        for p in host.values()
    )
    opening = f'<urlset xmlns="{_MAPS}" xmlns:news="{_NEWS}">'
    return f'<?xml version="1.0" encoding="UTF-8"?>{opening}{rows}</urlset>'


@dataclass(slots=True)
class Replay:
    """A running web; `fetched` are the addresses of the folders' pages that were asked for."""

    hosts: dict[str, Host]
    proxy: str
    fetched: set[str] = field(default_factory=set)

    @property
    def homes(self) -> tuple[str, ...]:
        """The front pages of all hosts."""
        return tuple(f"http://{name}/" for name in self.hosts)


@contextmanager
def replaying(folders: Iterable[Path], beyond: str) -> Iterator[Replay]:
    """Serve the folders while the block runs; `beyond` is the proxy for all other hosts."""
    hosts = read_hosts(folders)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": beyond}))
    made = {
        "/": cache(lambda name: (front_page(name, hosts[name]), "text/html; charset=utf-8")),
        "/feed.xml": cache(lambda name: (feed(name, hosts[name]), "application/rss+xml")),
        "/sitemap.xml": cache(lambda name: (sitemap(name, hosts[name]), "application/xml")),
        "/robots.txt": cache(
            lambda name: (f"User-agent: *\nSitemap: http://{name}/sitemap.xml\n", "text/plain")
        ),
    }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """The replay's own list says what was asked for."""

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            name = (parts.hostname or "").lower()
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            host = hosts.get(name)
            if host is None:
                self._pass_on()
            elif path in host:
                replay.fetched.add(host[path].url)
                self._answer(200, host[path].page.html, "text/html")
            elif path in made:
                body, kind = made[path](name)
                self._answer(200, body.encode(), kind)
            else:
                self._answer(404, b"not found", "text/plain")

        def _pass_on(self) -> None:
            headers = {k: v for k, v in self.headers.items() if k.lower() != "connection"}
            request = urllib.request.Request(self.path, headers=headers)
            try:
                with opener.open(request, timeout=30) as answer:
                    body, kind = answer.read(), answer.headers.get("Content-Type", "text/html")
                    coding = answer.headers.get("Content-Encoding")
                    self._answer(answer.status, body, kind, coding)
            except urllib.error.HTTPError as error:
                self._answer(error.code, error.read(), "text/plain")

        def _answer(self, status: int, body: bytes, kind: str, coding: str | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if coding:
                self.send_header("Content-Encoding", coding)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    server.daemon_threads = True
    replay = Replay(hosts, f"http://{LOOPBACK}:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield replay
    finally:
        server.shutdown()
        server.server_close()
