"""Scheduled jobs as lines of a crontab or as systemd units, for those who prefer these."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.schedule.when import Schedule

_DAY_NAMES = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


@dataclass(frozen=True, slots=True)
class Timed:
    """A job under its name, when it is due, the command that runs it in a folder, its output."""

    name: str
    schedule: Schedule
    command: tuple[str, ...]
    folder: str
    out: str


def cron_lines(jobs: Sequence[Timed], *, log: str) -> str:
    """Lines for `crontab -`; a percent sign is escaped, as cron ends the command at a bare one."""
    lines = ["# Winnow, written by `winnow schedule cron`; times are those of this machine."]
    for job in jobs:
        command = f"cd {shlex.quote(job.folder)} && {shlex.join(job.command)}"
        command = f"{command} >>{shlex.quote(log)} 2>&1".replace("%", "\\%")
        lines += [f"# {_comment(job.name)}", f"{job.schedule.text} {command}"]
    return "\n".join(lines) + "\n"


def systemd_units(jobs: Sequence[Timed]) -> tuple[tuple[str, str], ...]:
    """(file name, content) of a service and a timer for each job.

    A timer catches up once after the machine was off (Persistent); a service never runs twice at a
    time, and may write to its folder and nowhere else below /home or the system (systemd.exec).
    """
    units: list[tuple[str, str]] = []
    for job in jobs:
        stem = f"winnow-{unit_name(job.name)}"
        description = f"Winnow: {_comment(job.name)}"
        units.append((f"{stem}.service", _service(job, description)))
        units.append((f"{stem}.timer", _timer(job, description)))
    return tuple(units)


def _service(job: Timed, description: str) -> str:
    folder = _systemd_quoted(job.folder)
    return (
        f"[Unit]\nDescription={_percent(description)}\nAfter=network-online.target\n"
        "Wants=network-online.target\n\n[Service]\nType=oneshot\n"
        f"WorkingDirectory={_percent(job.folder)}\n"
        f"ExecStart={' '.join(_systemd_quoted(part) for part in job.command)}\n"
        "# 1 means that some inputs failed; the run itself was done.\nSuccessExitStatus=1\n"
        "TimeoutStopSec=60\nNice=10\nNoNewPrivileges=yes\nProtectSystem=strict\nPrivateTmp=yes\n"
        f"ReadWritePaths={folder} -{_systemd_quoted(job.out)}\n"
    )


def _timer(job: Timed, description: str) -> str:
    when = "".join(f"OnCalendar={line}\n" for line in calendar_lines(job.schedule))
    return (
        f"[Unit]\nDescription={_percent(description)} (timer)\n\n[Timer]\n{when}"
        "Persistent=true\nRandomizedDelaySec=60\n\n[Install]\nWantedBy=timers.target\n"
    )


def calendar_lines(schedule: Schedule) -> tuple[str, ...]:
    """systemd.time calendar expressions for a schedule; two where cron means "day or weekday".

    >>> from crawler.schedule.when import parse_schedule
    >>> calendar_lines(parse_schedule("weekdays at 06:30"))
    ('Mon,Tue,Wed,Thu,Fri *-*-* 06:30:00',)
    """
    clock = f"{_numbers(schedule.hours, 24)}:{_numbers(schedule.minutes, 60)}:00"
    months = "*" if len(schedule.months) == 12 else _numbers(schedule.months, 0)
    days = f"*-{months}-{_numbers(schedule.days, 0)}"
    names = ",".join(_DAY_NAMES[day] for day in sorted(schedule.weekdays, key=lambda d: d or 7))
    on_weekdays = f"{names} *-{months}-* {clock}"
    every_day = len(schedule.days) == 31
    if schedule.any_weekday or len(schedule.weekdays) == 7:
        return (f"*-{months}-* {clock}" if every_day else f"{days} {clock}",)
    if every_day:
        return (on_weekdays,)
    return (f"{days} {clock}", on_weekdays)


def unit_name(name: str) -> str:
    """A job's name as a part of a unit's file name: letters, digits, dots and dashes."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", name).strip("-.") or "job"


def _numbers(values: frozenset[int], whole: int) -> str:
    if len(values) == whole:
        return "*"
    return ",".join(f"{value:02d}" for value in sorted(values))


def _systemd_quoted(text: str) -> str:
    """An argument as systemd reads command lines: quotes, C escapes, doubled % and $."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    escaped = _percent(escaped).replace("$", "$$")
    return escaped if re.fullmatch(r"[\w@%+=:,./-]+", text) else f'"{escaped}"'


def _percent(text: str) -> str:
    return text.replace("%", "%%")


def _comment(text: str) -> str:
    return " ".join(text.split())
