"""Compaction: fewer files, the same rows, sorted; a crash at any step loses and doubles nothing."""

import os
import shutil
import signal
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cleaners.store.compact import compact
from cleaners.store.dataset import Dataset, Limits
from cleaners.store.query import query
from cleaners.store.schema import ARTICLES
from tests.cleaners.store.samples import DAY, article, hidden_files, rejection, shown, stamp, story


def fill(out: Path, count: int = 12) -> None:
    """Articles in parts of three, the latest first; some rejects."""
    with Dataset.open(out).writer(stamp(), limits=Limits(rows=3)) as writer:
        for number in range(count):
            page = article(f"https://site{number % 3}.example/{number}", story(f"Calder{number}"))
            dated = replace(page.metadata, published_at=DAY - timedelta(days=number))
            writer.add(replace(page, metadata=dated))
        writer.add(rejection("https://site0.example/gone"))


def test_small_files_become_one_that_is_sorted(tmp_path: Path) -> None:
    fill(tmp_path)
    before = shown(tmp_path, "articles", "article_id", "text", "revision")
    done = compact(Dataset.open(tmp_path))
    assert (done.files_before, done.files_after) == (4, 1)
    assert shown(tmp_path, "articles", "article_id", "text", "revision") == before
    part = Dataset.open(tmp_path).parts(ARTICLES)[0]
    dates = pq.read_table(tmp_path / part.path)["published_at"].to_pylist()
    assert dates == sorted(dates)
    assert hidden_files(tmp_path) == []


def test_again_there_is_nothing_to_do(tmp_path: Path) -> None:
    fill(tmp_path)
    compact(Dataset.open(tmp_path))
    assert compact(Dataset.open(tmp_path)).partitions == 0


def test_more_than_fits_one_file_is_divided_in_order(tmp_path: Path) -> None:
    fill(tmp_path)
    before = shown(tmp_path, "articles", "article_id", "text")
    size = sum(part.size for part in Dataset.open(tmp_path).parts(ARTICLES))
    compact(Dataset.open(tmp_path), target_bytes=size // 2)
    assert shown(tmp_path, "articles", "article_id", "text") == before
    parts = Dataset.open(tmp_path).parts(ARTICLES)
    spans = [pq.read_table(tmp_path / part.path)["published_at"].to_pylist() for part in parts]
    assert len(spans) >= 2
    assert all(max(one) <= min(two) for one, two in pairwise(spans))


def test_what_is_merged_can_be_changed_afterwards(tmp_path: Path) -> None:
    fill(tmp_path)
    compact(Dataset.open(tmp_path))
    with Dataset.open(tmp_path).writer(stamp("run-2")) as writer:
        writer.add(article("https://site0.example/0", story("Elm")))
    texts = [row[0] for row in shown(tmp_path, "articles", "text")]
    assert len(texts) == 12
    assert story("Elm") in texts


def half(out: Path) -> int:
    """A target that makes two files of all."""
    return sum(part.size for part in Dataset.open(out).parts(ARTICLES)) // 2 + 1


def _count_steps(out: Path) -> int:
    names: list[str] = []
    compact(Dataset.open(out, steps=names.append), target_bytes=half(out))
    assert sum(name.startswith("move articles") for name in names) == 2
    return len(names)


def asked(out: Path) -> list[tuple[str, str]]:
    """The articles as a query sees them, which puts nothing right before."""
    rows = query(Dataset.open(out), f"from articles where ingest_date = date '{DAY.date()}'")
    return sorted(zip(rows["article_id"].to_pylist(), rows["text"].to_pylist(), strict=True))


@pytest.mark.slow
def test_killed_before_every_step(tmp_path: Path) -> None:
    base = tmp_path / "base"
    fill(base)
    before = shown(base, "articles", "article_id", "text")
    shutil.copytree(base, tmp_path / "count")
    for number in range(_count_steps(tmp_path / "count")):
        out = tmp_path / f"out-{number}"
        shutil.copytree(base, out)
        child = os.fork()
        if child == 0:
            left = number

            def step(_: str) -> None:
                nonlocal left
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            try:
                compact(Dataset.open(out, steps=step), target_bytes=half(out))
            finally:
                os._exit(0)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        assert asked(out) == before  # whoever only reads
        Dataset.open(out).writer(stamp("run-2")).close()
        assert shown(out, "articles", "article_id", "text") == before
        assert shown(out, "rejects", "url") == [("https://site0.example/gone",)]
        assert hidden_files(out) == []
        shutil.rmtree(out)


def test_a_half_copied_output_loses_nothing(tmp_path: Path) -> None:
    fill(tmp_path / "whole")
    before = shown(tmp_path / "whole", "articles", "article_id", "text")

    class Stop(BaseException):
        pass

    def step(name: str) -> None:
        if name.startswith("move articles"):
            raise Stop

    with pytest.raises(Stop):
        compact(Dataset.open(tmp_path / "whole", steps=step), target_bytes=half(tmp_path / "whole"))
    out = tmp_path / "copied"
    # The journal came along, some of the files that it speaks of did not.
    shutil.copytree(tmp_path / "whole", out)
    asides = sorted((out / ".winnow" / "txn").iterdir())
    assert len(asides) >= 2
    asides[0].unlink()
    Dataset.open(out).writer(stamp("run-2")).close()
    assert shown(out, "articles", "article_id", "text") == before
