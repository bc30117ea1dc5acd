"""Which news agency a text comes from, and which sites are an agency's own."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from cleaners.metadata.agency import agency_in, credited, read_dateline
from cleaners.metadata.words import words

# Any name in brackets may be an agency's where a place in front and a sentence behind say that it
# is a dateline: "LOMVIK, Feb 6 (Wireline) - A ferry drifted".
_DATELINE: Final = re.compile(
    r"""^(?P<place>[^\W\d_][^\n()（）]{0,70}?)\s*
        [(（]\s*(?P<name>[^\W\d_][\w.&-]*(?:\ [\w.&/-]+){0,2})\s*[)）]
        \s*[-–—―:]+\s*["“„«'‘]?(?P<next>[^\W_])""",
    re.VERBOSE,
)
_MOST_PLACE_WORDS: Final = 4
_LAST: Final = 3
"""Paragraphs at the end of a text that may credit it."""
_BESIDE: Final = frozenset(
    """by the von staff news newsroom reporter reporters writer writers correspondent correspondents
    agency agencia agence redaktion""".split()  # noqa: SIM905 - easier to read
)
_PARTS: Final = re.compile(r"[/,&|;()]")
# Sites whose names say it otherwise than by one of the agency's names.
_HOUSES: Final = {
    "AP": ("apnews",), "Xinhua": ("xinhuanet",), "Yonhap": ("yna",), "PTI": ("ptinews",),
    "ANI": ("aninews",), "IANS": ("ianslive",), "TT": ("tt",), "RIA Novosti": ("ria",),
}  # fmt: skip
# A shorter name is only the whole of a host's label: "pa" is Pennsylvania in "pa-times".
_LEAST_IN_LABEL: Final = 4


def agency_name(name: str) -> str:
    """One spelling for an agency's name, as `wire_agency` has it; unknown ones stay as they are.

    >>> agency_name("the associated press"), agency_name("AFP/dpa"), agency_name("Agence Delta")
    ('AP', 'AFP', 'Agence Delta')
    """
    known = words().agencies
    for part in (name, *_PARTS.split(name)):
        if (found := known.get(_plain(part))) is not None:
            return found
    return " ".join(_PARTS.split(name)[0].split()) or name


def _plain(name: str) -> str:
    return " ".join(name.lower().split()).strip(" .-–—")


def agency_of(text: str, *, given: str | None = None, authors: Sequence[str] = ()) -> str | None:
    """The agency that a text comes from: as the page says, by dateline, by-line or credit.

    >>> agency_of("LOMVIK, Feb 6 (Wireline) - A ferry drifted for six hours.")
    'Wireline'
    >>> agency_of("The council (all nine of them) - met on Monday.") is None
    True
    """
    if given and given.strip():
        return agency_name(given)
    paragraphs = [line for line in map(str.strip, text.split("\n")) if line]
    if not paragraphs:
        return None
    dateline = read_dateline(paragraphs[0])
    if dateline is not None and dateline.agency is not None:
        return dateline.agency
    for name in map(_signing, authors):
        if name is not None:
            return name
    ends = (paragraphs[0], *paragraphs[max(1, len(paragraphs) - _LAST) :])
    named = next(filter(None, map(credited, ends)), None)
    return named or _unknown(paragraphs[0])


def _signing(author: str) -> str | None:
    """The agency that a by-line is, or that stands behind a person's name in it."""
    for part in _PARTS.split(author):
        alone = " ".join(word for word in _plain(part).split() if word not in _BESIDE)
        if (found := words().agencies.get(alone)) is not None:
            return found
    found = agency_in(author)
    # A person may be called Bloomberg, nobody is called Associated Press.
    long = found is not None and any(
        " " in name and name in author.lower()
        for name, agency in words().agencies.items()
        if agency == found
    )
    return found if long else None


def _unknown(paragraph: str) -> str | None:
    opening = _DATELINE.match(paragraph)
    if opening is None or opening["next"].islower():
        return None
    place, _, more = opening["place"].partition(",")
    tokens = re.findall(r"[^\W\d_]+", place)
    named = all(token[0].isupper() for token in tokens) and opening["name"][0].isupper()
    if not named or len(tokens) > _MOST_PLACE_WORDS or len(more) > 30:
        return None
    return " ".join(opening["name"].split())


def is_house_of(agency: str, domain: str | None, publisher: str | None) -> bool:
    """Whether a site is the agency's own.

    >>> is_house_of("AP", "apnews.com", None), is_house_of("dpa", "dpa-news.example", None)
    (True, False)
    >>> is_house_of("Wireline", "www.wireline-news.example", None)
    True
    """
    if publisher is not None and agency_name(publisher) == agency:
        return True
    names = _names(agency)
    labels = (domain or "").split(".")[:-1]
    if any(label.replace("-", "") in names for label in labels):
        return True
    tokens = (token for label in labels for token in label.split("-"))
    return any(len(token) >= _LEAST_IN_LABEL and token in names for token in tokens)


@cache
def _names(agency: str) -> frozenset[str]:
    """How hosts may spell an agency."""
    spelt = [name for name, found in words().agencies.items() if found == agency]
    squeezed = (re.sub(r"[^\w]|_", "", name.lower()) for name in (agency, *spelt))
    return frozenset((*squeezed, *_HOUSES.get(agency, ())))
