"""kill -9 at every step of archiving and of remembering runs; disks that are full or read-only."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cleaners.config import CleanConfig
from cleaners.errors import StoreError
from cleaners.model import Page, Reason, Rejection
from cleaners.scale.local import CleaningPool
from cleaners.store.dataset import Dataset
from cleaners.store.disk import Steps
from cleaners.store.warc import archive_pages
from cleaners.store.warc_writer import Exchange, WarcWriter
from crawler.schedule.state import LastRun, Memory
from tests.cleaners.store.samples import article, shown, stamp, story

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
PAGES = 6
SMALL_FILE = 1_500
"""Bytes of an archive file: a new one after every other page."""


def kill_at(number: int) -> Steps:
    """A seam that kills the process before its step `number`."""
    left = number

    def step(_: str) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return step


def in_a_fork(action: Callable[[], None]) -> int:
    """Run an action in a fork; the signal that killed it, 0 for none."""
    child = os.fork()
    if child == 0:
        try:
            action()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


# -- the archive, with files that are full after a page or two -------------------------------------


def exchange(number: int) -> Exchange:
    body = f"<html><body><p>Ferry {number}: {os.urandom(300).hex()}</p></body></html>".encode()
    headers = ((b"Content-Type", b"text/html"),)
    url = f"https://daily.example/{number}"
    return Exchange(url, "GET", (), 200, "OK", headers, body, NOW + timedelta(seconds=number))


def fetch(folder: Path, steps: Steps, told: Callable[[int], None]) -> None:
    """Archive what is not yet archived, as a run that goes on does."""
    there = set(archived(folder))
    writer = WarcWriter(folder, max_bytes=SMALL_FILE, steps=steps)
    for number in range(PAGES):
        if f"https://daily.example/{number}" not in there:
            found = exchange(number)
            place = writer.write(found)
            writer.write_metadata(found, place.record_id, [("fetched", str(number))])
            writer.sync()
            told(number)
    writer.close()


def archived(folder: Path) -> list[str]:
    pages = archive_pages(*sorted(folder.glob("*.warc.gz")))
    return [page.source for page in pages if isinstance(page, Page)]


def test_killed_at_every_step_of_archiving_and_of_beginning_a_new_file(tmp_path: Path) -> None:
    names: list[str] = []
    fetch(tmp_path / "count", names.append, lambda _: None)
    assert len({name for name in names if name.startswith("open")}) >= 3
    for number, name in enumerate(names):
        folder = tmp_path / f"killed-{number}"
        told = tmp_path / f"told-{number}"
        told.touch()

        def note(page: int, told: Path = told) -> None:
            with told.open("a") as file:
                file.write(f"{page}\n")

        def run(
            folder: Path = folder, number: int = number, note: Callable[[int], None] = note
        ) -> None:
            fetch(folder, kill_at(number), note)

        assert in_a_fork(run) == signal.SIGKILL, name
        durable = {f"https://daily.example/{page}" for page in told.read_text().split()}
        assert durable <= set(archived(folder)), name
        fetch(folder, lambda _: None, lambda _: None)
        assert sorted(archived(folder)) == [
            f"https://daily.example/{page}" for page in range(PAGES)
        ], name
        broken = [p for p in archive_pages(*sorted(folder.glob("*"))) if isinstance(p, Rejection)]
        assert broken == [], name
        shutil.rmtree(folder)


def test_archives_of_other_workers_lie_beside_ones_own(tmp_path: Path) -> None:
    for prefix in ("winnow-a1b2c3", "winnow", "winnow-a1b2c3", "winnow"):
        writer = WarcWriter(tmp_path, prefix=prefix)
        writer.write(exchange(1))
        writer.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("winnow-000000.warc.gz", "winnow-000001.warc.gz"),
        *("winnow-a1b2c3-000000.warc.gz", "winnow-a1b2c3-000001.warc.gz"),
    ]


# -- the memory of `watch` -------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(3))
def test_killed_at_every_step_of_remembering_a_run(tmp_path: Path, number: int) -> None:
    path = tmp_path / "watch.json"
    steps: list[str] = []
    Memory(path, steps=steps.append).keep("harbour", LastRun(NOW, NOW, "finished"))
    assert len(steps) == 3
    before = Memory.load(path).runs

    def keep() -> None:
        memory = Memory(path, dict(before), kill_at(number))
        memory.keep("harbour", LastRun(NOW + timedelta(hours=6)))

    assert in_a_fork(keep) == signal.SIGKILL
    assert Memory.load(path).runs == before
    Memory(path, dict(before)).keep("harbour", LastRun(NOW + timedelta(hours=6)))
    assert Memory.load(path).runs["harbour"].was_cut_off
    assert [entry.name for entry in tmp_path.iterdir()] == ["watch.json"]


# -- disks -----------------------------------------------------------------------------------------


def test_a_disk_without_room_is_told_and_nothing_stored_is_lost(tmp_path: Path) -> None:
    """RLIMIT_FSIZE stands for the full disk: a write beyond it fails as one there does."""
    with Dataset.open(tmp_path).writer(stamp()) as writer:
        writer.add(article("https://daily.example/a", story("Calder")))
    script = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from cleaners.errors import StoreError\n"
        "from cleaners.store.dataset import Dataset\n"
        "from tests.cleaners.store.samples import article, stamp, story\n"
        "writer = Dataset.open(Path(sys.argv[1])).writer(stamp('run-2'))\n"
        "writer.add(article('https://daily.example/b', story('Brix')))\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))\n"
        "try:\n    writer.flush()\n"
        "except StoreError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert "cannot be written: " in done.stdout, done.stderr
    assert str(tmp_path) in done.stdout
    assert not list(tmp_path.rglob("*.tmp"))
    with Dataset.open(tmp_path).writer(stamp("run-3")) as writer:
        writer.add(article("https://daily.example/b", story("Brix")))
    assert len(shown(tmp_path, "articles", "url")) == 2


def test_an_output_that_is_a_file_or_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x")
    with pytest.raises(StoreError, match="taken"):
        Dataset.open(tmp_path / "taken").writer(stamp())
    with pytest.raises(StoreError, match="proc"):
        Dataset.open("/proc/nowhere/out").writer(stamp())


# -- a clock that jumps back, and a machine that kills workers -------------------------------------


def test_rows_of_before_a_clock_went_back_are_not_lost_or_doubled(tmp_path: Path) -> None:
    later, earlier = NOW, NOW - timedelta(days=900)
    url = "https://daily.example/a"
    for at, run, place in ((later, "run-1", "Calder"), (earlier, "run-2", "Brix")):
        with Dataset.open(tmp_path).writer(stamp(run, at)) as writer:
            writer.add(article(url, story(place), fetched=at))
    assert [text for (text,) in shown(tmp_path, "articles", "text")] == [story("Calder")]
    assert [text for (text,) in shown(tmp_path, "revisions", "text")] == [story("Brix")]


def test_a_page_that_does_not_fit_into_memory_is_no_empty_page() -> None:
    script = (
        "import resource\n"
        "from cleaners.html.parse import parse\n"
        "parse('<p>warm</p>')\n"
        "page = '<p>word</p>' * 900_000\n"
        "pages = int(open('/proc/self/statm').read().split()[0])\n"
        "size = pages * resource.getpagesize() + 60_000_000\n"
        "resource.setrlimit(resource.RLIMIT_AS, (size, size))\n"
        "try:\n    print(len(parse(page)))\n"
        "except MemoryError as error:\n    print('MemoryError')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.stdout == "MemoryError\n", done.stderr


@pytest.mark.slow
def test_a_worker_without_memory_or_killed_by_the_system_costs_its_page_alone() -> None:
    prose = ("The ferry to Brack Island sailed again on Tuesday, the council said. " * 8).encode()
    with CleaningPool(CleanConfig(), workers=1) as pool:
        assert not isinstance(pool.row(Page(prose, "a", kind="text")).result().end, Rejection)
        [worker] = pool.pids
        resource.prlimit(worker, resource.RLIMIT_AS, (1, 1))
        starved = pool.row(Page(b"<p>word</p>" * 1_700_000, "b")).result().end
        assert isinstance(starved, Rejection)
        assert starved.reason in (Reason.CRASHED, Reason.INTERNAL_ERROR, Reason.TOO_LARGE)
        for pid in pool.pids:
            os.kill(pid, signal.SIGKILL)
        outcomes = [pool.row(Page(prose, name, kind="text")).result().end for name in "cd"]
    assert sum(isinstance(outcome, Rejection) for outcome in outcomes) <= 1
    assert not isinstance(outcomes[-1], Rejection)
