"""Folders of real pages with gold: html/ID.html.gz and ground-truth/ID.json."""

import gzip
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class GoldPage:
    """One page of a data set. `site` (its host, no www) groups pages for cross-validation."""

    id: str
    url: str
    site: str
    html: bytes
    text: str
    title: str | None
    authors: tuple[str, ...] | None  # None: the gold does not say
    published: str | None  # ISO date, with time where the gold has one
    page_type: str  # "article" where the gold does not say


def load(folder: Path) -> Iterator[GoldPage]:
    """The pages of a data folder, ordered by id. Ends the program where there is none."""
    truths = sorted((folder / "ground-truth").glob("*.json"))
    if not truths:
        sys.exit(f"{folder}: no ground-truth/ID.json with html/ID.html.gz beside it")
    for truth in truths:
        page = folder / "html" / f"{truth.stem}.html.gz"
        if not page.exists():
            continue
        record = json.loads(truth.read_text("utf-8"))
        gold = record["ground_truth"]
        authors = gold.get("authors")
        if authors is None and gold.get("author"):
            authors = [gold["author"]]
        page_type = record.get("_internal", {}).get("page_type", {}).get("primary", "article")
        url = record.get("url") or f"http://unknown.example/{truth.stem}"
        yield GoldPage(
            id=truth.stem,
            url=url,
            site=(urlsplit(url).hostname or truth.stem).removeprefix("www."),
            html=gzip.decompress(page.read_bytes()),
            text=gold.get("main_content") or "",
            title=gold.get("title") or None,
            authors=tuple(authors) if authors is not None else None,
            published=gold.get("published_at") or gold.get("publish_date") or None,
            page_type=page_type,
        )
