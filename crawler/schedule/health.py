"""The watch's health page: /health for people and probes, /metrics for Prometheus."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cleaners.errors import ConfigError
from crawler.schedule.state import LastRun
from crawler.schedule.watch import Watch

JSON, TEXT = "application/json", "text/plain; version=0.0.4; charset=utf-8"


def health_of(watch: Watch, now: datetime) -> dict[str, object]:
    """All jobs with last run, next run, yield and alarms; `status` is failing if one failed."""
    jobs = []
    for job in watch.jobs:
        last = watch.memory.runs.get(job.name)
        jobs.append(
            {
                "name": job.name,
                "schedule": job.schedule.text,
                "running": watch.running == job.name,
                "next_due": watch.due_at(job, now).isoformat(),
                "last_started": last.started_at.isoformat() if last else None,
                "last_ended": last.ended_at.isoformat() if last and last.ended_at else None,
                "last_ending": last.ending if last else None,
                "fetched": last.fetched if last else None,
                "articles": last.articles if last else None,
                "yield": round(last.articles / last.fetched, 4) if last and last.fetched else None,
                "alarms": list(last.alarms) if last else [],
                "error": last.error if last else None,
            }
        )
    failing = any(
        watch.memory.runs[j.name].failed for j in watch.jobs if j.name in watch.memory.runs
    )
    return {"status": "failing" if failing else "ok", "time": now.isoformat(), "jobs": jobs}


def metrics_of(watch: Watch, now: datetime) -> str:
    """The same for Prometheus (text exposition format 0.0.4)."""
    lines: list[str] = []
    families: list[tuple[str, str, Callable[[str], float | None]]] = [
        ("last_start_seconds", "Unix time at which the last run began.",
         lambda n: _value(watch, n, lambda r: r.started_at.timestamp())),
        ("last_end_seconds", "Unix time at which the last run ended.",
         lambda n: _value(watch, n, lambda r: r.ended_at.timestamp() if r.ended_at else None)),
        ("last_success", "1 if the last run ended well, 0 if not.",
         lambda n: _value(watch, n, lambda r: None if r.was_cut_off else float(not r.failed))),
        ("last_fetched", "Pages fetched in the last run.",
         lambda n: _value(watch, n, lambda r: r.fetched)),
        ("last_articles", "Articles stored in the last run.",
         lambda n: _value(watch, n, lambda r: r.articles)),
        ("last_alarms", "Sites that fell silent in the last run.",
         lambda n: _value(watch, n, lambda r: len(r.alarms))),
        ("running", "1 while a run of the job is under way.",
         lambda n: float(watch.running == n)),
    ]  # fmt: skip
    for name, says, read in families:
        lines += [f"# HELP winnow_job_{name} {says}", f"# TYPE winnow_job_{name} gauge"]
        for job in watch.jobs:
            if (value := read(job.name)) is not None:
                lines.append(f'winnow_job_{name}{{job="{_label(job.name)}"}} {value:.12g}')
    lines += ["# HELP winnow_job_next_due_seconds Unix time at which the job is due."]
    lines += ["# TYPE winnow_job_next_due_seconds gauge"]
    for job in watch.jobs:
        due = watch.due_at(job, now).timestamp()
        lines.append(f'winnow_job_next_due_seconds{{job="{_label(job.name)}"}} {due:.0f}')
    return "\n".join(lines) + "\n"


@contextmanager
def serving(address: str, watch: Watch, clock: Callable[[], datetime]) -> Iterator[str]:
    """Serve the page on "host:port" in a thread; gives the address as it is bound (port 0: any).

    Raises ConfigError when the address cannot be used.
    """
    host, _, port = address.rpartition(":")

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(200, TEXT, metrics_of(watch, clock()))
            elif self.path in ("/", "/health"):
                health = health_of(watch, clock())
                code = 200 if health["status"] == "ok" else 503
                self._answer(code, JSON, json.dumps(health, indent=1) + "\n")
            else:
                self._answer(404, JSON, '{"error": "there is /health and /metrics"}\n')

        def _answer(self, code: int, kind: str, text: str) -> None:
            body = text.encode()
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Probes come every few seconds; they are not logged."""

    try:
        server = ThreadingHTTPServer((host.strip("[]"), int(port)), Handler)
    except (OSError, ValueError, OverflowError) as error:
        message = f"health page on {address!r}: {error}; set [watch] health to host:port or empty"
        raise ConfigError(message, key="watch.health") from error
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    try:
        yield f"{host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _value(watch: Watch, name: str, read: Callable[[LastRun], float | None]) -> float | None:
    last = watch.memory.runs.get(name)
    return None if last is None else read(last)


def _label(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
