"""Who wrote it: the people whom the most trusted source names, else who signs for them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cleaners.metadata.names import bracketed_agency, is_login, split_names, wire_name
from cleaners.metadata.strings import comparable

_DOMAIN = re.compile(
    r"\b[\w-]+\.(?:com|net|org|info|de|fr|it|es|at|ch|pl|uk|br|tr|[a-z]{2})\b", re.I
)
_DESK = re.compile(
    r"\b(?:redaktion|redaction|rédaction|redacción|redazione|redação|redakcja|redakce|redactie"
    r"|newsroom|news desk|newsdesk|web desk|staff|editorial (?:team|board)|agencies|agenturen"
    r"|agencias|agences|news|media|press agency|team)$|編集部|デジタル編集|온라인|新聞社$|通信社$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Byline:
    """A source's word on the authors: the text, what kind of thing it calls them, and its trust."""

    text: str
    source: str
    confidence: float
    kind: str = ""  # Person, Organization … of JSON-LD


@dataclass(frozen=True, slots=True)
class Authors:
    """People first; organisations only where no person is named; agencies always apart."""

    names: tuple[str, ...] = ()
    agency: str | None = None
    source: str = ""
    confidence: float = 0.0
    people: bool = False  # the names are people's


def choose_authors(bylines: Iterable[Byline], site: frozenset[str]) -> Authors:
    """The people named by the most trusted source; else the organisation that signs.

    `site` holds the comparable names of the publication itself.
    """
    fallback: Authors | None = (
        None  # who signs where no person does: not the publication if avoidable
    )
    agency: str | None = None
    signing: set[str] = set()
    by_source: dict[tuple[str, float], list[Byline]] = {}
    for byline in bylines:
        by_source.setdefault((byline.source, byline.confidence), []).append(byline)
    for (source, confidence), group in by_source.items():
        people: list[str] = []
        organisations: list[str] = []
        for byline in group:
            if byline.kind.endswith("ation") or comparable(byline.text) in signing:
                # one name, whatever joins its words
                signing.add(comparable(byline.text))
                agency = agency or wire_name(byline.text)
                organisations.append(byline.text)
                continue
            agency = agency or bracketed_agency(byline.text)
            for name in split_names(byline.text):
                agency = agency or wire_name(name)
                own = _without_house(name, site)
                signs = is_organisation(own, site) or is_login(own)
                (organisations if signs else people).append(own)
        if source in ("html", "text") and any(" " in name for name in people):
            # what else an element holds in one word is a role or a place
            people = [name for name in people if " " in name or not name.isascii()]
        if people:
            return Authors(_unique(people), agency, source, confidence, people=True)
        if organisations and (fallback is None or _is_own(fallback.names[0], site)):
            foreign = [name for name in organisations if not _is_own(name, site)]
            if foreign or fallback is None:
                names = _unique(foreign or organisations)[:1]
                fallback = Authors(names, agency, source, confidence * 0.6)
    if fallback is not None:
        return Authors(fallback.names, agency, fallback.source, fallback.confidence)
    return Authors(agency=agency)


def _without_house(name: str, site: frozenset[str]) -> str:
    """A name without the publication's behind it: "Mara Quill LOWMERE POST"."""
    parts = name.split()
    for size in (3, 2, 1):
        if len(parts) >= size + 2 and comparable("".join(parts[-size:])) in site:
            return " ".join(parts[:-size])
    return name


def is_organisation(name: str, site: frozenset[str]) -> bool:
    """Whether a name is an agency's, the publication's own or one of its desks'.

    >>> is_organisation("Lowmere Post Sport", frozenset({"lowmerepost"}))
    True
    >>> is_organisation("Mara Quill", frozenset({"lowmerepost"}))
    False
    """
    if wire_name(name) or _DOMAIN.search(name) or _DESK.search(name):
        return True
    return _is_own(name, site)


def _is_own(name: str, site: frozenset[str]) -> bool:
    """Whether a name is the publication's, or one of its sections'."""
    key = comparable(name)
    first = comparable(name.split()[0])
    return (
        key in site
        or (first in site and name.split()[0].isupper())
        or any(len(n) >= 5 and key.startswith(n) for n in site)
        or (len(key) >= 6 and any(n.startswith(key) for n in site))
    )


def _unique(names: list[str]) -> tuple[str, ...]:
    """Each name once, and no text that goes on around another full name."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(comparable(name), name)
    full = [f" {name} " for name in found.values() if " " in name]
    return tuple(
        name
        for name in found.values()
        if not any(other != f" {name} " and other in f" {name} " for other in full)
    )
