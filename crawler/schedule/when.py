"""Schedules as people write them, as cron's five fields, and the next moment each is due.

Written here because the one field where schedulers disagree matters to files people keep: cron
counts Sunday as 0 and joins day-of-month and weekday by "or"; APScheduler 3 counts Monday as 0 and
joins them by "and", so the same line would mean two things in `winnow watch` and in a crontab.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {m: i for i, m in enumerate(_MONTH_NAMES, 1)}
_DAYS = {d: i for i, d in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
_NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "hourly": "0 * * * *",
    "daily": "0 6 * * *",
    "weekly": "0 6 * * 1",
}
_EVERY = re.compile(r"every (?:(\d+) )?(minute|hour|day|week)s?(?: at (\d{1,2}):(\d\d))?$")
_DAILY = re.compile(r"(daily|weekdays|mon|tue|wed|thu|fri|sat|sun)\w* at (\d{1,2}):(\d\d)$")
_SEARCHED_DAYS = 366 * 9  # the longest wait of a valid schedule: 29 February across 2100


@dataclass(frozen=True, slots=True)
class Schedule:
    """Cron's five fields as sets of numbers; `text` is the line a crontab takes. Sunday is 0."""

    text: str
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool
    any_weekday: bool

    def falls_on(self, day: datetime) -> bool:
        """Whether it is due on that day: both day fields given means either (POSIX crontab)."""
        weekday = (day.weekday() + 1) % 7 in self.weekdays
        if self.any_day or self.any_weekday:
            in_month = day.day in self.days and weekday
        else:
            in_month = day.day in self.days or weekday
        return day.month in self.months and in_month

    def next_after(self, moment: datetime, zone: tzinfo | None = UTC) -> datetime:
        """The first due moment later than `moment`, aware, in UTC; `zone` is whose clock counts,
        None for this machine's own.

        A time that the clock skips in spring is due when the clock has moved; one that it shows
        twice in autumn is due once. Raises ValueError when it is never due (30 February).
        """
        day = moment.astimezone(zone).replace(
            hour=0, minute=0, second=0, microsecond=0, tzinfo=None
        )
        for offset in range(_SEARCHED_DAYS):
            date = day + timedelta(days=offset)
            if not self.falls_on(date):
                continue
            for hour in sorted(self.hours):
                for minute in sorted(self.minutes):
                    due = date.replace(hour=hour, minute=minute, tzinfo=zone).astimezone(UTC)
                    if due > moment:
                        return due
        raise ValueError(f"{self.text!r} is never due")


def parse_schedule(text: str) -> Schedule:
    """A schedule from words ("every 6 hours", "daily at 06:30", "mon at 7:00") or cron's fields.

    Raises ValueError that says what is understood.

    >>> parse_schedule("every 6 hours").text, parse_schedule("weekdays at 06:30").text
    ('0 */6 * * *', '30 6 * * 1-5')
    """
    line = " ".join(text.lower().split())
    return _from_cron(_NICKNAMES.get(line) or _from_words(line) or line, text)


def _from_words(line: str) -> str | None:
    """The cron line for words, or None when these are no words that are known."""
    if found := _DAILY.match(line):
        day = {"daily": "*", "weekdays": "1-5"}.get(found[1]) or str(_DAYS[found[1]])
        return f"{int(found[3])} {int(found[2])} * * {day}"
    if not (found := _EVERY.match(line)):
        return None
    count, unit = int(found[1] or 1), found[2]
    at = f"{int(found[4])} {int(found[3])}" if found[3] else None
    if unit in ("day", "week"):
        if count != 1:
            raise ValueError(f"'{line}': only every day or every week; else use cron's five fields")
        return f"{at or '0 6'} * * {'*' if unit == 'day' else '1'}"
    whole = 60 if unit == "minute" else 24
    if at or count == 0 or whole % count:
        divisors = ", ".join(str(n) for n in range(1, whole) if whole % n == 0)
        raise ValueError(f"'{line}': a number of {unit}s that divides {whole}: {divisors}")
    step = "*" if count == 1 else f"*/{count}"
    return f"{step} * * * *" if unit == "minute" else f"0 {step} * * *"


def _from_cron(line: str, text: str) -> Schedule:
    parts = line.split()
    if len(parts) != 5:
        raise ValueError(
            f"{text!r} is no schedule; write 'every 6 hours', 'daily at 06:30' or cron's fields"
        )
    weekdays = _field(parts[4], 0, 7, _DAYS)
    return Schedule(
        text=line,
        minutes=_field(parts[0], 0, 59, {}),
        hours=_field(parts[1], 0, 23, {}),
        days=_field(parts[2], 1, 31, {}),
        months=_field(parts[3], 1, 12, _MONTHS),
        weekdays=frozenset(day % 7 for day in weekdays),
        any_day=parts[2].startswith("*"),
        any_weekday=parts[4].startswith("*"),
    )


def _field(text: str, low: int, high: int, names: dict[str, int]) -> frozenset[int]:
    """The numbers of one cron field: `*`, `3`, `1-5`, `*/6`, `1-9/2`, names, and lists of these."""
    numbers: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        try:
            begin = low if span == "*" else names.get(first) if first in names else int(first)
            end = high if span == "*" or (step and not dash) else begin
            if dash:
                end = names[last] if last in names else int(last)
            stride = int(step) if step else 1
        except ValueError:
            raise ValueError(f"{part!r} is no field of a cron line") from None
        if begin is None or end is None or not low <= begin <= end <= high or stride < 1:
            raise ValueError(f"{part!r} does not lie within {low} to {high}")
        numbers.update(range(begin, end + 1, stride))
    return frozenset(numbers)
