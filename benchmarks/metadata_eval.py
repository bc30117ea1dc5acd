"""Title, authors and day of publication against gold, beside trafilatura in the same run.

    python -m benchmarks.metadata_eval --data ../shared/data/news/dev [--show title,authors,date]

Titles are compared after folding white space, quotes and case; authors by set F1 a page (both
empty counts 1); days as written, in the page's own zone. Only pages whose gold has the field count.
"""

import argparse
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.data import GoldPage, load

_QUOTES = re.compile("[“”„«»‟]")
_APOSTROPHES = re.compile("[’‘‚‛`´]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\ufeff]")


@dataclass(frozen=True, slots=True)
class Said:
    """What a tool says of a page: title, authors, ISO day."""

    title: str
    authors: tuple[str, ...]
    day: str


@dataclass(frozen=True, slots=True)
class Score:
    """Means over the pages that have gold, and how many those are; seconds over all pages."""

    title: float
    titles: int
    authors: float
    author_pages: int
    day: float
    days: int
    seconds: float


def fold(text: str) -> str:
    """A text as it is compared.

    >>> fold(" „Bridge“  open ") == fold('"bridge" open')
    True
    """
    text = _QUOTES.sub('"', _APOSTROPHES.sub("'", _INVISIBLE.sub("", text)))
    return " ".join(text.split()).lower()


def set_f1(gold: tuple[str, ...], said: tuple[str, ...]) -> float:
    """F1 of two sets of names; two empty ones agree.

    >>> set_f1(("A", "B"), ("b",)), set_f1((), ())
    (0.6666666666666666, 1.0)
    """
    a, b = {fold(name) for name in gold}, {fold(name) for name in said}
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0


def winnow(page: GoldPage) -> Said:
    """Winnow's metadata, from bytes, with the blocks near the headline as in the pipeline."""
    from cleaners.decode import decode
    from cleaners.html.blocks import read_blocks
    from cleaners.html.classify import classify
    from cleaners.metadata import read_metadata, read_page_data
    from cleaners.metadata.near import surroundings

    document = read_blocks(decode(page.html).text)
    data = read_page_data(document.tree, page.url)
    judged = classify(document)  # with more blocks where the body stands in the page's data only
    around = surroundings(judged.document.blocks, judged.keep, titles=data.titles)
    found = read_metadata(document.tree, url=page.url, around=around, data=data)
    day = found.published_at.date().isoformat() if found.published_at else ""
    return Said(found.title or "", found.authors, day)


def peer(page: GoldPage) -> Said:
    """trafilatura's metadata, its defaults."""
    from trafilatura.metadata import extract_metadata

    found = extract_metadata(page.html.decode("utf-8", "replace"), default_url=page.url)
    authors = tuple(a.strip() for a in (found.author or "").split(";") if a.strip())
    return Said(found.title or "", authors, found.date or "")


def evaluate(
    pages: list[GoldPage], read: Callable[[GoldPage], Said], show: frozenset[str] = frozenset()
) -> Score:
    """Scores of one tool over the pages; with `show`, prints where it differs from the gold."""
    sums: dict[str, float] = {}
    counts: Counter[str] = Counter()
    seconds = 0.0
    for page in pages:
        start = time.perf_counter()
        said = read(page)
        seconds += time.perf_counter() - start
        points: dict[str, tuple[float, object, object]] = {}
        if page.title is not None:
            points["title"] = (float(fold(page.title) == fold(said.title)), page.title, said.title)
        if page.authors is not None:
            points["authors"] = (set_f1(page.authors, said.authors), page.authors, said.authors)
        if page.published is not None:
            points["day"] = (float(page.published[:10] == said.day), page.published, said.day)
        for name, (score, gold, found) in points.items():
            sums[name] = sums.get(name, 0.0) + score
            counts[name] += 1
            if score < 1.0 and name in show:
                print(f"{page.id} {name}\n    gold {gold!r}\n    said {found!r}")
    mean = {name: sums[name] / counts[name] if counts[name] else 0.0 for name in counts}
    return Score(
        title=mean.get("title", 0.0),
        titles=counts["title"],
        authors=mean.get("authors", 0.0),
        author_pages=counts["authors"],
        day=mean.get("day", 0.0),
        days=counts["day"],
        seconds=seconds,
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder of html/ and ground-truth/"
    )
    parser.add_argument("--show", default="", help="print misses of title,authors,day")
    parser.add_argument("--only", default="winnow,trafilatura", help="tools to run")
    parser.add_argument("--articles", action="store_true", help="pages of type article only")
    options = parser.parse_args()
    pages = [p for p in load(options.data) if p.page_type == "article" or not options.articles]
    show = frozenset(options.show.split(",")) - {""}
    print(f"{options.data}: {len(pages)} pages")
    print("| tool | title equal | authors F1 | day equal | ms a page |\n|---|---|---|---|---|")
    for name, read in (("winnow", winnow), ("trafilatura", peer)):
        if name in options.only.split(","):
            score = evaluate(pages, read, show if name == "winnow" else frozenset())
            print(
                f"| {name} | {score.title:.3f} ({score.titles}) | {score.authors:.3f} "
                f"({score.author_pages}) | {score.day:.3f} ({score.days}) "
                f"| {1000 * score.seconds / max(1, len(pages)):.1f} |"
            )


if __name__ == "__main__":
    main()
