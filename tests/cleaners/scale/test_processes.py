import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from cleaners.scale import processes
from cleaners.scale.processes import (
    WorkerCrashedError,
    WorkerPool,
    WorkerStartError,
    WorkerTimeoutError,
)


def behave(order: str) -> str:
    """What a page may do to the process that cleans it."""
    match order.split():
        case ["kill"]:
            os.kill(os.getpid(), signal.SIGKILL)
        case ["exit"]:
            os._exit(7)
        case ["hang"]:
            time.sleep(60)
        case ["fail"]:
            raise ValueError("no good")
        case ["pid"]:
            return str(os.getpid())
        case ["sleep", seconds]:
            time.sleep(float(seconds))
    return order.upper()


def wrong_start() -> None:
    raise ValueError("no model")


def slow_start(seconds: float) -> None:
    time.sleep(seconds)


def broken_start() -> None:
    os._exit(3)


@pytest.mark.parametrize(
    ("order", "error", "says"),
    [
        ("kill", WorkerCrashedError, "SIGKILL"),
        ("exit", WorkerCrashedError, "code 7"),
        ("hang", WorkerTimeoutError, "0.5 s"),
        ("fail", RuntimeError, "ValueError: no good"),
    ],
)
def test_only_the_bad_item_is_lost(order: str, error: type[Exception], says: str) -> None:
    with WorkerPool(behave, workers=2) as pool:
        futures = [pool.submit(o, timeout=0.5) for o in ("a", order, "b", "c", "d")]
        with pytest.raises(error, match=says):
            futures[1].result(timeout=30)
        assert [f.result(timeout=30) for f in (futures[0], *futures[2:])] == ["A", "B", "C", "D"]


def test_goes_on_when_an_idle_worker_is_killed_from_outside() -> None:
    with WorkerPool(behave, workers=1) as pool:
        victim = int(pool.submit("pid", timeout=5).result(timeout=30))
        os.kill(victim, signal.SIGKILL)
        time.sleep(0.2)
        survivor = int(pool.submit("pid", timeout=5).result(timeout=30))
    assert survivor != victim


def test_replaces_workers_after_a_number_of_tasks() -> None:
    with WorkerPool(behave, workers=1, recycle_after=2) as pool:
        pids = [pool.submit("pid", timeout=5).result(timeout=30) for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_a_worker_that_cannot_start_fails_the_task_instead_of_hanging() -> None:
    with (
        WorkerPool(behave, workers=1, initializer=broken_start) as pool,
        pytest.raises(WorkerCrashedError, match="code 3"),
    ):
        pool.submit("a", timeout=5).result(timeout=30)


def test_an_initializer_that_raises_ends_every_task_with_its_words() -> None:
    with WorkerPool(behave, workers=2, initializer=wrong_start) as pool:
        futures = [pool.submit("a", timeout=5) for _ in range(5)]
        for future in futures:
            with pytest.raises(WorkerStartError, match="ValueError: no model"):
                future.result(timeout=30)


def test_tasks_wait_for_a_worker_that_is_slow_to_start(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(processes, "START_SLOW", 0.1)
    with WorkerPool(behave, workers=1, initializer=slow_start, initargs=(1.0,)) as pool:
        futures = [pool.submit(order, timeout=0.5) for order in ("a", "b")]
        assert [future.result(timeout=30) for future in futures] == ["A", "B"]
    assert [r.message for r in caplog.records if r.name == "winnow.clean"] == [
        "a worker is not ready after 0.1 s; its tasks wait"
    ]


def test_when_no_worker_is_ever_ready_it_is_no_fault_of_the_tasks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processes, "START_SLOW", 0.1)
    monkeypatch.setattr(processes, "START_TIMEOUT", 0.3)
    with WorkerPool(behave, workers=1, initializer=slow_start, initargs=(60.0,)) as pool:
        futures = [pool.submit("a", timeout=5) for _ in range(2)]
        for future in futures:
            with pytest.raises(WorkerStartError, match=r"ready within 0\.3 s"):
                future.result(timeout=30)


def test_works_where_the_temporary_folder_has_a_long_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with WorkerPool(behave, workers=1) as pool:
        assert pool.submit("a", timeout=5).result(timeout=30) == "A"


def test_a_machine_that_starts_no_process_ends_every_task(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(pool: WorkerPool[str, str]) -> None:
        raise OSError("Cannot allocate memory")

    monkeypatch.setattr(WorkerPool, "_start", full)
    with WorkerPool(behave, workers=1) as pool:
        future = pool.submit("a", timeout=5)
        with pytest.raises(WorkerStartError, match="Cannot allocate memory"):
            future.result(timeout=30)


def test_close_finishes_what_is_queued_and_cancel_drops_it() -> None:
    pool = WorkerPool(behave, workers=1)
    futures = [pool.submit(f"sleep {n / 100}", timeout=5) for n in range(5)]
    pool.close()
    assert [f.result(timeout=0) for f in futures] == [f"SLEEP {n / 100}" for n in range(5)]
    with pytest.raises(RuntimeError, match="closed"):
        pool.submit("late", timeout=5)


SCRIPT = """
from cleaners.scale.processes import WorkerPool
pool = WorkerPool(str.upper, workers=2)
print(pool.submit("a", timeout=5).result(timeout=30))
"""


def test_a_script_that_works_when_imported_is_told_so_at_once(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text(SCRIPT)
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert "fail as they start" in ended.stderr
    assert '__name__ == "__main__"' in ended.stderr
    assert time.monotonic() - began < 30
