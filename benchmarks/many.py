"""Many pages through `winnow clean`'s own function: rate of two processes, parent's share, memory.

Pages lie in a folder as a user's would, each with a variation, and are stored: nothing is left out.
"""

import gzip
import os
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

CPU_EVERY = 50
WARM = 64
"""Pages before the clock runs: a run of hours does not begin with each worker's start."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A run in figures; `seconds` after its first pages, CPU seconds of parent and workers."""

    pages: int
    seconds: float
    parent: float
    workers: float
    stored: int
    """Bytes of articles/."""

    def __str__(self) -> str:
        each = 1000 / self.pages
        return (
            f"{each * self.parent:.2f} of {each * (self.parent + self.workers):.1f} "
            f"(feeds {self.workers / self.parent:.0f} workers)"
        )


@dataclass(slots=True)
class Levels:
    """What is seen of the processes while pages come in."""

    every: int = SETTLED
    """Pages between two looks at the memory."""
    parent: psutil.Process = field(default_factory=psutil.Process)
    worker_bytes: dict[int, int] = field(default_factory=dict)
    """Resident bytes of the largest worker, by pages done."""
    parent_bytes: dict[int, int] = field(default_factory=dict)
    cpu: dict[int, float] = field(default_factory=dict)
    """CPU seconds of the workers, by process."""
    done: int = 0
    began: float = 0.0
    """When the workers had started and were warm."""

    def see(self, _: Cleaned) -> None:
        """Look at the processes after each so many pages."""
        self.done += 1
        if self.done == WARM:
            self.began = time.perf_counter()
        if self.done % CPU_EVERY == 0:
            for child in self.parent.children(recursive=True):
                times = child.cpu_times()
                self.cpu[child.pid] = times.user + times.system
        if self.done % self.every == 0:
            children = self.parent.children(recursive=True)
            self.worker_bytes[self.done] = max(one.memory_info().rss for one in children)
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
    levels = levels or Levels()
    out = base / f"out-{time.monotonic_ns()}"
    own, began = time.process_time(), time.perf_counter()
    summary = clean_paths(CleanJob((str(base / "in"),), out, workers=workers), watch=levels.see)
    seconds = time.perf_counter() - (levels.began or began)
    parent = time.process_time() - own
    stored = sum(path.stat().st_size for path in out.rglob("articles/**/*.parquet"))
    shutil.rmtree(out)
    pages = summary.articles + len(summary.rejections)
    return Rate(pages, seconds, parent, sum(levels.cpu.values()), stored)


def two_over_one(pages: Sequence[Page], count: int) -> tuple[float, Rate]:
    """The rate of two processes over that of one, in turn, median of three; a rate with two."""
    ratios = []
    with folder_of(pages, count) as base:
        clean_folder(base, 2)  # the disk's cache, the fork server
        for _ in range(3):
            one, two = clean_folder(base, 1), clean_folder(base, 2)
            ratios.append(one.seconds / two.seconds)
    return statistics.median(ratios), two


def levels_of_memory(pages: Sequence[Page], count: int, workers: int) -> Levels:
    """The levels of memory while so many pages are cleaned."""
    levels = Levels(every=max(1, min(SETTLED, count // 2)))
    with folder_of(pages, count) as base:
        clean_folder(base, workers, levels)
    return levels
