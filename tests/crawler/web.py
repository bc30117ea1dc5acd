"""A web of invented hosts for the crawler's tests: a forward proxy on loopback with a log.

Point a crawl at it with `http_proxy`; hosts need not exist. A page is bytes, an `Answer`, or a
function of the request that gives one.
"""

import contextlib
import hashlib
import json
import random
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

WORDS = tuple(
    re.findall(
        r"\w+",
        "harbour council bridge ferry storm market teacher winter station village engine letter"
        " budget orchard signal valley museum contract captain meadow library railway fishery",
    )
)


@dataclass(frozen=True)
class Answer:
    """What the web says to a request; `after` seconds of silence first; `cut` ends it half way."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)
    after: float = 0.0
    cut: bool = False


@dataclass(frozen=True)
class Asked:
    """A request as it came in."""

    url: str
    headers: Mapping[str, str]
    at: float
    status: int = 0

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


@dataclass(frozen=True)
class Raw:
    """A connection that is handed over once the request is read, and closed afterwards."""

    behave: Callable[[socket.socket], None]


Page = bytes | Answer | Raw | Callable[[Asked], Answer]


@dataclass
class Web:
    """The pages by URL without scheme, and what was asked of them."""

    pages: dict[str, Page] = field(default_factory=dict)
    log: list[Asked] = field(default_factory=list)
    url: str = ""
    etags: bool = True
    otherwise: Callable[[Asked], Answer] | None = None
    """Answers for what is not among the pages; a 404 if there is none."""

    def count(self, url: str, status: int | None = None) -> int:
        wanted = url.partition("://")[2] or url
        return sum(
            asked.url.partition("://")[2] == wanted and (status is None or asked.status == status)
            for asked in self.log
        )

    def asked(self) -> Counter[str]:
        return Counter(asked.url for asked in self.log)

    def times(self, host: str) -> list[float]:
        return [asked.at for asked in self.log if asked.host == host]

    def add_site(
        self, host: str, articles: int, *, seed: int = 0, links: str = "sitemap"
    ) -> list[str]:
        """A site with a front page and articles; their URLs. `links`: sitemap or front."""
        urls = [f"http://{host}/news/{article_slug(seed + n)}.html" for n in range(articles)]
        for n, url in enumerate(urls):
            self.pages[url[7:]] = article_page(seed + n)
        items = "".join(
            f'<li><a href="{url}">{title_of(seed + n)}</a></li>' for n, url in enumerate(urls)
        )
        front = f"<html><head><title>{host}</title></head><body><ul>{items}</ul></body></html>"
        self.pages[f"{host}/"] = front.encode()
        self.pages[f"{host}/robots.txt"] = Answer(
            b"User-agent: *\nAllow: /\n", headers=(("Content-Type", "text/plain"),)
        )
        if links == "sitemap":
            locs = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
            space = "http://www.sitemaps.org/schemas/sitemap/0.9"
            xml = f'<?xml version="1.0"?><urlset xmlns="{space}">{locs}</urlset>'
            self.pages[f"{host}/sitemap.xml"] = Answer(
                xml.encode(), headers=(("Content-Type", "application/xml"),)
            )
            self.pages[f"{host}/robots.txt"] = Answer(
                f"User-agent: *\nSitemap: http://{host}/sitemap.xml\n".encode(),
                headers=(("Content-Type", "text/plain"),),
            )
            self.pages[f"{host}/"] = (
                b"<html><head><title>Front</title></head><body><p>Hello</p></body></html>"
            )
        return urls

    def answer(self, asked: Asked) -> Answer | Raw:
        page = self.pages.get(asked.url.partition("://")[2])
        if page is None:
            return self.otherwise(asked) if self.otherwise else Answer(b"not found", 404)
        if isinstance(page, Raw):
            return page
        if callable(page):
            return page(asked)
        answer = page if isinstance(page, Answer) else Answer(page)
        if answer.status == 200 and self.etags:
            tag = '"' + hashlib.sha256(answer.body).hexdigest()[:12] + '"'
            if asked.headers.get("If-None-Match") == tag:
                return Answer(b"", 304, (("ETag", tag),))
            return Answer(
                answer.body, 200, (*answer.headers, ("ETag", tag)), answer.after, answer.cut
            )
        return answer


def article_slug(number: int) -> str:
    chance = random.Random(number)
    return "-".join(chance.choices(WORDS, k=4)) + f"-{number}"


def title_of(number: int) -> str:
    return " ".join(random.Random(number).choices(WORDS, k=6)).capitalize()


def article_page(number: int, *, version: int = 0) -> bytes:
    """A plain article of about 180 words, other words for each number and version."""
    chance = random.Random(f"{number}/{version}")
    paragraphs = []
    for _ in range(6):
        sentences = [
            " ".join(chance.choices(WORDS, k=9)).capitalize() + f" {chance.randrange(9999)}."
            for _ in range(3)
        ]
        paragraphs.append(f"<p>{' '.join(sentences)}</p>")
    title = title_of(number)
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head><body><nav>'
        f'<a href="/">Home</a></nav><article><h1>{title}</h1>{"".join(paragraphs)}</article>'
        "<footer>All rights reserved</footer></body></html>"
    ).encode()


def failing_once(page: bytes, fault: Answer) -> Callable[[Asked], Answer]:
    """The fault at the first request, then the page."""
    left = [fault]
    return lambda asked: left.pop() if left else Answer(page)


@contextlib.contextmanager
def serving(web: Web) -> Iterator[Web]:
    """The web on a free port of loopback; `web.url` is what http_proxy is to be set to."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: the test reads `web.log`."""

        def do_GET(self) -> None:
            url = self.path if "://" in self.path else f"http://{self.headers['Host']}{self.path}"
            headers = {key.title().replace("Etag", "ETag"): v for key, v in self.headers.items()}
            asked = Asked(url, headers, time.time())
            answer = web.answer(asked)
            if isinstance(answer, Raw):
                with lock:
                    web.log.append(asked)
                with contextlib.suppress(OSError):
                    answer.behave(self.connection)
                self.close_connection = True
                return
            if answer.after:
                time.sleep(answer.after)
            with lock:
                web.log.append(Asked(url, headers, asked.at, -1 if answer.cut else answer.status))
            with contextlib.suppress(OSError):
                self.reply(answer)

        def do_CONNECT(self) -> None:
            """A tunnel to a server that speaks no TLS."""
            with lock:
                web.log.append(Asked(f"https://{self.path}", {}, time.time()))
            with contextlib.suppress(OSError):
                self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                self.connection.recv(1)
                self.wfile.write(b"220 smtp.example ESMTP\r\n" * 20)
            self.close_connection = True

        def reply(self, answer: Answer) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            if answer.status != 304:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if answer.cut:
                self.wfile.write(answer.body[: len(answer.body) // 2])
                self.close_connection = True
            elif answer.status != 304:
                self.wfile.write(answer.body)

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that was killed is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    web.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def log_lines(web: Web) -> list[str]:
    """The log for a failing test's message."""
    return [json.dumps([asked.url, asked.status]) for asked in web.log]
