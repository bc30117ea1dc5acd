"""Which of several copies is the origin, and of what kind the others are."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from cleaners.dedup.agency import is_house_of


class Kind(StrEnum):
    """How an article repeats another."""

    EXACT = "exact"
    NEAR = "near"
    SYNDICATED = "syndicated"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Copy:
    """What is compared of an article that shares its text with others; times in microseconds."""

    row: int
    article_id: str
    domain: str | None
    publisher: str | None
    agency: str | None
    published: int | None
    fetched: int
    words: int
    text_key: int
    credits: str | None = None
    """Another site that the page itself names as the address of its text."""


@dataclass(frozen=True, slots=True)
class Link:
    """A row that repeats another row: of which kind, and how much of the shorter text both have."""

    row: int
    origin: int
    kind: Kind
    similarity: float


def origin_order(copies: Sequence[Copy]) -> list[Copy]:
    """Copies, the likeliest origin first: of the agency or site that is credited, else the
    earliest."""
    credited = {copy.agency for copy in copies if copy.agency}
    named = {copy.credits for copy in copies if copy.credits}

    def rank(copy: Copy) -> tuple[bool, bool, int, int, str]:
        own = copy.domain in named or any(
            is_house_of(agency, copy.domain, copy.publisher) for agency in credited
        )
        when = copy.published if copy.published is not None else copy.fetched
        return not own, copy.published is None, when, copy.fetched, copy.article_id

    return sorted(copies, key=rank)


def kind_of(copy: Copy, origin: Copy) -> Kind:
    """Of which kind a verified copy is."""
    if copy.domain is not None and copy.domain == origin.domain:
        return Kind.EXACT if copy.text_key == origin.text_key else _same_site(copy, origin)
    if copy.agency or origin.agency or copy.credits:
        return Kind.SYNDICATED
    return Kind.EXACT if copy.text_key == origin.text_key else Kind.NEAR


# A later text of the same site that is this much longer is a later state of the same report.
_GROWN = 1.02


def _same_site(copy: Copy, origin: Copy) -> Kind:
    return Kind.UPDATE if copy.words > origin.words * _GROWN else Kind.NEAR
