"""The cases of this folder: an input, where it was found, and what reading it must give.

A case folder holds case.json (comment, url), input.* and expected.json; the word before its first
hyphen says which reader it is for. To add one, write the first two files and run
`python -m tests.crawler.discovery.cases NAME`, which writes the third and never overwrites it.
"""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from crawler.discovery.feeds import read_feed
from crawler.discovery.found import Found
from crawler.discovery.links import read_links
from crawler.discovery.search import BingNews, Gdelt, GoogleNews
from crawler.discovery.sitemaps import read_sitemap

FOLDER = Path(__file__).with_name("cases")
READERS: Mapping[str, Callable[[bytes, str], Found]] = {
    "rss": read_feed,
    "atom": read_feed,
    "rdf": read_feed,
    "jsonfeed": read_feed,
    "broken": read_feed,
    "sitemap": read_sitemap,
    "text": read_sitemap,
    "page": read_links,
    "gdelt": Gdelt().parse,
    "bing": BingNews().parse,
    "google": GoogleNews().parse,
}


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    url: str
    content: bytes

    @property
    def expected(self) -> object:
        return json.loads((FOLDER / self.name / "expected.json").read_text("utf-8"))

    def read(self) -> object:
        """What its reader gives, as JSON would show it."""
        found = READERS[self.name.partition("-")[0]](self.content, self.url)
        return {
            "candidates": [
                {
                    "url": candidate.url,
                    "method": candidate.method,
                    "title": candidate.title,
                    "snippet": candidate.snippet,
                    "published": candidate.published and candidate.published.isoformat(),
                    "language": candidate.language,
                }
                for candidate in found.candidates
            ],
            "sources": [
                {
                    "url": source.url,
                    "kind": source.kind,
                    "title": source.title,
                    "modified": source.modified and source.modified.isoformat(),
                }
                for source in found.sources
            ],
            "notes": list(found.notes),
        }


def load(name: str) -> Case:
    folder = FOLDER / name
    about = json.loads((folder / "case.json").read_text("utf-8"))
    return Case(name, about["url"], next(folder.glob("input.*")).read_bytes())


def names() -> list[str]:
    return sorted(folder.name for folder in FOLDER.iterdir())


if __name__ == "__main__":
    for chosen in sys.argv[1:]:
        text = json.dumps(load(chosen).read(), ensure_ascii=False, indent=1) + "\n"
        with (FOLDER / chosen / "expected.json").open("x", encoding="utf-8") as file:
            file.write(text)
