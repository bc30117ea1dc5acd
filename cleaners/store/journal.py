"""Several files exchanged as one: written aside, journaled, then put in place.

The journal's arrival is the commit. Before it, an interrupted transaction leaves nothing but files
in the hidden folder, which the next opening takes away; after it, the next opening finishes it.
Every operation may be repeated, so finishing twice is harmless.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cleaners.errors import StoreDamaged, StoreError
from cleaners.store.disk import Disk, Stored

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


@dataclass(frozen=True, slots=True)
class Seen:
    """A file that holds rows of a table, and the path below which it stands or will stand."""

    file: Stored
    target: str


def files_as_committed(disk: Disk, folder: str, suffix: str) -> list[Seen]:
    """The files below a folder as they will be once an interrupted transaction is finished.

    So that who only reads sees neither old rows beside new ones nor a gap. Raises StoreDamaged.
    """
    files = {stored.path: Seen(stored, stored.path) for stored in disk.files(folder, suffix)}
    record = _read(disk) if disk.exists(_JOURNAL) else None
    if record is None:
        return list(files.values())
    moves, deletes = record
    aside = {stored.path: stored for stored in disk.files(_ASIDE, suffix)}
    for place, target in moves:
        if place in aside and target.startswith(f"{folder}/"):
            files[target] = Seen(aside[place], target)
    if all(place in aside or disk.exists(target) for place, target in moves):
        for path in deletes:
            files.pop(path, None)
    return [files[path] for path in sorted(files)]


def _read(disk: Disk) -> tuple[list[tuple[str, str]], list[str]] | None:
    """The moves and deletes of the journal; None if it is gone by now."""
    try:
        with disk.filesystem.open_input_file(_JOURNAL) as source:
            record = json.loads(source.read())
        moves = [(str(aside), str(target)) for aside, target in record["moves"]]
        return moves, [str(path) for path in record["deletes"]]
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{disk.place}/{_JOURNAL}", f"cannot be read: {error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise StoreDamaged(f"{disk.place}/{_JOURNAL}", f"does not read: {error}") from error


def recover(disk: Disk) -> bool:
    """Finish the interrupted transaction or undo it.

    False if it could not be finished because files of it are missing: rows may then stand in old
    and in new files, and the caller puts that right.

    Raises StoreDamaged if the journal does not read.
    """
    whole = True
    record = _read(disk) if disk.exists(_JOURNAL) else None
    if record is not None:
        whole = _apply(disk, *record)
    for left in (*disk.files(_ASIDE, ".parquet"), *disk.files(SPOOL, ".parquet")):
        disk.delete(left.path)
    disk.sweep(HIDDEN)
    return whole
