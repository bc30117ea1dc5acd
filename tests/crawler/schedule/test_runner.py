"""Runs as processes: how they end, what they say, how they are stopped."""

import sys
import time

import pytest

from crawler.schedule.runner import RunResult, run_command

SUMMARY = (
    '{"type": "summary", "ending": "%s", "fetched": 9, "articles": 4, "rejected": 5,'
    ' "sites": [{"site": "a.example", "alarm": "silent"}, {"site": "b.example", "alarm": null}]}'
)


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def _run(
    code: str, *, timeout: float = 20, stop_after: float | None = None, grace: float = 5
) -> RunResult:
    begun = time.monotonic()
    return run_command(
        _python(code),
        stopped=lambda: stop_after is not None and time.monotonic() > begun + stop_after,
        timeout=timeout,
        grace=grace,
    )


def test_a_run_that_ends_well_gives_its_figures() -> None:
    result = _run(f"print('noise'); print({SUMMARY % 'finished'!r}); print('more noise')")
    assert (result.ending, result.fetched, result.articles, result.rejected) == (
        "finished",
        9,
        4,
        5,
    )
    assert result.alarms == ("a.example: silent",)
    assert result.error is None


def test_exit_code_1_is_done_with_failures() -> None:
    result = _run(f"print({SUMMARY % 'limit-reached'!r}); raise SystemExit(1)")
    assert result.ending == "limit-reached"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise SystemExit(2)", "exit code 2"),
        ("import sys; print('winnow: it is locked', file=sys.stderr); sys.exit(2)", "it is locked"),
        ("import os; os.kill(os.getpid(), 9)", "exit code -9"),
        (f"print({SUMMARY % 'failed'!r}); import sys; print('disk full', file=sys.stderr)", "full"),
        ("import sys; print('at http://me:s3cret@h/', file=sys.stderr); sys.exit(2)", "me:***@h"),
    ],
)
def test_a_run_that_fails_says_why(code: str, words: str) -> None:
    result = _run(code)
    assert result.ending == "failed"
    assert result.error is not None
    assert words in result.error


def test_a_run_that_hangs_is_ended() -> None:
    result = _run("import time; time.sleep(60)", timeout=0.3)
    assert result.ending == "timeout"


def test_a_run_that_ignores_its_end_is_killed() -> None:
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
    begun = time.monotonic()
    assert _run(code, stop_after=0.5, grace=0.5).ending == "interrupted"
    assert time.monotonic() - begun < 15


def test_a_program_that_is_not_there() -> None:
    result = run_command(["/nowhere/winnow"], stopped=lambda: False, timeout=1)
    assert result.ending == "failed"
    assert "cannot be started" in (result.error or "")
