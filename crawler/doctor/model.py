"""What a check finds."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How it is with what was checked."""

    GOOD = "good"
    NOTE = "note"
    """Worth knowing; nothing is wrong."""
    WEAK = "weak"
    """Works, and will not for long, or only in part."""
    BROKEN = "broken"


class Repair(StrEnum):
    """What `--repair` can do; each loses nothing that could be read."""

    TABLES = "tables"
    """Finish what was interrupted, take leftovers away, set parts aside that do not read."""
    ARCHIVE = "archive"
    """Cut an archive behind its last whole record."""
    FRONTIER = "frontier"
    """Set a frontier aside that does not read, so that the next run begins a new one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination: what was looked at, how it is, what to do.

    `place` is the file that is meant, below the output, where `repair` needs to know it.
    """

    check: str
    state: State
    found: str
    mend: str = ""
    repair: Repair | None = None
    place: str = ""

    @property
    def wrong(self) -> bool:
        """Whether something has to be mended."""
        return self.state in (State.WEAK, State.BROKEN)


def good(check: str, found: str) -> Finding:
    return Finding(check, State.GOOD, found)


def note(check: str, found: str, mend: str = "") -> Finding:
    return Finding(check, State.NOTE, found, mend)


def weak(
    check: str, found: str, mend: str, repair: Repair | None = None, place: str = ""
) -> Finding:
    return Finding(check, State.WEAK, found, mend, repair, place)


def broken(
    check: str, found: str, mend: str, repair: Repair | None = None, place: str = ""
) -> Finding:
    return Finding(check, State.BROKEN, found, mend, repair, place)
