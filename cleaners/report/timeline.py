"""Publication days into the bins of a chart: a stretch that holds nearly all, in one unit."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from cleaners.report.data import Bin, Coverage

DAILY_DAYS, WEEKLY_DAYS, MONTHLY_DAYS = 45, 300, 5 * 365
OUTLIER_SHARE = 0.03
"""This share of the oldest articles does not stretch the axis: a page from the archive of a site
would make every later day a hair's breadth wide."""


def coverage(days: Mapping[tuple[date, bool], int], *, undated: int) -> Coverage:
    """Bins over (day, is a copy) -> articles; days before the window are counted as `earlier`."""
    if not days:
        return Coverage("day", (), 0, undated)
    total = sum(days.values())
    first = _first_day(days, total)
    last = max(day for day, _ in days)
    unit = _unit((last - first).days + 1)
    own: Counter[date] = Counter()
    copies: Counter[date] = Counter()
    earlier = 0
    for (day, is_copy), count in days.items():
        if day < first:
            earlier += count
        else:
            (copies if is_copy else own)[_start(day, unit)] += count
    bins: list[Bin] = []
    at = _start(first, unit)
    while at <= last:
        bins.append(Bin(at, own[at], copies[at]))
        at = _next(at, unit)
    return Coverage(unit, tuple(bins), earlier, undated)


def _first_day(days: Mapping[tuple[date, bool], int], total: int) -> date:
    """The first day after the outliers, if leaving them out shortens the axis by half or more."""
    counted: Counter[date] = Counter()
    for (day, _), count in days.items():
        counted[day] += count
    ordered = sorted(counted)
    passed = 0
    for day in ordered:
        if passed + counted[day] > OUTLIER_SHARE * total:
            whole, rest = (ordered[-1] - ordered[0]).days, (ordered[-1] - day).days
            return day if whole > 2 * max(rest, 7) else ordered[0]
        passed += counted[day]
    return ordered[0]


def _unit(days: int) -> str:
    if days <= DAILY_DAYS:
        return "day"
    if days <= WEEKLY_DAYS:
        return "week"
    return "month" if days <= MONTHLY_DAYS else "year"


def _start(day: date, unit: str) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if unit == "year" else day


def _next(day: date, unit: str) -> date:
    if unit == "month":
        return (day + timedelta(days=32)).replace(day=1)
    if unit == "year":
        return day.replace(year=day.year + 1)
    return day + timedelta(days=7 if unit == "week" else 1)
