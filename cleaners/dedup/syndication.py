"""Which of several copies is the origin, and of what kind the others are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# Agencies whose name in a by-line or credit says that the text is theirs; any other name counts
# only where a dateline gives it: "LOMVIK, Feb 6 (Wireline) -".
_AGENCIES = """
aap afp anadolu ansa ap apa apnews associated-press belga bloomberg canadian-press cp ctk dpa efe
epd europa-press ians ina interfax itar-tass kna kyodo lusa mti ntb pa-media pap
press-association pti reuters rtr ritzau sda sid stt tass tt upi xinhua yonhap
"""
KNOWN_AGENCIES = frozenset(_AGENCIES.split())
_DATELINE = re.compile(
    r"""^[^\n]{0,90}?                      # place and day
        [(（]\s*([^\W\d_][\w .&/-]{1,30}?)\s*[)）]   # (Agency)
        \s*[-–—―:]""",
    re.VERBOSE,
)
_SIGNED = re.compile(r"\(\s*([A-Za-z][\w/. -]{1,24}?)\s*\)\s*$")


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


@dataclass(frozen=True, slots=True)
class Link:
    """A row that repeats another row: of which kind, and how much of the shorter text both have."""

    row: int
    origin: int
    kind: Kind
    similarity: float


def agency_name(name: str) -> str:
    """One spelling for an agency's name.

    >>> agency_name("Associated Press"), agency_name("AFP/dpa")
    ('associated-press', 'afp')
    """
    return "-".join(re.split(r"[/,&]", name.lower())[0].replace(".", " ").split())


def agency_of(text: str, *, given: str | None = None, authors: Sequence[str] = ()) -> str | None:
    """The agency that a text comes from: as the page says, by dateline, by-line or last word.

    >>> agency_of("LOMVIK, Feb 6 (Wireline) - A ferry drifted for six hours.")
    'wireline'
    >>> agency_of("The council (all nine of them) - met on Monday.") is None
    True
    """
    if given:
        return agency_name(given)
    dateline = _DATELINE.match(text)
    if dateline and _opens_like_a_dateline(text[: dateline.start(1)], dateline[1]):
        return agency_name(dateline[1])
    signed = _SIGNED.search(text[-60:])
    for name in (*authors, *([signed[1]] if signed else ())):
        if agency_name(name) in KNOWN_AGENCIES:
            return agency_name(name)
    return None


def _opens_like_a_dateline(place: str, name: str) -> bool:
    """A place in capitals or of a few words, and a name that begins with a capital or is known."""
    known = agency_name(name) in KNOWN_AGENCIES
    return known or (name[0].isupper() and len(place.split()) <= 6 and len(name.split()) <= 3)


def is_house_of(agency: str, copy: Copy) -> bool:
    """Whether the site is the agency's own."""
    squeezed = agency.replace("-", "")
    label = (copy.domain or "").split(".")
    publisher = agency_name(copy.publisher or "")
    return squeezed in (part.replace("-", "") for part in label[:-1]) or publisher == agency


def origin_order(copies: Sequence[Copy]) -> list[Copy]:
    """Copies, the likeliest origin first: the credited agency's own, else the earliest."""
    credited = {copy.agency for copy in copies if copy.agency}

    def rank(copy: Copy) -> tuple[bool, bool, int, int, str]:
        own = any(is_house_of(agency, copy) for agency in credited)
        when = copy.published if copy.published is not None else copy.fetched
        return not own, copy.published is None, when, copy.fetched, copy.article_id

    return sorted(copies, key=rank)


def kind_of(copy: Copy, origin: Copy) -> Kind:
    """Of which kind a verified copy is."""
    if copy.domain is not None and copy.domain == origin.domain:
        return Kind.EXACT if copy.text_key == origin.text_key else _same_site(copy, origin)
    if copy.agency or origin.agency:
        return Kind.SYNDICATED
    return Kind.EXACT if copy.text_key == origin.text_key else Kind.NEAR


# A later text of the same site that is this much longer is a later state of the same report.
_GROWN = 1.02


def _same_site(copy: Copy, origin: Copy) -> Kind:
    return Kind.UPDATE if copy.words > origin.words * _GROWN else Kind.NEAR
