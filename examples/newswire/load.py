"""Reads the newswire's sites and stories from their TOML files."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from examples.newswire.model import Piece, Site, Telling, Update

FOLDER = Path(__file__).parent


@cache
def sites() -> tuple[Site, ...]:
    """All publishers, in the order of sites.toml."""
    rows = tomllib.loads((FOLDER / "sites.toml").read_text("utf-8"))["site"]
    return tuple(_site(row) for row in rows)


@cache
def tellings() -> tuple[Telling, ...]:
    """All articles of all stories with their syndicated copies, newest first."""
    found: list[Telling] = []
    for file in sorted((FOLDER / "stories").glob("*.toml")):
        table = tomllib.loads(file.read_text("utf-8"))
        for row in table["telling"]:
            found.extend(_told(row, table.get("story")))
    return tuple(sorted(found, key=lambda t: (t.published, t.key), reverse=True))


def read_pieces(text: str) -> tuple[Piece, ...]:
    """The blocks of a body written with blank lines between them.

    A block begins with `## ` for a sub-heading, `> ` for a quotation, `- ` for a list item.
    """
    return tuple(_piece(" ".join(block.split())) for block in text.strip().split("\n\n"))


def _site(row: dict[str, Any]) -> Site:
    fields: dict[str, Any] = {
        name: tuple(v) if isinstance(v, list) else v for name, v in row.items()
    }
    return Site(**fields)


def _piece(text: str) -> Piece:
    if text.startswith("## "):
        return Piece("h2", text[3:])
    if text.startswith("> "):
        return Piece("blockquote", text[2:])
    if text.startswith("- "):
        return Piece("li", text[2:])
    return Piece("p", text)


def _told(row: dict[str, Any], story: str | None) -> Iterator[Telling]:
    pieces = read_pieces(row["body"])
    site, slug = row["site"], row["slug"]
    grown = row.get("update")
    told = Telling(
        site=site,
        slug=slug,
        story=row.get("story", story),
        relation=row.get("relation", "original"),
        headline=row["headline"],
        standfirst=row.get("standfirst", ""),
        authors=tuple(row.get("authors", ())),
        published=_utc(row["published"]),
        section=row["section"],
        pieces=pieces,
        caption=row.get("caption", ""),
        credit=row.get("credit", ""),
        dateline=row.get("dateline", ""),
        agency=row.get("agency", ""),
        free=row.get("free", True),
        day=row.get("day", 1),
        update=Update(
            at=_utc(grown["at"]),
            headline=grown.get("headline", row["headline"]),
            pieces=pieces + read_pieces(grown["body"]),
        )
        if grown
        else None,
    )
    yield told
    for copy in row.get("copy", ()):
        cut = set(copy.get("cut", ()))
        yield Telling(
            site=copy["site"],
            slug=copy.get("slug", slug),
            story=told.story,
            relation="syndicated",
            headline=copy.get("headline", told.headline),
            standfirst=copy.get("standfirst", ""),
            authors=tuple(copy.get("authors", ())),
            published=_utc(copy["published"]),
            section=copy.get("section", told.section),
            pieces=tuple(p for i, p in enumerate(pieces) if i not in cut),
            caption=copy.get("caption", ""),
            credit=copy.get("credit", ""),
            dateline=told.dateline,
            copy_of=told.key,
            agency=copy.get("agency", "Wireline"),
            day=copy.get("day", told.day),
        )


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
