"""How well articles are grouped into stories: pair-F1, linked as a user's output is.

    python -m benchmarks.stories_eval [--data DIR]…

Sets: the demo newswire of examples/ (several languages, confusable stories), the invented stories
of related_stories.jsonl, and folders of real pages with gold whose articles are all different
stories, so that every pair found there is a mistake (DIR as benchmarks.data reads it).
"""

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.data import load
from cleaners.language import detect
from cleaners.model import Article, Metadata
from cleaners.store.dataset import Dataset, RunStamp
from cleaners.stories import link
from examples.newswire import load as newswire

# The second is harder than news: 80-word texts, each story beside others of its town or person.
FLOORS = {"demo newswire": 0.92, "invented stories": 0.88}
STAMP = RunStamp("stories-eval", datetime(2026, 12, 1, tzinfo=UTC), "0", "0")
TOLD = Path(__file__).with_name("related_stories.jsonl")


@dataclass(frozen=True, slots=True)
class Told:
    """An article and the story that it tells; None: one that nothing else tells."""

    article: Article
    story: str | None


@dataclass(frozen=True, slots=True)
class Score:
    """Pairs of articles in one story: in both, found, in the gold."""

    both: int
    found: int
    gold: int

    @property
    def f1(self) -> float:
        return 2 * self.both / max(1, self.found + self.gold)


def _article(url: str, title: str, text: str, published: datetime | None, language: str) -> Article:
    metadata = Metadata(title=title, published_at=published)
    return Article(
        source=url, url=url, text=text, markdown=text, metadata=metadata, language=language
    )


def demo_newswire() -> Iterator[Told]:
    """The tellings of the demo newswire."""
    sites = {site.key: site for site in newswire.sites()}
    for telling in newswire.tellings():
        site = sites[telling.site]
        given = _article(
            f"https://{site.host}/{telling.slug}",
            telling.headline,
            "\n\n".join(piece.text for piece in telling.pieces),
            telling.published,
            site.language,
        )
        metadata = replace(given.metadata, publisher=site.name, authors=telling.authors)
        # Copies of one text are one story even where the gold names none.
        story = telling.story or "/".join(telling.copy_of or telling.key)
        yield Told(replace(given, metadata=metadata), story)


def invented_stories() -> Iterator[Told]:
    """The texts of related_stories.jsonl."""
    for line in TOLD.read_text("utf-8").splitlines():
        row = json.loads(line)
        published = datetime.fromisoformat(row["published"]) if row["published"] else None
        url = f"https://site{row['id']}.example/{row['id']}"
        given = _article(url, row["title"], row["text"], published, row["language"])
        yield Told(given, row["story"])


def real_pages(folder: Path) -> Iterator[Told]:
    """Gold texts of real pages, each a story of its own but for pages that were taken twice."""
    for page in load(folder):
        if page.page_type != "article" or len(page.text.split()) < 60:
            continue
        published = _moment(page.published)
        language, _ = detect(page.text)
        title = page.title or ""
        given = _article(f"{page.url}#{page.id}", title, page.text, published, language or "en")
        yield Told(replace(given, source=page.id, url=None), page.url)


def _moment(written: str | None) -> datetime | None:
    """A gold date; those without a day (2015-11) are none."""
    try:
        moment = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def evaluate(told: list[Told], out: Path) -> Score:
    """Store, link, and compare pairs."""
    dataset = Dataset.open(out)
    with dataset.writer(STAMP) as writer:
        for one in told:
            writer.add(one.article)
    link(dataset, now=STAMP.cleaned_at)
    source = {
        row["article_id"]: row["source"]
        for row in pq.ParquetDataset(out / "articles").read(["article_id", "source"]).to_pylist()
    }
    found = {
        source[row["article_id"]]: row["story_id"]
        for row in pq.read_table(out / "stories").to_pylist()
    }
    gold = {one.article.source: one.story or one.article.source for one in told}
    both: Counter[tuple[str, str]] = Counter((found[name], gold[name]) for name in gold)
    return Score(_pairs(both), _pairs(Counter(found.values())), _pairs(Counter(gold.values())))


def _pairs(sizes: Counter[str] | Counter[tuple[str, str]]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, action="append", default=[])
    asked = parser.parse_args()
    sets = {"demo newswire": list(demo_newswire()), "invented stories": list(invented_stories())}
    sets |= {str(folder): list(real_pages(folder)) for folder in asked.data}
    below = []
    for name, told in sets.items():
        with tempfile.TemporaryDirectory() as folder:
            score = evaluate(told, Path(folder))
        print(
            f"{name}: {len(told)} articles, pairs found {score.found}, in gold {score.gold}, "
            f"in both {score.both}, F1 {score.f1:.3f}"
        )
        if score.f1 < FLOORS.get(name, 0.0):
            below.append(f"{name} {FLOORS[name]}")
    if below:
        raise SystemExit(f"below the floor: {', '.join(below)}")


if __name__ == "__main__":
    main()
