"""The quality gate: figures over self-made pages, none of which may fall under its floor.

    python -m benchmarks.gate [--pin [--lower]]

Pages are the demo newswire and `invented.toml`; floors stand in `floors.toml`, with the digest of
the pages that they were read from. `--pin` writes today's figures, less a margin, where they are
higher; a floor goes down only with `--lower`, and with an entry in DESIGN.md that says why.
"""

import argparse
import hashlib
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.data import GoldPage, load
from benchmarks.measure import judge_all, judge_kinds, rendered, winnow, winnow_text
from benchmarks.table import summarise, summarise_kinds
from examples.newswire.export import export

FLOORS = Path(__file__).with_name("floors.toml")
_INVENTED = Path(__file__).with_name("invented.toml")
EVERY = 2
"""Of the newswire's articles, every so many are cleaned: the gate is to take seconds."""
MARGIN = {"leaked": 5.0, "lost": 3.0}
"""By how much a figure may get worse: words per 1,000 here, shares by `_SHARE` elsewhere."""
_SHARE = 0.01
_LOWER_IS_BETTER = ("leaked", "lost", "articles rejected")


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value and the floor (a ceiling for what should be low) that it must keep to."""

    name: str
    value: float
    floor: float

    @property
    def holds(self) -> bool:
        if is_ceiling(self.name):
            return self.value <= self.floor
        return self.value >= self.floor


def is_ceiling(name: str) -> bool:
    """Whether a figure of this name must stay below its floor."""
    return name.endswith(_LOWER_IS_BETTER)


def gate_pages() -> list[GoldPage]:
    """The newswire's and the invented pages, the same in every run."""
    with tempfile.TemporaryDirectory() as folder:
        export(Path(folder))
        pages = list(load(Path(folder)))
    articles = [page for page in pages if page.page_type == "article"]
    left_out = {page.id for number, page in enumerate(articles) if number % EVERY}
    return [page for page in pages if page.id not in left_out] + list(_invented())


def _invented() -> Iterator[GoldPage]:
    for page in tomllib.loads(_INVENTED.read_text("utf-8"))["page"]:
        article = page["kind"] == "article"
        yield GoldPage(
            id=page["id"],
            url=page["url"],
            site=page["id"],
            html=page["html"].encode(),
            text=page.get("body", ""),
            title=page.get("title"),
            authors=tuple(page["authors"]) if article else None,
            published=page.get("published"),
            page_type=page["kind"],
        )


def digest(pages: Sequence[GoldPage]) -> str:
    """Twelve hex digits that name exactly these pages."""
    total = hashlib.sha256()
    for page in pages:
        total.update(page.html)
        total.update(page.text.encode())
    return total.hexdigest()[:12]


def measured(pages: Sequence[GoldPage]) -> dict[str, float]:
    """All figures by name."""
    articles = [page for page in pages if page.page_type == "article" and page.text]
    html = summarise("winnow", "gate", "page", list(judge_all(winnow(), articles)))
    plain = rendered(articles, "text")
    text = summarise("winnow", "gate", "text", list(judge_all(winnow_text(), plain)))
    kinds = summarise_kinds("winnow", "gate", list(judge_kinds(pages)))
    return {
        "html F1": html.f1,
        "html leaked": html.leaked,
        "html lost": html.lost,
        "title": html.title or 0.0,
        "authors": html.authors or 0.0,
        "day": html.day or 0.0,
        "text F1": text.f1,
        "text leaked": text.leaked,
        "text lost": text.lost,
        "article F1": kinds.f1,
        "articles rejected": kinds.articles_rejected,
        "others rejected": kinds.others_rejected,
    }


def figures(pages: Sequence[GoldPage]) -> list[Figure]:
    """Each figure with its floor."""
    floors = tomllib.loads(FLOORS.read_text("utf-8"))["floors"]
    return [Figure(name, value, float(floors[name])) for name, value in measured(pages).items()]


def pinned(values: dict[str, float], floors: dict[str, float], *, lower: bool) -> dict[str, float]:
    """New floors: figures less the margin; never weaker than the old ones unless `lower`.

    >>> pinned({"title": 0.9}, {"title": 0.95}, lower=False)
    {'title': 0.95}
    >>> pinned({"html leaked": 20.0}, {}, lower=False)
    {'html leaked': 25.0}
    """
    found = {}
    for name, value in values.items():
        margin = next((m for key, m in MARGIN.items() if name.endswith(key)), _SHARE)
        fresh = round(value + margin if is_ceiling(name) else value - margin, 3)
        old = floors.get(name, fresh)
        keep = min(fresh, old) if is_ceiling(name) else max(fresh, old)
        found[name] = fresh if lower else keep
    return found


def main() -> int:
    """Print the figures; 1 where one is under its floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pin", action="store_true", help="write floors from today's figures")
    parser.add_argument("--lower", action="store_true", help="with --pin: also where they fell")
    options = parser.parse_args()
    pages = gate_pages()
    table = tomllib.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {"floors": {}}
    if options.pin:
        floors = pinned(measured(pages), table["floors"], lower=options.lower)
        lines = [f'"{name}" = {value}' for name, value in floors.items()]
        head = "# Floors of `benchmarks.gate`; written by `python -m benchmarks.gate --pin`.\n"
        body = "\n".join([f'digest = "{digest(pages)}"', "", "[floors]", *lines])
        FLOORS.write_text(f"{head}{body}\n", "utf-8")
        return 0
    if digest(pages) != table["digest"]:
        print("the pages have changed since the floors were pinned: pin them again")
    found = figures(pages)
    print("| figure | measured | floor |\n|---|--:|--:|")
    for figure in found:
        mark = "" if figure.holds else " **under its floor**"
        print(f"| {figure.name} | {figure.value:.3f}{mark} | {figure.floor:.3f} |")
    return int(not all(figure.holds for figure in found))


if __name__ == "__main__":
    sys.exit(main())
