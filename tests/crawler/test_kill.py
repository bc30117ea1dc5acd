"""kill -9 at random moments of a crawl with faults: nothing is lost, nothing is doubled."""

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from cleaners.model import Page, Rejection
from cleaners.store.warc import archive_pages
from crawler.urls import fingerprint
from tests.crawler.results import articles, rejections
from tests.crawler.web import Answer, Web, article_page, failing_once, serving

CONCURRENCY = 16
SLOW = {"delay": 0.5, "per_host": 1, "concurrency": CONCURRENCY}
"""Manners of the runs that are killed, so that they do not end before; the last one hurries."""
FAULTS = (
    Answer(b"x", 500),
    Answer(b"x", 503, (("Retry-After", "1"),)),
    Answer(b"x", 429, (("Retry-After", "1"),)),
    Answer(article_page(1), cut=True),
    Answer(article_page(2), after=1.0),
)


def faulty_web(
    chance: random.Random, *, hosts: int, pages: int
) -> tuple[Web, list[str], list[str]]:
    """A web where three in ten pages fail at first; its front pages and its articles."""
    web, urls, fronts = Web(), [], []
    for number in range(hosts):
        links = chance.choice(["front", "sitemap"])
        urls += web.add_site(f"s{number}.example", pages, seed=1_000 * number, links=links)
        fronts.append(f"http://s{number}.example/")
    for url in urls:
        page = web.pages[url[7:]]
        assert isinstance(page, bytes)
        if chance.random() < 0.3:
            web.pages[url[7:]] = failing_once(page, chance.choice(FAULTS))
    return web, fronts, urls


def start(web: Web, out: Path, fronts: list[str], **more: object) -> "subprocess.Popen[str]":
    job = {
        "spider": "site",
        "out": str(out),
        "urls": fronts,
        "limit": 0,
        "workers": 1,
        "manners": {"delay": 0.02, "per_host": 3, "concurrency": CONCURRENCY},
        **more,
    }
    command = [sys.executable, "-m", "tests.crawler.crawl_process", json.dumps(job)]
    pipe = subprocess.PIPE
    environment = {**os.environ, "http_proxy": web.url}
    return subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True)


def killed(process: "subprocess.Popen[str]", after: float, web: Web) -> bool:
    """Kill the process some time after it has begun to fetch; whether it was still running."""
    begun = len(web.log)
    for _ in range(600):
        if len(web.log) > begun or process.poll() is not None:
            break
        with_patience(process, 0.1)
    with_patience(process, after)
    running = process.poll() is None
    if running:
        process.send_signal(signal.SIGKILL)
    process.communicate()
    return running


def with_patience(process: "subprocess.Popen[str]", seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def crawl_with_kills(out: Path, *, kills: int, hosts: int, pages: int, seed: int) -> int:
    """Run the crawl to its end with kills on the way; how many hit. Asserts what is promised."""
    chance = random.Random(seed)
    web, fronts, urls = faulty_web(chance, hosts=hosts, pages=pages)
    hits = 0
    with serving(web):
        for _ in range(kills):
            process = start(web, out, fronts, manners=SLOW)
            hits += killed(process, chance.uniform(0.0, 1.5), web)
        process = start(web, out, fronts)
        printed, errors = process.communicate(timeout=300)
    assert json.loads(printed or "{}").get("ending") == "finished", errors
    stored = Counter(fingerprint(url) for url in articles(out))
    rejected = Counter(fingerprint(url) for url in rejections(out))
    wrong = [url for url in urls if stored[fingerprint(url)] + rejected[fingerprint(url)] != 1]
    assert wrong == []
    assert sum(stored[fingerprint(url)] for url in urls) == len(urls)
    answered = Counter(
        asked.url for asked in web.log if asked.status == 200 and "/news/" in asked.url
    )
    again = sum(count - 1 for count in answered.values())
    assert again <= hits * CONCURRENCY, "more than what was in flight was fetched again"
    archived = list(archive_pages(*sorted((out / "warc").glob("*.warc.gz"))))
    assert not [item for item in archived if isinstance(item, Rejection) and not item.url]
    assert {item.url for item in archived if isinstance(item, Page)} >= set(urls)
    return hits


def test_two_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    assert crawl_with_kills(tmp_path, kills=2, hosts=3, pages=12, seed=7) >= 1


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_twenty_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    assert crawl_with_kills(tmp_path, kills=20, hosts=6, pages=30, seed=11) >= 10


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_cleanly_and_the_next_run_goes_on(tmp_path: Path, number: int) -> None:
    web, fronts, urls = faulty_web(random.Random(3), hosts=3, pages=25)
    with serving(web):
        process = start(web, tmp_path, fronts, manners={"delay": 0.2, "per_host": 1})
        while len(web.log) < 15 and process.poll() is None:
            with_patience(process, 0.1)
        process.send_signal(number)
        printed, errors = process.communicate(timeout=60)
        first = json.loads(printed or "{}")
        assert (first["ending"], first["left"] > 0) == ("interrupted", True), errors
        fetched = {asked.url for asked in web.log if asked.status == 200 and "/news/" in asked.url}
        assert fetched <= set(articles(tmp_path)) | set(rejections(tmp_path))
        second = start(web, tmp_path, fronts)
        printed, errors = second.communicate(timeout=120)
    assert json.loads(printed)["ending"] == "finished", errors
    assert set(articles(tmp_path)) == set(urls)
    counts = Counter(
        asked.url for asked in web.log if asked.status == 200 and "/news/" in asked.url
    )
    assert max(counts.values()) == 1
