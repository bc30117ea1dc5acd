"""kill -9 before each effect on the disk: what was readable stays, what was flushed is there.

The child process is a fork that kills itself at the n-th step; every n is tried.
"""

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaners.errors import StoreError
from cleaners.model import Outcome, Reason
from cleaners.store.dataset import Dataset
from tests.cleaners.store.samples import article, hidden_files, rejection, shown, stamp, story

URL = "https://daily.example/{}"
BASE: tuple[Outcome, ...] = (
    article(URL.format("a"), story("Calder")),
    article(URL.format("b"), story("Brix")),
    rejection(URL.format("c")),
    rejection(URL.format("d")),
)
FIRST: tuple[Outcome, ...] = (
    article(URL.format("a"), story("Dorn")),  # changed
    article(URL.format("c"), story("Elm")),  # was a reject
    article(URL.format("e"), story("Fenn")),  # new
    rejection(URL.format("d"), Reason.LISTING, 200),  # another reason
    rejection(URL.format("f")),  # new
)
SECOND: tuple[Outcome, ...] = (
    article(URL.format("a"), story("Gard")),  # changed again
    article(URL.format("g"), story("Holm")),
    article(URL.format("f"), story("Isle")),  # was a reject of this run
)
AFTER = {"a": "Gard", "b": "Brix", "c": "Elm", "e": "Fenn", "f": "Isle", "g": "Holm"}


def run(out: Path, steps: Callable[[str], None], flushed: Callable[[], None]) -> None:
    with Dataset.open(out, steps=steps).writer(stamp("run-2")) as writer:
        for batch in (FIRST, SECOND):
            for outcome in batch:
                writer.add(outcome)
            writer.flush()
            flushed()


def make_base(out: Path) -> None:
    with Dataset.open(out).writer(stamp("run-1")) as writer:
        for outcome in BASE:
            writer.add(outcome)


def killed_at(out: Path, number: int) -> int:
    """Run in a fork that kills itself before step `number`; how many flushes had returned."""
    reader, pipe = os.pipe()
    child = os.fork()
    if child == 0:
        left = number

        def step(_: str) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            run(out, step, lambda: void(os.write(pipe, b".")))
        finally:
            os._exit(0)
    os.close(pipe)
    _, status = os.waitpid(child, 0)
    flushes = len(os.read(reader, 10))
    os.close(reader)
    assert os.WIFSIGNALED(status), "the run ended before it was killed"
    return flushes


def void(_: object) -> None:
    """Drops a result where a callable must give none."""


def steps_of_a_run(out: Path) -> list[str]:
    names: list[str] = []
    run(out, names.append, lambda: None)
    return names


def articles(out: Path) -> dict[str, str]:
    rows = shown(out, "articles", "url", "text")
    assert len({url for url, _ in rows}) == len(rows), "an article shows twice"
    return {url.rpartition("/")[2]: text for url, text in rows}


@pytest.mark.slow
def test_killed_before_every_step(tmp_path: Path) -> None:
    base = tmp_path / "base"
    make_base(base)
    shutil.copytree(base, tmp_path / "count")
    names = steps_of_a_run(tmp_path / "count")
    assert len(names) > 30
    assert any(name.startswith("move articles") for name in names)
    for number, name in enumerate(names):
        out = tmp_path / f"out-{number}"
        shutil.copytree(base, out)
        flushes = killed_at(out, number)
        check_at_once(out, name)
        check_recovered(out, name, flushes)
        check_next_run(out, name)
        shutil.rmtree(out)


def check_at_once(out: Path, name: str) -> None:
    """Right after the kill, nothing cleaned up: a glob reads, and no article is lost."""
    seen = articles(out)
    assert seen["b"] == story("Brix"), name
    assert seen["a"] in {story("Calder"), story("Dorn"), story("Gard")}, name
    shown(out, "rejects", "source")
    shown(out, "revisions", "article_id")


def check_recovered(out: Path, name: str, flushes: int) -> None:
    """Once the next command has started: all that was flushed, once each, nothing left over."""
    Dataset.open(out).writer(stamp("run-3")).close()
    seen = articles(out)
    if flushes >= 1:
        assert seen["c"] == story("Elm"), name
        assert seen["e"] == story("Fenn"), name
        assert seen["a"] in {story("Dorn"), story("Gard")}, name
    if flushes == 2:
        assert seen == {key: story(place) for key, place in AFTER.items()}, name
    rejects = {row[0].rpartition("/")[2] for row in shown(out, "rejects", "source")}
    assert not rejects & seen.keys(), name
    revisions = shown(out, "revisions", "article_id", "revision", "text")
    assert len(set(revisions)) == len(revisions), name
    if seen["a"] != story("Calder"):
        assert story("Calder") in {row[2] for row in revisions}, name
    assert hidden_files(out) == [], name


def check_next_run(out: Path, name: str) -> None:
    """The same run again goes on where it was cut: everything there, nothing doubled."""
    run(out, void, lambda: None)
    assert articles(out) == {key: story(place) for key, place in AFTER.items()}, name
    rejects = shown(out, "rejects", "source", "reason")
    assert rejects == [(URL.format("d"), "listing")], name


SCRIPT = """
import sys
from pathlib import Path
from tests.cleaners.store.test_crash import run, void
import os, signal
wanted = sys.argv[2]
def step(name):
    if name.startswith(wanted):
        os.kill(os.getpid(), signal.SIGKILL)
run(Path(sys.argv[1]), step, lambda: None)
"""


@pytest.mark.parametrize("step", ["rename articles", "move articles", "delete .winnow/journal"])
def test_a_whole_process_killed_lets_go_of_the_lock(tmp_path: Path, step: str) -> None:
    make_base(tmp_path)
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(tmp_path), step], check=False)
    assert done.returncode == -signal.SIGKILL
    check_at_once(tmp_path, step)
    check_next_run(tmp_path, step)


def test_a_full_disk_loses_nothing_that_was_taken_in(tmp_path: Path) -> None:
    full = True

    def step(name: str) -> None:
        if full and name.startswith("rename articles"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    writer = Dataset.open(tmp_path, steps=step).writer(stamp())
    for outcome in BASE:
        writer.add(outcome)
    with pytest.raises(StoreError, match="No space left"):
        writer.flush()
    assert not list(tmp_path.rglob("*.tmp"))
    full = False
    writer.close()
    assert set(articles(tmp_path)) == {"a", "b"}


def test_a_disk_that_stays_full_lets_go_of_the_output(tmp_path: Path) -> None:
    def step(name: str) -> None:
        if name.startswith("write articles"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    writer = Dataset.open(tmp_path, steps=step).writer(stamp())
    writer.add(BASE[0])
    with pytest.raises(StoreError, match="No space left"):
        writer.close()
    make_base(tmp_path)
    assert set(articles(tmp_path)) == {"a", "b"}
