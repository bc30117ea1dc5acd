"""Whole crawls of an invented web, in this process."""

import json
import sqlite3
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from cleaners.errors import StoreDamaged, StoreError, StoreLocked
from cleaners.model import Page
from cleaners.store.dataset import Dataset, RunStamp
from cleaners.store.warc import archive_pages
from crawler.model import Progress
from crawler.run import crawl
from tests.crawler.results import QUICK, articles, job, reasons, rejections
from tests.crawler.web import Answer, Asked, Web, article_page, failing_once


def warcs(out: Path) -> list[Path]:
    return sorted((out / "warc").glob("*.warc.gz"))


def test_pages_are_fetched_archived_cleaned_and_stored(web: Web, tmp_path: Path) -> None:
    urls = web.add_site("nord.example", 3)
    seen: list[Progress] = []
    record = crawl(job("pages", tmp_path, *urls, "http://nord.example/gone"), watch=seen.append)
    assert (record.ending, record.articles, record.rejected, record.left) == ("finished", 3, 1, 0)
    assert set(articles(tmp_path)) == set(urls)
    assert reasons(tmp_path) == {"http://nord.example/gone": "http-error"}
    archived = [page for page in archive_pages(*warcs(tmp_path)) if isinstance(page, Page)]
    assert {page.url for page in archived} == set(urls)
    for article in articles(tmp_path).values():
        assert article.fetch is not None
        assert article.fetch.warc is not None
        assert (tmp_path / "warc" / article.fetch.warc.file).exists()
    stored = json.loads((tmp_path / "reports" / f"run-{record.run_id}.json").read_text())
    assert stored["articles"] == 3
    assert [site["site"] for site in stored["sites"]] == ["nord.example"]


@pytest.mark.parametrize("links", ["sitemap", "front"])
def test_a_site_is_read_by_its_sitemap_or_its_front_page(
    web: Web, tmp_path: Path, links: str
) -> None:
    urls = web.add_site("nord.example", 5, links=links)
    record = crawl(job("site", tmp_path, "http://nord.example/"))
    assert set(articles(tmp_path)) == set(urls)
    assert record.alarms == ()
    assert all(web.count(url) == 1 for url in urls)
    seen = {asked.url for asked in web.log} - {"http://nord.example/robots.txt"}
    assert seen <= set(articles(tmp_path)) | set(rejections(tmp_path))


def test_a_second_run_asks_whether_pages_changed_and_stores_what_did(
    web: Web, tmp_path: Path
) -> None:
    urls = web.add_site("nord.example", 4, seed=10)
    first = crawl(job("site", tmp_path, "http://nord.example/"))
    before = articles(tmp_path)
    web.log.clear()
    web.pages[urls[0][7:]] = article_page(10, version=2)
    second = crawl(job("site", tmp_path, "http://nord.example/"))
    assert (first.articles, second.articles, second.unchanged) == (4, 1, 5)
    # Three pages, the front page and the sitemap.
    pages = [asked for asked in web.log if "/news/" in asked.url]
    assert sorted(asked.status for asked in pages) == [200, 304, 304, 304]
    assert all("If-None-Match" in asked.headers for asked in pages)
    after = articles(tmp_path)
    assert set(after) == set(before)
    assert [url for url in urls if after[url].text != before[url].text] == [urls[0]]
    third = crawl(job("site", tmp_path, "http://nord.example/"))
    assert third.articles == 0


def test_a_new_page_is_found_by_the_next_run(web: Web, tmp_path: Path) -> None:
    web.add_site("nord.example", 2)
    crawl(job("site", tmp_path, "http://nord.example/"))
    urls = web.add_site("nord.example", 4)
    record = crawl(job("site", tmp_path, "http://nord.example/"))
    assert record.articles == 2
    assert set(articles(tmp_path)) == set(urls)


def test_beyond_the_limit_urls_are_rejected_and_the_next_run_goes_on(
    web: Web, tmp_path: Path
) -> None:
    urls = web.add_site("nord.example", 7)
    record = crawl(job("site", tmp_path, "http://nord.example/", limit=3))
    assert (record.ending, record.fetched, record.left) == ("limit-reached", 3, 0)
    assert sum(reason == "limit-reached" for reason in reasons(tmp_path).values()) == 4
    assert {*articles(tmp_path), *rejections(tmp_path)} >= set(urls)
    crawl(job("site", tmp_path, "http://nord.example/", limit=50))
    assert set(articles(tmp_path)) == set(urls)
    assert "limit-reached" not in reasons(tmp_path).values()


def test_faults_of_every_kind_are_overcome(web: Web, tmp_path: Path) -> None:
    faults = {
        "500": Answer(b"x", 500),
        "429": Answer(b"x", 429, (("Retry-After", "1"),)),
        "503": Answer(b"x", 503, (("Retry-After", "1"),)),
        "cut": Answer(article_page(1), cut=True),
    }
    for name, fault in faults.items():
        web.pages[f"{name}.example/a"] = failing_once(article_page(len(name)), fault)
    urls = [f"http://{name}.example/a" for name in faults]
    record = crawl(job("pages", tmp_path, *urls))
    assert (set(articles(tmp_path)), record.retries) == (set(urls), 4)
    for name in ("429", "503"):
        first, _, second = web.times(f"{name}.example")[-3:]
        assert second - first >= 1.0


def test_retry_after_is_the_whole_hosts(web: Web, tmp_path: Path) -> None:
    urls = web.add_site("nord.example", 6)
    web.pages[urls[0][7:]] = failing_once(
        article_page(0), Answer(b"x", 429, (("Retry-After", "2"),))
    )
    crawl(job("pages", tmp_path, *urls, manners=replace(QUICK, per_host=1)))
    times = [asked.at for asked in web.log if "/news/" in asked.url]
    refused = next(asked.at for asked in web.log if asked.status == 429)
    assert min(at for at in times if at > refused) - refused >= 2.0
    assert set(articles(tmp_path)) == set(urls)


def test_what_stays_broken_is_rejected_after_some_tries(web: Web, tmp_path: Path) -> None:
    web.pages["nord.example/a"] = Answer(b"x", 500)
    crawl(job("pages", tmp_path, "http://nord.example/a", manners=replace(QUICK, attempts=2)))
    assert web.count("http://nord.example/a") == 2
    rejection = rejections(tmp_path)["http://nord.example/a"]
    assert (rejection.reason, rejection.detail) == ("http-error", "status 500, 2 times")


def test_robots_txt_is_obeyed_and_crawl_delay_kept(web: Web, tmp_path: Path) -> None:
    urls = web.add_site("nord.example", 3)
    web.pages["nord.example/private/x"] = article_page(5)
    web.pages["nord.example/robots.txt"] = Answer(
        b"User-agent: *\nDisallow: /private/\nCrawl-delay: 1\n"
    )
    crawl(job("pages", tmp_path, *urls, "http://nord.example/private/x"))
    assert web.count("http://nord.example/private/x") == 0
    assert reasons(tmp_path) == {"http://nord.example/private/x": "robots-denied"}
    times = sorted(web.times("nord.example"))
    assert len(times) == 4
    assert min(b - a for a, b in pairwise(times)) >= 0.95


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(b"x", 500), "robots-unreachable"),
        (Answer(b"x", 503), "robots-unreachable"),
        (Answer(b"x", 404), None),
        (Answer(b"x", 403), None),
        (Answer(b"User-agent: *\nDisallow: /" + b" " * 700_000), "robots-denied"),
        (Answer(b"#" * 600_000 + b"\nUser-agent: *\nDisallow: /"), None),
        (Answer(b"", 301, (("Location", "/other-robots.txt"),)), "robots-denied"),
    ],
)
def test_a_robots_txt_that_answers_so_means(
    web: Web, tmp_path: Path, answer: Answer, reason: str | None
) -> None:
    web.pages["nord.example/robots.txt"] = answer
    web.pages["nord.example/other-robots.txt"] = Answer(b"User-agent: winnow\nDisallow: /a")
    web.pages["nord.example/a"] = article_page(1)
    crawl(job("pages", tmp_path, "http://nord.example/a"))
    assert reasons(tmp_path).get("http://nord.example/a") == reason
    assert len(articles(tmp_path)) == (reason is None)


def test_redirects_are_followed_hop_by_hop_and_each_url_ends(web: Web, tmp_path: Path) -> None:
    def to(url: str) -> Answer:
        return Answer(b"", 302, (("Location", url),))

    web.pages["nord.example/a"] = to("/b")
    web.pages["nord.example/b"] = to("http://sued.example/c")
    web.pages["sued.example/c"] = article_page(1)
    web.pages["sued.example/robots.txt"] = Answer(b"User-agent: *\nDisallow: /secret")
    web.pages["nord.example/s"] = to("http://sued.example/secret")
    web.pages["nord.example/x"] = to("/y")
    web.pages["nord.example/y"] = to("/x")
    web.pages["nord.example/slash"] = to("/slash/")
    web.pages["nord.example/slash/"] = article_page(2)
    web.pages["nord.example/cookie"] = to("/cookie")
    web.pages["nord.example/private"] = to("http://127.0.0.1:1/")
    names = ("a", "s", "x", "slash", "cookie", "private")
    crawl(job("pages", tmp_path, *(f"http://nord.example/{name}" for name in names)))
    assert {url.rpartition("example")[2] for url in articles(tmp_path)} >= {"/c"}
    assert len(articles(tmp_path)) == 2
    assert reasons(tmp_path) == {
        "http://nord.example/a": "redirected",
        "http://nord.example/b": "redirected",
        "http://nord.example/s": "redirected",
        "http://sued.example/secret": "robots-denied",
        "http://nord.example/x": "redirected",
        "http://nord.example/y": "redirected",
        "http://nord.example/cookie": "redirect-loop",
        "http://nord.example/private": "forbidden-address",
    }
    assert "another site" in rejections(tmp_path)["http://nord.example/b"].detail


def test_private_addresses_are_refused_unless_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, web: Web
) -> None:
    port = web.url.rpartition(":")[2]
    monkeypatch.delenv("http_proxy")
    web.pages[f"127.0.0.1:{port}/a"] = article_page(1)
    urls = (f"http://127.0.0.1:{port}/a", f"http://localhost:{port}/a", "http://2130706433/")
    crawl(job("pages", tmp_path / "no", *urls))
    assert set(reasons(tmp_path / "no").values()) == {"forbidden-address"}
    assert web.log == []
    allowed = replace(QUICK, allow_private=True)
    crawl(job("pages", tmp_path / "yes", urls[0], manners=allowed))
    assert set(articles(tmp_path / "yes")) == {urls[0]}


def test_endless_and_slow_answers_are_bounded(web: Web, tmp_path: Path) -> None:
    web.pages["big.example/a"] = b"<html>" + b"x" * 400_000
    web.pages["slow.example/a"] = Answer(article_page(1), after=3.0)
    manners = replace(QUICK, max_bytes=100_000, timeout=1.0, attempts=1)
    urls = ("http://big.example/a", "http://slow.example/a")
    crawl(job("pages", tmp_path, *urls, manners=manners))
    assert reasons(tmp_path) == {urls[0]: "too-large", urls[1]: "fetch-timeout"}


def test_a_calendar_without_end_ends(web: Web, tmp_path: Path) -> None:
    urls = web.add_site("nord.example", 3, links="front")

    def day(asked: Asked) -> Answer:
        number = int(asked.url.rpartition("/")[2])
        return Answer(
            f'<html><body><a href="/termine/{number + 1}">next</a></body></html>'.encode()
        )

    for n in range(500):
        web.pages[f"nord.example/termine/{n}"] = day
    front = web.pages["nord.example/"]
    assert isinstance(front, bytes)
    web.pages["nord.example/"] = front.replace(b"<ul>", b'<ul><a href="/termine/0">calendar</a>')
    crawl(job("site", tmp_path, "http://nord.example/", max_depth=3))
    assert set(articles(tmp_path)) == set(urls)
    assert len(web.log) < 20


def test_secrets_of_the_proxy_are_written_nowhere(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("http_proxy", web.url.replace("://", "://user:sesame42@"))
    web.pages["nord.example/a"] = article_page(1)
    crawl(job("pages", tmp_path, "http://nord.example/a", "http://nord.example/none"))
    assert len(articles(tmp_path)) == 1
    secrets = (b"sesame42", b"dXNlcjpzZXNhbWU0Mg")
    import gzip

    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        content = path.read_bytes()
        content += gzip.decompress(content) if path.suffix == ".gz" else b""
        assert not any(secret in content for secret in secrets), path
    assert "sesame42" not in caplog.text


def test_a_second_run_at_the_same_time_says_so_and_ends(web: Web, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    stamp = RunStamp("other", datetime.now(UTC), "1", "x")
    with Dataset.open(tmp_path).writer(stamp), pytest.raises(StoreLocked):
        crawl(job("pages", tmp_path, "http://nord.example/a"))
    assert web.log == []
    web.pages["nord.example/a"] = article_page(1)
    assert crawl(job("pages", tmp_path, "http://nord.example/a")).articles == 1


def test_an_output_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"a file")
    with pytest.raises(StoreError, match="out"):
        crawl(job("pages", tmp_path / "out", "http://nord.example/a"))


def test_a_damaged_state_is_named(web: Web, tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_bytes(b"this is no database at all, not even a little" * 99)
    with pytest.raises(StoreDamaged, match=r"state\.sqlite"):
        crawl(job("pages", tmp_path, "http://nord.example/a"))


def test_a_full_disk_stops_the_run_and_the_next_goes_on(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cleaners.store.writer import Writer

    urls = web.add_site("nord.example", 5)
    with monkeypatch.context() as patch:

        def full(self: Writer) -> None:
            if not web.log:
                return  # the disk fills while the crawl is under way
            raise StoreError(str(tmp_path), "No space left on device")

        patch.setattr(Writer, "_write_new", full)
        record = crawl(job("pages", tmp_path, *urls))
    assert (record.ending, record.articles, record.left) == ("failed", 0, len(urls))
    assert "No space left" in str(record.error)
    web.log.clear()
    again = crawl(job("pages", tmp_path, *urls))
    assert (again.ending, set(articles(tmp_path))) == ("finished", set(urls))
    assert [asked for asked in web.log if "/news/" in asked.url] == []


@pytest.mark.parametrize("obey_robots", [False, True])
def test_a_dead_network_ends_with_a_clear_error_and_is_taken_up_later(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, obey_robots: bool
) -> None:
    monkeypatch.setattr("crawler.middlewares.ROBOTS_RETRY_SECONDS", (0.0, 0.0))
    monkeypatch.setattr("crawler.outbox.FLUSH_SECONDS", 0.0)  # even a hasty flush ends none of them
    urls = [url for n in range(30) for url in web.add_site(f"s{n}.example", 1, seed=n)]
    with monkeypatch.context() as patch:
        patch.setenv("http_proxy", "http://127.0.0.1:9")
        manners = replace(QUICK, obey_robots=obey_robots)
        record = crawl(job("pages", tmp_path, *urls, manners=manners))
    assert record.ending == "failed"
    assert "the network gives no answer" in str(record.error)
    assert record.left == len(urls)
    crawl(job("pages", tmp_path, *urls))
    assert set(articles(tmp_path)) == set(urls)


def test_articles_that_were_deleted_are_fetched_anew(web: Web, tmp_path: Path) -> None:
    import shutil

    urls = web.add_site("nord.example", 2)
    crawl(job("pages", tmp_path, *urls))
    shutil.rmtree(tmp_path / "articles")
    crawl(job("pages", tmp_path, *urls))
    assert set(articles(tmp_path)) == set(urls)


def test_identical_bodies_are_archived_once(web: Web, tmp_path: Path) -> None:
    page = article_page(3)
    web.pages |= {"a.example/x": page, "b.example/x": page}
    urls = ("http://a.example/x", "http://b.example/x")
    crawl(job("pages", tmp_path, *urls, manners=replace(QUICK, concurrency=1)))
    import gzip

    raw = b"".join(gzip.decompress(path.read_bytes()) for path in warcs(tmp_path))
    assert raw.count(b"WARC-Type: revisit") == 1
    archived = [page for page in archive_pages(*warcs(tmp_path)) if isinstance(page, Page)]
    assert sorted(str(found.url) for found in archived if found.content == page) == sorted(urls)


def test_the_frontier_holds_no_lease_after_a_run(web: Web, tmp_path: Path) -> None:
    crawl(job("pages", tmp_path, *web.add_site("nord.example", 3)))
    database = sqlite3.connect(tmp_path / "state.sqlite")
    states = database.execute("SELECT DISTINCT state FROM urls").fetchall()
    database.close()
    assert states == [("done",)]
