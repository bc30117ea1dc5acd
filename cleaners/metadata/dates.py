"""Dates as pages write them: machine-readable forms, visible dates of many languages, addresses.

A date without a zone is taken in the zone that another date of the page has, else as UTC. What
lies after the fetch or before the web is not believed.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache

from cleaners.metadata.dated import AHEAD, Dated, moment
from cleaners.metadata.written import read_written, western
from cleaners.model import Evidence

OLDEST = datetime(1990, 1, 1, tzinfo=UTC)

_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ]{1,2}(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)
_MAIL_DATE = re.compile(r"(?:[A-Z][a-z]{2},?\s+)?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_STAMP = re.compile(r"((?:19|20)\d{2})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?")
_URL_DATE = re.compile(
    r"(?<!\d)((?:19[9]|20[0-4])\d)[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12]\d|3[01])(?!\d)"
)
_URL_MONTH = re.compile(
    r"/((?:19[9]|20[0-4])\d)/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*/([0-3]?\d)(?!\d)",
    re.I,
)


def read_date(text: str, *, day_first: bool = True) -> Dated | None:
    """The first date of a text in any of the known forms, None where there is none.

    >>> read_date("2024-05-03T14:24:00+02:00").at.isoformat()
    '2024-05-03T14:24:00+02:00'
    >>> read_date("Zuletzt aktualisiert: 3. Mai 2024, 14.05 Uhr").at.isoformat()
    '2024-05-03T14:05:00+00:00'
    >>> read_date("May 3rd") is None
    True
    """
    text = western(text.strip()[:200])
    return _read(text, day_first) if len(text) >= 6 else None


@lru_cache(maxsize=512)  # a page says the same moment in four places
def _read(text: str, day_first: bool) -> Dated | None:
    for reader in (_iso, _epoch, _stamp, _rfc2822):
        if (found := reader(text)) is not None:
            return found
    return read_written(text, day_first)


def _iso(text: str) -> Dated | None:
    match = _ISO.match(text)
    if not match or text[match.end() : match.end() + 1].isdigit():
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    micros = int((fraction or "0")[:6].ljust(6, "0"))
    precision = "day" if hour is None else "minute" if second is None else "second"
    clock = (int(hour or 0), int(minute or 0), int(second or 0))
    at = moment(int(year), int(month), int(day), *clock, micros)
    if at is None:
        return None
    offset = _offset(zone)
    # midnight to the second without a zone is how databases write a day
    if precision == "second" and offset is None and at.time() == at.min.time():
        precision = "day"
    return Dated(at.replace(tzinfo=offset or UTC), precision, text, zone=offset is not None)


def _epoch(text: str) -> Dated | None:
    if not _EPOCH.fullmatch(text):
        return None
    seconds = int(text[:10])
    return Dated(datetime.fromtimestamp(seconds, UTC), "second", text)


def _stamp(text: str) -> Dated | None:
    """ "20240503142400": digits in a row."""
    match = _STAMP.fullmatch(text)
    at = moment(*(int(part or 0) for part in match.groups())) if match else None
    if match is None or at is None:
        return None
    return Dated(at.replace(tzinfo=UTC), "second" if match[6] else "minute", text, zone=False)


def _rfc2822(text: str) -> Dated | None:
    if not _MAIL_DATE.match(text):
        return None
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = at.tzinfo is not None
    return Dated(at if aware else at.replace(tzinfo=UTC), "second", text, zone=aware)


def _offset(zone: str | None) -> timezone | None:
    if zone is None:
        return None
    if zone in ("Z", "UTC", "GMT"):
        return UTC
    hours, minutes = int(zone[1:3]), int(zone[-2:]) if len(zone) > 3 else 0
    if hours > 14 or minutes > 59:
        return None
    return timezone((-1 if zone[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))


def url_date(url: str) -> Dated | None:
    """The day that an address names in its path.

    >>> url_date("https://lowmere.example/2024/05/03/bridge").at.date().isoformat()
    '2024-05-03'
    """
    path = url.split("://", 1)[-1].partition("/")[2].partition("?")[0]
    if match := _URL_MONTH.search("/" + path):
        day = read_date(f"{match[3]} {match[2]} {match[1]}")
        return replace(day, raw=match[0]) if day else None
    for match in _URL_DATE.finditer(path):
        separated = not match[0].isdigit()
        # eight digits in a row are a date only as a whole part of the path
        if separated or re.search(rf"(?:^|[/_-]){match[0]}(?:[/_.-]|$)", path):
            at = moment(int(match[1]), int(match[2]), int(match[3]))
            if at is not None:
                return Dated(at.replace(tzinfo=UTC), "day", match[0], zone=False)
    return None


def believable(dated: Dated, fetched_at: datetime | None) -> bool:
    """Whether a date lies between the first web page and the fetch."""
    return dated.at >= OLDEST and (fetched_at is None or dated.at <= fetched_at + AHEAD)


def choose_date(
    candidates: Sequence[Dated], fetched_at: datetime | None, beside: Sequence[Dated] = ()
) -> Dated | None:
    """The most trusted believable date, in a zone, confirmed where others name the same day.

    `beside` are the page's other dates, of whose zones one is taken where none of its own has one.
    """
    usable = [d for d in candidates if believable(d, fetched_at)]
    if not usable:
        return None
    best = max(usable, key=lambda d: d.confidence)
    if best.precision == "day":  # the same day with a time of day says more
        finer = [d for d in usable if d.precision != "day" and d.at.date() == best.at.date()]
        finer = [d for d in finer if d.confidence >= 0.5]
        if finer:
            best = replace(finer[0], confidence=best.confidence)
    if not best.zone and best.precision != "day":
        zoned = (d for d in (*usable, *beside) if d.zone)
        offsets = [d.at.tzinfo for d in zoned if d.at.utcoffset() != timedelta()]
        if offsets:
            best = replace(best, at=best.at.replace(tzinfo=offsets[0]))
    others = {d.source for d in usable if abs((d.at - best.at).days) <= 1} - {best.source}
    return replace(best, confidence=round(min(0.99, best.confidence + 0.03 * len(others)), 2))


def date_evidence(name: str, dated: Dated) -> Evidence:
    """What a row says of where a date comes from."""
    return Evidence(name, dated.raw, dated.source, dated.confidence)
