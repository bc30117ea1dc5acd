"""Garbage of one crawl does not outlive the next in a process that goes on."""

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.collector import YOUNG, collect_seldom, resume_collecting, sweep
from crawler.model import CrawlJob
from crawler.run import crawl


class Knot:
    """A cycle: only the collector takes it apart."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    assert gc.get_threshold() == before


def test_garbage_of_a_crawl_is_taken_before_the_next_is_frozen() -> None:
    collect_seldom()
    assert gc.get_threshold() == YOUNG
    left = weakref.ref(Knot())
    resume_collecting()
    sweep()
    assert left() is None


def test_a_crawl_sweeps_what_the_one_before_has_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("crawler.run._Run", lambda *_: 1 / 0)  # swept before it is made
    collect_seldom()
    resume_collecting()
    left = weakref.ref(Knot())
    with pytest.raises(ZeroDivisionError):
        crawl(CrawlJob("pages", tmp_path))
    assert left() is None


def test_what_is_frozen_is_let_go_afterwards() -> None:
    before = gc.get_freeze_count()
    collect_seldom()
    assert gc.get_freeze_count() > before
    resume_collecting()
    assert gc.get_freeze_count() == 0


def test_resuming_what_was_not_begun_changes_nothing() -> None:
    resume_collecting()
