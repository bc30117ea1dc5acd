"""What a worker does with a portion of a file: read its pages, clean them, answer with Arrow rows.

    Portion(file, start, stop) ─read→ pages ─clean→ Answer(rows of OUTCOMES, items read)

Paths travel to the workers and rows back, so that a page's bytes are only ever in one process.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from cleaners.clean import clean_and_observe
from cleaners.config import DEFAULT, CleanConfig
from cleaners.html.templates import Observation, Templates
from cleaners.inputs import FoundFile, Limits, read_file
from cleaners.model import Outcome, Page, Reason, Rejection, Stage
from cleaners.scale.batch import outcomes_table
from cleaners.scale.processes import beat

PORTION_ITEMS = 32
"""Items of one file a task: a second of work, and far more than the round trip costs."""

_READING, _CLEANING = 0, 1
_MAX_ITEMS = 2**40


@dataclass(frozen=True, slots=True)
class Portion:
    """Items `start` to `stop` (not included) of a file: pages, or why one could not be read."""

    found: FoundFile
    start: int = 0
    stop: int = PORTION_ITEMS


@dataclass(frozen=True, slots=True)
class Work:
    """Portions for one worker; with a `verdict` their pages are rejected with that, not cleaned."""

    portions: tuple[Portion, ...]
    verdict: tuple[Reason, str] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An Arrow stream of OUTCOMES, and how many items of each portion were there.

    A file that may have more items than its portion ends the work: what follows in it comes first.
    """

    rows: bytes
    items: tuple[int, ...]
    seen: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where in its work a worker was: portion, item of its file, and whether it still read it."""

    portion: int
    item: int
    reading: bool

    @classmethod
    def from_note(cls, note: int) -> "Place":
        """The place that a worker's last beat named."""
        portion, rest = divmod(note, 2 * _MAX_ITEMS)
        return cls(portion, rest // 2, reading=rest % 2 == _READING)


class PortionCleaner:
    """The state of one worker: its settings, and the file that it has open."""

    def __init__(self, config: CleanConfig = DEFAULT, templates: Templates | None = None) -> None:
        self._config, self._templates = config, templates
        self._limits = Limits(page_bytes=config.max_page_bytes)
        self._found: FoundFile | None = None
        self._items: Iterator[Page | Rejection] = iter(())
        self._next = 0

    def clean(self, work: Work) -> Answer:
        """Read and clean some portions."""
        outcomes: list[Outcome] = []
        seen: list[Observation] = []
        counts: list[int] = []
        for number, portion in enumerate(work.portions):
            before = len(outcomes)
            for item in self._read(number, portion):
                if isinstance(item, Rejection):
                    outcomes.append(item)
                elif work.verdict is not None:
                    outcomes.append(item.rejected(Stage.CLEAN, *work.verdict))
                else:
                    cleaned = clean_and_observe(
                        item, config=self._config, templates=self._templates
                    )
                    outcomes.append(cleaned.outcome)
                    if cleaned.observation is not None:
                        seen.append(cleaned.observation)
            counts.append(len(outcomes) - before)
            if counts[-1] == portion.stop - portion.start:
                break
        rows = to_stream(outcomes_table(outcomes, config_digest=self._config.digest))
        return Answer(rows, tuple(counts), tuple(seen))

    def _read(self, number: int, portion: Portion) -> Iterator[Page | Rejection]:
        """The items of a portion; the file stays open for the portion that may follow it."""
        if self._found != portion.found or self._next > portion.start:
            self._found, self._next = portion.found, 0
            self._items = read_file(portion.found, self._limits)
        base = number * 2 * _MAX_ITEMS
        while self._next < portion.stop:
            beat(base + 2 * self._next + _READING)
            item = next(self._items, None)
            if item is None:
                return
            self._next += 1
            if self._next > portion.start:
                beat(base + 2 * (self._next - 1) + _CLEANING)
                yield item


def to_stream(table: pa.Table) -> bytes:
    """A table as an Arrow stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def from_stream(rows: bytes | pa.Buffer) -> pa.Table:
    """The table that `to_stream` wrote; it refers to the bytes, it does not copy them."""
    with pa.ipc.open_stream(rows if isinstance(rows, pa.Buffer) else pa.py_buffer(rows)) as reader:
        return reader.read_all()
