"""Who wrote it: names without roles, agencies, handles, addresses and words such as "By"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cleaners.metadata.strings import comparable
from cleaners.metadata.words import words

# A name of more words or characters is a sentence that a by-line element holds by mistake.
_MAX_WORDS = 6
_MAX_CHARS = 60
_MAX_AUTHORS = 20
_MAX_BYLINE = 2_000  # characters: more than _MAX_AUTHORS names take; patterns below backtrack

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_URL = re.compile(r"https?://\S+|\bwww\.\S+", re.I)
_HANDLE = re.compile(r"(?<!\w)@\w+")
_BRACKETS = re.compile(r"\s*[(\[（【][^()\[\]（）【】]{0,60}[)\]）】]\s*")
_SPLIT = re.compile(r"\s*(?:[,;|/•·&、，；]|\s[-–—]\s|\s\+\s)\s*")
_DOMAIN = re.compile(
    r"\b[\w-]+\.(?:com|net|org|info|de|fr|it|es|at|ch|pl|uk|br|tr|[a-z]{2})\b", re.I
)
_DESK = re.compile(
    r"\b(?:redaktion|redaction|rédaction|redacción|redazione|redação|redakcja|redakce|redactie"
    r"|newsroom|news desk|newsdesk|web desk|staff|editorial (?:team|board)|agencies|agenturen"
    r"|agencias|agences|news|media|press agency|team)$|編集部|デジタル編集|온라인|新聞社$|通信社$",
    re.I,
)
# "CEO of Lowmere Homes", "Sr. Director of Operations"
_OFFICE = re.compile(
    r"(?:(?:sr|senior|chief|vice|co|deputy|executive|managing)[ .-]*){0,2}"
    r"(?:ceo|cto|cfo|coo|cmo|founder|director|president|professor|head|manager|partner|officer)"
    r"\s+(?:of|at|for)\s",
    re.I,
)
# How English-language papers sign for staff whom they do not name.
_UNNAMED = re.compile(
    r"our(?: [^\W\d_]+){0,3} (?:correspondents?|reporters?|staff|desk|team)", re.I
)
_PARTICLES = frozenset(
    ["de", "da", "di", "du", "der", "van", "von", "al", "el", "bin", "le", "la", "den", "dos"]
)
_DIGITS = re.compile(r"\d{2,}")
_ESCAPED = re.compile(r"^[\W_]+|[^\w.)]+$")
_NO_LETTER = re.compile(r"^[\W\d_]*$")
_NOT_NAMES_LIST = (
    "admin administrator author editor staff unknown anonymous none null undefined user guest "
    "webmaster redaktion redaction redacción redazione redação rédaction redakcja redakce "
    "redactie newsroom newsdesk team profile home agencies facebook twitter instagram linkedin "
    "youtube autor autoren autorin auteur auteurs autore autori autores authors"
)
_NOT_NAMES = frozenset(_NOT_NAMES_LIST.split())
_SUFFIXES_LIST = "jr sr ii iii iv phd md dr esq mba"
_SUFFIXES = frozenset(_SUFFIXES_LIST.split())


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
    by_source: dict[tuple[str, float], list[Byline]] = {}
    for byline in bylines:
        by_source.setdefault((byline.source, byline.confidence), []).append(byline)
    for (source, confidence), group in by_source.items():
        people: list[str] = []
        organisations: list[str] = []
        for byline in group:
            for name in split_names(byline.text):
                agency = agency or wire_name(name)
                is_org = byline.kind.endswith("ation") or is_organisation(name, site)
                (organisations if is_org else people).append(name)
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


def split_names(text: str) -> Iterator[str]:
    """The names of a by-line, cleaned, in order.

    >>> list(split_names("By Mara Quill, senior reporter, and Tom Ash (Reuters)"))
    ['Mara Quill', 'Tom Ash']
    >>> list(split_names("Von Ilse Beispiel und Jörg Muster"))
    ['Ilse Beispiel', 'Jörg Muster']
    """
    text = _EMAIL.sub(" ", _URL.sub(" ", text[:_MAX_BYLINE]))
    text = text.replace("()", " ").replace("( )", " ")
    text = _HANDLE.sub(" ", _BRACKETS.sub(" ", text))
    text = _without_opening(text.strip())
    count = 0
    full = False  # a name of two or more words came before
    for part in _SPLIT.split(text):
        for piece in _split_words(part):
            name = _clean_name(piece)
            if name and count < _MAX_AUTHORS and not (full and _is_title(name)):
                count += 1
                full = full or " " in name
                yield name


def _is_title(text: str) -> bool:
    """What follows a full name in one word: a degree ("MD", "Ph.D"), a role, a place."""
    one_word = " " not in text and text.isascii() and text[:1].isupper()
    return one_word and wire_name(text) is None


def _without_opening(text: str) -> str:
    """The by-line without "By", "Von", "Par" … at its start."""
    lowered = text.lower()
    for phrase in words().before:
        if lowered.startswith(phrase):
            rest = text[len(phrase) :]
            if rest[:1] in " \t:：" and rest.strip(" :："):
                return rest.lstrip(" \t:：")
    return text


def _split_words(part: str) -> list[str]:
    """Cut at "and", "und", "et" … where both sides look like names of their own."""
    pieces: list[list[str]] = [[]]
    for word in part.split():
        if word.islower() and word in words().between and (pieces[-1] or len(word) > 1):
            pieces.append([])
        else:
            pieces[-1].append(word)
    joined = [" ".join(piece) for piece in pieces if piece]
    # "Rosa i Vila" is one name: single-letter joints count between full names only
    if len(joined) > 1 and any(" " not in piece for piece in joined) and _single_joint(part):
        return [part]
    return joined


def _single_joint(part: str) -> bool:
    return any(len(word) == 1 and word in words().between for word in part.split())


def _clean_name(text: str) -> str | None:
    """A name without roles and punctuation; None where nothing of a name is left."""
    text = " ".join(text.split()).strip(" .:;,*|-–—_([")
    label, colon, rest = text.partition(":")
    if colon:  # "Quelle: sid", "Foto: …"
        text = rest.strip() if len(label) <= 12 else ""
    text = _without_opening(text)
    if is_unnamed(text):
        return text
    text = _without_role(text).strip(" .:;,*|-–—_([@<>")
    lowered = text.lower()
    if (
        not text
        or len(text) > _MAX_CHARS
        or len(text.split()) > _MAX_WORDS
        or _NO_LETTER.match(text)
        or _DIGITS.search(text)
        or lowered in _NOT_NAMES
        or lowered in _SUFFIXES
        or len(text) < 2
        or _is_initials(text)
    ):
        return None
    return text


def is_unnamed(text: str) -> bool:
    """Whether a by-line stands for staff without a name.

    >>> is_unnamed("our rural correspondent"), is_unnamed("Mara Quill")
    (True, False)
    """
    return _UNNAMED.fullmatch(text) is not None


def _is_initials(text: str) -> bool:
    """ "ku Frankfurt": an abbreviation in small letters before a place."""
    first, _, rest = text.partition(" ")
    return bool(rest) and first.islower() and len(first) <= 3 and first not in _PARTICLES


def _without_role(text: str) -> str:
    roles = words().roles
    lowered = text.lower()
    if lowered in roles or _OFFICE.match(text):
        return ""
    parts = text.split()
    for size in (3, 2, 1):  # "Mara Quill Senior Reporter"
        if len(parts) >= size + 2 and " ".join(parts[-size:]).lower() in roles:
            return " ".join(parts[:-size])
    for role in ("記者", "기자", "记者", "特派員", "編集委員"):
        if text.endswith(role) and len(text) > len(role):
            return text.removesuffix(role).strip()
    return text


def wire_name(text: str) -> str | None:
    """The news agency that a by-line or credit names as a whole.

    >>> wire_name("The Associated Press"), wire_name("Mara Quill")
    ('AP', None)
    """
    return words().agencies.get(" ".join(text.lower().split()).strip(" .()[]"))


def _unique(names: list[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(comparable(name), name)
    return tuple(found.values())
