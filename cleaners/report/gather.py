"""From the tables of an output to the figures and lists of its report."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from cleaners.report.data import Count, ReportData, Run, StoryLine
from cleaners.report.tally import MAX_ROWS, Tally
from cleaners.report.timeline import coverage
from cleaners.store.dataset import Dataset
from cleaners.store.schema import ARTICLES, REJECTS, STORIES, Table

_ARTICLE_COLUMNS = [
    *("article_id", "title", "source", "url", "domain", "published_at", "fetched_at", "language"),
    *("word_count", "authors", "relevance_score", "text", "removed", "kept_chars"),
]
_REJECT_COLUMNS = ["source", "domain", "stage", "reason", "detail", "fetched_at"]
_STORY_COLUMNS = [
    *("article_id", "story_id", "duplicate_kind", "story_title", "story_first_at"),
    *("story_last_at", "story_domains", "story_articles", "story_reports"),
]


def gather(dataset: Dataset, *, name: str, now: datetime) -> ReportData:
    """Read an output once through and sum it up; an empty output gives a report of zeros."""
    stories = {row["article_id"]: row for row in _rows(dataset, STORIES, _STORY_COLUMNS)}
    tally = Tally()
    for row in _rows(dataset, ARTICLES, _ARTICLE_COLUMNS):
        tally.add_article(row, stories.get(row["article_id"]))
    for row in _rows(dataset, REJECTS, _REJECT_COLUMNS):
        tally.add_reject(row)
    return ReportData(
        name=name,
        made_at=now,
        articles=tally.articles,
        read=tally.read,
        rejected=tally.rejected,
        words=tally.words,
        kept_chars=tally.kept,
        raw_chars=tally.raw,
        coverage=coverage(tally.days, undated=tally.undated),
        sites=tally.sites(),
        languages=tuple(Count(n, c) for n, c in tally.languages.most_common()),
        stories=_story_lines(stories),
        rules=tally.rules(),
        refusals=tally.refusals(),
        runs=tuple(_runs(dataset)),
        listed=tally.listed(),
        rejects=tuple(tally.rejects),
    )


def _rows(dataset: Dataset, table: Table, columns: list[str]) -> Iterator[Mapping[str, Any]]:
    if not dataset.parts(table):
        return
    for batch in dataset.scan(table).to_batches(columns=columns, batch_size=1_000):
        yield from batch.to_pylist()


def _story_lines(stories: Mapping[str, Mapping[str, Any]]) -> tuple[StoryLine, ...]:
    """Stories that more than one article tells, the widest first."""
    lines: dict[str, StoryLine] = {}
    for row in stories.values():
        if row["story_id"] and (row["story_articles"] or 0) > 1:
            lines[row["story_id"]] = StoryLine(
                story_id=row["story_id"],
                title=row["story_title"] or "no title",
                articles=row["story_articles"],
                reports=row["story_reports"] or 1,
                domains=tuple(row["story_domains"] or ()),
                first_at=row["story_first_at"],
                last_at=row["story_last_at"],
            )
    ranked = sorted(lines.values(), key=lambda s: (-s.reports, -s.articles, s.story_id))
    return tuple(ranked[:MAX_ROWS])


def _runs(dataset: Dataset) -> Iterator[Run]:
    """Earlier runs by their records in reports/, oldest first; others are passed over."""
    records = []
    for stored in dataset.disk.files("reports", ".json"):
        try:
            with dataset.disk.filesystem.open_input_stream(stored.path) as file:
                record = json.loads(file.read())
            records.append(
                Run(
                    run_id=str(record["run_id"]),
                    spider=str(record["spider"]),
                    started_at=str(record["started_at"]),
                    fetched=int(record["fetched"]),
                    articles=int(record["articles"]),
                    alarms=tuple(
                        f"{site['site']}: {site['alarm']}"
                        for site in record.get("sites", ())
                        if site.get("alarm")
                    ),
                )
            )
        except (ValueError, KeyError, TypeError, AttributeError, OSError):
            continue
    yield from sorted(records, key=lambda run: run.started_at)
