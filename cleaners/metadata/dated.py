"""A date that a source gives."""

from dataclasses import dataclass
from datetime import datetime, timedelta

AHEAD = timedelta(hours=26)
"""How far before its date a page may be fetched: just before midnight in another zone, no more."""


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


def moment(
    year: int,
    month: int,
    day: int,
    hour: int = 0,
    minute: int = 0,
    second: int = 0,
    micros: int = 0,
) -> datetime | None:
    """The time that these numbers name, without a zone; None where there is none such."""
    try:
        extra = timedelta(days=1) if hour == 24 and minute == 0 else timedelta()
        at = datetime(year, month, day, hour % 24, minute, min(second, 59), micros)
    except (ValueError, OverflowError):
        return None
    return at + extra if year < 9990 else None
