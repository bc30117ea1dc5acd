"""What storing costs beside cleaning, over real pages: what it adds an article, and what once.

    python -m benchmarks.write_cost --data DIR [--rounds 5] [--batch 8]

Every page is cleaned; then, batch by batch as in a crawl, workers' rows are made, carried over (not
counted) and handed to the store, so that both sides see the same machine. Storing is all that
stands between an outcome and durable rows: keys, checks, signatures, rows, Arrow, Parquet, fsync,
rename. An article's signature is made where its text is at hand, but for linking alone: the shares
are told with it, which counts, and without. Opening, closing and what a flush costs for one row are
told apart, as they do not grow with the pages; so is the file of the few rejections among them. A
page that the data has in two states is stored once. Processor time is the measure; wall time stands
beside it and includes what the disk takes. `--batch 1` is a crawl whose pages come so slowly that
none has to wait for a worker. Exit code 1 when storing takes more than a share of FLOOR.
"""

import argparse
import pickle
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.data import load
from cleaners.clean import clean, warm_up
from cleaners.dedup.near import signature
from cleaners.dedup.words import words
from cleaners.model import Article, Page, Rejection
from cleaners.scale.pages import BATCH_PAGES, answered
from cleaners.store.dataset import Dataset, RunStamp, Writer
from cleaners.store.made import ArticleRow

FLOOR = 0.03
"""Storing may take this share of a cleaning run's processor time."""
STAMP = RunStamp("write-cost", datetime(2026, 12, 1, tzinfo=UTC), "0", "0")


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds. For one page: of cleaning, of its signature (which linking needs), of the rest
    of its row, of taking it in, and of its share of the files. Once: of opening, flushing one row
    a table and closing."""

    clean: float
    sign: float
    row: float
    add: float
    files: float
    once: float

    @property
    def store(self) -> float:
        """Milliseconds of storing a page."""
        return self.sign + self.row + self.add + self.files

    def share_of(self, pages: float, *, signed: bool = True) -> float:
        """The part of storing in a run of so many pages, with or without the signatures."""
        stored = self.store + self.once / pages - (0.0 if signed else self.sign)
        return stored / (self.clean + stored)


class _Watch:
    """Processor and wall time since the last look."""

    def __init__(self) -> None:
        self._last = self._now()

    @staticmethod
    def _now() -> tuple[float, float]:
        return time.process_time(), time.perf_counter()

    def lap(self) -> tuple[float, float]:
        """Milliseconds of processor and of wall time."""
        before, self._last = self._last, self._now()
        return (self._last[0] - before[0]) * 1e3, (self._last[1] - before[1]) * 1e3


def one_run(pages: list[Page], out: Path, batch: int) -> tuple[Cost, Cost]:
    """Clean and store the pages; the cost in processor time and in wall time."""
    spent: dict[str, list[float]] = {name: [0.0, 0.0] for name in ("clean", "row", "add", "sign")}
    watch = _Watch()

    def count(name: str) -> None:
        for place, time_spent in enumerate(watch.lap()):
            spent[name][place] += time_spent

    last: list[ArticleRow] = []
    rejected: list[Rejection] = []
    stored: set[str] = set()
    with Dataset.open(out).writer(STAMP) as writer:
        opening = watch.lap()
        for at in range(0, len(pages), batch):
            some = pages[at : at + batch]
            outcomes = [clean(page) for page in some]
            count("clean")
            made = answered(outcomes, config_digest=STAMP.config_digest)
            count("row")
            carried = pickle.loads(pickle.dumps(made))
            watch.lap()
            ends = carried.ends(some)
            for end in ends:
                if isinstance(end, Rejection):
                    rejected.append(end)
                elif end.article_id not in stored:
                    stored.add(end.article_id)
                    writer.add(end)
            count("add")
            for outcome in outcomes:  # once more alone, to tell it from the rest of the row
                if isinstance(outcome, Article):
                    signature(words(outcome.text))
            count("sign")
            last = [end for end in ends if isinstance(end, ArticleRow)] or last
        flushing = _flushed(writer, watch)
        one_more = "0" * len(last[-1].article_id)
        writer.add(replace(last[-1], article_id=one_more, source="one more", url=None))
        one_row = _flushed(writer, watch)
        for end in rejected:
            writer.add(end)
        flushing_rejected = _flushed(writer, watch)
    closing = watch.lap()
    costs = []
    for place in (0, 1):
        clean_ms, row, add, sign = (spent[name][place] / len(pages) for name in spent)
        files = (flushing[place] - one_row[place]) / len(pages)
        once = opening[place] + one_row[place] + flushing_rejected[place] + closing[place]
        costs.append(Cost(clean_ms, sign, row - sign, add, files, once))
    return costs[0], costs[1]


def _flushed(writer: Writer, watch: _Watch) -> tuple[float, float]:
    watch.lap()
    writer.flush()
    return watch.lap()


def middle(costs: list[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(*(statistics.median(getattr(c, f.name) for c in costs) for f in fields(Cost)))


def show(name: str, cost: Cost, pages: int) -> str:
    """One line of figures."""
    return (
        f"{name}: cleaning {cost.clean:.2f} ms a page, storing {cost.store:.3f} (signature "
        f"{cost.sign:.3f}, row {cost.row:.3f}, adding {cost.add:.3f}, files {cost.files:.3f}), "
        f"once {cost.once:.1f}; storing is {cost.share_of(float('inf')):.2%} of a long run, "
        f"{cost.share_of(pages):.2%} of {pages} pages; without signatures, which linking needs, "
        f"{cost.share_of(float('inf'), signed=False):.2%} of a long run"
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.write_cost",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch", type=int, default=BATCH_PAGES)
    asked = parser.parse_args()
    pages = [Page(content=p.html, source=p.url or p.id, url=p.url) for p in load(asked.data)]
    warm_up()
    processor: list[Cost] = []
    wall: list[Cost] = []
    with tempfile.TemporaryDirectory() as folder:
        one_run(pages[:5], Path(folder) / "warm", asked.batch)
        for number in range(asked.rounds):
            used, took = one_run(pages, Path(folder) / str(number), asked.batch)
            processor.append(used)
            wall.append(took)
    cost = middle(processor)
    print(show("processor", cost, len(pages)))
    print(show("wall", middle(wall), len(pages)))
    return 0 if cost.share_of(float("inf")) <= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
