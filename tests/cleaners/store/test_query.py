"""Queries see the tables, and nothing else."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaners.errors import InputError
from cleaners.store.dataset import Dataset
from cleaners.store.query import Format, query, render
from tests.cleaners.store.samples import article, rejection, stamp, story

URL = "https://daily.example/{}"


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    found = Dataset.open(tmp_path)
    with found.writer(stamp()) as writer:
        odd = article(URL.format(1), story("Calder"))
        writer.add(replace(odd, metadata=replace(odd.metadata, title="=1+1\x1b[31m")))
        writer.add(article(URL.format(2), story("Brix")))
        writer.add(rejection(URL.format(3)))
    return found


def test_the_views(dataset: Dataset) -> None:
    counts = {
        name: query(dataset, f"select count(*) as n from {name}").to_pylist()[0]["n"]
        for name in ("articles", "rejects", "stories", "revisions", "removed")
    }
    assert counts == {"articles": 2, "rejects": 1, "stories": 0, "revisions": 0, "removed": 2}


def test_removed_is_unnested(dataset: Dataset) -> None:
    rows = query(dataset, "select url, rule, text, position from removed order by url").to_pylist()
    assert rows[0] == {
        "url": URL.format(1), "rule": "read-more", "text": "Read more", "position": 3
    }  # fmt: skip


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/hosts')",
        "select * from '/etc/hosts'",
        "copy articles to '/tmp/winnow-stolen.csv'",
        "attach '/tmp/winnow-other.db'",
        "set enable_external_access = true",
        "install httpfs",
        "select * from dataset",
        "select 1; select 2",
        "create table mine as select 1",
        "drop view articles",
        "set timezone = 'CET'",
        "selekt",
        "",
    ],
)
def test_nothing_else_can_be_reached(dataset: Dataset, sql: str) -> None:
    with pytest.raises(InputError):
        query(dataset, sql)


def test_csv_guards_formulas(dataset: Dataset) -> None:
    answer = query(dataset, "select title, -1 as less, authors from articles order by url")
    rows = list(csv.reader(io.StringIO(render(answer, Format.CSV).decode())))
    assert rows[0] == ["title", "less", "authors"]
    assert rows[1] == ["'=1+1\x1b[31m", "-1", '["Ines Varga"]']


def test_json_has_all_values(dataset: Dataset) -> None:
    answer = query(dataset, "select title, published_at, minhash from articles order by url")
    rows = json.loads(render(answer, Format.JSON))
    assert rows[1]["published_at"] == "2026-03-04T09:30:00+00:00"
    assert len(rows[1]["minhash"]) > 600


def test_the_table_is_of_printable_characters(dataset: Dataset) -> None:
    text = render(query(dataset, "select title, text from articles"), Format.TABLE).decode()
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) < 130


def test_parquet_is_parquet(dataset: Dataset) -> None:
    answer = query(dataset, "select url from articles order by url")
    back = pq.read_table(pa.BufferReader(render(answer, Format.PARQUET)))
    assert back.to_pylist() == [{"url": URL.format(1)}, {"url": URL.format(2)}]


def test_every_type_is_written_in_every_form(dataset: Dataset) -> None:
    answer = query(
        dataset,
        """select sum(word_count) as words, time '10:00' as "at", interval '1 month 3 days' as span,
        'inf'::double as much, uuid() as id, 2 as words, map {'a': 1} as pairs from articles""",
    )
    for how in Format:
        assert render(answer, how)
    (row,) = json.loads(render(answer, Format.JSON), parse_constant=pytest.fail)
    assert isinstance(row["words"], int)
    assert (row["words_1"], row["at"], row["span"]) == (2, "10:00:00", "P1M3DT0S")
    assert (row["much"], row["pairs"]) == (None, [["a", 1]])


def test_what_reads_is_answered(dataset: Dataset) -> None:
    for sql in ("describe articles", "show tables", "pivot rejects on stage", "explain select 1"):
        assert query(dataset, sql).num_rows
