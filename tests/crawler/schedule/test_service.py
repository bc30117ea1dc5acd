"""The watch as a real process: it catches up, answers on its health page, ends on SIGTERM."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from crawler.config.model import NotifySettings
from crawler.schedule.notify import Notifier
from crawler.schedule.state import LastRun

CONFIG = """\
out = "out"
[sites.harbour]
urls = ["http://127.0.0.1:9/"]
schedule = "every 6 hours"
[politeness]
attempts = 1
[watch]
health = "127.0.0.1:0"
"""


@contextmanager
def _watching(folder: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    (folder / "winnow.toml").write_text(CONFIG)
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler", "watch", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def _until(process: "subprocess.Popen[str]", event: str) -> dict[str, object]:
    assert process.stdout is not None
    for line in process.stdout:
        values: dict[str, object] = json.loads(line)
        if values["event"] == event:
            return values
    assert process.stderr is not None
    raise AssertionError(f"it ended before {event}: {process.stderr.read()}")


@pytest.mark.slow
def test_the_watch_as_a_service(tmp_path: Path) -> None:
    with _watching(tmp_path) as process:
        address = str(_until(process, "health")["address"])
        _until(process, "scheduled")
        with urllib.request.urlopen(address, timeout=10) as answer:
            assert json.load(answer)["jobs"][0]["name"] == "harbour"
        with urllib.request.urlopen(address.replace("/health", "/metrics"), timeout=10) as answer:
            assert b"winnow_job_next_due_seconds" in answer.read()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(address.replace("/health", "/etc"), timeout=10)
        second = subprocess.run(
            [sys.executable, "-m", "crawler", "watch"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        )
        assert second.returncode == 1
        assert "another process" in second.stderr
        process.send_signal(signal.SIGTERM)
        assert _until(process, "watch-stopped")
        assert process.wait(20) == 0


@pytest.mark.slow
def test_sigterm_ends_a_run_under_way(tmp_path: Path) -> None:
    with _watching(tmp_path, "--now") as process:
        _until(process, "run-started")
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        ended = _until(process, "run-ended")
        assert ended["ending"] in ("interrupted", "finished", "failed")
        assert process.wait(60) == 0
    remembered = json.loads((tmp_path / "out/.winnow/watch.json").read_text())
    assert remembered["harbour"]["ended_at"]


def _run(**more: object) -> LastRun:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    return LastRun(now, now, "failed", error="disk full", **more)  # type: ignore[arg-type]


def test_a_webhook_and_a_command_are_told(tmp_path: Path) -> None:
    posted: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    log: list[str] = []
    told = tmp_path / "told.json"
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        settings = NotifySettings(
            webhook=f"http://127.0.0.1:{server.server_address[1]}/hook",
            command=f"tee {told}",
        )
        notify = Notifier(settings, lambda event, values: log.append(event))
        notify("failure", "ferry", _run())
        notify("success", "ferry", _run())
    assert [message["text"] for message in posted] == ["Winnow: ferry failed: disk full"]
    assert json.loads(told.read_text())["event"] == "failure"
    assert log == ["notified", "notified"]


@pytest.mark.parametrize(
    "settings",
    [
        NotifySettings(webhook="http://127.0.0.1:9/"),
        NotifySettings(webhook="file:///etc/passwd"),
        NotifySettings(command="/nowhere/tell"),
        NotifySettings(command="false"),
        NotifySettings(command="unclosed 'quote"),
    ],
)
def test_what_cannot_be_told_is_logged(settings: NotifySettings) -> None:
    log: list[str] = []
    Notifier(settings, lambda event, values: log.append(event))("failure", "ferry", _run())
    assert log == ["notify-failed"]
