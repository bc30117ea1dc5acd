"""How files are written: what a reader can skip, and what it can trust."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaners.store.compact import compact
from cleaners.store.dataset import Dataset
from cleaners.store.parts import ROW_GROUP_BYTES, group_rows
from cleaners.store.schema import ROW_GROUP_ROWS
from tests.cleaners.store.samples import article, stamp, story


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> pq.ParquetFile:
    out = tmp_path_factory.mktemp("parts")
    with Dataset.open(out).writer(stamp()) as writer:
        for number in range(50):
            page = article(f"https://daily.example/{number}", story(f"Calder{number}"))
            writer.add(page)
    return pq.ParquetFile(next((out / "articles").rglob("*.parquet")))


def column(part: pq.ParquetFile, name: str) -> pq.ColumnChunkMetaData:
    group = part.metadata.row_group(0)
    chunks = (group.column(place) for place in range(group.num_columns))
    return next(chunk for chunk in chunks if chunk.path_in_schema == name)


@pytest.mark.parametrize(
    "name", ["domain", "language", "run_id", "authors.list.element", "removed.list.element.rule"]
)
def test_what_repeats_has_a_dictionary(part: pq.ParquetFile, name: str) -> None:
    assert column(part, name).has_dictionary_page


@pytest.mark.parametrize("name", ["article_id", "url", "text", "text_sha256", "minhash"])
def test_what_does_not_has_none(part: pq.ParquetFile, name: str) -> None:
    assert not column(part, name).has_dictionary_page


@pytest.mark.parametrize("name", ["text", "url", "removed.list.element.text", "tags.list.element"])
def test_words_are_compressed(part: pq.ParquetFile, name: str) -> None:
    assert column(part, name).compression == "ZSTD"


def test_numbers_and_repetitions_are_compressed_by_merging(tmp_path: Path) -> None:
    def packing(path: Path) -> set[str]:
        file = pq.ParquetFile(path)
        return {column(file, name).compression for name in ("published_at", "domain", "minhash")}

    for run in ("run-1", "run-2"):
        with Dataset.open(tmp_path).writer(stamp(run)) as writer:
            writer.add(article(f"https://daily.example/{run}", story("Calder")))
    assert {frozenset(packing(path)) for path in (tmp_path / "articles").rglob("*.parquet")} == {
        frozenset({"UNCOMPRESSED"})
    }
    compact(Dataset.open(tmp_path))
    assert packing(next((tmp_path / "articles").rglob("*.parquet"))) == {"ZSTD"}


def test_a_page_index_and_statistics(part: pq.ParquetFile) -> None:
    published = column(part, "published_at")
    assert published.has_column_index
    assert published.has_offset_index
    assert published.statistics.has_min_max


def test_only_a_merged_file_says_that_it_is_sorted(part: pq.ParquetFile, tmp_path: Path) -> None:
    assert part.metadata.row_group(0).sorting_columns == ()
    for run in ("run-1", "run-2"):
        with Dataset.open(tmp_path).writer(stamp(run)) as writer:
            writer.add(article(f"https://daily.example/{run}", story("Calder")))
    compact(Dataset.open(tmp_path))
    merged = pq.ParquetFile(next((tmp_path / "articles").rglob("*.parquet"))).metadata
    order = [
        merged.schema.column(chosen.column_index).path
        for chosen in merged.row_group(0).sorting_columns
    ]
    assert order == ["published_at", "domain", "language"]


def test_row_groups_are_bounded_by_rows_and_bytes() -> None:
    small = pa.table({"a": pa.array([1] * 10)})
    assert group_rows(small) == ROW_GROUP_ROWS
    large = pa.table({"a": ["x" * 2**20] * 600})
    assert group_rows(large) == pytest.approx(ROW_GROUP_BYTES / 2**20, abs=2)
