"""Which inputs an unfinished run has brought into the output, so that the next goes on after them.

Written after the rows themselves are durable, in small files of their own, so that a run that is
killed at any moment does at most the rows of one flush again (and stores none of them twice).
Gone once a run has come to its end: cleaning the same inputs later looks at all of them again.
"""

import gzip
import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from typing import Self

from cleaners.store.disk import Disk
from cleaners.store.journal import HIDDEN

FOLDER = f"{HIDDEN}/cleaning"
_ENDING = ".json.gz"


@dataclass(frozen=True, slots=True)
class InputState:
    """An input as it was found; another size or time of change (ns) makes it another input."""

    name: str
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of the inputs that are done."""

    inputs: int = 0
    articles: int = 0
    rejected: int = 0

    def plus(self, other: "Tally") -> "Tally":
        return Tally(
            self.inputs + other.inputs,
            self.articles + other.articles,
            self.rejected + other.rejected,
        )


NOTHING = Tally()


@dataclass(slots=True)
class Ledger:
    """The inputs done by unfinished runs of one job; `job` names it and its settings."""

    disk: Disk
    job: str
    run_id: str
    before: Tally = NOTHING
    """What earlier, unfinished runs have done."""
    _done: dict[InputState, int | None] = field(default_factory=dict)
    _new: dict[InputState, int | None] = field(default_factory=dict)
    _tally: Tally = NOTHING
    _files: int = 0

    @classmethod
    def open(cls, disk: Disk, *, job: str, run_id: str) -> Self:
        """What is there. Of a file that does not read the inputs are cleaned again."""
        digest = hashlib.sha256(job.encode("utf-8", "backslashreplace")).hexdigest()[:16]
        ledger = cls(disk, digest, run_id)
        for stored in disk.files(ledger.folder, _ENDING):
            ledger._load(stored.path)
        return ledger

    def _load(self, path: str) -> None:
        try:
            with self.disk.filesystem.open_input_stream(path, compression=None) as source:
                data = json.loads(gzip.decompress(source.read()))
            done = {InputState(str(n), int(s), int(m)): items for n, s, m, items in data["done"]}
            self._done |= done
            self.before = self.before.plus(Tally(**data["tally"]))
        except (OSError, EOFError, ValueError, KeyError, TypeError):
            return

    @property
    def folder(self) -> str:
        return f"{FOLDER}/{self.job}"

    def items(self, state: InputState) -> int | None:
        """How many items of an input are done, from its first; None: all that it holds."""
        return self._done.get(state, 0)

    def note(self, state: InputState, items: int | None) -> None:
        """Remember, with the next `commit`, how far an input has come (None: to its end)."""
        self._new[state] = items
        if items is None:
            self._tally = replace(self._tally, inputs=self._tally.inputs + 1)

    def count(self, *, articles: int, rejected: int) -> None:
        """Add to what has come of them."""
        self._tally = self._tally.plus(Tally(0, articles, rejected))

    def commit(self) -> None:
        """Write down what was noted; to be called when its rows are durable. Raises StoreError."""
        if not self._new:
            return
        done = [[state.name, state.size, state.modified, at] for state, at in self._new.items()]
        values = {"tally": asdict(self._tally), "done": done}
        packed = gzip.compress(json.dumps(values).encode("utf-8", "surrogatepass"), 1, mtime=0)
        self._files += 1
        path = f"{self.folder}/{self.run_id}-{self._files:06d}{_ENDING}"
        self.disk.write(path, lambda sink: sink.write(packed))
        self._new, self._tally = {}, NOTHING

    def clear(self) -> None:
        """The run is at its end: forget all."""
        for stored in self.disk.files(self.folder, _ENDING):
            self.disk.delete(stored.path)
