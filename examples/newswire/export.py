"""Writes the newswire as a data set: html/ID.html.gz and ground-truth/ID.json."""

import gzip
import json
from pathlib import Path
from urllib.parse import urlsplit

from examples.newswire.address import View, by_host
from examples.newswire.gold import gold, webs
from examples.newswire.load import sites
from examples.newswire.model import GoldPage, Kind

PAGE_TYPES = {Kind.ARTICLE: "article", Kind.LISTING: "listing"}
SKIPPED = (
    Kind.ALIAS,
    Kind.FEED,
    Kind.SITEMAP,
    Kind.ROBOTS,
    Kind.REDIRECT,
    Kind.REDIRECT_LOOP,
    Kind.GONE,
)


def export(folder: Path, *, articles_only: bool = False) -> int:
    """Writes all HTML pages with their gold; the number of pages. Files are replaced."""
    view = View(by_host(sites()))
    served = webs()
    for name in ("html", "ground-truth"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    count = 0
    for page in gold(view):
        if page.kind in SKIPPED or (articles_only and page.kind is not Kind.ARTICLE):
            continue
        parts = urlsplit(page.url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        answer = served[page.site].answer(path, view)
        name = f"{page.site}_{count:04}"
        (folder / "html" / f"{name}.html.gz").write_bytes(gzip.compress(answer.body, mtime=0))
        text = json.dumps(_record(name, page), ensure_ascii=False, indent=1)
        (folder / "ground-truth" / f"{name}.json").write_text(text, "utf-8")
        count += 1
    return count


def _record(name: str, page: GoldPage) -> dict[str, object]:
    published = page.published_at.isoformat() if page.published_at else None
    article = page.kind is Kind.ARTICLE
    return {
        "schema_version": "1",
        "url": page.url,
        "file_id": name,
        "_internal": {"page_type": {"primary": PAGE_TYPES.get(page.kind, page.kind.value)}},
        "ground_truth": {
            "title": page.title,
            "authors": list(page.authors),
            "published_at": published if article else None,
            "main_content": page.body,
            "language": page.language,
            "story": page.story,
            "relation": page.relation,
            "copy_of": page.copy_of,
        },
    }
