import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.errors import StoreDamaged, StoreError
from crawler.frontier.base import MAX_LOST_LEASES
from crawler.frontier.sqlite import SqliteFrontier
from crawler.model import Lead
from tests.crawler.frontier.contract import NOW, FrontierContract, Open, article, lease


@pytest.fixture
def opens(tmp_path: Path) -> Iterator[Open]:
    made: list[SqliteFrontier] = []

    def open_it(*, job: str = "job", now: float = NOW) -> SqliteFrontier:
        made.append(SqliteFrontier(tmp_path / "state.sqlite", job=job, now=now))
        return made[-1]

    yield open_it
    for frontier in made:
        frontier.close()


class TestSqliteFrontier(FrontierContract):
    """The embedded frontier keeps the contract."""


def test_a_file_that_is_no_frontier_is_named(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    path.write_bytes(b"not a database, but long enough to be read as one " * 100)
    with pytest.raises(StoreDamaged, match=r"state\.sqlite: .*move it away"):
        SqliteFrontier(path, job="job", now=NOW)


def test_a_file_that_somebody_else_has_locked_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.frontier.file.LOCK_SECONDS", 0.05)
    path = tmp_path / "state.sqlite"
    frontier = SqliteFrontier(path, job="job", now=NOW)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another program holds the frontier"):
        frontier.add([Lead("http://a.example/1")], now=NOW)
    other.execute("ROLLBACK")
    other.close()
    assert frontier.add([Lead("http://a.example/1")], now=NOW) == 1
    frontier.close()


def test_a_file_that_was_damaged_while_it_was_away_is_named(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    frontier = SqliteFrontier(path, job="job", now=NOW)
    frontier.add([Lead(f"http://a.example/{n}") for n in range(500)], now=NOW)
    frontier.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreDamaged, match="move it away"):
        SqliteFrontier(path, job="job", now=NOW).counts()


def test_a_frontier_of_another_version_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(StoreDamaged, match="version 99"):
        SqliteFrontier(path, job="job", now=NOW)


def test_a_url_in_flight_at_every_death_becomes_a_suspect(tmp_path: Path) -> None:
    for _ in range(MAX_LOST_LEASES):
        frontier = SqliteFrontier(tmp_path / "state.sqlite", job="job", now=NOW)
        assert frontier.suspects() == ()
        frontier.add([Lead("http://a.example/1"), Lead("http://a.example/2")], now=NOW)
        assert len(lease(frontier, limit=1)) == 1
        frontier.close()
    frontier = SqliteFrontier(tmp_path / "state.sqlite", job="job", now=NOW)
    assert [task.url for task in frontier.suspects()] == ["http://a.example/1"]
    frontier.close()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), deaths=st.integers(0, 6), pages=st.integers(1, 30))
def test_whatever_dies_when_each_url_ends_once(
    seed: int, deaths: int, pages: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A tree of links, crawled with deaths between any two steps: every URL is settled once."""
    path = tmp_path_factory.mktemp("frontier") / "state.sqlite"
    chance = random.Random(seed)
    links = {n: [m for m in (2 * n + 1, 2 * n + 2) if m < pages] for n in range(pages)}
    settled: list[str] = []
    while True:
        frontier = SqliteFrontier(path, job="job", now=NOW)
        frontier.add([Lead("http://a.example/0", asked=True)], now=NOW)
        left = chance.randrange(1, 8) if deaths else 10**6
        deaths -= 1
        while left and (tasks := lease(frontier, limit=chance.randrange(1, 4))):
            left -= 1
            for task in chance.sample(tasks, chance.randrange(0, len(tasks) + 1)):
                number = int(task.url.rpartition("/")[2])
                found = tuple(Lead(f"http://a.example/{m}") for m in links[number])
                frontier.settle([article(task, leads=found)], now=NOW)
                settled.append(task.url)
        counts = frontier.counts()
        frontier.close()
        if not counts.ready and not counts.leased:
            break
    assert sorted(settled) == sorted(f"http://a.example/{n}" for n in range(pages))
