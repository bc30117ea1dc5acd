"""Storing: once each, latest wins, a glob is right at every moment."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cleaners.errors import StoreError, StoreLocked
from cleaners.model import Article, Reason, Rejection
from cleaners.store.dataset import Added, Dataset, Limits
from cleaners.store.schema import ARTICLES
from tests.cleaners.store.samples import (
    DAY,
    article,
    hidden_files,
    rejection,
    shown,
    stamp,
    story,
)

A, B = "https://daily.example/a", "https://daily.example/b"


def store(out: Path, *outcomes: Article | Rejection, run: str = "run-1") -> list[Added]:
    with Dataset.open(out).writer(stamp(run)) as writer:
        return [writer.add(outcome) for outcome in outcomes]


def test_the_same_again_adds_nothing(tmp_path: Path) -> None:
    first = store(tmp_path, article(A, story("Calder")), rejection(B))
    again = store(tmp_path, article(A, story("Calder")), rejection(B), run="run-2")
    assert first == [Added.NEW, Added.REJECTED]
    assert again == [Added.UNCHANGED, Added.UNCHANGED]
    assert shown(tmp_path, "articles", "url", "run_id") == [(A, "run-1")]
    assert shown(tmp_path, "rejects", "url", "run_id") == [(B, "run-1")]


@pytest.mark.parametrize(
    "other", ["http://www.daily.example/a/", f"{A}#top", f"{A}?utm_source=feed&fbclid=1"]
)
def test_another_spelling_of_the_address_is_the_same_article(tmp_path: Path, other: str) -> None:
    added = store(tmp_path, article(A, story("Calder")), article(other, story("Calder")))
    assert added == [Added.NEW, Added.UNCHANGED]


def test_a_canonical_address_of_the_site_names_the_article(tmp_path: Path) -> None:
    amp = article("https://m.daily.example/amp/a", story("Calder"), url_canonical=A)
    assert store(tmp_path, article(A, story("Calder")), amp) == [Added.NEW, Added.ALIAS]
    assert shown(tmp_path, "rejects", "url", "reason") == [(amp.url, "same-as")]


def test_two_addresses_of_an_article_do_not_take_turns(tmp_path: Path) -> None:
    amp = article("https://m.daily.example/amp/a", story("Brix"), url_canonical=A)
    for run in ("run-1", "run-2"):
        store(tmp_path, article(A, story("Calder")), amp, run=run)
    assert shown(tmp_path, "articles", "url", "run_id") == [(A, "run-1")]
    assert shown(tmp_path, "rejects", "url", "run_id") == [(amp.url, "run-1")]


@pytest.mark.parametrize("canonical", ["https://daily.example/", "https://other.example/a"])
def test_a_canonical_address_of_something_else_does_not(tmp_path: Path, canonical: str) -> None:
    one = article(A, story("Calder"), url_canonical=canonical)
    two = article(B, story("Brix"), url_canonical=canonical)
    assert store(tmp_path, one, two) == [Added.NEW, Added.NEW]


def test_changed_text_is_a_new_revision_and_the_old_one_is_kept(tmp_path: Path) -> None:
    store(tmp_path, article(A, story("Calder")))
    assert store(tmp_path, article(A, story("Brix")), run="run-2") == [Added.CHANGED]
    assert shown(tmp_path, "articles", "url", "text", "revision") == [(A, story("Brix"), 2)]
    assert shown(tmp_path, "revisions", "text", "revision") == [(story("Calder"), 1)]
    assert hidden_files(tmp_path) == []


def test_a_glob_shows_each_article_once_while_a_run_is_on(tmp_path: Path) -> None:
    store(tmp_path, article(A, story("Calder")))
    with Dataset.open(tmp_path).writer(stamp("run-2")) as writer:
        writer.add(article(A, story("Brix")))
        writer.add(article(B, story("Dorn")))
        writer.flush()
        assert shown(tmp_path, "articles", "url", "revision") == [(A, 1), (B, 1)]
    assert shown(tmp_path, "articles", "url", "revision") == [(A, 2), (B, 1)]


def test_many_changes_of_one_article_in_one_run(tmp_path: Path) -> None:
    with Dataset.open(tmp_path).writer(stamp()) as writer:
        for place in ("Calder", "Brix", "Dorn"):
            writer.add(article(A, story(place)))
        writer.flush()
        writer.add(article(A, story("Elm")))
        writer.flush()
        writer.add(article(A, story("Fenn")))
    assert shown(tmp_path, "articles", "text", "revision") == [(story("Fenn"), 5)]
    assert [row[0] for row in shown(tmp_path, "revisions", "revision")] == [1, 2, 3, 4]


def test_an_older_fetch_never_replaces_a_newer_one(tmp_path: Path) -> None:
    older = article(A, story("Brix"), fetched=DAY - timedelta(days=2))
    store(tmp_path, article(A, story("Calder")))
    assert store(tmp_path, older, run="run-2") == [Added.OLDER]
    assert store(tmp_path, older, run="run-3") == [Added.UNCHANGED]
    assert shown(tmp_path, "articles", "text") == [(story("Calder"),)]
    assert shown(tmp_path, "revisions", "text") == [(story("Brix"),)]


def test_cleaning_anew_replaces_the_row_without_a_revision(tmp_path: Path) -> None:
    store(tmp_path, article(A, story("Calder")))
    with Dataset.open(tmp_path).writer(stamp("run-2"), refresh=True) as writer:
        better = article(A, story("Calder"), section="Harbour")
        assert writer.add(better) is Added.REFRESHED
    assert shown(tmp_path, "articles", "section", "revision") == [("Harbour", 1)]
    assert shown(tmp_path, "revisions", "url") == []


def test_a_reject_that_becomes_an_article_leaves_rejects(tmp_path: Path) -> None:
    store(tmp_path, rejection(A), rejection(B))
    store(tmp_path, article(A, story("Calder")), run="run-2")
    assert shown(tmp_path, "rejects", "url") == [(B,)]
    assert shown(tmp_path, "articles", "url") == [(A,)]


def test_within_one_run_too(tmp_path: Path) -> None:
    assert store(tmp_path, rejection(A), article(A, story("Brix"))) == [Added.REJECTED, Added.NEW]
    assert shown(tmp_path, "rejects", "url") == []


def test_an_article_that_is_gone_later_stays(tmp_path: Path) -> None:
    store(tmp_path, article(A, story("Calder")))
    assert store(tmp_path, rejection(A, status=404), run="run-2") == [Added.KEPT]
    assert shown(tmp_path, "articles", "url") == [(A,)]
    assert shown(tmp_path, "rejects", "url") == []


def test_the_latest_reason_of_a_reject_wins(tmp_path: Path) -> None:
    store(tmp_path, rejection(A), rejection(B))
    store(tmp_path, rejection(A, Reason.LISTING, 200), run="run-2")
    rows = shown(tmp_path, "rejects", "url", "reason", "run_id")
    assert rows == [(A, "listing", "run-2"), (B, "http-error", "run-1")]


def test_a_row_that_cannot_be_stored_is_a_reject_and_the_batch_is_not_lost(tmp_path: Path) -> None:
    bad = replace(article(A, story("Calder")), text="lone \ud800 surrogate")
    assert store(tmp_path, bad, article(B, story("Brix"))) == [Added.INVALID, Added.NEW]
    assert shown(tmp_path, "articles", "url") == [(B,)]
    assert shown(tmp_path, "rejects", "url", "stage", "reason") == [(A, "store", "invalid-row")]


def test_a_path_that_is_not_utf8_is_stored_readably(tmp_path: Path) -> None:
    odd = replace(article(A, story("Calder")), source="seeds/caf\udce9.txt", url=None)
    assert store(tmp_path, odd) == [Added.NEW]
    assert store(tmp_path, odd) == [Added.UNCHANGED]
    assert shown(tmp_path, "articles", "source") == [("seeds/caf\\udce9.txt",)]


def test_a_writer_flushes_by_itself(tmp_path: Path) -> None:
    with Dataset.open(tmp_path).writer(stamp(), limits=Limits(rows=2)) as writer:
        for number in range(5):
            writer.add(article(f"{A}{number}", story("Calder")))
        assert len(shown(tmp_path, "articles", "url")) == 4
    assert len(shown(tmp_path, "articles", "url")) == 5


def test_a_second_writer_is_refused_and_told_who_writes(tmp_path: Path) -> None:
    mine = Dataset.open(tmp_path).writer(stamp())
    with mine, pytest.raises(StoreLocked, match=r"this process \(\d+\)"):
        Dataset.open(tmp_path).writer(stamp())
    assert store(tmp_path, article(A, story("Calder"))) == [Added.NEW]


def test_what_is_stored_reads_as_articles(tmp_path: Path) -> None:
    given = article(A, story("Calder"))
    store(tmp_path, given, rejection(B))
    dataset = Dataset.open(tmp_path)
    assert list(dataset.articles()) == [given]
    assert list(dataset.rejections()) == [rejection(B)]
    scanned = dataset.scan(ARTICLES).to_table(columns=["url", "ingest_date"])
    assert scanned.to_pylist() == [{"url": A, "ingest_date": DAY.date()}]


def test_an_output_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(StoreError, match="out"):
        Dataset.open(tmp_path / "out").writer(stamp())


def test_later_runs_keep_the_revisions_that_earlier_ones_replaced(tmp_path: Path) -> None:
    urls = ["https://daily.example/a", "https://daily.example/b"]
    with Dataset.open(tmp_path).writer(stamp("run-0")) as writer:
        for url in urls:
            writer.add(article(url, story(f"Calder {url[-1]}")))
    for url in urls:  # each replaces another row of the one part that the first run wrote
        with Dataset.open(tmp_path).writer(stamp(f"run-{url[-1]}")) as writer:
            writer.add(article(url, story(f"Brix {url[-1]}")))
    kept = {row[0] for row in shown(tmp_path, "revisions", "text")}
    assert kept == {story("Calder a"), story("Calder b")}
