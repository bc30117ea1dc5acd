"""Datelines and wire agencies: "PARIS (AFP) —", "BERLIN, Jan 3 (Reuters) -", "Paris:", "© dpa"."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from cleaners.metadata.words import words

# A dateline is short and stands at the very start of the first paragraph.
_MAX_DATELINE = 80
_NAMES = r"[^\W\d_](?:[^\W\d_]|[.'’/ -]){1,40}?"
_BRACKETED = re.compile(
    rf"(?P<place>{_NAMES}(?:,\s?{_NAMES}){{0,3}}?)?(?:,?\s+[^()\d]{{0,16}}\d[^()]{{0,12}})?"
    r"\s*[(\[（](?P<agency>[^()\[\]（）]{2,40})[)\]）]\s*(?:[-–—:.]+\s*|\s)"
)
_SLASHED = re.compile(
    rf"(?P<place>{_NAMES}(?:,\s?{_NAMES})?),[^/()—]{{0,14}}\d[^/()—]{{0,12}}/(?P<agency>[^/]{{2,20}})/[.\s—–-]+"
)
_AFTER_DASH = re.compile(
    rf"(?P<place>{_NAMES}(?:,\s?{_NAMES})?)\s*(?:[–—-]|--)\s*"
    r"(?:\((?P<agency>[^()]{2,30})\)|(?P<plain>[^\s()–—-]{2,12})(?=\s*(?:[–—]|--)))\s*(?:[-–—:.]+\s*)?"
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
    for pattern in (_SLASHED, _AFTER_DASH):
        named = pattern.match(opening)
        if named and (agency := _agency(named["agency"] or named.groupdict().get("plain") or "")):
            place = named["place"].strip(" ,.")
            if _is_place(place):
                return Dateline(named[0].strip(), place, agency)
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


# How a site says that a text, or a part of it, is an agency's.
_CREDITS = re.compile(
    r"""\bcontribut(?:ed|ing)\ (?:to\ this|reporting) | \b(?:additional|other)\ reporting\b
    | \bwith\ (?:\w+\ ){0,2}(?:inputs?|files|reporting|information|material)\ from\b
    | ^\W*(?:sources?|quellen?|fuentes?|fonti?|fontes?|bron|kilde|källa|źródło|zdroj|источник
      |джерело|kaynak|sumber|text|texte|texto)\s*: | ^\W*avec\b
    | \bmit\ (?:material|informationen|inhalten|agenturmaterial)\b | \bunter\ verwendung\b
    | \bcon\ informaci[oó]n(?:es)?\ de | \bcon\ informazioni\b | \bcom\ informações\b
    | ^\W*(?:©|\(c\)|copyright)""",
    re.IGNORECASE | re.VERBOSE,
)
# One of these is in whatever that pattern finds, and takes a tenth of its time to look for.
_IN_CREDITS = (
    "contribut", "reporting", " from", ":", "avec", "material", "informa", "inhalten",
    "verwendung", "©", "(c)", "copyright",
)  # fmt: skip
_LONGEST_CREDIT = 160
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = "\u0e00"  # Thai, and from there on Lao, Chinese and Japanese: words stand together
_WORDS_ALONE = 4
_SIGNED_IN_BRACKETS = re.compile(
    r"(?:[(（\[]([^()（）\[\]]{2,40})[)）\]]|/\s*([^()（）/]{2,30})\s*[)）/])\s*\.?$"
)
_BRACKETS = (")", "）", "]", "/")
_SIGNED_AFTER_DASH = re.compile(r"(?:[.!?”\"»]\s*|^)[-–—]{1,2}\s*([^\W\d_][\w/ .-]{1,30}?)\.?$")
# Reuters closes its reports so, whoever prints them.
_REUTERS_DESK = re.compile(
    r"\((?:Additional )?[Rr]eporting by [^()]{3,400}; ?[^()]*[Ee]diting by [^()]+\)"
)
# Whose picture it is says nothing of the text.
_PICTURED = re.compile(
    r"^\W*(?:photo|foto|bild|image|imagen|imagem|picture|grafi|video|vidéo|crédits?\ photo"
    r"|фото|写真)",
    re.IGNORECASE,
)


def find_agency(credits: Iterable[str], last_paragraphs: Iterable[str] = ()) -> str | None:
    """The agency that credits name, or that a closing line such as "(dpa)" or "AFP" names."""
    for credit in credits:
        told = len(credit) <= 120 and not _PICTURED.match(credit)
        if told and (name := _agency(credit) or agency_in(credit)) is not None:
            return name
    return next(filter(None, map(credited, last_paragraphs)), None)


_MAY_BE_DATELINE = re.compile(r"[(\[（/—–-]")
_LAST = 3


def agency_of_text(text: str, foot: Sequence[str] = ()) -> str | None:
    """The agency that a plain text names in its dateline or at its end; `foot` are the lines that
    stood below it and are no part of it.

    >>> agency_of_text("LOWMERE (AFP) — The bridge is open.")
    'AFP'
    >>> agency_of_text("The bridge is open.", ["Quelle: dpa"])
    'dpa'
    """
    if _MAY_BE_DATELINE.search(text, 0, _MAX_DATELINE) and _may_name(text[:_MAX_DATELINE]):
        dateline = read_dateline(text.partition("\n")[0])
        if dateline is not None and dateline.agency is not None:
            return dateline.agency
    last = text[-4 * _LONGEST_CREDIT :].split("\n\n")[-_LAST:]
    return find_agency((), (*last, *foot))


def credited(paragraph: str) -> str | None:
    """The agency that a text's first or last paragraph gives the text to, None if it is prose.

    >>> credited("The Associated Press contributed to this report.")
    'AP'
    >>> credited("The bridge is open, he said. — AFP")
    'AFP'
    >>> credited("He told Reuters that the bridge, the longest of the country, was open.") is None
    True
    """
    text = paragraph.strip()
    alone = len(text) <= 40 and text.count(" ") < _WORDS_ALONE and not _PICTURED.match(text)
    if alone and (name := _agency(text)) is not None:
        return name
    end = text[-48:]
    for pattern, may_match in (
        (_SIGNED_IN_BRACKETS, end.rstrip(" .").endswith(_BRACKETS)),
        (_SIGNED_AFTER_DASH, "-" in end or "–" in end or "—" in end),
    ):
        signed = pattern.search(end) if may_match and _may_name(end) else None
        if signed and (name := _agency(signed[signed.lastindex or 1])) is not None:
            return name
    if len(text) <= _LONGEST_CREDIT and _may_credit(text.lower()) and not _PICTURED.match(text):
        return agency_in(text)
    desk = text[-500:]
    return "Reuters" if "diting by" in desk and _REUTERS_DESK.search(desk) else None


def _may_credit(lowered: str) -> bool:
    return any(word in lowered for word in _IN_CREDITS) and _CREDITS.search(lowered) is not None


def agency_in(text: str) -> str | None:
    """The first agency that a credit or by-line names, in one spelling.

    >>> agency_in("Jane Doe, Associated Press"), agency_in("Reuters Staff"), agency_in("Ann Ap")
    ('AP', 'Reuters', None)
    """
    for found in _spellings().finditer(text) if _may_name(text) else ():
        name = words().agencies[found[0].lower()]
        if _looks_wire(found[0], name):
            return name
    return None


def _may_name(text: str) -> bool:
    """Whether a text has an agency's first word; always, where words may not be apart."""
    found = _WORD.findall(text.lower())
    return not _first_words().isdisjoint(found) or max(found, default="") >= _UNSPACED


@cache
def _first_words() -> frozenset[str]:
    return frozenset(_WORD.findall(name)[0] for name in words().agencies)


@cache
def _spellings() -> re.Pattern[str]:
    """Any agency's name, the longest first; in scripts without spaces it need not stand alone."""
    names = sorted(words().agencies, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, names))})(?![^\W_])", re.IGNORECASE)
