"""The watch with a clock of its own: what runs when, what is remembered, what is told."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.schedule.health import health_of, metrics_of
from crawler.schedule.runner import RunResult
from crawler.schedule.state import LastRun, Memory
from crawler.schedule.watch import Watch, WatchedJob
from crawler.schedule.when import parse_schedule

START = datetime(2026, 3, 2, 10, 15, tzinfo=UTC)
SIX_HOURS = WatchedJob("ferry", parse_schedule("every 6 hours"))
DAILY = WatchedJob("town", parse_schedule("daily at 12:00"))


@dataclass
class World:
    """A clock that sleeping moves, runs that take an hour, and all that was logged and told."""

    now: datetime = START
    until: datetime = START + timedelta(days=1)
    result: RunResult = field(default_factory=lambda: RunResult("finished", 10, 4, 6))
    ran: list[tuple[str, datetime]] = field(default_factory=list)
    events: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    active: int = 0

    def run(self, name: str) -> RunResult:
        self.active += 1
        assert self.active == 1, "two runs at a time"
        self.ran.append((name, self.now))
        self.now += timedelta(hours=1)
        self.active -= 1
        return self.result

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=max(seconds, 1))

    def watch(self, folder: Path, *jobs: WatchedJob) -> Watch:
        return Watch(
            jobs=jobs,
            memory=Memory.load(folder / "watch.json"),
            run=self.run,
            clock=lambda: self.now,
            sleep=self.sleep,
            stopped=lambda: self.now >= self.until,
            log=lambda event, values: self.events.append((event, values)),
            notify=lambda event, job, run: self.told.append((event, job)),
            zone=UTC,
        )


def _hours(world: World, name: str) -> list[str]:
    return [f"{moment:%H:%M}" for job, moment in world.ran if job == name]


def test_jobs_run_when_due_one_at_a_time(tmp_path: Path) -> None:
    world = World()
    world.watch(tmp_path, SIX_HOURS, DAILY).loop()
    assert _hours(world, "ferry") == ["12:00", "18:00", "00:00", "06:00"]
    assert _hours(world, "town") == ["13:00"]  # due at 12:00, after the other
    assert [event for event, _ in world.events][:1] == ["watch-started"]
    assert world.told.count(("success", "ferry")) == 4


def test_many_missed_runs_are_caught_up_once(tmp_path: Path) -> None:
    memory = Memory.load(tmp_path / "watch.json")
    long_ago = START - timedelta(days=9)
    memory.keep("ferry", LastRun(long_ago, long_ago + timedelta(hours=1), "finished"))
    world = World(until=START + timedelta(minutes=90))
    world.watch(tmp_path, SIX_HOURS).loop()
    assert _hours(world, "ferry") == ["10:15"]


def test_a_run_that_was_cut_off_is_run_again_at_once(tmp_path: Path) -> None:
    Memory.load(tmp_path / "watch.json").keep("ferry", LastRun(START - timedelta(minutes=5)))
    world = World(until=START + timedelta(minutes=30))
    world.watch(tmp_path, SIX_HOURS).loop()
    assert _hours(world, "ferry") == ["10:15"]


def test_a_restart_keeps_the_rhythm(tmp_path: Path) -> None:
    first = World(until=START + timedelta(hours=5))
    first.watch(tmp_path, SIX_HOURS).loop()
    second = World(now=first.now, until=START + timedelta(hours=10))
    second.watch(tmp_path, SIX_HOURS).loop()
    assert _hours(first, "ferry") == ["12:00"]
    assert _hours(second, "ferry") == ["18:00"]


def test_a_clock_set_back_does_not_stop_the_watch(tmp_path: Path) -> None:
    ahead = START + timedelta(days=400)
    Memory.load(tmp_path / "watch.json").keep("ferry", LastRun(ahead, ahead, "finished"))
    world = World(until=START + timedelta(hours=3))
    world.watch(tmp_path, SIX_HOURS).loop()
    assert _hours(world, "ferry") == ["10:15", "12:00"]


def test_a_clock_set_back_while_it_waits(tmp_path: Path) -> None:
    world = World(until=START)
    watch = world.watch(tmp_path, SIX_HOURS)
    watch.loop()
    world.now = START - timedelta(days=30)
    world.until = world.now + timedelta(hours=8)
    watch.begun = START
    watch.loop()
    assert _hours(world, "ferry") == ["12:00", "18:00"]


@pytest.mark.parametrize(
    ("result", "told"),
    [
        (RunResult("failed", error="disk full"), ["failure"]),
        (RunResult("timeout"), ["failure"]),
        (RunResult("finished", 9, 0, 9, alarms=("a.example: silent",)), ["success", "silence"]),
        (RunResult("interrupted"), []),
    ],
)
def test_what_is_told(tmp_path: Path, result: RunResult, told: list[str]) -> None:
    world = World(until=START + timedelta(hours=2), result=result)
    world.watch(tmp_path, SIX_HOURS).loop()
    assert [event for event, _ in world.told] == told


@pytest.mark.parametrize("content", ["", "[]", "{", '{"ferry": 3}', '{"ferry": {}}', "\x00"])
def test_a_broken_memory_is_an_empty_one(tmp_path: Path, content: str) -> None:
    (tmp_path / "watch.json").write_text(content)
    assert Memory.load(tmp_path / "watch.json").runs == {}


def test_memory_comes_back(tmp_path: Path) -> None:
    run = LastRun(START, START + timedelta(hours=1), "failed", 3, 2, 1, ("a: silent",), "disk full")
    Memory.load(tmp_path / "m" / "watch.json").keep("ferry", run)
    assert Memory.load(tmp_path / "m" / "watch.json").runs == {"ferry": run}


def test_health_and_metrics_tell_the_same(tmp_path: Path) -> None:
    world = World(until=START + timedelta(hours=2))
    name = 'a "quoted"\nname'
    watch = world.watch(tmp_path, SIX_HOURS, WatchedJob(name, DAILY.schedule))
    before = health_of(watch, START)
    assert before["status"] == "ok"
    watch.loop()
    world.result = RunResult("failed", error="disk full")
    watch.run_job("ferry")
    health = json.loads(json.dumps(health_of(watch, world.now)))
    assert health["status"] == "failing"
    ferry = health["jobs"][0]
    assert (ferry["last_ending"], ferry["error"]) == ("failed", "disk full")
    assert ferry["next_due"] > world.now.isoformat()
    metrics = metrics_of(watch, world.now)
    assert 'winnow_job_last_success{job="ferry"} 0' in metrics
    started = f"{world.ran[-1][1].timestamp():.0f}"
    assert f'winnow_job_last_start_seconds{{job="ferry"}} {started}' in metrics
    for line in metrics.splitlines():
        assert line.startswith(("# HELP ", "# TYPE ", "winnow_job_")), line
