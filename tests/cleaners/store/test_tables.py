"""Rows that come as Arrow are stored as the same outcomes are that come one by one."""

from pathlib import Path
from typing import Any

import pytest

from cleaners.model import Outcome, Reason
from cleaners.scale.batch import outcomes_table
from cleaners.store.dataset import Added, Dataset, Limits
from cleaners.store.query import query
from tests.cleaners.store.samples import article, rejection, stamp, story

URL = "https://news.example/{}"
FIRST: list[Outcome] = [
    article(URL.format("a"), story("Calder")),
    rejection(URL.format("b")),
    article(URL.format("c"), story("Brix")),
    rejection(URL.format("d"), Reason.LISTING, 200),
]
SECOND: list[Outcome] = [
    article(URL.format("a"), story("Dorn")),  # changed
    article(URL.format("b"), story("Elm")),  # a reject that has become an article
    article(URL.format("c"), story("Brix")),  # the same
    article(URL.format("e"), story("Fen")),  # new, and changed in the same batch
    article(URL.format("e"), story("Gil")),
    rejection(URL.format("a")),  # of what is an article
    article(URL.format("f"), story("Holm")),
]


def tables(out: Path) -> dict[str, list[dict[str, Any]]]:
    return {
        name: query(Dataset.open(out), f"select * from {name} order by all").to_pylist()
        for name in ("articles", "rejects", "revisions")
    }


@pytest.mark.parametrize("rows", [1, 3, 100])
def test_a_table_is_stored_as_its_outcomes_are(tmp_path: Path, rows: int) -> None:
    added: dict[str, list[Added]] = {"one": [], "table": []}
    for run, outcomes in (("run-1", FIRST), ("run-2", SECOND)):
        with Dataset.open(tmp_path / "one").writer(stamp(run), limits=Limits(rows=rows)) as writer:
            added["one"] += [writer.add(outcome) for outcome in outcomes]
        with Dataset.open(tmp_path / "table").writer(
            stamp(run), limits=Limits(rows=rows)
        ) as writer:
            added["table"] += writer.add_table(outcomes_table(outcomes))
    assert added["one"] == added["table"]
    assert tables(tmp_path / "one") == tables(tmp_path / "table")
    assert [row["run_id"] for row in tables(tmp_path / "table")["articles"]].count("run-2") >= 3
