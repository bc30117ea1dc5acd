"""Outputs that two runs want, that are read-only, or whose disk is really full: real processes."""

import ctypes
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cleaners.store.journal import HIDDEN
from tests.cleaners.store.samples import shown, story

WINNOW = (sys.executable, "-c", "from crawler.cli import main; main()")
_DROP_FROM_BOUNDING_SET = 24  # PR_CAPBSET_DROP of prctl(2)
_OVERRIDE_RIGHTS, _OVERRIDE_READING = 1, 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


def winnow(*call: str | Path, before: Callable[[], None] | None = None) -> tuple[int, str]:
    """Exit code and what was said on standard error."""
    done = subprocess.run(
        [*WINNOW, *map(str, call)], capture_output=True, text=True, check=False, preexec_fn=before
    )
    return done.returncode, done.stderr


def texts(folder: Path, count: int, words: int = 0) -> Path:
    """Files of text; beside a story each has so many words that pack badly."""
    folder.mkdir()
    rng = random.Random(str(folder.name))
    for number in range(count):
        noise = " ".join(f"{rng.getrandbits(60):x}" for _ in range(words))
        town = f"{folder.name.title()}{number}"
        (folder / f"{number}.txt").write_text(f"{town}\n\n{story(town)}\n\n{noise}\n")
    return folder


def stored(out: Path) -> int:
    rows = shown(out, "articles", "source")
    assert len(rows) == len(set(rows))
    return len(rows)


# -- two runs at once ------------------------------------------------------------------------------


@contextmanager
def at_work(pages: Path, out: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A cleaning run, stopped in the middle while it holds the output."""
    call = [*WINNOW, "clean", str(pages), "--out", str(out)]
    with subprocess.Popen(call, stderr=subprocess.DEVNULL, start_new_session=True) as run:
        # Read, not tried: who tries a lock holds it for a moment.
        lock = out / HIDDEN / "lock"
        while not lock.exists() or lock.read_text() != f"{run.pid}\n":
            assert run.poll() is None
            time.sleep(0.005)
        run.send_signal(signal.SIGSTOP)
        try:
            yield run
        finally:
            run.send_signal(signal.SIGCONT)


@pytest.mark.slow
def test_a_run_beside_another_is_told_and_goes_on_when_that_has_ended(tmp_path: Path) -> None:
    first, second = texts(tmp_path / "first", 6), texts(tmp_path / "second", 4)
    out = tmp_path / "out"
    with at_work(first, out) as run:
        for call in (("clean", second), ("site", "http://127.0.0.1:9/"), ("link",)):
            code, said = winnow(*call, "--out", out)
            assert code == 1
            assert f"another process (pid {run.pid}) writes to it" in said
    assert run.returncode == 0
    assert stored(out) == 6
    assert winnow("clean", second, "--out", out)[0] == 0
    assert stored(out) == 10


@pytest.mark.slow
def test_a_run_goes_on_after_one_that_was_killed_in_the_middle(tmp_path: Path) -> None:
    first, out = texts(tmp_path / "first", 3), tmp_path / "out"
    with at_work(first, out) as run:
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
    assert winnow("clean", first, "--out", out)[0] == 0
    assert stored(out) == 3


# -- read-only -------------------------------------------------------------------------------------


def obey_modes() -> None:
    """Run before a program: root, too, may then only what the modes of files allow."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for right in (_OVERRIDE_RIGHTS, _OVERRIDE_READING):
            if libc.prctl(_DROP_FROM_BOUNDING_SET, right, 0, 0, 0):
                raise OSError(ctypes.get_errno(), "prctl")


@pytest.mark.slow
def test_a_read_only_output_is_refused_and_still_read(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert winnow("clean", texts(tmp_path / "first", 3), "--out", out)[0] == 0
    second = texts(tmp_path / "second", 2)
    before = {path: path.stat().st_mtime_ns for path in sorted(out.rglob("*"))}
    for path in (out, *before):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        for call in (("clean", second), ("link",)):
            code, said = winnow(*call, "--out", out, before=obey_modes)
            assert (code, said.count("\n")) == (1, 1)
            assert f"{out}/.winnow/lock: cannot be locked: Permission denied" in said
        assert winnow("query", "select 1 from articles", "--out", out, before=obey_modes)[0] == 0
        assert {path: path.stat().st_mtime_ns for path in sorted(out.rglob("*"))} == before
    finally:
        for path in (out, *before):
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert winnow("clean", second, "--out", out)[0] == 0
    assert stored(out) == 5


# -- a disk that is full ---------------------------------------------------------------------------

_SMALL, _LARGE = "512k", "64m"
_SMALL_FILE = 100_000  # bytes


@contextmanager
def small_disk(folder: Path) -> Iterator[Callable[[], None]]:
    """A disk of 512 KB where mounting is allowed, elsewhere files that cannot grow; what is yielded
    makes room when it is called."""
    folder.mkdir()
    call = ["mount", "-t", "tmpfs", "-o", f"size={_SMALL}", "tmpfs", str(folder)]
    mounted = subprocess.run(call, capture_output=True, check=False).returncode == 0
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    if not mounted:
        resource.setrlimit(resource.RLIMIT_FSIZE, (_SMALL_FILE, limits[1]))

    def make_room() -> None:
        if mounted:
            subprocess.run(["mount", "-o", f"remount,size={_LARGE}", str(folder)], check=True)
        else:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    try:
        yield make_room
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        else:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.slow
def test_a_full_disk_is_told_and_the_next_run_with_room_goes_on(tmp_path: Path) -> None:
    first, second = texts(tmp_path / "first", 3), texts(tmp_path / "second", 12, words=9_000)
    out = tmp_path / "out"
    with small_disk(out) as make_room:
        assert winnow("clean", first, "--out", out)[0] == 0
        code, said = winnow("clean", second, "--out", out)
        assert code == 1
        assert "cannot be written: " in said
        assert "Traceback" not in said
        assert stored(out) == 3
        make_room()
        assert winnow("clean", second, "--out", out)[0] == 0
        assert stored(out) == 15
        assert not list(out.rglob(".*.tmp"))
