"""Hosts that mean harm, all in one invented web beside an honest newspaper."""

import gzip
import socket
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.crawler.web import Answer, Asked, Page, Raw, Web, article_page, article_slug

HTML = (("Content-Type", "text/html; charset=utf-8"),)
XML = (("Content-Type", "application/xml"),)
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
SECONDS = 12.0
"""Longer than any bound of the tests: who waits for the end of such an answer fails."""


def dripping(start: bytes, drop: bytes) -> Raw:
    """A drop every tenth of a second."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(start)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            connection.sendall(drop)
            time.sleep(0.1)

    return Raw(behave)


def flooding(start: bytes, piece: bytes) -> Raw:
    """Piece after piece, megabytes a second."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(start)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            connection.sendall(piece)
            time.sleep(0.003)  # the server shares its processor with the crawler

    return Raw(behave)


def saying(message: bytes) -> Raw:
    """Exactly these bytes, then the end."""
    return Raw(lambda connection: connection.sendall(message))


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
RAW: dict[str, Raw] = {
    "slow-loris body": dripping(OK + b"\r\n<html>", b"x"),
    "slow-loris headers": dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: y\r\n"),
    "slow-loris status line": dripping(b"HTTP/1.1", b" "),
    "endless body": flooding(OK + b"\r\n<html>", b"<p>more " * 8192),
    "endless chunks": flooding(
        OK + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65536 + b"\r\n"
    ),
    "endless stream of events": flooding(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", b"data: tick\n\n" * 2000
    ),
    "endless interim answers": flooding(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 500),
    "endless headers": flooding(OK, b"X-A: " + b"y" * 900 + b"\r\n"),
    "endless trailers": flooding(
        OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", b"X-A: " + b"y" * 900 + b"\r\n"
    ),
    "one header of megabytes": saying(OK + b"X-Big: " + b"y" * 5_000_000 + b"\r\n\r\nx"),
    "no HTTP": saying(b"\x00\x01\x02 220 smtp.example ESMTP\r\n"),
    "a chunk size of a gigabyte of digits": saying(
        OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 100_000 + b"\r\nx"
    ),
    "a negative length": saying(OK + b"Content-Length: -5\r\n\r\nx"),
    "two lengths": saying(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"),
    "a length that lies": saying(OK + b"Content-Length: 99999999999\r\n\r\nx"),
    "a status of letters": saying(b"HTTP/1.1 OK FINE\r\n\r\n"),
    "an unasked switch of protocols": saying(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
    ),
    "nothing at all": saying(b""),
}
"""Behaviours on the wire, by name: each costs one rejection and no more time than is allowed."""


@dataclass(frozen=True)
class Threat:
    """A host of the hostile web: where it is entered, and what its start page must become."""

    name: str
    start: str
    expect: frozenset[str]
    most: int = 400
    """Requests that the whole host may cost."""


def page(links: str, text: str = "") -> bytes:
    return f"<html><head><title>Front</title></head><body>{links}{text}</body></html>".encode()


def anchor(url: str) -> str:
    return f'<a href="{url}">A headline that is long enough to be read as one</a>'


def build(web: Web) -> tuple[list[Threat], list[str]]:
    """Fill a web; the threats, and the addresses of the articles that are to be stored."""
    good = web.add_site("honest.example", 12)
    threats: list[Threat] = []

    def add(
        name: str,
        start: str,
        expect: str,
        pages: Mapping[str, Page],
        *,
        most: int = 60,
        articles: int = 0,
    ) -> None:
        web.pages.update(pages)
        threats.append(Threat(name, start, frozenset(expect.split()), most))
        good.extend(url for url in (f"http://{key}" for key in pages) if "/news/" in url)
        assert articles == sum("/news/" in key for key in pages)

    for number, (name, raw) in enumerate(RAW.items()):
        host = f"raw{number}.example"
        expect = "fetch-timeout connection-failed too-large"
        add(name, f"http://{host}/", expect, {f"{host}/": raw, f"{host}/robots.txt": b""}, most=9)

    news = {f"robots.example/news/{article_slug(n)}": article_page(n) for n in (501, 502)}
    junk = b"".join(b"Disallow: /private-%d/*x*y*z$\n" % n for n in range(280_000))
    add(
        "a robots.txt of 10 MB",
        "http://robots.example/",
        "listing",
        {
            "robots.example/robots.txt": Answer(b"User-agent: *\n" + junk),
            "robots.example/": page("".join(anchor(f"http://{key}") for key in news)),
            **news,
        },
        articles=2,
    )
    add(
        "a robots.txt without end",
        "http://robots2.example/",
        "robots-unreachable",
        {"robots2.example/robots.txt": RAW["endless body"]},
    )
    add(
        "redirects in a ring",
        "http://ring.example/",
        "redirected redirect-loop",
        {
            f"ring.example/{a}": Answer(b"", 302, (("Location", f"/{b}"),))
            for a, b in (("", "1"), ("1", "2"), ("2", "3"), ("3", "1"))
        },
    )
    chain = {
        f"chain.example/{n or ''}": Answer(b"", 302, (("Location", f"/{n + 1}"),))
        for n in range(40)
    }
    add("redirects without end", "http://chain.example/", "redirected", chain, most=12)
    add(
        "redirects off the site and inwards",
        "http://off.example/",
        "redirected",
        {
            "off.example/": Answer(b"", 302, (("Location", "http://next.example/"),)),
            "next.example/": Answer(b"", 302, (("Location", "http://169.254.169.254/"),)),
        },
    )
    for number, target in enumerate(
        (
            "http://127.0.0.1:{port}/canary",
            "http://0x7f000001:{port}/canary",
            "http://2130706433:{port}/canary",
            "http://[::1]:{port}/canary",
            "http://[::ffff:127.0.0.1]:{port}/canary",
            "http://localhost:{port}/canary",
            "http://169.254.169.254/latest/meta-data/",
            "http://metadata.google.internal/",
            "http://10.1.2.3/",
            "file:///etc/passwd",
            "ftp://inward.example/x",
            "data:text/html,<p>x</p>",
        )
    ):
        host, location = f"inward{number}.example", target.format(port=web.url.rpartition(":")[2])
        add(
            f"a redirect to {target.partition('/canary')[0]}",
            f"http://{host}/",
            "forbidden-address redirected",
            {f"{host}/": Answer(b"", 302, (("Location", location),))},
        )
    add(
        "cookies in a flood",
        "http://cookies.example/",
        "listing",
        {
            "cookies.example/": Answer(
                page("", "<p>x</p>"), headers=(*HTML, *((("Set-Cookie", "a=" + "x" * 200),) * 200))
            )
        },
    )
    locs = "".join(f"<url><loc>http://million.example/x/{n}</loc></url>" for n in range(60_000))
    add(
        "a sitemap of more addresses than may be",
        "http://million.example/",
        "listing",
        {
            "million.example/": page("", "<p>x</p>"),
            "million.example/robots.txt": b"Sitemap: http://million.example/map.xml\n",
            "million.example/map.xml": Answer(
                f'<urlset xmlns="{SPACE}">{locs}</urlset>'.encode(), headers=XML
            ),
        },
        most=600,
    )
    add(
        "an entity bomb and an outward entity in sitemaps",
        "http://entities.example/",
        "listing",
        {
            "entities.example/": page("", "<p>x</p>"),
            "entities.example/robots.txt": b"Sitemap: http://entities.example/a.xml\n"
            b"Sitemap: http://entities.example/b.xml\n",
            "entities.example/a.xml": Answer(_bomb(), headers=XML),
            "entities.example/b.xml": Answer(
                b'<!DOCTYPE u [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
                b"<urlset><url><loc>http://entities.example/&e;</loc></url></urlset>",
                headers=XML,
            ),
        },
    )
    for coding, packed in (
        ("gzip", gzip.compress(bytes(40_000_000))),
        ("deflate", zlib.compress(bytes(40_000_000))),
        ("gzip, gzip", gzip.compress(gzip.compress(bytes(40_000_000)))),
        ("br", b"\x5b\xff\xff\x3f" + bytes(2000)),
    ):
        host = f"bomb-{coding.replace(', ', '-')}.example"
        headers = (*HTML, ("Content-Encoding", coding))
        add(
            f"a bomb in {coding}",
            f"http://{host}/",
            "too-large unreadable",
            {f"{host}/": Answer(packed, headers=headers)},
        )
    add(
        "a server without TLS",
        "https://plain.example/",
        "tls-failed connection-failed robots-unreachable",
        {},
    )
    challenge = (
        b"<html><head><title>Just a moment...</title></head><body><h1>Checking your browser before"
        b" accessing</h1><p>Enable JavaScript and cookies to continue</p><div id='cf-challenge'>"
        b"</div><script src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1'></script>"
        b"</body></html>"
    )
    add(
        "challenges with status 200",
        "http://challenge.example/front",
        "challenge listing",
        {"challenge.example/front": challenge, "challenge.example/robots.txt": b""},
    )
    for name, host in (
        ("an endless calendar", "calendar.example"),
        ("an endless maze", "maze.example"),
        ("soft 404s for everything", "soft.example"),
        ("a thousand hosts by wildcard", "wild.example"),
        ("sitemaps that name each other", "maps.example"),
    ):
        most = 400 if "sitemaps" in name else 250
        threats.append(Threat(name, f"http://{host}/", frozenset({"listing", "not-a-page"}), most))
    calendar = f"calendar.example/news/{article_slug(601)}"
    web.pages[calendar] = article_page(601)
    good.append(f"http://{calendar}")
    web.otherwise = otherwise
    return threats, good


def _bomb() -> bytes:
    entities = "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' if n else '<!ENTITY a0 "ha">' for n in range(12)
    )
    return f"<!DOCTYPE u [{entities}]><urlset><url><loc>&a11;</loc></url></urlset>".encode()


def otherwise(asked: Asked) -> Answer:
    """The hosts that have an answer for every address."""
    host, _, path = asked.url.partition("://")[2].partition("/")
    make = next((m for name, m in ENDLESS.items() if host.endswith(name)), None)
    if make is None or path == "robots.txt":
        return Answer(b"not found", 404)
    return make(path)


def _calendar(path: str) -> Answer:
    """Each day names the next two, and the one true story."""
    at = int("".join(c for c in path if c.isdigit()) or "20260101")
    days = "".join(
        anchor(f"http://calendar.example/calendar/{str(at + n)[:4]}/{(at + n) % 12 + 1}/{n}")
        for n in (1, 2)
    )
    more = anchor(f"http://calendar.example/?month={at + 1}")
    return Answer(page(days + more + anchor(f"http://calendar.example/news/{article_slug(601)}")))


def _maze(path: str) -> Answer:
    deeper = "".join(anchor(f"http://maze.example/{path}/{n}".replace("//", "/")) for n in range(9))
    return Answer(page(deeper.replace("http:/maze", "http://maze")))


def _soft(path: str) -> Answer:
    links = "".join(
        anchor(f"http://soft.example/{path[:40]}{n}-a-story-of-some-kind") for n in range(9)
    )
    return Answer(page(f"<h1>Page not found</h1><p>Sorry, there is no such page.</p>{links}"))


def _wild(path: str) -> Answer:
    number = int("".join(c for c in path if c.isdigit()) or "1")
    links = "".join(
        anchor(f"http://h{number * 31 + n}.wild.example/{number * 31 + n}") for n in range(40)
    )
    return Answer(page(links))


def _maps(path: str) -> Answer:
    if not path:
        return Answer(page("", "<p>x</p>"))
    more = "".join(
        f"<sitemap><loc>http://maps.example/{path}{n}.xml</loc></sitemap>" for n in range(5)
    )
    return Answer(f'<sitemapindex xmlns="{SPACE}">{more}</sitemapindex>'.encode(), headers=XML)


ENDLESS: dict[str, Callable[[str], Answer]] = {
    "calendar.example": _calendar,
    "maze.example": _maze,
    "soft.example": _soft,
    "wild.example": _wild,
    "maps.example": _maps,
}
