"""One run of a job as a process of its own: a crash or a leak in it never reaches the watch."""

import contextlib
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO

from crawler.redact import redact

GRACE_SECONDS = 45.0
"""A crawl told to stop finishes the requests in flight; after this long it is killed."""
_POLL_SECONDS = 0.2
_TAIL_BYTES = 4_000
_OUTPUT_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended, from its exit code and its closing JSON line."""

    ending: str
    fetched: int = 0
    articles: int = 0
    rejected: int = 0
    alarms: tuple[str, ...] = ()
    error: str | None = None


def run_command(
    command: Sequence[str],
    *,
    stopped: Callable[[], bool],
    timeout: float,
    grace: float = GRACE_SECONDS,
) -> RunResult:
    """Run a `winnow … --json` command to its end, its `timeout` in seconds, or until `stopped`."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env={**os.environ, "NO_COLOR": "1"},
                start_new_session=True,  # Ctrl-C on the watch stops the run through `stopped` alone
            )
        except OSError as error:
            return RunResult("failed", error=f"cannot be started: {error}")
        ended = _waited(process, stopped, timeout, grace)
        summary, said = _summary(out), _tail(err)
    ending = str(summary.get("ending") or ("failed" if process.returncode else "finished"))
    if ended == "timeout":
        return _result("timeout", summary, f"ended after {timeout / 60:.0f} minutes")
    if process.returncode not in (0, 1) and ended != "stopped":
        return _result("failed", summary, said or f"exit code {process.returncode}")
    if ended == "stopped":
        return _result("interrupted", summary, None)
    failed = ending == "failed"
    return _result(ending, summary, (str(summary.get("error") or "") or said) if failed else None)


def _waited(
    process: "subprocess.Popen[bytes]", stopped: Callable[[], bool], timeout: float, grace: float
) -> str:
    """Wait for the end; "done", "stopped" or "timeout" says what brought it."""
    deadline = time.monotonic() + timeout
    why = "done"
    while process.poll() is None:
        if stopped() or time.monotonic() > deadline:
            why = "stopped" if stopped() else "timeout"
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(grace)
            if process.poll() is None:
                process.kill()
                process.wait()
            return why
        time.sleep(_POLL_SECONDS)
    return why


def _summary(out: IO[bytes]) -> dict[str, object]:
    """The last line of type summary, or nothing."""
    size = out.seek(0, os.SEEK_END)
    out.seek(max(0, size - _OUTPUT_BYTES))
    for line in reversed(out.read().splitlines()):
        with contextlib.suppress(ValueError):
            values = json.loads(line)
            if isinstance(values, dict) and values.get("type") == "summary":
                return values
    return {}


def _tail(err: IO[bytes]) -> str:
    size = err.seek(0, os.SEEK_END)
    err.seek(max(0, size - _TAIL_BYTES))
    lines = err.read().decode("utf-8", "replace").strip().splitlines()
    return redact(lines[-1]) if lines else ""


def _result(ending: str, summary: dict[str, object], error: str | None) -> RunResult:
    sites = summary.get("sites")
    alarms = tuple(
        f"{site.get('site')}: {site['alarm']}"
        for site in (sites if isinstance(sites, list | tuple) else ())
        if isinstance(site, dict) and site.get("alarm")
    )
    return RunResult(
        ending=ending,
        fetched=_number(summary.get("fetched")),
        articles=_number(summary.get("articles")),
        rejected=_number(summary.get("rejected")),
        alarms=alarms,
        error=error,
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
