"""Files of an older schema read together with new ones, and cleaning anew lifts them."""

from pathlib import Path

import pyarrow.parquet as pq

from cleaners.store.dataset import Added, Dataset
from cleaners.store.query import query
from cleaners.store.schema import ARTICLES, VERSION, version_of
from tests.cleaners.store.samples import article, shown, stamp, story

URL = "https://daily.example/{}"
# What a version before had not: one column in the middle, one at the end.
LACKING = ["wire_agency", "removed"]


def age(path: Path) -> None:
    """Rewrite a part as version 0 of the schema would have written it."""
    data = pq.ParquetFile(path).read().drop_columns(LACKING)
    metadata = dict(data.schema.metadata) | {b"winnow.schema_version": b"0"}
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
