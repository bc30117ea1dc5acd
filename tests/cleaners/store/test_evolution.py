"""Files of an older schema read together with new ones, and cleaning anew lifts them."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaners.store.compact import compact
from cleaners.store.dataset import Added, Dataset
from cleaners.store.query import query
from cleaners.store.schema import ARTICLES, MINHASH_BYTES, VERSION, version_of
from cleaners.stories import link
from tests.cleaners.store.samples import DAY, article, shown, stamp, story

URL = "https://daily.example/{}"
# What a version before had not: one column in the middle, one at the end.
LACKING = ["wire_agency", "removed"]


def age(path: Path) -> None:
    """Rewrite a part as version 0 of the schema would have written it."""
    data = pq.ParquetFile(path).read().drop_columns(LACKING)
    metadata = dict(data.schema.metadata) | {b"winnow.schema_version": b"0"}
    pq.write_table(data.replace_schema_metadata(metadata), path)


def sign_otherwise(path: Path) -> None:
    """Rewrite a part with signatures of the kind that version 1 of the schema had."""
    data = pq.ParquetFile(path).read()
    other = pa.array([b"\x5a" * MINHASH_BYTES] * data.num_rows, data.schema.field("minhash").type)
    data = data.set_column(data.schema.get_field_index("minhash"), "minhash", other)
    metadata = dict(data.schema.metadata) | {b"winnow.schema_version": b"1"}
    pq.write_table(data.replace_schema_metadata(metadata), path)


def make(out: Path) -> None:
    with Dataset.open(out).writer(stamp()) as writer:
        writer.add(article(URL.format("old"), story("Calder"), wire_agency="Wireline"))
    for path in (out / "articles").rglob("*.parquet"):
        age(path)
    with Dataset.open(out).writer(stamp("run-2")) as writer:
        writer.add(article(URL.format("new"), story("Brix"), wire_agency="Wireline"))


def versions(out: Path) -> set[int | None]:
    return {version_of(pq.read_schema(path)) for path in (out / "articles").rglob("*.parquet")}


def test_old_and_new_files_read_together(tmp_path: Path) -> None:
    make(tmp_path)
    dataset = Dataset.open(tmp_path)
    assert versions(tmp_path) == {0, VERSION}
    rows = dataset.scan(ARTICLES).to_table(columns=["url", "wire_agency"]).to_pylist()
    assert sorted(rows, key=str) == [
        {"url": URL.format("new"), "wire_agency": "Wireline"},
        {"url": URL.format("old"), "wire_agency": None},
    ]
    assert len(list(dataset.articles())) == 2
    assert query(dataset, "select count(*) n from articles").to_pylist() == [{"n": 2}]


def test_cleaning_anew_lifts_old_files(tmp_path: Path) -> None:
    make(tmp_path)
    with Dataset.open(tmp_path).writer(stamp("run-3"), refresh=True) as writer:
        lifted = article(URL.format("old"), story("Calder"), wire_agency="Wireline")
        assert writer.add(lifted) is Added.REFRESHED
    assert versions(tmp_path) == {VERSION}
    assert shown(tmp_path, "articles", "wire_agency") == [("Wireline",), ("Wireline",)]


def test_signatures_of_another_kind_are_made_anew(tmp_path: Path) -> None:
    text = story("Calder")
    with Dataset.open(tmp_path).writer(stamp()) as writer:
        writer.add(article(URL.format("old"), text))
    for path in (tmp_path / "articles").rglob("*.parquet"):
        sign_otherwise(path)
    with Dataset.open(tmp_path).writer(stamp("run-2")) as writer:
        writer.add(article("https://other.example/new", f"{text}\n\nMore on this tomorrow."))
    dataset = Dataset.open(tmp_path)
    assert link(dataset, now=stamp().cleaned_at).near == 1
    compact(dataset)
    assert versions(tmp_path) == {VERSION}
    rows = dataset.scan(ARTICLES).to_table(columns=["url", "minhash"]).to_pylist()
    signed = {row["url"]: row["minhash"] for row in rows}
    assert signed[URL.format("old")] is None
    assert signed["https://other.example/new"] is not None


@pytest.mark.parametrize(
    "lacking", ["fetched_at", "revision", "url", "text_sha256", "cleaned_at", "published_at"]
)
def test_any_column_may_be_younger_than_a_file(tmp_path: Path, lacking: str) -> None:
    make(tmp_path)
    for path in (tmp_path / "articles").rglob("*.parquet"):
        pq.write_table(pq.ParquetFile(path).read().drop_columns([lacking]), path)
    with Dataset.open(tmp_path).writer(stamp("run-3"), refresh=True) as writer:
        added = [writer.add(article(URL.format(name), story("Dorn"))) for name in ("old", "last")]
        assert added == [Added.CHANGED, Added.NEW]
    assert link(Dataset.open(tmp_path), now=DAY).articles == 3
    assert compact(Dataset.open(tmp_path)).files_after == 1
    assert len(list(Dataset.open(tmp_path).articles())) == 3


def test_removed_blocks_with_fewer_fields_are_read_and_written(tmp_path: Path) -> None:
    make(tmp_path)
    for path in (tmp_path / "articles").rglob("*.parquet"):
        data = pq.ParquetFile(path).read(["article_id", "text", "source", "revision", "cleaned_at"])
        told = pa.array([[{"text": "Read more", "rule": "read-more"}]] * data.num_rows)
        pq.write_table(data.append_column("removed", told), path)
    assert compact(Dataset.open(tmp_path)).files_after == 1
    assert shown(tmp_path, "articles", "removed")[0][0][0]["stage"] is None
    assert [one.removals[0].rule for one in Dataset.open(tmp_path).articles()] == ["read-more"] * 2
