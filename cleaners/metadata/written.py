"""Dates as people write them, in many languages, orders, digits and zones."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from cleaners.metadata.dated import AHEAD, Dated, moment
from cleaners.metadata.words import words

_CLOCK = re.compile(
    r"(?<!\d)([01]?\d|2[0-3])[:.hH時时시点點]\s?([0-5]\d)(?::([0-5]\d))?(?!\d)"
    r"\s*(a\.?\s?m\b|p\.?\s?m\b|π\.?μ\b|μ\.?μ\b)?",
    re.I,
)
_AFTERNOON = ("下午", "晚上", "晚间", "午後", "午后", "오후")
_MORNING = ("上午", "凌晨", "早上", "午前", "오전")
_YEAR_FIRST = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s?[./年년-]\s?(\d{1,2})\s?[./月월-]\s?(\d{1,2})(?!\d)"
)
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?((?:19|20)\d{2})(?!\d)")
_SHORT_YEAR = re.compile(r"(?<![\d./])(\d{1,2})([./])(\d{1,2})\2(\d{2})(?![\d./])")
# The vowels of Indic and Thai writing are no letters to the pattern language.
_NAME = r"((?:[^\W\d_]|[\u0900-\u0dff\u0e00-\u0e7f]){2,14})"
_DAY_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.|-)?\s*(?:de\s|d'|of\s)?\s*{_NAME}"
    rf"(?:/{_NAME})?\.?[\s,-]*(?:de\s|del\s)?\s*((?:19|20)\d{{2}})(?!\d)"
)
_MONTH_DAY = re.compile(
    rf"{_NAME}\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\.?,?\s+((?:19|20)\d{{2}})(?!\d)"
)
_YEAR_MONTH_DAY = re.compile(rf"((?:19|20)\d{{2}})\.?\s+(?:m\.\s+)?{_NAME}\.?\s+(\d{{1,2}})(?!\d)")
_YEAR_DAY_MONTH = re.compile(rf"((?:19|20)\d{{2}})\.\s+gada\s+(\d{{1,2}})\.\s+{_NAME}")
# "Fri May 03 14:24:00 CEST 2024", as systems print it
_YEAR_AFTER_CLOCK = re.compile(
    rf"{_NAME}\s+(\d{{1,2}})\s+(?=\d?\d:\d\d)(?:[\d:]{{4,8}}\s+(?:[A-Z]{{1,5}}\S{{0,6}}\s+)?)"
    r"((?:19|20)\d{2})(?!\d)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_THAI_YEAR = re.compile(r"(?<!\d)25[4-9]\d(?!\d)")
# Zero to nine of Arabic, Persian, Indic, Thai and wide writing.
_DIGITS = {
    zero + digit: str(digit)
    for zero in (0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10)
    for digit in range(10)
}
_GLUE = re.compile(r"(?<=[a-zà-ÿ])[A-ZÀ-Ý]")
_ZONES = {
    "WET": 0.0,
    "BST": 1.0,
    "WEST": 1.0,
    "CET": 1.0,
    "MEZ": 1.0,
    "CEST": 2.0,
    "MESZ": 2.0,
    "EET": 2.0,
    "EEST": 3.0,
    "MSK": 3.0,
    "МСК": 3.0,
    "TRT": 3.0,
    "SAST": 2.0,
    "EAT": 3.0,
    "EST": -5.0,
    "EDT": -4.0,
    "CST": -6.0,
    "CDT": -5.0,
    "MST": -7.0,
    "MDT": -6.0,
    "PST": -8.0,
    "PDT": -7.0,
    "BRT": -3.0,
    "ART": -3.0,
    "GST": 4.0,
    "PKT": 5.0,
    "IST": 5.5,
    "WIB": 7.0,
    "WITA": 8.0,
    "WIT": 9.0,
    "SGT": 8.0,
    "HKT": 8.0,
    "JST": 9.0,
    "KST": 9.0,
    "AWST": 8.0,
    "AEST": 10.0,
    "AEDT": 11.0,
    "NZST": 12.0,
    "NZDT": 13.0,
}
_ZONE = re.compile(
    rf"\b(?:UTC|GMT)\b\s*([+-]\d{{1,2}})?|\b({'|'.join(_ZONES)})\b|\b[AaPp]\.?[Mm]\.?\s+([ECMP])T\b"
)
_AMERICAN = {"E": -5, "C": -6, "M": -7, "P": -8}  # "2:24 p.m. ET": hours in winter


def western(text: str) -> str:
    """A text with Western digits in the place of others."""
    return text if text.isascii() else text.translate(_DIGITS)


def read_written(text: str, day_first: bool) -> Dated | None:
    """A date written for people."""
    if not text.isascii():
        text = _THAI_YEAR.sub(lambda year: str(int(year[0]) - _BUDDHA), text)
    day = _year_first(text) or _named_month(text) or _numeric(text, day_first)
    if day is None:
        return None
    rest = _without_date(text[: day.start] + " " + text[day.end :])
    clock = _CLOCK.search(rest)
    hour = minute = second = 0
    if clock is not None:
        hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        half = _half_of_day(rest, clock)
        if half == "p" and hour < 12:
            hour += 12
        elif half == "a" and hour == 12:
            hour = 0
    at = moment(day.year, day.month, day.number, hour, minute, second)
    if at is None:
        return None
    offset = _named_zone(text, at) if clock is not None else None
    precision = "day" if clock is None else "second" if clock[3] else "minute"
    return Dated(at.replace(tzinfo=offset or UTC), precision, text, zone=offset is not None)


_MAX_STAMP = 160  # characters of a text that is looked at for a date
_BUDDHA = 543  # years by which the Thai calendar is ahead


def _half_of_day(text: str, clock: re.Match[str]) -> str:
    """ "a", "p" or "": what a clock's time is marked with, behind it or, in East Asia, before."""
    if clock[4]:
        return {"π": "a", "μ": "p"}.get(clock[4][0].lower(), clock[4][0].lower())
    before = text[: clock.start()].rstrip()
    return "p" if before.endswith(_AFTERNOON) else "a" if before.endswith(_MORNING) else ""


def _named_zone(text: str, at: datetime) -> timezone | None:
    """The zone that a text names, at that time."""
    zone = _ZONE.search(text)
    if zone is None:
        return None
    if zone[3]:
        hours = _AMERICAN[zone[3]] + float(_is_american_summer(at))
    else:
        hours = _ZONES[zone[2]] if zone[2] else float(zone[1] or 0)
    return timezone(timedelta(hours=hours)) if abs(hours) < 15 else None


def _is_american_summer(at: datetime) -> bool:
    """From the second Sunday of March to the first of November, since 2007."""
    march, november = datetime(at.year, 3, 14), datetime(at.year, 11, 7)
    start = march - timedelta(days=(march.weekday() + 1) % 7)
    end = november - timedelta(days=(november.weekday() + 1) % 7)
    return start <= at < end


def _without_date(text: str) -> str:
    for pattern in (_YEAR_FIRST, _YEAR_LAST, _SHORT_YEAR):
        text = pattern.sub(" ", text)
    return text


@dataclass(frozen=True, slots=True)
class _Day:
    """A day as a text names it, and where in the text."""

    year: int
    month: int
    number: int
    start: int
    end: int


def _year_first(text: str) -> _Day | None:
    match = _YEAR_FIRST.search(text)
    return _Day(int(match[1]), int(match[2]), int(match[3]), *match.span()) if match else None


def _named_month(text: str) -> _Day | None:
    if _YEAR.search(text) is None:  # most texts, and the patterns below are tried at each letter
        return None
    for pattern, (day, month, year) in (
        (_DAY_MONTH, (1, 2, 4)),
        (_MONTH_DAY, (2, 1, 3)),
        (_YEAR_AFTER_CLOCK, (2, 1, 3)),
        (_YEAR_MONTH_DAY, (3, 2, 1)),
        (_YEAR_DAY_MONTH, (2, 3, 1)),
    ):
        for match in pattern.finditer(text):
            number = _month(match[month])
            if number is not None:
                end = match.end(day) if pattern is _YEAR_AFTER_CLOCK else match.end()
                return _Day(int(match[year]), number, int(match[day]), match.start(), end)
    return None


def _month(word: str) -> int | None:
    months, lowered = words().months, word.lower()
    # "in May" is one word in Hebrew
    return months.get(lowered) or months.get(lowered.removeprefix("ב")) or _glued_month(word)


def _glued_month(word: str) -> int | None:
    """The month at the end of a word that markup glued on to another: "HealthMAY", "UpdatedMay"."""
    cut = _GLUE.search(word)
    return words().months.get(word[cut.start() :].lower()) if cut else None


def _numeric(text: str, day_first: bool) -> _Day | None:
    if match := _YEAR_LAST.search(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
    elif match := _SHORT_YEAR.search(text):
        first, second, year = int(match[1]), int(match[3]), 2000 + int(match[4])
        if match[2] == "/" and day_first and max(first, second) <= 12:
            return None  # few but Americans write so, and not all their pages say what they are
    else:
        return None
    if first > 12 or ((day_first or "." in match[0]) and second <= 12):
        first, second = second, first
    return _Day(year, first, second, *match.span())


def day_is_first(
    texts: Iterable[str], *, default: bool, known: Collection[date], latest: datetime | None
) -> bool:
    """Whether "03/05/2024" is in May, from all the dates that a page has.

    One that can be read in one way only decides; else one that so falls on a day which the page
    `known`ly names, or so alone not after the `latest` moment.

    >>> day_is_first(["03/05/2024", "Updated 05/13/2024"], default=True, known=(), latest=None)
    False
    """
    order = default
    for text in texts:
        if len(text) > _MAX_STAMP or ("/" not in text and "-" not in text):
            continue
        match = _YEAR_LAST.search(text)
        if match is None or "." in match[0]:
            continue
        first, second = int(match[1]), int(match[2])
        if first > 12 or second > 12:
            return first > 12
        days = [moment(int(match[3]), *pair) for pair in ((second, first), (first, second))]
        fitting = [day is not None and day.date() in known for day in days]
        if latest is not None and not any(fitting):
            bound = (latest + AHEAD).replace(tzinfo=None)
            fitting = [day is not None and day <= bound for day in days]
        if fitting[0] != fitting[1]:
            order = fitting[0]
    return order
