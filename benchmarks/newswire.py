"""Real crawls of the demo newswire, one a story: is the coverage found, and is it clean?

    python -m benchmarks.newswire [--story NAME]… [--seeds 2] [--among DIR]…

The first tellings of a story (by time, syndicated copies left out) are the seeds, as plain text;
the crawl has to find the rest of it, and no other article, among all sites. Prints recall and
precision over the story's articles (the seeds' own pages count as found or not like the others),
article pages fetched a page of the story, and for what was stored the F1 of the bodies and the
share of right titles, authors and days. With `--among` the sites of data folders of real pages
stand among the newswire's, all their pages distractors. Exit code 1 when a floor is not held.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from benchmarks.metrics import overlap
from benchmarks.replay import Replay, replaying
from cleaners.model import Article, Seed
from cleaners.store.dataset import Dataset
from crawler.model import CrawlJob, Manners
from crawler.run import crawl
from examples.newswire import GoldPage, Kind, Newswire, serve
from examples.newswire.address import untracked

FLOORS = {"recall": 0.95, "precision": 0.95}
"""Means over the stories."""
MOST_FETCHES = 2.5
MANNERS = Manners(delay=0.0, jitter=0.0, adaptive=False, allow_private=True)


@dataclass(frozen=True, slots=True)
class Result:
    """One story's crawl. Shares lie in 0…1; `fetches` is pages fetched a page of the story."""

    story: str
    pages: int
    recall: float
    precision: float
    fetches: float
    body: float
    titles: float
    authors: float
    days: float
    missed: tuple[str, ...]
    strangers: tuple[str, ...]


def crawl_story(
    newswire: Newswire, story: str, seeds: int, out: Path, among: Replay | None = None
) -> Result:
    """Crawl for one story and compare what is stored with the gold."""
    gold = {p.url: p for p in newswire.gold(proxied=True) if p.kind is Kind.ARTICLE}
    told = {url: page for url, page in gold.items() if page.story == story}
    given = tuple(_seed(page) for page in _first(tuple(told.values()), seeds))
    newswire.requests.clear()
    urls = newswire.homes(proxied=True)
    if among is not None:
        among.fetched.clear()
        urls += among.homes
    crawl(CrawlJob("related", out, urls=urls, seeds=given, limit=0, manners=MANNERS))
    stored = {article.source: article for article in Dataset.open(out).articles()}
    right = {url: stored[url] for url in told if url in stored}
    asked = {f"http://{r.host}{untracked(r.path)}" for r in newswire.requests if r.status == 200}
    return Result(
        story=story,
        pages=len(told),
        recall=len(right) / len(told),
        precision=len(right) / len(stored) if stored else 0.0,
        fetches=(len(asked & set(gold)) + (len(among.fetched) if among else 0)) / len(told),
        body=_share(overlap(told[url].body, found.text).f1 for url, found in right.items()),
        titles=_share(told[url].title == found.title for url, found in right.items()),
        authors=_share(
            set(told[url].authors) == set(found.authors) for url, found in right.items()
        ),
        days=_share(_same_day(told[url], found) for url, found in right.items()),
        missed=tuple(sorted(set(told) - set(stored))),
        strangers=tuple(sorted(set(stored) - set(told))),
    )


def _first(pages: Sequence[GoldPage], count: int) -> list[GoldPage]:
    own = [page for page in pages if page.relation != "syndicated" and page.published_at]
    return sorted(own, key=lambda page: (str(page.published_at), page.url))[:count]


def _seed(page: GoldPage) -> Seed:
    return Seed(
        seed_id=page.url,
        title=page.title,
        text=page.body,
        language=page.language,
        published_at=page.published_at,
    )


def _same_day(page: GoldPage, found: Article) -> bool:
    if page.published_at is None or found.published_at is None:
        return False
    return page.published_at.date() == found.published_at.date()


def _share(values: Iterable[float]) -> float:
    numbers = list(values)
    return mean(numbers) if numbers else 0.0


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.newswire", description=__doc__)
    parser.add_argument("--story", action="append", help="only these stories")
    parser.add_argument("--seeds", type=int, default=2, help="tellings given as seeds")
    parser.add_argument("--among", type=Path, action="append", default=[], help="data folders")
    given = parser.parse_args(arguments)
    results = []
    columns = ("recall", "precision", "fetches", "body", "titles", "authors", "days")
    print(f"{'story':20} {'pages':>5} " + " ".join(f"{name:>9}" for name in columns))
    with (
        serve() as newswire,
        replaying(given.among, newswire.proxy) as among,
        tempfile.TemporaryDirectory(prefix="winnow-newswire-") as folder,
    ):
        os.environ["http_proxy"] = among.proxy if given.among else newswire.proxy
        os.environ.pop("no_proxy", None)
        if given.among:
            pages = sum(map(len, among.hosts.values()))
            print(f"among {pages:,} real pages of {len(among.hosts):,} hosts")
        stories = dict.fromkeys(page.story for page in newswire.gold() if page.story)
        for story in sorted(given.story or stories):
            found = crawl_story(newswire, story, given.seeds, Path(folder) / story, among)
            results.append(found)
            cells = " ".join(f"{getattr(found, name):9.3f}" for name in columns)
            print(f"{found.story:20} {found.pages:5} {cells}", flush=True)
            for url in found.missed:
                print("   missed  ", url)
            for url in found.strangers:
                print("   stranger", url)
    means = {name: mean(getattr(result, name) for result in results) for name in columns}
    print(f"{'mean':20} {'':5} " + " ".join(f"{means[name]:9.3f}" for name in columns))
    held = all(means[name] >= floor for name, floor in FLOORS.items())
    return 0 if held and means["fetches"] <= MOST_FETCHES else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
