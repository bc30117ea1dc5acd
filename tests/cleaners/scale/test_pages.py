"""Pages that come one by one: rows made by workers, and what befalls a worker costs one page."""

import os
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cleaners.clean import clean, clean_and_observe
from cleaners.config import CleanConfig
from cleaners.html.document import Document
from cleaners.model import (
    Article,
    Discovery,
    Outcome,
    Page,
    Reason,
    Rejection,
    Removal,
    Stage,
)
from cleaners.scale.local import CleaningPool
from cleaners.scale.pages import BATCH_PAGES, Batch, Ended, answered, clean_pages
from cleaners.store.dataset import Added, Dataset, RunStamp
from cleaners.store.made import ArticleRow
from cleaners.store.rows import fault
from cleaners.store.schema import ARTICLES
from tests.cleaners.scale.test_local import article, text_pages

STAMP = RunStamp("run", datetime(2026, 5, 1, tzinfo=UTC), "1", "c")


@dataclass(frozen=True)
class Moody:
    """A judge that kills its worker, hangs, raises or says no, by what the page is called."""

    def __call__(self, article: Article) -> Outcome:
        if article.source.startswith("kill"):
            os._exit(3)
        if article.source.startswith("hang"):
            time.sleep(60)
        if article.source.startswith("fail"):
            raise ValueError("no opinion")
        found = Discovery(method="seed", score=0.5)
        if article.source.startswith("drop"):
            return Rejection(
                article.source, None, Stage.RELATE, Reason.NOT_RELATED, "no", discovery=found
            )
        return replace(article, discovery=found)


def ended(pages: list[Page], config: CleanConfig | None = None) -> list[Ended]:
    with CleaningPool(config or CleanConfig(), workers=1, judge=Moody()) as pool:
        return [future.result(timeout=120).end for future in [pool.row(page) for page in pages]]


def test_each_page_gets_its_row_or_its_rejection() -> None:
    pages = [article(1), Page(b"", "nothing"), *text_pages(3 * BATCH_PAGES), article(2)]
    pages.append(replace(article(3), source="drop.html"))
    ends = ended(pages)
    tables = {id(end.table) for end in ends if isinstance(end, ArticleRow)}
    assert 1 < len(tables) < len(pages) / 2
    for page, end in zip(pages, ends, strict=True):
        assert end.source == page.source
        if page.source == "drop.html":
            assert isinstance(end, Rejection)
            assert end.reason is Reason.NOT_RELATED
            continue
        expected = clean(page)
        if isinstance(end, Rejection):
            assert end == expected
            continue
        assert isinstance(expected, Article)
        assert end.discovery == Discovery(method="seed", score=0.5)
        made = end.article()
        assert made.text == expected.text
        assert [r.text for r in made.removals] == [r.text for r in expected.removals]
        assert made.metadata == replace(expected.metadata, evidence=made.metadata.evidence)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("kill", Reason.CRASHED), ("hang", Reason.TIMEOUT), ("fail", Reason.INTERNAL_ERROR)],
)
def test_a_page_that_a_worker_dies_of_is_lost_alone(name: str, reason: Reason) -> None:
    pages = [*text_pages(7), replace(article(1), source=f"{name}.html"), *text_pages(7)]
    ends = ended(pages, CleanConfig(page_timeout=3.0))
    lost = [end for end in ends if isinstance(end, Rejection)]
    assert [(end.source, end.reason) for end in lost] == [(f"{name}.html", reason)]


@dataclass(frozen=True)
class Glance:
    """A look that tells what it was shown; one page kills its worker with it."""

    word: str

    def __call__(self, page: Page, outcome: Outcome, document: Document | None) -> bytes | None:
        if page.source.startswith("deadly"):
            os._exit(3)
        title = document.tree.findtext(".//title") if document else None
        return f"{self.word} {type(outcome).__name__} {title}".encode()


def test_looks_see_the_page_where_it_is_cleaned() -> None:
    deadly = replace(article(4), source="deadly.html")
    with CleaningPool(workers=1, judge=Moody()) as pool:
        asked = [
            pool.row(article(1), Glance("first")),
            pool.row(article(2)),
            pool.row(deadly, Glance("last")),
            pool.row(replace(article(3), source="drop.html"), Glance("second")),
            pool.row(Page(b"", "nothing"), Glance("third")),
        ]
        done = [future.result(timeout=120) for future in asked]
    titles = [clean_and_observe(article(n), reading=True).document for n in (1, 3)]
    shown = [document.tree.findtext(".//title") for document in titles if document]
    assert [one.sight for one in done] == [
        f"first Article {shown[0]}".encode(),
        None,
        None,
        f"second Rejection {shown[1]}".encode(),
        b"third Rejection None",
    ]
    assert isinstance(done[2].end, Rejection)
    assert done[2].end.reason is Reason.CRASHED


def test_a_closed_pool_leaves_nobody_waiting() -> None:
    with CleaningPool(workers=1) as pool:
        futures = [pool.row(page) for page in text_pages(50)]
        pool.close(cancel=True)
        ends = [future.result(timeout=60).end for future in futures]
    assert all(isinstance(end, ArticleRow | Rejection) for end in ends)
    assert isinstance(ends[-1], Rejection)


def rows(*pages: Page) -> list[Ended]:
    with CleaningPool(workers=1) as pool:
        return [future.result(timeout=60).end for future in [pool.row(page) for page in pages]]


def test_a_row_is_stored_as_its_article_would_be(tmp_path: Path) -> None:
    first, second = article(1), article(2)
    changed = replace(article(3), source=first.source)
    ends = rows(first, second, first, changed)
    added: dict[str, list[Added]] = {}
    for name in ("rows", "articles"):
        with Dataset.open(tmp_path / name).writer(STAMP) as writer:
            for end in ends:
                assert isinstance(end, ArticleRow)
                added.setdefault(name, []).append(
                    writer.add(end if name == "rows" else end.article())
                )
    assert added["rows"] == added["articles"]
    assert added["rows"] == [Added.NEW, Added.NEW, Added.UNCHANGED, Added.CHANGED]
    one, other = (
        Dataset.open(tmp_path / name).scan(ARTICLES).to_table().sort_by("source")
        for name in ("rows", "articles")
    )
    assert one.drop_columns(["cleaner_version"]).equals(other.drop_columns(["cleaner_version"]))


def test_what_no_row_can_hold_is_a_rejection() -> None:
    page = replace(article(1), source="old.html")

    def ancient(article: Article) -> Outcome:
        when = datetime(1200, 1, 1, tzinfo=UTC)
        return replace(article, metadata=replace(article.metadata, published_at=when))

    answer = clean_pages(Batch((page,)), ancient, CleanConfig(), None)
    (rejection,) = answer.rejections
    assert rejection is not None
    assert rejection.reason is Reason.INVALID_ROW
    assert answer.rows == b""


@pytest.mark.parametrize(
    "bad",
    [
        {"markdown": "lone \ud800 surrogate"},
        {"text": "lone \udfff surrogate"},
        {"text": " "},
        {"removals": (Removal("\ud800", "r", "s", 0),)},
    ],
)
def test_a_batch_with_what_no_row_can_hold_keeps_the_rest(bad: dict[str, Any]) -> None:
    good = [outcome for n in (1, 2) if isinstance(outcome := clean(article(n)), Article)]
    worse = replace(good[0], source="bad", **bad)
    pages = [Page(b"", one.source, one.url) for one in (good[0], worse, good[1])]
    ends = answered([good[0], worse, good[1]], config_digest="c").ends(pages)
    assert isinstance(ends[1], Rejection)
    assert (ends[1].reason, ends[1].detail) == (Reason.INVALID_ROW, fault(worse))
    whole = answered(good, config_digest="c").ends([pages[0], pages[2]])
    made = [end for end in (ends[0], ends[2]) if isinstance(end, ArticleRow)]
    alone = [end for end in whole if isinstance(end, ArticleRow)]
    assert len(made) == 2
    assert [end.article() for end in made] == [end.article() for end in alone]


def test_a_batch_too_large_for_a_row_is_looked_at_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = [outcome for n in (1, 2) if isinstance(outcome := clean(article(n)), Article)]
    long = replace(good[0], markdown="a" * 60_000)
    monkeypatch.setattr("cleaners.scale.batch.MAX_ROW_CHARS", 50_000)
    monkeypatch.setattr("cleaners.store.rows.MAX_ROW_CHARS", 50_000)
    made = answered([long, *good], config_digest="c")
    assert [end and end.reason for end in made.rejections] == [Reason.INVALID_ROW, None, None]
