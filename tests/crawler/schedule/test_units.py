"""Cron lines and systemd units: quoting, calendars, and systemd's own opinion where it is there."""

import shutil
import subprocess
from pathlib import Path

import pytest

from crawler.schedule.units import Timed, calendar_lines, cron_lines, systemd_units, unit_name
from crawler.schedule.when import parse_schedule


def _job(name: str = "ferry", schedule: str = "every 6 hours", folder: str = "/srv/news") -> Timed:
    return Timed(
        name=name,
        schedule=parse_schedule(schedule),
        command=("/usr/bin/true", "run", name, "--config", f"{folder}/winnow.toml"),
        folder=folder,
        out=f"{folder}/output",
    )


def test_cron_quotes_what_the_shell_and_cron_would_take() -> None:
    text = cron_lines([_job("50% off; rm -rf $HOME", folder="/srv/it's here")], log="/l og")
    line = text.splitlines()[-1]
    assert line.startswith("0 */6 * * * cd '/srv/it'\"'\"'s here' && ")
    assert "50\\% off; rm -rf $HOME" in text
    assert "'50\\%" in text
    assert text.endswith(">>'/l og' 2>&1\n")


CALENDARS = [
    ("every minute", ("*-*-* *:*:00",)),
    ("every 6 hours", ("*-*-* 00,06,12,18:00:00",)),
    ("weekdays at 06:30", ("Mon,Tue,Wed,Thu,Fri *-*-* 06:30:00",)),
    ("sun at 7:05", ("Sun *-*-* 07:05:00",)),
    ("0 0 1,15 * *", ("*-*-01,15 00:00:00",)),
    ("0 0 13 * fri", ("*-*-13 00:00:00", "Fri *-*-* 00:00:00")),
    ("0 12 * jan,jul *", ("*-01,07-* 12:00:00",)),
]


@pytest.mark.parametrize(("schedule", "lines"), CALENDARS)
def test_calendar(schedule: str, lines: tuple[str, ...]) -> None:
    assert calendar_lines(parse_schedule(schedule)) == lines


def test_unit_names_come_from_job_names() -> None:
    assert unit_name("Old Town / 50%") == "Old-Town-50"
    assert unit_name("§§") == "job"


def test_a_service_and_a_timer_for_each_job() -> None:
    units = dict(systemd_units([_job(), _job("old $town 50%", folder="/srv/my news")]))
    assert set(units) == {
        "winnow-ferry.service", "winnow-ferry.timer",
        "winnow-old-town-50.service", "winnow-old-town-50.timer",
    }  # fmt: skip
    assert "Persistent=true" in units["winnow-ferry.timer"]
    assert '"old $$town 50%%"' in units["winnow-old-town-50.service"]
    writes = 'ReadWritePaths="/srv/my news" -"/srv/my news/output"'
    assert writes in units["winnow-old-town-50.service"]


if shutil.which("systemd-analyze"):

    def test_systemd_accepts_the_units(tmp_path: Path) -> None:
        jobs = [_job(f"job{n}", schedule, "/tmp") for n, (schedule, _) in enumerate(CALENDARS)]
        jobs.append(_job("old $town 50%", folder="/tmp"))
        paths = []
        for name, text in systemd_units(jobs):
            (tmp_path / name).write_text(text)
            paths.append(str(tmp_path / name))
        done = subprocess.run(
            ["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False
        )
        complaints = [line for line in done.stderr.splitlines() if "winnow-" in line]
        assert complaints == []
        for _, (calendar, *_) in CALENDARS:
            subprocess.run(
                ["systemd-analyze", "calendar", calendar], check=True, capture_output=True
            )
