"""A password that is given to a run stands in no byte that it leaves behind."""

import gzip
import logging
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cleaners.errors import StoreError
from crawler.run import crawl
from tests.crawler.results import QUICK, articles, job
from tests.crawler.web import Answer, Web, article_page

CANARY = "c4narybird"
SPELLINGS = (CANARY.encode(), CANARY.encode("utf-16-le"), b"dXNlcjpjNG5hcnliaXJk")
"""As it is, as Windows has it, and as the header of a proxy has `user:` before it (base 64)."""


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, unpacked where it is packed."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            body = path.read_bytes()
            if path.suffix == ".gz":
                body = gzip.decompress(body)
            elif path.suffix == ".parquet":
                body += str(pq.read_table(path).to_pylist()).encode()
            found[str(path.relative_to(folder))] = body + path.name.encode()
    return found


def leaks(folder: Path, *more: str) -> list[str]:
    places = contents(folder) | {f"text {n}": text.encode() for n, text in enumerate(more)}
    return [name for name, body in places.items() if any(word in body for word in SPELLINGS)]


def test_the_password_of_a_proxy_and_of_an_address(
    web: Web,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    proxy = web.url.replace("http://", f"http://user:{CANARY}@")
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.setenv("https_proxy", proxy)
    web.pages |= {
        "nord.example/a": article_page(1),
        "nord.example/b": article_page(2),
        "nord.example/d": Answer(b"", 500),
    }
    urls = (
        f"http://user:{CANARY}@nord.example/a",
        "http://nord.example/b",
        f"http://user:{CANARY}@nord.example/d",
        f"http://user:{CANARY}@127.0.0.1/e",
        "https://tls.example/f",
        f"http://user:{CANARY}@nord.example:99999/g",
    )
    with caplog.at_level(logging.DEBUG):
        record = crawl(job("pages", tmp_path, *urls))
    assert record.ending == "finished"
    assert len(articles(tmp_path)) == 2
    assert any("Proxy-Authorization" in asked.headers for asked in web.log), "the proxy got it"
    said = capsys.readouterr()
    assert leaks(tmp_path, caplog.text, said.out, said.err, repr(record)) == []


def test_the_password_of_a_proxy_that_is_not_there(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("http_proxy", f"http://user:{CANARY}@127.0.0.1:9")
    with caplog.at_level(logging.DEBUG):
        record = crawl(
            job("pages", tmp_path, "http://nord.example/a", manners=replace(QUICK, attempts=1))
        )
    assert leaks(tmp_path, caplog.text, repr(record)) == []


def test_the_password_of_a_database_that_is_not_there(
    web: Web, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    address = f"postgresql://user:{CANARY}@127.0.0.1:9/winnow?application_name=x"
    with caplog.at_level(logging.DEBUG), pytest.raises(StoreError) as raised:
        crawl(job("pages", tmp_path, "http://nord.example/a", frontier=address))
    assert leaks(tmp_path, caplog.text, str(raised.value)) == []
