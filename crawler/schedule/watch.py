"""The watch: runs jobs when they are due, one at a time, and remembers across restarts.

    due jobs ─earliest first→ run (a process) → remember → notify → sleep until the next is due

A job that was missed, or cut off by a crash, is run once on the next start, however often it was
missed. One run at a time, whatever the job: an output has one writer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from crawler.schedule.runner import RunResult
from crawler.schedule.state import LastRun, Memory
from crawler.schedule.when import Schedule

LONGEST_SLEEP = 30.0
"""Seconds; so a changed clock or a machine that slept is noticed soon."""

Log = Callable[[str, Mapping[str, object]], None]
"""Takes an event's name and its values."""


@dataclass(frozen=True, slots=True)
class WatchedJob:
    """A job with its schedule."""

    name: str
    schedule: Schedule


class Notify(Protocol):
    """Tells someone of an event; never raises."""

    def __call__(self, event: str, job: str, run: LastRun) -> None: ...


@dataclass(slots=True)
class Watch:
    """The loop and all that it touches, given from outside."""

    jobs: Sequence[WatchedJob]
    memory: Memory
    run: Callable[[str], RunResult]
    """Runs the job of that name to its end; returns early when `stopped`."""
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    """Sleeps at most that many seconds; less when stopped."""
    stopped: Callable[[], bool]
    log: Log
    notify: Notify
    zone: tzinfo | None
    """Whose clock the schedules follow; None for this machine's."""
    running: str | None = None
    begun: datetime | None = field(default=None)

    def due_at(self, job: WatchedJob, now: datetime) -> datetime:
        """When a job is due: now if it was cut off, else after its last run (or the watch's start).

        A last run in the future means that the clock was set back; it is due now, too, as nobody
        knows how long ago that was.
        """
        last = self.memory.runs.get(job.name)
        if last is not None and (last.was_cut_off or last.started_at > now):
            return now
        since = last.started_at if last is not None else (self.begun or now)
        return job.schedule.next_after(since, self.zone)

    def loop(self) -> None:
        """Run until stopped."""
        self.begun = self.clock()
        self.log("watch-started", {"jobs": [job.name for job in self.jobs]})
        for job in self.jobs:
            due = self.due_at(job, self.begun)
            late = due < self.begun
            self.log("scheduled", {"job": job.name, "due": due.isoformat(), "catching_up": late})
        while not self.stopped():
            now = self.clock()
            self.begun = min(self.begun, now)  # the clock may be set back meanwhile
            due, job = min(
                ((self.due_at(job, now), job) for job in self.jobs), key=lambda pair: pair[0]
            )
            if due <= now:
                self.run_job(job.name)
            else:
                self.sleep(min((due - now).total_seconds(), LONGEST_SLEEP))
        self.log("watch-stopped", {})

    def run_job(self, name: str) -> LastRun:
        """Run one job now, remember it, tell of it."""
        started = self.clock()
        self.running = name
        self.memory.keep(name, LastRun(started))
        self.log("run-started", {"job": name})
        result = self.run(name)
        ended = max(self.clock(), started + timedelta(microseconds=1))
        last = LastRun(
            started_at=started,
            ended_at=ended,
            ending=result.ending,
            fetched=result.fetched,
            articles=result.articles,
            rejected=result.rejected,
            alarms=result.alarms,
            error=result.error,
        )
        self.memory.keep(name, last)
        self.running = None
        self.log(
            "run-ended",
            {
                "job": name,
                "ending": last.ending,
                "seconds": round((ended - started).total_seconds(), 3),
                "fetched": last.fetched,
                "articles": last.articles,
                "rejected": last.rejected,
                "alarms": list(last.alarms),
                "error": last.error,
            },
        )
        if last.ending != "interrupted":
            self._tell(name, last)
        return last

    def _tell(self, name: str, last: LastRun) -> None:
        if last.failed:
            self.notify("failure", name, last)
        else:
            self.notify("success", name, last)
        if last.alarms:
            self.notify("silence", name, last)
