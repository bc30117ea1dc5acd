"""What an output holds, as tables: articles, stories, what was removed, what was rejected."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cleaners.model import Article
from cleaners.store.dataset import Dataset
from cleaners.store.schema import STORIES
from cleaners.text.count import count_words
from crawler.terminal import Column, Terminal, one_line

SITE_WIDTH, NARROW_COLUMNS = 25, 42
"""Characters of a table kept for addresses, and for dates, counts and rules with their gaps."""
SHOWN, SHOWN_A_REASON, SHOWN_RULES = 60, 8, 20
"""Rows a table has at most, and those for one reason; the rest stands in the Parquet files."""


@dataclass(frozen=True, slots=True, order=True)
class _Line:
    """An article in the table: seeds first, then by falling relevance."""

    found: bool
    irrelevance: float
    source: str
    title: str
    site: str
    date: str
    words: int


def show_output(terminal: Terminal, dataset: Dataset) -> None:
    """Print the tables of all that is stored, whichever run stored it."""
    lines: list[_Line] = []
    rules: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for article in dataset.articles():
        lines.append(_line(article))
        for removal in article.removals:
            rules[removal.stage, removal.rule] += 1
            examples.setdefault((removal.stage, removal.rule), one_line(removal.text, 200))
    width = terminal.out.width
    _show_articles(terminal, sorted(lines), width - SITE_WIDTH - NARROW_COLUMNS)
    _show_stories(terminal, dataset, width - NARROW_COLUMNS)
    columns = [Column("rule"), Column("blocks", "right"), Column("for example", share=1)]
    rows = [
        (rule, f"{count:,}", one_line(examples[stage, rule], width - NARROW_COLUMNS))
        for (stage, rule), count in rules.most_common(SHOWN_RULES)
    ]
    terminal.table("Removed from them", columns, rows)
    columns = [Column("reason"), Column("address", share=3), Column("detail", share=2)]
    terminal.table("Rejected", columns, list(_rejects(dataset, (width - NARROW_COLUMNS) // 5)))


def _line(article: Article) -> _Line:
    score = article.discovery.score if article.discovery else None
    host = urlsplit(article.url or "").netloc.removeprefix("www.")
    return _Line(
        found=score is not None,
        irrelevance=-(score or 0.0),
        source=article.source,
        title=one_line(article.title or article.text[:200]),
        site=one_line(host or Path(article.source).name, SITE_WIDTH),
        date=f"{article.published_at:%Y-%m-%d}" if article.published_at else "",
        words=count_words(article.text),
    )


def _show_articles(terminal: Terminal, lines: list[_Line], room: int) -> None:
    columns = [
        Column("title", share=5),
        Column("site", share=2),
        Column("date"),
        Column("words", "right"),
        Column("relevance", "right"),
    ]
    rows = [
        (
            one_line(line.title, room),
            line.site,
            line.date,
            f"{line.words:,}",
            f"{-line.irrelevance:.2f}" if line.found else "given",
        )
        for line in lines[:SHOWN]
    ]
    terminal.table("Articles", columns, rows)
    if len(lines) > SHOWN:
        terminal.say(f"… and {len(lines) - SHOWN:,} more articles")


def _show_stories(terminal: Terminal, dataset: Dataset, room: int) -> None:
    """Stories with more than one article, the largest first; wire copies are no reports."""
    if not dataset.parts(STORIES):
        return
    names = ["story_id", "story_title", "story_articles", "story_reports", "story_domains"]
    table = dataset.scan(STORIES).to_table(columns=names)
    stories = {row["story_id"]: row for row in table.to_pylist() if row["story_articles"]}
    largest = sorted(stories.values(), key=lambda row: (-row["story_articles"], row["story_id"]))
    columns = [
        Column("story", share=1),
        Column("articles", "right"),
        Column("independent", "right"),
        Column("sites", "right"),
    ]
    rows = [
        (
            one_line(row["story_title"] or "(no title)", room),
            f"{row['story_articles']:,}",
            f"{row['story_reports']:,}",
            f"{len(row['story_domains'] or ()):,}",
        )
        for row in largest[:SHOWN]
        if row["story_articles"] > 1
    ]
    terminal.table("Stories", columns, rows)


def _rejects(dataset: Dataset, room: int) -> Iterator[tuple[str, ...]]:
    """Some rejections of each reason, the rarest reason first."""
    by_reason: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for found in dataset.rejections():
        by_reason[found.reason.value].append((found.source, one_line(found.detail, 2 * room)))
    for reason, alike in sorted(by_reason.items(), key=lambda pair: (len(pair[1]), pair[0])):
        for source, detail in sorted(alike)[:SHOWN_A_REASON]:
            yield reason, one_line(source, 3 * room), detail
        if len(alike) > SHOWN_A_REASON:
            yield reason, f"… and {len(alike) - SHOWN_A_REASON:,} more", ""
