"""One tool over one data set, in a process of its own: what it said against the gold, time, memory.

    python -m benchmarks.measure TOOL FOLDER [--given page|text|extracted] [--fold K --models DIR]
    python -m benchmarks.measure winnow FOLDER --kinds

Prints JSON lines: one a page (`benchmarks.judged`), and a last one with the process's peak memory.
Imports and models are loaded, and one page is cleaned, before the clock starts; the clock counts
processor time, so that a busy machine does not change who is faster. `--given text` hands over the
page as inscriptis renders it, `extracted` what trafilatura has made of it already.
"""

import argparse
import json
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks.data import GoldPage, load
from benchmarks.judged import Judged, KindJudged, judge
from benchmarks.peers import PEERS, Extract, Extracted

GIVEN = ("page", "text", "extracted")
AS_IS = "as it is"


def winnow() -> Extract:
    """The whole pipeline, from bytes to the full record."""
    from cleaners import clean_html
    from cleaners.clean import warm_up
    from cleaners.config import CleanConfig
    from cleaners.model import Article

    warm_up(rare=True)
    config = CleanConfig(min_words=0, keep_live_blogs=True, keep_non_articles=True)

    def extract(html: bytes, url: str) -> Extracted:
        outcome = clean_html(html, url=url, config=config)
        if not isinstance(outcome, Article):
            return Extracted("", "", (), "")
        day = outcome.published_at.date().isoformat() if outcome.published_at else ""
        return Extracted(outcome.text, outcome.title or "", outcome.authors, day)

    return extract


def winnow_text() -> Extract:
    """The pipeline over plain text."""
    from cleaners import clean_text
    from cleaners.config import CleanConfig
    from cleaners.model import Article

    config = CleanConfig(min_words=0)

    def extract(text: bytes, _url: str) -> Extracted:
        outcome = clean_text(text.decode(), config=config)
        return Extracted(outcome.text if isinstance(outcome, Article) else "")

    return extract


def as_it_is() -> Extract:
    """A text without any cleaning."""
    return lambda text, _url: Extracted(text.decode())


def judge_kinds(pages: Sequence[GoldPage]) -> Iterator[KindJudged]:
    """What Winnow's pages come out as: pages of every kind, judged as the pipeline does."""
    from cleaners.decode import decode
    from cleaners.html.blocks import read_blocks
    from cleaners.html.pagetype import page_type
    from cleaners.metadata import read_page_data
    from cleaners.model import PageType

    for page in pages:
        document = read_blocks(decode(page.html).text)
        verdict = page_type(document, read_page_data(document.tree, page.url), url=page.url)
        yield KindJudged(
            id=page.id,
            article=page.page_type == "article",
            said=verdict.page_type is PageType.ARTICLE,
            rejected=verdict.reason is not None,
        )


def of_fold(pages: list[GoldPage], fold: int | None) -> list[GoldPage]:
    """The pages of one fold; all where none is given."""
    if fold is None:
        return pages
    from benchmarks.folds import fold_of  # brings what grows models, which peers do not need

    return [page for page, own in zip(pages, fold_of(pages), strict=True) if own == fold]


def rendered(pages: Sequence[GoldPage], given: str) -> list[GoldPage]:
    """The pages with a text in place of their markup."""
    if given == "page":
        return list(pages)
    from benchmarks import renders

    read = renders.inscriptis_text if given == "text" else renders.trafilatura_text
    return [replace(page, html=read(page).encode("utf-8", "replace")) for page in pages]


def judge_all(extract: Extract, pages: Sequence[GoldPage]) -> Iterator[Judged]:
    """Each page's verdict; one that raises counts as empty and is said so."""
    for number, page in enumerate([*pages[:1], *pages]):
        error = ""
        started = time.process_time()
        try:
            found = extract(page.html, page.url)
        except Exception as problem:  # noqa: BLE001 - a peer that fails on a page has failed on it
            found, error = Extracted(""), f"{type(problem).__name__}: {problem}"[:200]
        seconds = time.process_time() - started
        if number:  # the first was to warm up
            yield judge(page, found, seconds, error)


def peak_mb() -> float:
    """The most memory this program has held; getrusage would count what launched it, too."""
    status = Path("/proc/self/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tool", choices=["winnow", AS_IS, *PEERS])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--given", choices=GIVEN, default="page")
    parser.add_argument("--kinds", action="store_true", help="judge the kind of every page instead")
    parser.add_argument("--fold", type=int)
    parser.add_argument("--models", type=Path)
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # what peers warn of is not what is measured
    if options.models is not None:
        from cleaners import models

        models.use(options.models)
    pages = of_fold(list(load(options.folder)), options.fold)
    if options.kinds:
        for kind in judge_kinds(pages):
            sys.stdout.write(json.dumps(asdict(kind)) + "\n")
        return
    if options.tool == "winnow":
        extract = winnow() if options.given == "page" else winnow_text()
    else:
        extract = as_it_is() if options.tool == AS_IS else PEERS[options.tool]()
    articles = [page for page in pages if page.page_type == "article" and page.text]
    for judged in judge_all(extract, rendered(articles, options.given)):
        sys.stdout.write(json.dumps(asdict(judged)) + "\n")
    sys.stdout.write(json.dumps({"peak_mb": peak_mb()}) + "\n")


if __name__ == "__main__":
    main()
