"""`winnow watch` as a process: signals, the log, the health page, and a process for each run."""

import contextlib
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from cleaners.errors import ConfigError
from cleaners.store.lock import Lock
from crawler.config import Settings
from crawler.redact import redact
from crawler.schedule.health import serving
from crawler.schedule.notify import Notifier
from crawler.schedule.runner import RunResult, run_command
from crawler.schedule.state import FILE_NAME, Memory
from crawler.schedule.watch import Watch, WatchedJob
from crawler.schedule.when import parse_schedule


def serve(settings: Settings, *, log_file: Path | None, run_now: bool, health: str) -> int:
    """Watch until SIGTERM or Ctrl-C; the exit code is 0 then.

    Raises ConfigError when nothing is scheduled or the health address cannot be used, StoreLocked
    when another watch has this output.
    """
    jobs = [
        WatchedJob(job.name, parse_schedule(job.schedule)) for job in settings.jobs if job.schedule
    ]
    if not jobs:
        raise ConfigError(
            'no story or site has a schedule; add  schedule = "every 6 hours"',
            file=settings.file or "winnow.toml",
        )
    out = Path(settings.out)
    stop = threading.Event()
    with contextlib.ExitStack() as stack:
        stack.enter_context(Lock(out / ".winnow" / "watch.lock"))
        log = stack.enter_context(_logging(log_file))
        watch = Watch(
            jobs=jobs,
            memory=Memory.load(out / ".winnow" / FILE_NAME),
            run=_runner(settings, stop),
            clock=lambda: datetime.now(UTC),
            sleep=lambda seconds: _sleep(stop, seconds),
            stopped=stop.is_set,
            log=log,
            notify=Notifier(settings.notify, log),
            zone=None,
        )
        if health:
            bound = stack.enter_context(serving(health, watch, watch.clock))
            log("health", {"address": f"http://{bound}/health"})
        stack.enter_context(_stopping(stop))
        for job in jobs if run_now else ():
            if not stop.is_set():
                watch.run_job(job.name)
        watch.loop()
    return 0


def _runner(settings: Settings, stop: threading.Event) -> Callable[[str], RunResult]:
    """Runs a job as `python -m crawler run NAME --json` with the settings of this process."""
    extra = ["--config", settings.file] if settings.file else []

    def run(name: str) -> RunResult:
        return run_command(
            [
                *(sys.executable, "-m", "crawler", "run", name),
                *("--json", "--out", settings.out, *extra),
            ],
            stopped=stop.is_set,
            timeout=settings.watch.timeout_minutes * 60,
        )

    return run


@contextlib.contextmanager
def _logging(path: Path | None) -> Iterator[Callable[[str, Mapping[str, object]], None]]:
    """A log of JSON lines on standard output or at the end of a file, without secrets."""
    guard = threading.Lock()
    with contextlib.ExitStack() as stack:
        target: IO[str] = sys.stdout
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            target = stack.enter_context(open(path, "a", encoding="utf-8"))

        def log(event: str, values: Mapping[str, object]) -> None:
            line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event}
            with guard:
                target.write(redact(json.dumps({**line, **values}, default=str)) + "\n")
                target.flush()

        yield log


@contextlib.contextmanager
def _stopping(stop: threading.Event) -> Iterator[None]:
    """SIGTERM, SIGINT and SIGHUP set the event; what was set before comes back."""

    def handle(*_: object) -> None:
        stop.set()

    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _sleep(stop: threading.Event, seconds: float) -> None:
    stop.wait(max(0.05, seconds))
