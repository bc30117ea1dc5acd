"""Parts that do not read: found, named, and set aside so that the rest stays readable."""

from collections.abc import Iterator
from dataclasses import dataclass

from cleaners.errors import StoreDamaged
from cleaners.store.disk import Disk
from cleaners.store.parts import read_part
from cleaners.store.schema import TABLES

FOLDER = "damaged"


@dataclass(frozen=True, slots=True)
class Damage:
    """A part that does not read: where it was, why, and where it lies now (None: untouched)."""

    path: str
    cause: str
    moved_to: str | None = None


def check(disk: Disk, *, deep: bool = False) -> Iterator[Damage]:
    """Files of all tables that do not read; `deep` reads every page and verifies its checksum."""
    for table in TABLES:
        for part in disk.files(table.name, ".parquet"):
            columns = None if deep else [table.key]
            try:
                for _ in read_part(disk, part.path, columns, verify=deep):
                    pass
            except StoreDamaged as error:
                yield Damage(part.path, error.cause)


def set_aside(disk: Disk, path: str, cause: str) -> Damage:
    """Move a damaged part out of its table, to damaged/ with .damaged at the end of its name."""
    target = f"{FOLDER}/{path}.damaged"
    disk.move(path, target)
    return Damage(path, cause, target)
