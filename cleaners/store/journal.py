"""Several files exchanged as one: written aside, journaled, then put in place.

The journal's arrival is the commit. Before it, an interrupted transaction leaves nothing but files
in the hidden folder, which the next opening takes away; after it, the next opening finishes it.
Every operation may be repeated, so finishing twice is harmless.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cleaners.errors import StoreDamaged
from cleaners.store.disk import Disk

HIDDEN = ".winnow"
_JOURNAL = f"{HIDDEN}/journal.json"
_ASIDE = f"{HIDDEN}/txn"
SPOOL = f"{HIDDEN}/spool"
"""Where a compaction divides rows before it sorts them."""


@dataclass(slots=True)
class Transaction:
    """Collects new and vanishing files; nothing is seen of them before `commit`."""

    disk: Disk
    _moves: list[tuple[str, str]] = field(default_factory=list)
    _deletes: list[str] = field(default_factory=list)

    def put(self, target: str, fill: Callable[[Any], None]) -> None:
        """Make, or replace in one step, a file."""
        aside = f"{_ASIDE}/{len(self._moves):06d}.parquet"
        self.disk.write(aside, fill)
        self._moves.append((aside, target))

    def drop(self, path: str) -> None:
        """Take a file away, after all new files are in place."""
        self._deletes.append(path)

    def commit(self) -> None:
        """Do it all, or leave it to the next opening to do it all."""
        if not self._moves and not self._deletes:
            return
        record = {"moves": self._moves, "deletes": self._deletes}
        text = json.dumps(record).encode("utf-8")
        self.disk.write(_JOURNAL, lambda sink: sink.write(text))
        _apply(self.disk, self._moves, self._deletes)


def _apply(disk: Disk, moves: list[tuple[str, str]], deletes: list[str]) -> bool:
    """Whether all new files are in place; if not (a half-copied output), nothing is deleted."""
    for aside, target in moves:
        if disk.exists(aside):
            disk.move(aside, target)
    whole = all(disk.exists(target) for _, target in moves)
    for path in deletes if whole else ():
        disk.delete(path)
    disk.delete(_JOURNAL)
    return whole


def interrupted(disk: Disk) -> bool:
    """Whether a transaction was committed and not finished."""
    return disk.exists(_JOURNAL)


def recover(disk: Disk) -> bool:
    """Finish the interrupted transaction or undo it.

    False if it could not be finished because files of it are missing: rows may then stand in old
    and in new files, and the caller puts that right.

    Raises StoreDamaged if the journal does not read.
    """
    whole = True
    if disk.exists(_JOURNAL):
        try:
            with disk.filesystem.open_input_file(_JOURNAL) as source:
                record = json.loads(source.read())
            moves = [(str(aside), str(target)) for aside, target in record["moves"]]
            deletes = [str(path) for path in record["deletes"]]
        except (ValueError, KeyError, TypeError) as error:
            raise StoreDamaged(f"{disk.place}/{_JOURNAL}", f"does not read: {error}") from error
        whole = _apply(disk, moves, deletes)
    for left in (*disk.files(_ASIDE, ".parquet"), *disk.files(SPOOL, ".parquet")):
        disk.delete(left.path)
    disk.sweep(HIDDEN)
    return whole
