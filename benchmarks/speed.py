"""Speed and memory of the cleaning, as ratios within one run: these machines are noisy.

    python -m benchmarks.speed --data DIR [--only page,start] [--pages 20000]

Prints a table: a page on one core beside trafilatura with metadata on the same pages in turn, plain
text, start-up, two worker processes beside one, and memory of workers and parent over many pages.
On one core processor time is the measure: the clock's tells of what else the machine does.
"""

import argparse
import math
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.data import load
from benchmarks.many import levels_of_memory, two_over_one
from benchmarks.renders import set_page
from cleaners import clean, clean_text
from cleaners.clean import warm_up
from cleaners.model import Article, Page
from cleaners.text import facts
from cleaners.text.layout import read_paper
from cleaners.text.reading import settled

MB = 2**20

TEXT_CHARS = 5_000

_PARTS = ("page", "text", "start", "workers", "memory")


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table: what was measured, the figure, and what is to be reached."""

    name: str
    value: str
    reach: str


def pages_of(folder: Path) -> list[Page]:
    """The article pages of a data folder, as they would come from the network."""
    return [
        Page(page.html, source=page.url, url=page.url)
        for page in load(folder)
        if page.page_type == "article"
    ]


def one_core(pages: Sequence[Page], rounds: int) -> Iterator[Figure]:
    """Winnow and trafilatura in turn on every page, after one of each that does not count.

    Of each page the best time of either is taken, so that what disturbs a round falls out; the
    ratio of all time spent stands beside it.
    """
    import trafilatura

    def peer(page: Page) -> None:
        trafilatura.bare_extraction(page.content, url=page.url, with_metadata=True)

    best: dict[str, list[float]] = {}
    whole: dict[str, list[float]] = {}
    for name, work in (("ours", clean), ("theirs", peer)):
        work(pages[0])
        best[name], whole[name] = [math.inf] * len(pages), [0.0] * len(pages)
    for _ in range(rounds):
        for at, page in enumerate(pages):
            for name, seconds in (
                ("ours", spent(lambda page=page: clean(page))),  # type: ignore[misc]
                ("theirs", spent(lambda page=page: peer(page))),  # type: ignore[misc]
            ):
                best[name][at] = min(best[name][at], seconds)
                whole[name][at] += seconds
    ours, theirs = sum(best["ours"]), sum(best["theirs"])
    yield Figure("pages/s, full record, one core", f"{len(pages) / ours:.0f}", "")
    yield Figure("pages/s, trafilatura with metadata", f"{len(pages) / theirs:.0f}", "")
    yield Figure("ratio to trafilatura, best of each page", f"{theirs / ours:.2f}", "≥ 3")
    ratio = sum(whole["theirs"]) / sum(whole["ours"])
    yield Figure("ratio to trafilatura, all rounds", f"{ratio:.2f}", "≥ 3")


def plain_text(pages: Sequence[Page]) -> Iterator[Figure]:
    """Documents of about 5 KB a second: the pages' own cleaned texts, and dumps of whole pages.

    Processor time, the best of five rounds: other processes make the clock's time say little.
    """
    bodies = [o.text for o in map(clean, pages) if isinstance(o, Article)]
    dumps = [set_page(page.content) for page in pages]
    for name, texts, reach in (("plain texts", bodies, "≥ 2000"), ("text dumps", dumps, "")):
        cut = [document for text in texts if (document := _cut(text))]
        seconds = min(spent(lambda cut=cut: [clean_text(text) for text in cut]) for _ in range(5))  # type: ignore[misc]
        size = statistics.mean(len(text.encode()) for text in cut)
        label = f"{name}/s of {size / 1000:.1f} KB, processor time"
        yield Figure(label, f"{len(cut) / seconds:.0f}", reach)
        plain = [text for text in cut if _is_settled(text)]
        yield Figure(f"{name} that need neither rules nor model", f"{len(plain)} of {len(cut)}", "")


def _is_settled(text: str) -> bool:
    return settled(facts.read([block.text for block in read_paper(text).blocks]))


def _cut(text: str) -> str:
    """The whole lines of a text's beginning, about 5 KB of them; nothing of a shorter text."""
    if len(text) < TEXT_CHARS // 2:
        return ""
    return text[:TEXT_CHARS].rpartition("\n")[0] if len(text) > TEXT_CHARS else text


def start_up() -> Iterator[Figure]:
    """Seconds of processor time and of the clock, best of five, the interpreter's own included."""
    for name, arguments, reach in (
        ("import cleaners", ("-c", "import cleaners"), "< 0.5"),
        ("winnow --help", ("-m", "crawler.cli", "--help"), "< 0.4"),
    ):
        runs = [launched(*arguments) for _ in range(5)]
        (processor, clock) = (min(times) for times in zip(*runs, strict=True))
        yield Figure(f"{name}, s (by the clock)", f"{processor:.2f} ({clock:.2f})", reach)


def two_workers(pages: Sequence[Page], count: int) -> Iterator[Figure]:
    """The rate of two worker processes over that of one; what their parent does beside them."""
    ratio, rate = two_over_one(pages, count)
    yield Figure("two workers over one", f"{ratio:.2f}", "≥ 1.85")
    yield Figure("parent's CPU ms a page, with its start", str(rate), "")
    yield Figure("bytes of articles/ a page", f"{rate.stored / rate.pages:,.0f}", "")


def memory(pages: Sequence[Page], count: int) -> Iterator[Figure]:
    """Resident memory at the end over that after the first 2,000 pages, worst worker and parent."""
    levels = levels_of_memory(pages, count, os.cpu_count() or 1)
    for name, marks in (("worker", levels.worker_bytes), ("parent", levels.parent_bytes)):
        first, *_, last = marks
        before, after = marks[first] / MB, marks[last] / MB
        value = f"{before:.0f} → {after:.0f} MB ({after / before:.2f})"
        yield Figure(f"memory of a {name}, {first} → {last} pages", value, "≤ 1.15")


def timed(work: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def spent(work: Callable[[], object]) -> float:
    """Seconds of processor time that a call takes."""
    started = time.process_time()
    work()
    return time.process_time() - started


def launched(*arguments: str) -> tuple[float, float]:
    """Seconds of processor time and of the clock of a new interpreter with these arguments."""
    command = [sys.executable, *arguments]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    clock = timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, clock


def main() -> None:
    """Print the figures as they come."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a folder of html/, ground-truth/")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=20_000, help="for the memory figures")
    parser.add_argument(
        "--only", default=",".join(_PARTS), help=f"parts to measure: {', '.join(_PARTS)}"
    )
    options = parser.parse_args()
    pages = pages_of(options.data)
    warm_up(rare=True)
    print("| what | measured | to reach |\n|---|--:|--:|")
    measures: dict[str, Callable[[], Iterator[Figure]]] = {
        "page": lambda: one_core(pages, options.rounds),
        "text": lambda: plain_text(pages),
        "start": start_up,
        "workers": lambda: two_workers(pages, 12 * len(pages)),
        "memory": lambda: memory(pages, options.pages),
    }
    for part in options.only.split(","):
        for figure in measures[part]():
            print(f"| {figure.name} | {figure.value} | {figure.reach} |", flush=True)


if __name__ == "__main__":
    main()
