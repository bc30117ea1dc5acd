"""One extractor over one data set, in a process of its own: word overlap, time and peak memory.

    python -m benchmarks.measure TOOL FOLDER [--fold K --models DIR]

Prints JSON lines: one a page, and a last one with the process's peak memory. Imports and models are
loaded, and one page is cleaned, before the clock starts.
"""

import argparse
import json
import sys
import time
import warnings
from pathlib import Path

from benchmarks.data import GoldPage, load
from benchmarks.metrics import overlap
from benchmarks.peers import PEERS, Extract


def winnow(models: Path | None) -> Extract:
    """The whole pipeline, from bytes to the full record; `models` replaces the package's own."""
    from cleaners import clean_html
    from cleaners import models as shipped
    from cleaners.config import CleanConfig
    from cleaners.model import Article

    if models is not None:
        shipped.use(models)
    config = CleanConfig(min_words=0, keep_live_blogs=True, keep_non_articles=True)

    def extract(html: bytes, url: str) -> str:
        outcome = clean_html(html, url=url, config=config)
        return outcome.text if isinstance(outcome, Article) else ""

    return extract


def select(pages: list[GoldPage], fold: int | None) -> list[GoldPage]:
    """Pages of type article, of one fold if one is given."""
    if fold is not None:
        from benchmarks.folds import fold_of  # brings what grows models, which peers do not need

        pages = [page for page, own in zip(pages, fold_of(pages), strict=True) if own == fold]
    return [page for page in pages if page.page_type == "article"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tool", choices=["winnow", *PEERS])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fold", type=int)
    parser.add_argument("--models", type=Path)
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # what peers warn of is not what is measured
    pages = select(list(load(options.folder)), options.fold)
    extract = winnow(options.models) if options.tool == "winnow" else PEERS[options.tool]()
    run(extract, pages)


def run(extract: Extract, pages: list[GoldPage]) -> None:
    """Clean all pages; one that raises counts as empty and is said so."""
    for number, page in enumerate([*pages[:1], *pages]):
        error = ""
        started = time.perf_counter()
        try:
            text = extract(page.html, page.url)
        except Exception as problem:  # noqa: BLE001 - a peer that fails on a page has failed on it
            text, error = "", f"{type(problem).__name__}: {problem}"[:200]
        seconds = time.perf_counter() - started
        if number == 0:
            continue  # warm-up
        found = overlap(page.text, text)
        line = {
            "id": page.id,
            "both": found.both,
            "gold": found.gold,
            "predicted": found.predicted,
            "seconds": seconds,
            "error": error,
        }
        sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.write(json.dumps({"peak_mb": peak_mb()}) + "\n")


def peak_mb() -> float:
    """The most memory this program has held; getrusage would count what launched it, too."""
    status = Path("/proc/self/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
