"""When a run is over, and how it says that it broke off."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.frontier.base import Settlement
from crawler.frontier.sqlite import SqliteFrontier
from crawler.model import Task, Visit
from crawler.run import crawl
from crawler.spiders.base import FrontierSpider
from crawler.spiders.site import SiteSpider
from tests.crawler.results import QUICK, articles, job, reasons
from tests.crawler.web import Answer, Asked, Web


def test_a_run_does_not_end_while_links_are_being_written(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue is empty while the front page's links are on their way into the frontier."""
    plain = SqliteFrontier.settle

    def slowly(self: SqliteFrontier, ends: Sequence[Settlement], *, now: float) -> None:
        time.sleep(0.5)
        plain(self, ends, now=now)

    monkeypatch.setattr(SqliteFrontier, "settle", slowly)
    monkeypatch.setattr("crawler.outbox.FLUSH_VISITS", 1)
    urls = web.add_site("nord.example", 3, links="front")
    record = crawl(job("site", tmp_path, "http://nord.example/"))
    assert (record.ending, record.left) == ("finished", 0)
    assert set(articles(tmp_path)) == set(urls)


def test_a_fault_at_the_start_is_a_failed_run(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin(_spider: SiteSpider) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(SiteSpider, "begin", begin)
    record = crawl(job("site", tmp_path, "http://nord.example/"))
    assert (record.ending, record.error) == ("failed", "a fault of ours")


def test_a_fault_at_one_page_costs_that_page(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = web.add_site("nord.example", 4, links="front")
    plain = FrontierSpider.looks_into

    def looks_into(self: FrontierSpider, visit: Visit) -> bool:
        if visit.task.url == first:
            raise ZeroDivisionError("a fault of ours")
        return plain(self, visit)

    monkeypatch.setattr(FrontierSpider, "looks_into", looks_into)
    record = crawl(job("site", tmp_path, "http://nord.example/"))
    assert record.ending == "finished"
    assert set(articles(tmp_path)) == set(others)
    assert reasons(tmp_path)[first] == "internal-error"


def test_a_fault_while_an_answer_is_taken_ends_the_run(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def adapt(_self: object, _task: Task, _latency: float, _status: int) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr("crawler.leases.Leases.adapt", adapt)
    web.add_site("nord.example", 2)
    record = crawl(job("site", tmp_path, "http://nord.example/"))
    assert (record.ending, record.error) == ("failed", "a fault of ours")


def test_the_sites_of_a_record_add_up(web: Web, tmp_path: Path) -> None:
    for host in ("nord.example", "sued.example"):
        web.add_site(host, 3)
    record = crawl(job("site", tmp_path, "http://nord.example/", "http://sued.example/"))
    assert record.fetched == sum(site.fetched for site in record.sites) == 6


def test_an_output_that_vanishes_ends_the_run_and_the_next_begins_anew(
    web: Web, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    urls = web.add_site("nord.example", 3)
    plain = web.pages[urls[0][7:]]
    assert isinstance(plain, bytes)
    body = plain

    def vanish(_asked: Asked) -> Answer:
        shutil.rmtree(out, ignore_errors=True)
        return Answer(body)

    web.pages[urls[0][7:]] = vanish
    record = crawl(job("site", out, "http://nord.example/", manners=replace(QUICK, per_host=1)))
    assert record.ending == "failed"
    assert "removed while the run" in str(record.error)
    web.pages[urls[0][7:]] = body
    assert crawl(job("site", out, "http://nord.example/")).ending == "finished"
    assert set(articles(out)) == set(urls)
