"""What the commands do, apart from how it is shown: typed requests in, typed results out."""

import secrets
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pyarrow.compute as pc

from cleaners.config import DEFAULT, CleanConfig
from cleaners.html.templates import Templates
from cleaners.inputs import FoundFile, Limits, find_files, spooled
from cleaners.inputs.walk import STDIN
from cleaners.model import Rejection
from cleaners.scale.batch import Told, rejections, rules, told
from cleaners.scale.files import Batch, Progress, clean_files
from cleaners.scale.local import CleaningPool
from cleaners.store.damage import Damage
from cleaners.store.dataset import Added, Dataset
from cleaners.store.learned import load_templates, save_templates
from cleaners.store.ledger import NOTHING, InputState, Ledger, Tally
from cleaners.store.rows import RunStamp
from cleaners.version import __version__

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time now, aware."""
    return datetime.now(UTC)


def new_run_id(now: datetime) -> str:
    """A name for a run that sorts by time and is like no other: 20261122T031500Z-3fa9."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"


def stamp_for(config: CleanConfig, now: datetime) -> RunStamp:
    """What the rows of a run that begins now say about their making."""
    return RunStamp(
        run_id=new_run_id(now),
        cleaned_at=now,
        cleaner_version=__version__,
        config_digest=config.digest,
    )


@dataclass(frozen=True, slots=True)
class CleanJob:
    """Which inputs to clean, into which output."""

    paths: tuple[str, ...]
    """Files, folders, patterns, `-`, or addresses in an object store."""
    out: str | Path
    """A folder, or an address that fsspec knows (s3://bucket/prefix)."""
    config: CleanConfig = DEFAULT
    workers: int | None = None
    """Cleaning processes; None: one for each processor."""
    follow_links: bool = False
    engine: Literal["local", "ray"] = "local"
    address: str | None = None
    """Of a Ray cluster; None: Ray is started here."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One outcome in short, with what the store did with it and how far the work has come."""

    told: Told
    added: Added
    files_done: int
    files: int


@dataclass(frozen=True, slots=True)
class CleanSummary:
    """A cleaning run in figures. `added` counts what the store did; `rejections` names failures."""

    run_id: str
    out: str
    started_at: datetime
    ended_at: datetime
    articles: int
    rejections: tuple[Rejection, ...]
    added: tuple[tuple[Added, int], ...]
    kept_chars: int
    removed_blocks: int
    rules: tuple[tuple[str, int], ...]
    """(rule, blocks removed by it), most frequent first."""
    damaged: tuple[Damage, ...] = ()
    """Files of the output that did not read and were set aside."""
    before: Tally = NOTHING
    """What a run that was cut off had done already; none of the other figures holds it."""

    @property
    def seconds(self) -> float:
        return (self.ended_at - self.started_at).total_seconds()


def clean_paths(
    job: CleanJob, *, watch: Callable[[Cleaned], None] | None = None, clock: Clock = utc_now
) -> CleanSummary:
    """Clean every input under the paths and store all outcomes; `watch` sees each one.

    After a run that was cut off, the same settings on the same output go on where it was.
    Raises InputError when a path is not there, StoreError when the output cannot be written,
    MissingExtra when Ray is asked for and not installed.
    """
    started = clock()
    stamp = stamp_for(job.config, started)
    with tempfile.TemporaryDirectory(prefix="winnow-") as folder:
        listed = _listed(job, Path(folder))
        dataset = Dataset.open(job.out)
        with dataset.writer(stamp) as writer:
            named = f"{__version__} {job.config.digest} {sorted(job.paths)}"
            ledger = Ledger.open(dataset.disk, job=named, run_id=stamp.run_id)
            known = load_templates(dataset)
            count = _Count(len(listed), ledger, watch)
            flushed = writer.flushes
            try:
                for batch in _batches(job, listed, known, ledger, dataset):
                    count.add(batch, writer.add_table(batch.rows))
                    if writer.flushes != flushed:
                        flushed = writer.flushes
                        ledger.commit()
            except BaseException:  # such as Ctrl-C: what is done is done
                writer.flush()
                ledger.commit()
                raise
        ledger.clear()
    return CleanSummary(
        run_id=stamp.run_id,
        out=str(job.out),
        started_at=started,
        ended_at=clock(),
        articles=count.articles,
        rejections=tuple(count.rejections),
        added=tuple(count.added.most_common()),
        kept_chars=count.kept_chars,
        removed_blocks=count.rules.total(),
        rules=tuple(count.rules.most_common()),
        damaged=tuple(dataset.damaged),
        before=ledger.before,
    )


def _listed(job: CleanJob, folder: Path) -> list[FoundFile | Rejection]:
    """The inputs; standard input as a file, for workers have none."""
    found = find_files(job.paths, exclude=str(job.out), follow_links=job.follow_links)
    limits = Limits(page_bytes=job.config.max_page_bytes)
    return [
        spooled(item, folder, sys.stdin.buffer, limits)
        if isinstance(item, FoundFile) and item.path == STDIN
        else item
        for item in found
    ]


def _batches(
    job: CleanJob,
    listed: Sequence[FoundFile | Rejection],
    known: Templates,
    ledger: Ledger,
    dataset: Dataset,
) -> Iterator[Batch]:
    """The rows of all inputs that are not done yet, from the engine that was asked for."""
    left = [
        item
        for item in listed
        if isinstance(item, Rejection) or ledger.items(_state(item)) is not None
    ]
    if job.engine == "ray":
        from cleaners.scale.ray import clean_on_ray

        yield from clean_on_ray(
            left, config=job.config, templates=known, address=job.address, workers=job.workers
        )
        return
    with CleaningPool(job.config, workers=job.workers, templates=known) as pool:
        yield from clean_files(pool, left, skip=lambda found: ledger.items(_state(found)) or 0)
        if (learned := pool.learned()).hosts:
            save_templates(dataset, learned)


def _state(found: FoundFile) -> InputState:
    return InputState(found.source, found.size, found.modified)


@dataclass(slots=True)
class _Count:
    """What has come of the inputs so far."""

    files: int
    ledger: Ledger
    watch: Callable[[Cleaned], None] | None
    files_done: int = 0
    articles: int = 0
    kept_chars: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    added: Counter[Added] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.files_done = self.ledger.before.inputs

    def add(self, batch: Batch, added: Sequence[Added]) -> None:
        """Count a batch that the store has taken, and show it."""
        refused = rejections(batch.rows)
        articles = batch.rows.num_rows - len(refused)
        self.rejections += refused
        self.articles += articles
        self.added.update(added)
        self.kept_chars += pc.sum(batch.rows["kept_chars"]).as_py() or 0
        for rule, blocks in rules(batch.rows):
            self.rules[rule] += blocks
        for progress in batch.done:
            self._note(progress)
        self.ledger.count(articles=articles, rejected=len(refused))
        if self.watch is not None:
            for row, how in zip(told(batch.rows), added, strict=True):
                self.watch(Cleaned(row, how, self.files_done, self.files))

    def _note(self, progress: Progress) -> None:
        self.files_done += progress.ended
        state = _state(progress.found)
        self.ledger.note(state, None if progress.ended else progress.items)
