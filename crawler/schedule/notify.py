"""Telling someone: a JSON POST to a webhook, or a command that reads the same JSON."""

import json
import shlex
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crawler.config.model import NotifySettings
from crawler.redact import redact
from crawler.schedule.state import LastRun

WEBHOOK_SECONDS = 10
COMMAND_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Notifier:
    """Tells of the events that the settings ask for; a failure to tell is logged, never raised."""

    settings: NotifySettings
    log: Callable[[str, Mapping[str, object]], None]

    def __call__(self, event: str, job: str, run: LastRun) -> None:
        """Tell of `event` (failure, silence or success) of a job's run."""
        if event not in self.settings.on:
            return
        message = json.dumps(message_of(event, job, run)).encode("ascii")
        if self.settings.webhook:
            self._report("webhook", _post(self.settings.webhook, message))
        if self.settings.command:
            self._report("command", _call(self.settings.command, message))

    def _report(self, way: str, error: str | None) -> None:
        if error:
            self.log("notify-failed", {"by": way, "error": redact(error)})
        else:
            self.log("notified", {"by": way})


def message_of(event: str, job: str, run: LastRun) -> dict[str, object]:
    """What is told; `text` is for chat services that show that field."""
    what = {
        "failure": f"{job} failed: {run.error or run.ending}",
        "silence": f"{job}: {'; '.join(run.alarms)}",
        "success": f"{job}: {run.articles} articles of {run.fetched} pages",
    }[event]
    return {
        "event": event,
        "job": job,
        "text": f"Winnow: {what}",
        "ending": run.ending,
        "started_at": run.started_at.isoformat(),
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "fetched": run.fetched,
        "articles": run.articles,
        "alarms": list(run.alarms),
        "error": run.error,
    }


def _post(address: str, message: bytes) -> str | None:
    """Send it; the cause when that fails."""
    if not address.startswith(("http://", "https://")):
        return "the webhook is not an http or https address"
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(address, data=message, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=WEBHOOK_SECONDS):
            return None
    except (OSError, ValueError, urllib.error.URLError) as error:
        return f"{type(error).__name__}: {error}"


def _call(command: str, message: bytes) -> str | None:
    """Run it with the message on its standard input; the cause when that fails."""
    try:
        subprocess.run(
            shlex.split(command),
            input=message,
            timeout=COMMAND_SECONDS,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        return f"{type(error).__name__}: {error}"
    return None
