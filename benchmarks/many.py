"""Many pages through `winnow clean`'s own function: rate of two processes, parent's share, memory.

Pages lie in a folder as a user's would, each with a variation, and are stored: nothing is left out.
"""

import gzip
import os
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from cleaners.model import Page
from crawler.jobs import Cleaned, CleanJob, clean_paths

SETTLED = 2_000
"""Pages after which a process's memory is taken as its level."""

DISTINCT = 8
"""Variations of each page; more pages than that are links to these under other names."""

MB = 2**20


@dataclass(frozen=True, slots=True)
class Rate:
    """A run in figures; CPU seconds of the parent and of its workers."""

    pages: int
    seconds: float
    parent: float
    workers: float


@dataclass(slots=True)
class Levels:
    """Resident bytes of the largest worker and of the parent, by pages done."""

    parent: psutil.Process = field(default_factory=psutil.Process)
    worker_bytes: dict[int, int] = field(default_factory=dict)
    parent_bytes: dict[int, int] = field(default_factory=dict)
    done: int = 0
    every: int = SETTLED

    def see(self, _: Cleaned) -> None:
        """Look at the processes after each so many pages."""
        self.done += 1
        if self.done % self.every == 0:
            children = self.parent.children(recursive=True)
            self.worker_bytes[self.done] = max(child.memory_info().rss for child in children)
            self.parent_bytes[self.done] = self.parent.memory_info().rss


@contextmanager
def folder_of(pages: Sequence[Page], count: int) -> Iterator[Path]:
    """A folder with so many gzip files, a thousand in each folder below it."""
    base = Path(tempfile.mkdtemp(prefix="winnow-many-"))
    try:
        made: list[Path] = []
        for number in range(count):
            path = base / "in" / f"{number // 1_000:04d}" / f"{number:07d}.html.gz"
            path.parent.mkdir(parents=True, exist_ok=True)
            if number < DISTINCT * len(pages):
                content = pages[number % len(pages)].content
                varied = content.replace(b"</p>", b" Edition %d.</p>" % number, 1)
                path.write_bytes(gzip.compress(varied, 1))
                made.append(path)
            else:
                os.link(made[number % len(made)], path)
        yield base
    finally:
        shutil.rmtree(base, ignore_errors=True)


def clean_folder(base: Path, workers: int, levels: Levels | None = None) -> Rate:
    """Clean a folder into a fresh output below it."""
    out = base / f"out-{time.monotonic_ns()}"
    before, own, began = _children(), time.process_time(), time.perf_counter()
    job = CleanJob((str(base / "in"),), out, workers=workers)
    summary = clean_paths(job, watch=levels.see if levels else None)
    seconds, parent = time.perf_counter() - began, time.process_time() - own
    shutil.rmtree(out)
    pages = summary.articles + len(summary.rejections)
    return Rate(pages, seconds, parent, _children() - before)


def _children() -> float:
    """CPU seconds of all processes that this one has started and waited for."""
    # Workers are children of the fork server, which hands their times on when it ends itself.
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def two_over_one(pages: Sequence[Page], count: int) -> tuple[float, Rate]:
    """The rate of two processes over that of one, in turn, median of three; a rate with two."""
    ratios = []
    with folder_of(pages, count) as base:
        clean_folder(base, 2)  # the disk's cache, the fork server
        for _ in range(3):
            one, two = clean_folder(base, 1), clean_folder(base, 2)
            ratios.append(one.seconds / two.seconds)
    return statistics.median(ratios), two


def memory(pages: Sequence[Page], count: int, workers: int) -> Levels:
    """The levels of memory while so many pages are cleaned."""
    levels = Levels(every=max(1, min(SETTLED, count // 2)))
    with folder_of(pages, count) as base:
        clean_folder(base, workers, levels)
    return levels
