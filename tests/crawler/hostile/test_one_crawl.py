"""One crawl over every kind of hostile host beside an honest one."""

import resource
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.run import crawl
from tests.crawler.hostile.sites import build
from tests.crawler.results import QUICK, articles, job, reasons
from tests.crawler.web import Web

BOUNDED = replace(
    QUICK, timeout=8.0, max_bytes=12_000_000, attempts=1, concurrency=64, max_redirects=4
)


@pytest.mark.slow
def test_the_crawl_ends_within_its_bounds_and_the_good_is_stored(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", web.url)
    threats, good = build(web)
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    starts = ("http://honest.example/", *(threat.start for threat in threats))
    record = crawl(job("site", tmp_path, *starts, manners=BOUNDED, limit=600))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert record.ending in ("finished", "limit-reached")
    assert record.left == 0
    assert time.monotonic() - begun < 240
    assert grown < 600, f"{grown:.0f} MB more"
    assert set(articles(tmp_path)) == set(good)

    found = reasons(tmp_path)
    wrong = {t.name: found.get(t.start) for t in threats if found.get(t.start) not in t.expect}
    assert wrong == {}
    hosts = Counter(asked.host for asked in web.log)
    sites: Counter[str] = Counter()
    for host, count in hosts.items():
        sites[".".join(host.split(":")[0].split(".")[-2:])] += count
    greedy = {t.name: sites[_site(t.start)] for t in threats if sites[_site(t.start)] > t.most}
    assert greedy == {}
    assert len([host for host in hosts if host.endswith("wild.example")]) <= 55
    assert not [asked.url for asked in web.log if "canary" in asked.url or "passwd" in asked.url]
    assert not [asked for asked in web.log if "Cookie" in asked.headers]


def _site(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]
