"""The demo newswire serves what it promises."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from html import unescape
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from examples.newswire import GoldPage, Kind, Newswire, gold, serve
from examples.newswire.address import untracked
from examples.newswire.export import export
from examples.newswire.load import sites, tellings

READABLE = (Kind.ARTICLE, Kind.LISTING, Kind.LIVE_BLOG, Kind.VIDEO, Kind.DENIED)


@pytest.fixture(scope="module")
def newswire() -> Iterator[Newswire]:
    with serve() as running:
        yield running


def get(url: str, proxy: str | None = None, **headers: str) -> tuple[HTTPResponse, bytes]:
    """One GET over a connection of its own, without following redirects."""
    parts = urlsplit(url)
    via = urlsplit(proxy) if proxy else parts
    assert via.hostname is not None
    connection = HTTPConnection(via.hostname, via.port, timeout=10)
    path = url if proxy else f"{parts.path}?{parts.query}" if parts.query else parts.path
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=sent)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def articles(newswire: Newswire) -> list[GoldPage]:
    return [page for page in newswire.gold() if page.kind is Kind.ARTICLE]


def test_it_is_as_large_and_varied_as_promised(newswire: Newswire) -> None:
    pages = articles(newswire)
    told = Counter(page.story for page in pages if page.story)
    assert len(newswire.ports) >= 8
    assert len([story for story, count in told.items() if count >= 3]) >= 10
    assert len([page for page in pages if page.story is None]) >= 30
    assert len(pages) >= 100
    assert {page.language for page in pages} >= {"en", "de", "fr", "ru", "ja"}
    assert len({page.charset for page in pages}) >= 5
    assert {page.relation for page in pages} == {"original", "rewritten", "syndicated"}
    assert {page.kind for page in newswire.gold()} == set(Kind)


def test_no_url_stands_twice() -> None:
    urls = [page.url for page in gold()]
    assert len(urls) == len(set(urls))


def test_every_page_answers_as_its_kind_should(newswire: Newswire) -> None:
    expected = {Kind.REDIRECT: 301, Kind.REDIRECT_LOOP: 302, Kind.GONE: 410}
    for page in newswire.gold():
        response, _ = get(page.url)
        assert response.status == expected.get(page.kind, 200), page.url


def test_articles_hold_their_gold_and_the_chrome_they_name(newswire: Newswire) -> None:
    for page in articles(newswire):
        _, body = get(page.url)
        text = unescape(body.decode(page.charset))
        for block in page.body.split("\n\n"):
            assert block in text, page.url
        assert page.title in text
        for words in page.removed_words:
            assert words in text, (page.url, words)


def test_the_proxy_serves_the_same_pages_under_their_hosts(newswire: Newswire) -> None:
    for page in newswire.gold(proxied=True):
        if page.kind is not Kind.ARTICLE:
            continue
        response, body = get(page.url, newswire.proxy)
        assert response.status == 200
        assert b"127.0.0.1" not in body
    assert get("http://nowhere.example/", newswire.proxy)[0].status == 502


def test_etag_and_last_modified_are_honoured(newswire: Newswire) -> None:
    page = articles(newswire)[0]
    first, _ = get(page.url)
    tag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    assert get(page.url, If_None_Match=tag)[0].status == 304
    assert get(page.url, If_None_Match='"other"')[0].status == 200
    assert get(page.url, If_Modified_Since=modified)[0].status == 304
    assert get(page.url, If_Modified_Since="nonsense")[0].status == 200


def test_gzip_is_given_to_those_who_ask(newswire: Newswire) -> None:
    page = articles(newswire)[0]
    plain = get(page.url)[1]
    response, packed = get(page.url, Accept_Encoding="gzip")
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == plain


def test_tracking_parameters_lead_to_the_same_page(newswire: Newswire) -> None:
    alias = next(page for page in newswire.gold() if page.kind is Kind.ALIAS)
    assert alias.canonical is not None
    assert get(alias.url)[1] == get(alias.canonical)[1]
    assert untracked("/story.php?id=7&utm_source=rss&utm_medium=link") == "/story.php?id=7"
    assert untracked("/a/?utm_source=rss&page=2") == "/a/?page=2"


def test_day_two_publishes_updates_and_new_articles() -> None:
    with serve() as newswire:
        before = {page.url: page for page in articles(newswire)}
        newswire.day = 2
        after = {page.url: page for page in articles(newswire)}
        grown = [url for url in before if len(after[url].body) > len(before[url].body)]
        assert set(before) < set(after)
        assert len(grown) == len([told for told in tellings() if told.update])
        _, body = get(grown[0])
        assert after[grown[0]].body.split("\n\n")[-1] in unescape(body.decode("utf-8"))


def test_faults_strike_once_and_then_the_page_is_there(tmp_path: Path) -> None:
    log = tmp_path / "access.jsonl"
    with serve(faults=1.0, slow_for=0.05, retry_after=1, log=log) as newswire:
        for page in articles(newswire)[:40]:
            seen = []
            for _ in range(2):
                try:
                    response, _body = get(page.url)
                    seen.append(response.status)
                except (OSError, HTTPException) as failure:
                    seen.append(-1 if isinstance(failure, OSError) else -2)
            assert seen[1] == 200
        statuses = {request.status for request in newswire.requests}
        assert statuses == {200, 500, 503, 429, -1, -2}
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert len(lines) == 80
    assert {"time", "site", "path", "status", "user_agent"} <= set(lines[0])


def test_robots_name_the_sitemap_and_the_delay(newswire: Newswire) -> None:
    for page in newswire.gold():
        if page.kind is not Kind.ROBOTS:
            continue
        text = get(page.url)[1].decode()
        assert "Disallow: /private/" in text
        assert ("Crawl-delay: 1" in text) == (page.site == "wireline")


def test_every_site_can_be_walked_to_all_of_its_articles(newswire: Newswire) -> None:
    for page in articles(newswire):
        listings = [p for p in newswire.gold() if p.kind is Kind.LISTING and p.site == page.site]
        linked = b"".join(get(listing.url)[1] for listing in listings).decode(page.charset)
        assert page.url.replace("&", "&amp;") in linked, page.url


def test_it_exports_as_a_data_set(tmp_path: Path) -> None:
    count = export(tmp_path)
    names = {file.name.removesuffix(".html.gz") for file in (tmp_path / "html").iterdir()}
    assert len(names) == count
    assert names == {file.stem for file in (tmp_path / "ground-truth").iterdir()}
    record = json.loads((tmp_path / "ground-truth" / "gazette_0000.json").read_text("utf-8"))
    assert record["ground_truth"]["main_content"]
    assert record["url"].startswith("http://www.harbour-gazette.example/")


def test_sites_differ_in_design_charset_and_machine_readable_parts() -> None:
    assert len({site.design for site in sites()}) >= 6
    assert {site.feed for site in sites()} == {"rss", "atom", "json"}
    assert {site.sitemap for site in sites()} == {"news", "index", "plain", ""}
    assert any(site.crawl_delay for site in sites())
