"""Dates as feeds, sitemaps and search services write them: RFC 822, RFC 3339, W3C, usual slips."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_W3C = re.compile(
    r"(\d{4})-?(\d{2})(?:-?(\d{2}))?"
    r"(?:[T ]?(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$",
    re.IGNORECASE,
)
EARLIEST_YEAR = 1990  # before the web; such dates are template defaults (1970-01-01, 0001-01-01)


def read_date(value: str | None) -> datetime | None:
    """An aware UTC datetime, or None for what is no date; a date without zone is taken as UTC.

    >>> read_date("Tue, 02 Jul 2024 08:30:00 +0200")
    datetime.datetime(2024, 7, 2, 6, 30, tzinfo=datetime.timezone.utc)
    >>> read_date("20240702T083000Z")
    datetime.datetime(2024, 7, 2, 8, 30, tzinfo=datetime.timezone.utc)
    """
    if not value or len(value) > 80:
        return None
    value = " ".join(value.split())
    when = _w3c(value) or _rfc822(value)
    if when is None or when.year < EARLIEST_YEAR:
        return None
    return when


def _w3c(value: str) -> datetime | None:
    match = _W3C.match(value)
    if not match:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    zone = (zone or "Z").upper()
    offset = "+00:00" if zone in ("Z", "UTC", "GMT") else zone
    if len(offset) == 3:
        offset += ":00"
    if ":" not in offset:
        offset = f"{offset[:3]}:{offset[3:]}"
    clock = f"{hour or '00'}:{minute or '00'}:{second or '00'}"
    try:
        stamp = datetime.fromisoformat(f"{year}-{month}-{day or '01'}T{clock}{offset}")
        return stamp.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _rfc822(value: str) -> datetime | None:
    try:
        stamp = parsedate_to_datetime(value)
        if stamp.tzinfo is None:
            stamp = stamp.replace(tzinfo=UTC)
        return stamp.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
