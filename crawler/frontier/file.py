"""An SQLite file that says in words what is wrong with it, and what to do."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from cleaners.errors import StoreDamaged, StoreError

T = TypeVar("T")
Values = Sequence[object] | Mapping[str, object]

LOCK_SECONDS = 5.0
"""A backup or a query of somebody else lets go of the file within this, or the run ends."""

_ADVICE = (
    (
        ("locked", "busy"),
        "another program holds the frontier: let it end, then run the same command again",
    ),
    (
        ("full", "disk i/o"),
        "the disk is full or fails: make room, then run the same command again",
    ),
    (("readonly", "read-only"), "the frontier cannot be written: see to its permissions"),
    (("unable to open",), "the frontier does not open: see to its folder and permissions"),
)
_DAMAGED = (
    "the frontier does not read; move it away and run the same command again: what is stored stays,"
    " the pages are asked for once more"
)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a statement gave, read to its end, and how many rows it changed."""

    rows: tuple[tuple[Any, ...], ...]
    rowcount: int

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.rows)

    def fetchone(self) -> tuple[Any, ...] | None:
        return self.rows[0] if self.rows else None


class SqliteFile:
    """A connection in autocommit mode; one thread at a time.

    Raises StoreDamaged when the file is no database or does not read, StoreError when it is locked,
    full or out of reach; both name the file and what to do.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = self._told(
            lambda: sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=LOCK_SECONDS
            )
        )

    def execute(self, statement: str, values: Values = ()) -> Rows:
        """Run a statement."""

        def run() -> Rows:
            cursor = self._db.execute(statement, values)
            return Rows(tuple(cursor.fetchall()), cursor.rowcount)

        return self._told(run)

    def executemany(self, statement: str, values: Iterable[Values]) -> None:
        """Run a statement once for each of the values."""
        self._told(lambda: self._db.executemany(statement, values))

    def executescript(self, script: str) -> None:
        """Run statements without values."""
        self._told(lambda: self._db.executescript(script))

    def close(self) -> None:
        """Let go of the file."""
        self._told(self._db.close)

    def _told(self, action: Callable[[], T]) -> T:
        try:
            return action()
        except sqlite3.Error as error:
            said = str(error).lower()
            for marks, advice in _ADVICE:
                if any(mark in said for mark in marks):
                    raise StoreError(str(self._path), f"{advice} ({error})") from error
            if isinstance(error, sqlite3.OperationalError):
                raise StoreError(str(self._path), f"the frontier failed: {error}") from error
            raise StoreDamaged(str(self._path), f"{_DAMAGED} ({error})") from error
