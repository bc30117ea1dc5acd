"""What the commands do, apart from how it is shown: typed requests in, typed results out."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cleaners.config import DEFAULT, CleanConfig
from cleaners.inputs import FoundFile, Limits, find_files, read_file
from cleaners.model import Article, Outcome, Page, Rejection
from cleaners.scale.local import CleaningPool
from cleaners.store.damage import Damage
from cleaners.store.dataset import Added, Dataset
from cleaners.store.learned import load_templates, save_templates
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
    out: str | Path
    """A folder, or an address that fsspec knows (s3://bucket/prefix)."""
    config: CleanConfig = DEFAULT
    workers: int | None = None
    follow_links: bool = False


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One outcome on its way, with what the store did with it and how far the work has come."""

    outcome: Outcome
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

    @property
    def seconds(self) -> float:
        return (self.ended_at - self.started_at).total_seconds()


def clean_paths(
    job: CleanJob, *, watch: Callable[[Cleaned], None] | None = None, clock: Clock = utc_now
) -> CleanSummary:
    """Clean every input under the paths and store all outcomes; `watch` sees each one.

    Raises InputError when a path is not there, StoreError when the output cannot be written.
    """
    started = clock()
    listed = list(find_files(job.paths, exclude=str(job.out), follow_links=job.follow_links))
    done = _Counter()
    stamp = stamp_for(job.config, started)
    rejections: list[Rejection] = []
    added_counts: Counter[Added] = Counter()
    rules: Counter[str] = Counter()
    articles = kept_chars = 0
    dataset = Dataset.open(job.out)
    with (
        dataset.writer(stamp) as writer,
        CleaningPool(job.config, workers=job.workers, templates=load_templates(dataset)) as pool,
    ):
        limits = Limits(page_bytes=job.config.max_page_bytes)
        for outcome in _outcomes(listed, pool, done, limits):
            added = writer.add(outcome)
            added_counts[added] += 1
            if isinstance(outcome, Article):
                articles += 1
                kept_chars += len(outcome.text)
                rules.update(removal.rule for removal in outcome.removals)
            else:
                rejections.append(outcome)
            if watch is not None:
                watch(Cleaned(outcome, added, done.files, len(listed)))
        if (learned := pool.learned()).hosts:
            save_templates(dataset, learned)
    return CleanSummary(
        run_id=stamp.run_id,
        out=str(job.out),
        started_at=started,
        ended_at=clock(),
        articles=articles,
        rejections=tuple(rejections),
        added=tuple(added_counts.most_common()),
        kept_chars=kept_chars,
        removed_blocks=rules.total(),
        rules=tuple(rules.most_common()),
        damaged=tuple(dataset.damaged),
    )


class _Counter:
    """How many files the reader has finished; the pool runs a little ahead of the store."""

    __slots__ = ("files",)

    def __init__(self) -> None:
        self.files = 0


def _outcomes(
    listed: Sequence[FoundFile | Rejection], pool: CleaningPool, done: _Counter, limits: Limits
) -> Iterator[Outcome]:
    """Outcomes of all inputs: rejections of the reader as they come, pages through the pool."""
    refused: list[Rejection] = []

    def pages() -> Iterator[Page]:
        for item in listed:
            for read in (item,) if isinstance(item, Rejection) else read_file(item, limits):
                if isinstance(read, Rejection):
                    refused.append(read)
                else:
                    yield read
            done.files += 1

    for outcome in pool.map(pages()):
        yield from _drained(refused)
        yield outcome
    yield from _drained(refused)


def _drained(refused: list[Rejection]) -> Iterable[Rejection]:
    taken = tuple(refused)
    refused.clear()
    return taken
