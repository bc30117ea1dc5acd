"""What a filter does not have to read: folders, row groups and pages of merged files."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow.dataset as pads
import pyarrow.parquet as pq
import pytest

from cleaners.model import Article
from cleaners.store import parts
from cleaners.store.compact import compact
from cleaners.store.dataset import Dataset
from cleaners.store.schema import ARTICLES
from tests.cleaners.store.samples import article, stamp, story

DAYS, A_DAY = 3, 40
FIRST = datetime(2026, 3, 1, tzinfo=UTC)


def page(day: int, number: int) -> Article:
    """Published one a quarter of an hour, the days out of order."""
    made = article(f"https://site{number % 4}.example/{day}/{number}", story(f"Calder{number}"))
    published = FIRST + timedelta(days=(day * 2) % DAYS, minutes=15 * number)
    return replace(made, metadata=replace(made.metadata, published_at=published))


@pytest.fixture
def merged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An output of two days of running, each merged, with eight rows a group."""
    monkeypatch.setattr(parts, "ROW_GROUP_ROWS", 8)
    for run in (1, 2):
        for day in range(DAYS):
            at = datetime(2026, 4, run, day, tzinfo=UTC)
            with Dataset.open(tmp_path).writer(stamp(f"run-{run}-{day}", at)) as writer:
                for number in range(run - 1, A_DAY, 2):
                    writer.add(page(day, number))
    compact(Dataset.open(tmp_path))
    return tmp_path


def test_a_filter_on_the_run_s_day_reads_one_folder(merged: Path) -> None:
    scanned = Dataset.open(merged).scan(ARTICLES)
    chosen = list(scanned.get_fragments(pads.field("ingest_date") == date(2026, 4, 2)))
    assert len(list(scanned.get_fragments())) == 2
    assert ["ingest_date=2026-04-02" in fragment.path for fragment in chosen] == [True]


def test_a_filter_on_the_date_reads_the_row_groups_that_have_it(merged: Path) -> None:
    later = FIRST + timedelta(days=2)
    after = pads.field("published_at") >= later
    scanned = Dataset.open(merged).scan(ARTICLES)
    read = groups = rows = 0
    for fragment in scanned.get_fragments():
        groups += fragment.metadata.num_row_groups
        kept = fragment.subset(after)
        read += len(kept.row_groups)
        rows += sum(group.num_rows for group in kept.row_groups)
    assert scanned.count_rows(filter=after) == A_DAY
    assert groups == 2 * -(-DAYS * A_DAY // 2 // 8)
    assert read <= groups // DAYS + 2  # a third of the rows, and a group at each file's border
    assert rows < A_DAY + 2 * 8


def test_groups_follow_each_other_in_order(merged: Path) -> None:
    for path in merged.glob("articles/*/*.parquet"):
        meta = pq.ParquetFile(path).metadata
        place = meta.schema.names.index("published_at")
        ends = [
            (
                meta.row_group(g).column(place).statistics.min,
                meta.row_group(g).column(place).statistics.max,
            )
            for g in range(meta.num_row_groups)
        ]
        assert all(before[1] <= after[0] for before, after in pairwise(ends))
        assert meta.row_group(0).column(place).has_offset_index


def test_duckdb_agrees_on_every_filter(merged: Path) -> None:
    glob = f"{merged}/articles/**/*.parquet"
    for where, count in (
        ("ingest_date = '2026-04-02'", DAYS * A_DAY // 2),
        ("published_at < '2026-03-02'", A_DAY),
        ("domain = 'site1.example' and language = 'en'", DAYS * A_DAY // 4),
    ):
        asked = f"select count(*) from read_parquet('{glob}', hive_partitioning=true) where {where}"
        assert duckdb.execute(asked).fetchall() == [(count,)], where
