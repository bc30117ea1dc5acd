"""Outputs that are really damaged: each is found, named, and mended as far as that is safe."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cleaners.errors import StoreLocked
from cleaners.store.dataset import Dataset
from cleaners.store.lock import Lock
from cleaners.store.schema import ARTICLES, VERSION
from crawler.doctor.mending import mend
from crawler.doctor.model import Finding, State
from crawler.doctor.output import check_output
from crawler.run import crawl
from tests.cleaners.store.samples import article, rejection, shown, stamp, story
from tests.crawler.conftest import ThreadPool
from tests.crawler.results import job
from tests.crawler.web import Web, serving

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a crawl of a small site leaves."""
    out = tmp_path_factory.mktemp("crawled") / "out"
    with pytest.MonkeyPatch.context() as patch, serving(Web()) as web:
        patch.setattr("crawler.services.CleaningPool", ThreadPool)
        patch.setenv("http_proxy", web.url)
        web.add_site("nord.example", 4)
        crawl(job("site", out, "http://nord.example/"))
    return out


@pytest.fixture
def out(crawled: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    return Path(shutil.copytree(crawled, tmp_path / "out"))


def examined(out: Path, *, deep: bool = False, now: datetime = NOW) -> dict[str, Finding]:
    """What is not good, by check."""
    found = check_output(Dataset.open(out), now=now, deep=deep)
    return {one.check: one for one in found if one.state is not State.GOOD}


def mended(out: Path, *, deep: bool = False) -> list[str]:
    dataset = Dataset.open(out)
    return list(mend(dataset, list(check_output(dataset, now=NOW, deep=deep))))


def part_of(out: Path, table: str = "articles") -> Path:
    return sorted((out / table).rglob("*.parquet"))[0]


def urls(out: Path) -> list[str]:
    return [row[0] for row in shown(out, "articles", "url")]


def test_a_whole_output_is_good(out: Path) -> None:
    assert examined(out, deep=True) == {}
    before = sorted((path, path.stat().st_mtime_ns) for path in out.rglob("*"))
    assert mended(out) == []
    assert sorted((path, path.stat().st_mtime_ns) for path in out.rglob("*")) == before


def cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def overwrite_the_footer(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20] + bytes(20))


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [cut_in_half, overwrite_the_footer, empty])
def test_a_damaged_part_is_named_and_set_aside(out: Path, damage: Callable[[Path], None]) -> None:
    with Dataset.open(out).writer(stamp("later")) as writer:
        writer.add(article("https://daily.example/z", story("Zell")))
    part = next(path for path in (out / "articles").rglob("*.parquet") if "later" not in path.name)
    damage(part)
    name = part.relative_to(out).as_posix()
    finding = examined(out)["damaged part"]
    assert (finding.state, finding.place) == (State.BROKEN, name)
    assert any(name in line for line in mended(out))
    assert urls(out) == ["https://daily.example/z"]
    assert (out / "damaged" / f"{name}.damaged").is_file()
    assert {check: one.wrong for check, one in examined(out).items()}["set aside"] is False
    assert not any(one.state is State.BROKEN for one in examined(out).values())


def test_a_page_of_a_part_that_lies_is_found_by_reading_it_through(out: Path) -> None:
    part = part_of(out)
    content = bytearray(part.read_bytes())
    text = pq.ParquetFile(part).metadata.row_group(0).column(ARTICLES.position("text"))
    content[text.data_page_offset + text.total_compressed_size // 2] ^= 0xFF
    part.write_bytes(content)
    assert "damaged part" not in examined(out)
    assert "damaged part" in examined(out, deep=True)
    assert mended(out, deep=True)
    assert examined(out, deep=True).keys() == {"set aside", "stored"}


KILLED = """
import os, signal, sys
from pathlib import Path
from cleaners.store.dataset import Dataset
from tests.cleaners.store.samples import article, stamp, story
def step(name):
    if name.startswith(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
with Dataset.open(Path(sys.argv[1]), steps=step).writer(stamp("killed")) as writer:
    writer.add(article("https://daily.example/k", story("Kell")))
"""


def test_what_a_kill_left_is_taken_away(out: Path) -> None:
    before = urls(out)
    call = [sys.executable, "-c", KILLED, str(out), "rename articles"]
    assert subprocess.run(call, check=False).returncode == -9
    finding = examined(out)["interrupted run"]
    assert finding.state is State.WEAK
    assert ".tmp" in finding.found
    assert mended(out)
    assert (examined(out), urls(out)) == ({}, before)
    assert not list(out.rglob("*.tmp"))


def test_rows_that_stand_twice_become_one(out: Path) -> None:
    part = part_of(out)
    shutil.copy(part, part.with_name("copied-by-hand.parquet"))
    source = urls(out)[0]
    with Dataset.open(out).writer(stamp("later"), shared=True) as writer:
        writer.add(rejection("https://daily.example/r"))
    assert "rows" in examined(out) or len(urls(out)) == len(set(urls(out)))
    mended(out)
    assert "rows" not in examined(out)
    assert urls(out).count(source) == 1


def test_an_archive_cut_by_a_crash_is_cut_to_its_last_record(out: Path) -> None:
    [path] = (out / "warc").glob("*.warc.gz")
    whole = path.stat().st_size
    with path.open("ab") as file:
        file.write(path.read_bytes()[:40])
    assert examined(out)["archive"].found == f"{path.name}: its last 40 bytes are no whole record"
    assert mended(out) == [f"warc/{path.name} was cut by 40 bytes"]
    assert (path.stat().st_size, examined(out)) == (whole, {})


def test_a_half_copied_output_says_what_is_missing(out: Path) -> None:
    shutil.rmtree(out / "warc")
    finding = examined(out)["archive"]
    assert finding.state is State.WEAK
    assert "winnow-000000.warc.gz" in finding.found or ".warc.gz" in finding.found
    (out / "state.sqlite").unlink()
    assert examined(out).keys() == {"archive"}


@pytest.mark.parametrize("missing", ["articles", "state", "truncated"])
def test_the_next_run_goes_on_in_a_half_copied_output(
    out: Path, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = urls(out)
    if missing == "articles":
        shutil.rmtree(out / "articles")
        found = examined(out)["stored"]
        assert (found.state, found.found.partition(" ")[0]) == (State.WEAK, "4")
        assert "/news/" in found.found
        assert "winnow reclean" in found.mend
    elif missing == "truncated":
        part = part_of(out)
        part.write_bytes(part.read_bytes()[:-100])
        assert examined(out)["damaged part"].found.startswith(part.relative_to(out).as_posix())
        mended(out)
        assert "stored" in examined(out)
    else:
        (out / "state.sqlite").unlink()
        shutil.rmtree(out / ".winnow")
        assert examined(out) == {}
    monkeypatch.setattr("crawler.services.CleaningPool", ThreadPool)
    with serving(Web()) as web:
        monkeypatch.setenv("http_proxy", web.url)
        web.add_site("nord.example", 4)
        crawl(job("site", out, "http://nord.example/"))
    assert sorted(urls(out)) == sorted(before)
    assert not examined(out, deep=True).keys() - {"set aside"}


@pytest.mark.parametrize("content", [b"", b"no database at all" * 99, None])
def test_a_frontier_that_does_not_read_is_set_aside(out: Path, content: bytes | None) -> None:
    path = out / "state.sqlite"
    if content is None:
        db = sqlite3.connect(path)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        content = path.read_bytes()[:4096] + os.urandom(path.stat().st_size - 4096)
    path.write_bytes(content)
    finding = examined(out)["frontier"]
    assert finding.state is State.BROKEN
    before = urls(out)
    assert "state.sqlite was set aside as damaged/state.sqlite.damaged" in mended(out)
    assert not path.exists()
    assert urls(out) == before


def test_a_file_of_a_newer_winnow_and_one_of_a_stranger_are_named(out: Path) -> None:
    part = part_of(out)
    table = pq.read_table(part, partitioning=None)
    newer = {**table.schema.metadata, b"winnow.schema_version": b"99"}
    pq.write_table(table.slice(0, 0).replace_schema_metadata(newer), part.with_name("n.parquet"))
    finding = examined(out)["schema"]
    said = finding.found.partition(":")[0]
    assert (finding.state, said) == (State.BROKEN, f"schema newer than {VERSION}")
    part.with_name("n.parquet").unlink()
    pq.write_table(table.slice(0, 0).replace_schema_metadata({}), part.with_name("s.parquet"))
    assert examined(out)["schema"].state is State.WEAK


def test_a_clock_that_went_back_is_told(out: Path) -> None:
    finding = examined(out, now=NOW - timedelta(days=400))["times"]
    assert "were fetched after now" in finding.found


def test_a_run_at_work_is_left_alone(out: Path) -> None:
    held = "from cleaners.store.lock import Lock; from pathlib import Path; import sys\n"
    held += "Lock(Path(sys.argv[1])).acquire(); print('held', flush=True); sys.stdin.read()"
    lock = out / ".winnow" / "lock"
    call = [sys.executable, "-c", held, str(lock)]
    with subprocess.Popen(
        call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert f"process {process.pid} writes to it" in examined(out)["lock"].found
        with pytest.raises(StoreLocked):
            Dataset.open(out).mend()
        process.kill()
    with Lock(lock):
        pass
    assert "lock" not in examined(out)


def test_a_read_only_output_is_told(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: "articles" not in str(path))
    assert examined(out)["access"].found == "no right to articles"


def test_records_that_do_not_read_are_named(out: Path) -> None:
    (out / "reports" / "run-x.json").write_text("{")
    assert examined(out)["run records"].found == "do not read: reports/run-x.json"
    assert json.loads(next((out / "reports").glob("run-2*.json")).read_text())
