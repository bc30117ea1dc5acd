"""What a server does on the wire, in the words of a rejection."""

from dataclasses import replace
from pathlib import Path

import pytest

from crawler.run import crawl
from tests.crawler.hostile.sites import RAW
from tests.crawler.results import QUICK, articles, job, rejections
from tests.crawler.web import Answer, Asked, Web, article_page

ONCE = replace(QUICK, attempts=1, obey_robots=False, max_bytes=1_000_000)
NORD = "http://nord.example/a"


@pytest.mark.parametrize("name", ["endless headers", "endless interim answers", "endless body"])
def test_what_has_no_end_is_too_large(name: str, web: Web, tmp_path: Path) -> None:
    web.pages["nord.example/a"] = RAW[name]
    crawl(job("pages", tmp_path, NORD, manners=ONCE))
    assert rejections(tmp_path)[NORD].reason == "too-large"


def test_a_server_without_tls(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", web.url)
    url = "https://plain.example/a"
    crawl(job("pages", tmp_path, url, manners=ONCE))
    assert rejections(tmp_path)[url].reason == "tls-failed"


def test_a_failure_is_told_without_the_names_of_our_libraries(web: Web, tmp_path: Path) -> None:
    web.pages["nord.example/a"] = RAW["two lengths"]
    crawl(job("pages", tmp_path, NORD, manners=ONCE))
    detail = rejections(tmp_path)[NORD].detail
    assert "conflicting" in detail
    assert "twisted" not in detail


def test_a_page_that_sends_the_reader_on_is_followed(web: Web, tmp_path: Path) -> None:
    stub = b'<html><meta http-equiv="refresh" content="0; url=/b"><p>Moved</p></html>'
    web.pages |= {"nord.example/a": stub, "nord.example/b": article_page(1)}
    crawl(job("pages", tmp_path, NORD, manners=ONCE))
    assert set(articles(tmp_path)) == {"http://nord.example/b"}
    assert rejections(tmp_path)[NORD].reason == "redirected"


def test_a_page_that_two_addresses_show_is_stored_once(web: Web, tmp_path: Path) -> None:
    """Both name the same canonical address: one article, and a row for the other, also later."""
    link = b'<head><link rel="canonical" href="http://nord.example/a">'

    def shown(asked: Asked) -> Answer:
        return Answer(article_page(1, version=len(asked.url)).replace(b"<head>", link))

    other = "http://nord.example/a-b"
    web.pages |= {"nord.example/a": shown, "nord.example/a-b": shown}
    for _ in range(2):
        crawl(job("pages", tmp_path, NORD, other, manners=replace(ONCE, per_host=1)))
        assert set(articles(tmp_path)) == {NORD}
        assert rejections(tmp_path)[other].reason == "same-as"
        assert NORD in rejections(tmp_path)[other].detail
