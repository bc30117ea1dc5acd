"""Crawl workers append side by side; together they store each article once."""

import multiprocessing
from pathlib import Path

import pytest

from cleaners.errors import StoreLocked
from cleaners.store.dataset import Dataset, Limits
from tests.cleaners.store.samples import article, hidden_files, rejection, shown, stamp, story

URL = "https://daily.example/{}"
WORKERS, EACH = 3, 12


def work(out: str, number: int) -> None:
    """Store articles of which some are also another worker's, some changed, some rejected."""
    dataset = Dataset.open(out)
    with dataset.writer(stamp(f"run-{number}"), shared=True, limits=Limits(rows=4)) as writer:
        for place in range(EACH):
            mine = place if place % 2 else f"{number}-{place}"
            writer.add(article(URL.format(mine), story(f"Calder{mine}")))
        writer.add(article(URL.format("before"), story(f"Brix{number}")))
        writer.add(rejection(URL.format(f"gone-{number}")))


@pytest.mark.slow
def test_many_writers_store_each_article_once(tmp_path: Path) -> None:
    with Dataset.open(tmp_path).writer(stamp("run-0")) as writer:
        writer.add(article(URL.format("before"), story("Calder")))
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=work, args=(str(tmp_path), n)) for n in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    urls = [row[0] for row in shown(tmp_path, "articles", "url")]
    assert len(urls) == len(set(urls)) == WORKERS * EACH // 2 + EACH // 2 + 1
    assert len(shown(tmp_path, "rejects", "url")) == WORKERS
    assert dict(shown(tmp_path, "articles", "url", "revision"))[URL.format("before")] > 1
    assert (story("Calder"),) in shown(tmp_path, "revisions", "text")
    assert hidden_files(tmp_path) == []


def test_a_lone_writer_waits_for_no_shared_one(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    started, stop = context.Event(), context.Event()
    other = context.Process(target=hold, args=(str(tmp_path), started, stop))
    other.start()
    assert started.wait(30)
    with pytest.raises(StoreLocked, match=f"pid {other.pid}"):
        Dataset.open(tmp_path).writer(stamp())
    stop.set()
    other.join(30)
    Dataset.open(tmp_path).writer(stamp()).close()


def hold(out: str, started: object, stop: object) -> None:
    """Keep a shared writer open until told to stop."""
    with Dataset.open(out).writer(stamp("run-held"), shared=True):
        started.set()  # type: ignore[attr-defined]
        stop.wait(30)  # type: ignore[attr-defined]
