"""Datelines and wire agencies: "PARIS (AFP) —", "BERLIN, Jan 3 (Reuters) -", "Paris:", "© dpa"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cleaners.metadata.words import words

# A dateline is short and stands at the very start of the first paragraph.
_MAX_DATELINE = 80
_NAMES = r"[^\W\d_](?:[^\W\d_]|[.'’/ -]){1,40}?"
_BRACKETED = re.compile(
    rf"(?P<place>{_NAMES}(?:,\s?{_NAMES}){{0,3}}?)?(?:,?\s+[^()\d]{{0,16}}\d[^()]{{0,12}})?"
    r"\s*[(\[（](?P<agency>[^()\[\]（）]{2,40})[)\]）]\s*(?:[-–—:.]+\s*|\s)"
)
_DASHED = re.compile(
    rf"(?P<place>{_NAMES}(?:,\s?{_NAMES}){{0,3}}?)(?:,\s?[^–—]{{0,14}}\d{{1,2}}[^–—]{{0,10}})?"
    r"(?:\s*[/,|]\s*(?P<agency>[^\s/,|–—][^/,|–—]{1,30}))?\s*(?:\s[-–—]|[–—]|--)\s+"
)
_COLON = re.compile(rf"(?P<place>{_NAMES}(?:[,/]\s?{_NAMES})?)\s?:\s+(?=\S)")
_CREDIT = re.compile(r"[\s/|,;+()\[\]©:·•—–-]+")
_WIRE_LINE = re.compile(r"(?:^|[\s/(©])([^\s/()©,]{2,20}(?:-infocom)?)\s*[)/]?\s*$")


@dataclass(frozen=True, slots=True)
class Dateline:
    """The text of a dateline, the place it names, and the agency in it, if any."""

    text: str
    place: str | None
    agency: str | None


def read_dateline(paragraph: str) -> Dateline | None:
    """The dateline that a first paragraph opens with, None where it opens with prose.

    >>> read_dateline("LOWMERE (AFP) — The bridge is open.").agency
    'AFP'
    >>> read_dateline("BERLIN, Jan 3 (Reuters) - The bridge is open.").place
    'BERLIN'
    >>> read_dateline("The bridge (the new one) is open.") is None
    True
    """
    opening = paragraph[:_MAX_DATELINE]
    bracketed = _BRACKETED.match(opening)
    if bracketed and (agency := _agency(bracketed["agency"])):
        place = (bracketed["place"] or "").strip(" ,") or None
        if place is None or _is_place(place):
            return Dateline(bracketed[0].strip(), place, agency)
    dashed = _DASHED.match(opening)
    if dashed:
        agency = _agency(dashed["agency"] or "")
        place = dashed["place"].strip(" ,")
        if _is_place(place) and (agency or place.isupper() or "/" in place):
            return Dateline(dashed[0].strip(), place, agency)
    colon = _COLON.match(opening)
    if colon and _is_place(colon["place"]) and colon["place"].isupper() and len(opening) > 40:
        return Dateline(colon[0].strip(), colon["place"].strip(), None)
    return None


def _is_place(text: str) -> bool:
    """One to five words, each capitalised or in a script without case, none of a sentence."""
    tokens = re.findall(r"[^\W\d_]+", text)
    if not 1 <= len(tokens) <= 6:
        return False
    capital = [t for t in tokens if t[0].isupper() or t[0].lower() == t[0].upper()]
    return len(capital) >= len(tokens) - (len(tokens) > 2) and tokens[0] in capital


def _agency(text: str) -> str | None:
    agencies = words().agencies
    whole = " ".join(text.lower().split()).strip(" .")
    if whole in agencies:
        return agencies[whole]
    for part in _CREDIT.split(text):
        if (name := agencies.get(part.lower().strip("."))) is not None and _looks_wire(part, name):
            return name
    return None


def _looks_wire(part: str, name: str) -> bool:
    """Short names are agencies only as agencies write them: "AP", "dpa", never "ap" or "Ana"."""
    return len(part) > 4 or part == name or part.isupper() or not part.isascii() or part == "dpa"


def find_agency(credits: Iterable[str], last_paragraphs: Iterable[str] = ()) -> str | None:
    """The agency that credits name, or that a closing line such as "(dpa)" or "AFP" names."""
    for credit in credits:
        if len(credit) <= 120 and (name := _agency(credit)) is not None:
            return name
    for paragraph in last_paragraphs:
        tail = paragraph[-40:]
        if len(paragraph) <= 40 and (name := _agency(paragraph)) is not None:
            return name
        match = re.search(r"[(（/]\s*([^()（）/]{2,30})\s*[)）/]\s*\.?$", tail)
        if match and (name := _agency(match[1])) is not None:
            return name
    return None
