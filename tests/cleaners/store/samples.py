"""Invented articles and rejections, and what a plain glob of an output shows."""

import glob
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from cleaners.model import Article, Fetch, Image, Metadata, Reason, Rejection, Removal, Stage
from cleaners.store.rows import RunStamp

DAY = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


def stamp(run: str = "run-1", at: datetime = DAY) -> RunStamp:
    return RunStamp(run_id=run, cleaned_at=at, cleaner_version="0.1", config_digest="c0ffee")


def article(url: str, text: str, *, fetched: datetime = DAY, **metadata: Any) -> Article:
    return Article(
        source=url,
        url=url,
        text=text,
        markdown=text,
        metadata=Metadata(
            title="Ferry strike ends in Port Calder",
            authors=("Ines Varga",),
            images=(Image("https://img.daily.example/1.jpg", None, "Photo: I. Varga"),),
            published_at=DAY,
            **metadata,
        ),
        language="en",
        removals=(Removal("Read more", "read-more", "rules", 3, 0.5),),
        fetch=Fetch(url_requested=url, fetched_at=fetched, status=200),
    )


def story(place: str, times: int = 6) -> str:
    return " ".join(
        f"Ferries left {place} harbour again on day {n} of the talks." for n in range(times)
    )


def rejection(url: str, reason: Reason = Reason.HTTP_ERROR, status: int = 500) -> Rejection:
    return Rejection(
        source=url,
        url=url,
        stage=Stage.FETCH,
        reason=reason,
        fetch=Fetch(url_requested=url, fetched_at=DAY, status=status),
    )


def shown(out: Path, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """The rows of a table as a plain glob shows them, in order."""
    rows: list[tuple[Any, ...]] = []
    for path in glob.glob(f"{out}/{table}/**/*.parquet", recursive=True):
        data = pq.ParquetFile(path).read(columns=list(columns))
        rows += zip(*(data[name].to_pylist() for name in columns), strict=True)
    return sorted(rows, key=repr)


def hidden_files(out: Path) -> list[str]:
    """What lies under the output beside visible tables and the lock."""
    return sorted(
        path.relative_to(out).as_posix()
        for path in out.rglob("*")
        if path.is_file()
        and any(part.startswith(".") for part in path.relative_to(out).parts)
        and path.name not in ("lock", "commit")
    )
