"""Sites that mean harm, or only behave so: the crawl ends within its bounds, the good is stored."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.run import crawl
from tests.crawler.results import QUICK, articles, job, reasons, rejections
from tests.crawler.web import Answer, Asked, Web, article_page

BOUNDED = replace(QUICK, timeout=1.5, max_bytes=200_000, attempts=1, obey_robots=False)


@contextlib.contextmanager
def raw_server(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that does with each connection what it likes; its address as a proxy."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    over = threading.Event()

    def serve(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            connection.recv(65536)
            behave(connection)

    def accept() -> None:
        threads = []
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                threads.append(threading.Thread(target=serve, args=(listener.accept()[0],)))
                threads[-1].start()
        for thread in threads:
            thread.join()

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        acceptor.join()
        listener.close()


def drip_body(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>")
    for _ in range(60):
        connection.sendall(b"x")
        time.sleep(0.1)


def drip_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(60):
        connection.sendall(b"X-%d: y\r\n" % number)
        time.sleep(0.1)


def endless_body(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>")
    for _ in range(10_000):
        connection.sendall(b"x" * 65536)


def endless_chunks(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(10_000):
        connection.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def one_huge_header(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Big: " + b"y" * 5_000_000 + b"\r\n\r\n")


def many_headers(connection: socket.socket) -> None:
    lines = b"".join(b"X-%d: %s\r\n" % (n, b"y" * 900) for n in range(5_000))
    connection.sendall(b"HTTP/1.1 200 OK\r\n" + lines + b"Content-Length: 1\r\n\r\nx")


def no_http(connection: socket.socket) -> None:
    connection.sendall(b"\x00\x01\x02 220 smtp.example ESMTP\r\n")


def a_lie_about_length(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx")


def nothing(_: socket.socket) -> None:
    return


@pytest.mark.parametrize(
    "behave",
    [
        drip_body,
        drip_headers,
        endless_body,
        endless_chunks,
        one_huge_header,
        many_headers,
        no_http,
        a_lie_about_length,
        nothing,
    ],
    ids=lambda behave: behave.__name__,
)
def test_a_server_that_behaves_so_costs_one_rejection(
    behave: Callable[[socket.socket], None],
    web: Web,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with raw_server(behave) as address:
        monkeypatch.setenv("http_proxy", address)
        begun = time.monotonic()
        record = crawl(job("pages", tmp_path, "http://nord.example/a", manners=BOUNDED))
        assert time.monotonic() - begun < 20
    assert (record.ending, len(rejections(tmp_path))) == ("finished", 1)
    assert set(reasons(tmp_path).values()) <= {
        "fetch-timeout",
        "connection-failed",
        "too-large",
    }


def test_a_bomb_is_not_unpacked(web: Web, tmp_path: Path) -> None:
    import gzip

    bomb = gzip.compress(bytes(30_000_000))
    coded = (("Content-Encoding", "gzip"), ("Content-Type", "text/html"))
    web.pages["nord.example/a"] = Answer(bomb, headers=coded)
    crawl(job("pages", tmp_path, "http://nord.example/a", manners=BOUNDED))
    assert reasons(tmp_path) == {"http://nord.example/a": "too-large"}


def test_sitemaps_that_name_each_other_for_ever_end(web: Web, tmp_path: Path) -> None:
    urls = web.add_site("nord.example", 2)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"

    class Endless(dict[str, object]):
        """A sitemap index under any name, naming two more."""

        def get(self, key: str, default: object = None) -> object:
            name = key.partition("nord.example/maps/")[2]
            if not name:
                return super().get(key, default)
            more = "".join(
                f"<sitemap><loc>http://nord.example/maps/{name}{n}</loc></sitemap>" for n in (0, 1)
            )
            return Answer(f'<sitemapindex xmlns="{space}">{more}</sitemapindex>'.encode())

    web.pages["nord.example/robots.txt"] = Answer(
        b"Sitemap: http://nord.example/maps/0\nSitemap: http://nord.example/sitemap.xml\n"
    )
    web.pages = Endless(web.pages)  # type: ignore[assignment]
    record = crawl(job("site", tmp_path, "http://nord.example/"))
    assert record.ending == "finished"
    assert set(articles(tmp_path)) == set(urls)
    assert len(web.log) < 60


def test_links_to_private_addresses_are_named_and_not_followed(web: Web, tmp_path: Path) -> None:
    (url,) = web.add_site("nord.example", 1, links="front")
    front = web.pages["nord.example/"]
    assert isinstance(front, bytes)
    bad = [
        "http://169.254.169.254/latest/meta-data/iam-of-the-machine",
        "http://127.0.0.1:6379/a-long-article-like-name-of-a-page",
        "http://nord.example.localhost/a-long-article-like-name-of-a-page",
    ]
    links = "".join(f'<a href="{link}">A headline that is long enough to read</a>' for link in bad)
    web.pages["nord.example/"] = front.replace(b"<ul>", f"<ul>{links}".encode())
    crawl(job("site", tmp_path, "http://nord.example/"))
    assert set(articles(tmp_path)) == {url}
    assert {link: reasons(tmp_path).get(link) for link in bad} == dict.fromkeys(
        bad, "forbidden-address"
    )
    assert {asked.host for asked in web.log} == {"nord.example"}


def test_cookies_are_neither_kept_nor_sent(web: Web, tmp_path: Path) -> None:
    flood = tuple(("Set-Cookie", f"c{n}={'x' * 200}") for n in range(50))
    page = Answer(article_page(1), headers=(("Content-Type", "text/html"), *flood))
    web.pages |= {"nord.example/a": page, "nord.example/b": article_page(2)}
    one = replace(QUICK, per_host=1)
    crawl(job("pages", tmp_path, "http://nord.example/a", "http://nord.example/b", manners=one))
    assert len(articles(tmp_path)) == 2
    assert not any("Cookie" in asked.headers for asked in web.log)


@pytest.mark.parametrize("obeyed", [True, False])
def test_the_wishes_of_a_page_are_settings(web: Web, tmp_path: Path, obeyed: bool) -> None:
    import gzip

    def saying(content: str) -> Callable[[Asked], Answer]:
        headers = (("Content-Type", "text/html"), ("X-Robots-Tag", content))
        return lambda asked: Answer(article_page(len(asked.url)), headers=headers)

    web.pages |= {"a.example/one": saying("noindex"), "b.example/two2": saying("noarchive")}
    manners = replace(QUICK, obey_noindex=obeyed, obey_noarchive=obeyed)
    urls = ("http://a.example/one", "http://b.example/two2")
    crawl(job("pages", tmp_path, *urls, manners=manners))
    assert (urls[0] in articles(tmp_path)) is not obeyed
    assert urls[1] in articles(tmp_path)
    archived = b"".join(
        gzip.decompress(path.read_bytes()) for path in (tmp_path / "warc").glob("*.gz")
    )
    assert (article_page(len(urls[1])) in archived) is not obeyed


def test_the_user_agent_is_the_one_that_is_set(web: Web, tmp_path: Path) -> None:
    web.pages["nord.example/a"] = article_page(1)
    mine = replace(QUICK, user_agent="Desk/2 (+mailto:desk@nord.example)")
    crawl(job("pages", tmp_path, "http://nord.example/a", manners=mine))
    assert {asked.headers["User-Agent"] for asked in web.log} == {mine.user_agent}
    assert {asked.headers["Accept-Encoding"] for asked in web.log} == {"gzip"}
