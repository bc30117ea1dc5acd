"""Dates as pages write them: machine-readable forms, visible dates of many languages, addresses.

A date without a zone is taken in the zone that another date of the page has, else as UTC. What
lies after the fetch or before the web is not believed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache

from cleaners.metadata.words import words
from cleaners.model import Evidence

OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
# A page fetched just before midnight may carry tomorrow's date in another zone, no more.
_AHEAD = timedelta(hours=26)

_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ]{1,2}(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)
_MAIL_DATE = re.compile(r"(?:[A-Z][a-z]{2},?\s+)?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_CLOCK = re.compile(
    r"(?<!\d)([01]?\d|2[0-3])[:.hH時시](?:\s?)([0-5]\d)(?::([0-5]\d))?(?!\d)\s*(a\.?m|p\.?m)?", re.I
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s?[./年년-]\s?(\d{1,2})\s?[./月월-]\s?(\d{1,2})(?!\d)"
)
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?((?:19|20)\d{2})(?!\d)")
_SHORT_YEAR = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{2})(?![\d.])")
_WORD = re.compile(r"[^\W\d_]+")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.|-)?\s*(?:de\s|d'|of\s)?\s*([^\W\d_]{3,14})\.?"
    r"[\s,-]*(?:de\s|del\s)?\s*((?:19|20)\d{2})(?!\d)"
)
_MONTH_DAY = re.compile(
    r"([^\W\d_]{3,14})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\.?,?\s+((?:19|20)\d{2})(?!\d)"
)
_YEAR_MONTH_DAY = re.compile(r"((?:19|20)\d{2})\.?\s+([^\W\d_]{3,14})\.?\s+(\d{1,2})(?!\d)")
_GLUE = re.compile(r"(?<=[a-zà-ÿ])[A-ZÀ-Ý]")
_ZONE = re.compile(
    r"\b(?:UTC|GMT)\b\s*([+-]\d{1,2})?|\b(CET|CEST|MEZ|MESZ|EST|EDT|PST|PDT|IST|JST)\b"
)
_ZONES = {
    "CET": 1.0,
    "MEZ": 1.0,
    "CEST": 2.0,
    "MESZ": 2.0,
    "EST": -5.0,
    "EDT": -4.0,
    "PST": -8.0,
    "PDT": -7.0,
    "IST": 5.5,
    "JST": 9.0,
}
_URL_DATE = re.compile(
    r"(?<!\d)((?:19[9]|20[0-4])\d)[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12]\d|3[01])(?!\d)"
)
_URL_MONTH = re.compile(
    r"/((?:19[9]|20[0-4])\d)/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*/([0-3]?\d)(?!\d)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date that a source gives: aware unless `zone` is False, as precise as it was written."""

    at: datetime
    precision: str  # second | minute | day
    raw: str
    source: str = ""
    confidence: float = 0.0
    zone: bool = True

    def said_by(self, source: str, confidence: float) -> "Dated":
        """The same date of another source."""
        return Dated(self.at, self.precision, self.raw, source, confidence, self.zone)


def read_date(text: str, *, day_first: bool = True) -> Dated | None:
    """The first date of a text in any of the known forms, None where there is none.

    >>> read_date("2024-05-03T14:24:00+02:00").at.isoformat()
    '2024-05-03T14:24:00+02:00'
    >>> read_date("Zuletzt aktualisiert: 3. Mai 2024, 14.05 Uhr").at.isoformat()
    '2024-05-03T14:05:00+00:00'
    >>> read_date("May 3rd") is None
    True
    """
    text = text.strip()[:200]
    return _read(text, day_first) if len(text) >= 6 else None


@lru_cache(maxsize=512)  # a page says the same moment in four places
def _read(text: str, day_first: bool) -> Dated | None:
    for reader in (_iso, _epoch, _rfc2822):
        if (found := reader(text)) is not None:
            return found
    return _written(text, day_first)


def _iso(text: str) -> Dated | None:
    match = _ISO.match(text)
    if not match or text[match.end() : match.end() + 1].isdigit():
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    micros = int((fraction or "0")[:6].ljust(6, "0"))
    precision = "day" if hour is None else "minute" if second is None else "second"
    clock = (int(hour or 0), int(minute or 0), int(second or 0))
    at = _moment(int(year), int(month), int(day), *clock, micros)
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


def _rfc2822(text: str) -> Dated | None:
    if not _MAIL_DATE.match(text):
        return None
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = at.tzinfo is not None
    return Dated(at if aware else at.replace(tzinfo=UTC), "second", text, zone=aware)


def _written(text: str, day_first: bool) -> Dated | None:
    """A date written for people."""
    day = _year_first(text) or _named_month(text) or _numeric(text, day_first)
    if day is None:
        return None
    year, month, number = day
    clock = next((m for m in _CLOCK.finditer(_without_date(text)) if m), None)
    hour = minute = second = 0
    if clock is not None:
        hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        half = (clock[4] or "").lower().replace(".", "")
        if half == "pm" and hour < 12:
            hour += 12
        elif half == "am" and hour == 12:
            hour = 0
    at = _moment(year, month, number, hour, minute, second)
    if at is None:
        return None
    zone = _ZONE.search(text)
    offset = None
    if zone is not None and clock is not None:
        hours = _ZONES[zone[2]] if zone[2] else float(zone[1] or 0)
        offset = timezone(timedelta(hours=hours)) if abs(hours) < 15 else None
    precision = "day" if clock is None else "second" if clock[3] else "minute"
    return Dated(at.replace(tzinfo=offset or UTC), precision, text, zone=offset is not None)


def _without_date(text: str) -> str:
    for pattern in (_YEAR_FIRST, _YEAR_LAST, _SHORT_YEAR):
        text = pattern.sub(" ", text)
    return text


def _year_first(text: str) -> tuple[int, int, int] | None:
    match = _YEAR_FIRST.search(text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def _named_month(text: str) -> tuple[int, int, int] | None:
    months = words().months
    for pattern, (day, month, year) in (
        (_DAY_MONTH, (1, 2, 3)),
        (_MONTH_DAY, (2, 1, 3)),
        (_YEAR_MONTH_DAY, (3, 2, 1)),
    ):
        for match in pattern.finditer(text):
            number = months.get(match[month].lower()) or _glued_month(match[month])
            if number is not None:
                return int(match[year]), number, int(match[day])
    return None


def _glued_month(word: str) -> int | None:
    """The month at the end of a word that markup glued on to another: "HealthMAY", "UpdatedMay"."""
    cut = _GLUE.search(word)
    return words().months.get(word[cut.start() :].lower()) if cut else None


def _numeric(text: str, day_first: bool) -> tuple[int, int, int] | None:
    match = _YEAR_LAST.search(text)
    if match:
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if first > 12 or ((day_first or "." in match[0]) and second <= 12):
            return year, second, first
        return year, first, second
    match = _SHORT_YEAR.search(text)
    return (2000 + int(match[3]), int(match[2]), int(match[1])) if match else None


def _moment(
    year: int,
    month: int,
    day: int,
    hour: int = 0,
    minute: int = 0,
    second: int = 0,
    micros: int = 0,
) -> datetime | None:
    try:
        extra = timedelta(days=1) if hour == 24 and minute == 0 else timedelta()
        at = datetime(year, month, day, hour % 24, minute, min(second, 59), micros)
    except (ValueError, OverflowError):
        return None
    return at + extra if year < 9990 else None


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
            at = _moment(int(match[1]), int(match[2]), int(match[3]))
            if at is not None:
                return Dated(at.replace(tzinfo=UTC), "day", match[0], zone=False)
    return None


def believable(dated: Dated, fetched_at: datetime | None) -> bool:
    """Whether a date lies between the first web page and the fetch."""
    return dated.at >= OLDEST and (fetched_at is None or dated.at <= fetched_at + _AHEAD)


def choose_date(candidates: Sequence[Dated], fetched_at: datetime | None) -> Dated | None:
    """The most trusted believable date, in a zone, confirmed where others name the same day."""
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
        offsets = [d.at.tzinfo for d in usable if d.zone and d.at.utcoffset() != timedelta()]
        if offsets:
            best = replace(best, at=best.at.replace(tzinfo=offsets[0]))
    others = {d.source for d in usable if abs((d.at - best.at).days) <= 1} - {best.source}
    return replace(best, confidence=round(min(0.99, best.confidence + 0.03 * len(others)), 2))


def date_evidence(name: str, dated: Dated) -> Evidence:
    """What a row says of where a date comes from."""
    return Evidence(name, dated.raw, dated.source, dated.confidence)
