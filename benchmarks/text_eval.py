"""How well and how fast plain text is cleaned, by renderings of gold pages.

    python -m benchmarks.text_eval --data FOLDER [FOLDER …] [--limit N]

The shipped line model has seen the dev pages: on them this shows that rules and model agree,
and `benchmarks.train_lines` what to expect of unseen sites.
"""

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks import renders
from benchmarks.data import GoldPage, load
from benchmarks.metrics import Overlap, overlap
from cleaners.text.lines import clean_lines

RENDERERS: Final[Mapping[str, Callable[[GoldPage], str]]] = {
    "inscriptis": renders.inscriptis_text,
    "one feed": lambda page: renders.flat(renders.inscriptis_text(page)),
    "wrapped": lambda page: renders.wrapped(renders.inscriptis_text(page)),
    "trafilatura": renders.trafilatura_text,
    "gold": lambda page: renders.spaced(page.text),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One rendering of one data set: means of word F1, words per 1,000 of gold, rates."""

    name: str
    variant: str
    f1: float
    f1_kept: float  # of the rendering as it is
    leaked: float
    leaked_kept: float
    lost: float
    changed: float  # share of texts from which anything was taken
    seconds_a_megabyte: float


def evaluate(name: str, variant: str, pages: Sequence[GoldPage]) -> Row:
    """Clean one rendering of all pages and compare with their gold."""
    texts = [RENDERERS[variant](page) for page in pages]
    start = time.perf_counter()
    results = [clean_lines(text) for text in texts]
    seconds = time.perf_counter() - start
    after = [overlap(page.text, got.text) for page, got in zip(pages, results, strict=True)]
    before = [overlap(page.text, text) for page, text in zip(pages, texts, strict=True)]
    gold = sum(one.gold for one in after) / 1000
    return Row(
        name=name,
        variant=variant,
        f1=_mean(after),
        f1_kept=_mean(before),
        leaked=sum(one.leaked for one in after) / gold,
        leaked_kept=sum(one.leaked for one in before) / gold,
        lost=sum(one.lost for one in after) / gold,
        changed=sum(bool(result.removals) for result in results) / len(results),
        seconds_a_megabyte=seconds / max(sum(map(len, texts)) / 1e6, 1e-6),
    )


def _mean(overlaps: Sequence[Overlap]) -> float:
    return sum(one.f1 for one in overlaps) / len(overlaps)


def documents_per_second(text: str, seconds: float = 2.0) -> float:
    """Rate at which one process cleans a text, over and over."""
    clean_lines(text)
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        clean_lines(text)
        done += 1
    return done / (time.perf_counter() - start)


def main() -> None:
    """Print one line for each data set and rendering, and the rate on texts of about 5 KB."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--limit", type=int, default=None, help="pages of each folder")
    options = parser.parse_args()
    for folder in options.data:
        pages = [page for page in load(folder) if page.page_type == "article" and page.text]
        pages = pages[: options.limit]
        for variant in RENDERERS:
            row = evaluate(folder.parent.name, variant, pages)
            print(
                f"{row.name:6} {row.variant:12} F1 {row.f1:.4f} (as it is {row.f1_kept:.4f})  "
                f"leaked {row.leaked:6.1f} ({row.leaked_kept:6.1f})  lost {row.lost:5.1f}  "
                f"changed {row.changed:.3f}  {row.seconds_a_megabyte:.2f} s/MB",
                flush=True,
            )
        near = min(pages, key=lambda page: abs(len(page.text) - 5000))
        print(f"clean text of 5 KB: {documents_per_second(renders.spaced(near.text)):.0f} a second")
        dump = renders.dumped(renders.inscriptis_text(near), near.text, near.title, near.id)
        print(f"dump of 5 KB: {documents_per_second(dump):.0f} a second", flush=True)


if __name__ == "__main__":
    main()
