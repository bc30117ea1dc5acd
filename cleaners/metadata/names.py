"""The names in a by-line, without roles, agencies, handles, dates and words such as "By"."""

import re
from collections.abc import Iterator
from functools import cache

from cleaners.metadata.words import words

# A name of more words or characters is a sentence that a by-line element holds by mistake.
_MAX_WORDS = 6
_MAX_CHARS = 60
_MAX_AUTHORS = 20
_MAX_BYLINE = 2_000  # characters: more than _MAX_AUTHORS names take; patterns below backtrack
_LONG_ROLE = 8  # letters from which a role may be the end of a compound: "Wirtschaftsredakteurin"
_MAX_ROLE_WORDS = 5

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_URL = re.compile(r"https?://\S+|\bwww\.\S+", re.I)
_HANDLE = re.compile(r"@\w+")
_BRACKETS = re.compile(r"\s*[(\[（【][^()\[\]（）【】]{0,60}[)\]）】]\s*")
# A by-line in brackets as a whole: "【山田太郎】", and what is left of "a@b.example (Ann Bo)"
_FRAMED = re.compile(r"\s*[(【]([^()（）【】]{2,60})[)】]\s*")
# What may follow a word such as "By" or "文" before the name
_BEHIND_OPENING = " \t:：.・/／"
_SPLIT = re.compile(r"\s*(?:[,;|/•·⋅&、，；]|\s[-–—]\s|\s\+\s)\s*")
# What follows a name in one piece: "Mara Quill 3 May", "Mara Quill on Friday", "… Updated today"
_AFTER_NAME = re.compile(
    r"\s(?:\d|(?:in|on|at|for|from|of|view)(?:\s|$)|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|(?:last |first )?(?:updated|published|posted|modified|reviewed|aktualisiert|publié"
    r"|actualizado|publicado|aggiornato|atualizado|güncelleme)\b"
    r"|(?:co-?)?(?:founder|owner|ceo)\b|(?:follow(?:ing)?|seguir|suivre|folgen|volgen)$).*",
    re.I | re.S,
)
_FOOTNOTE = re.compile(r"(?<=[^\W\d_])\d{1,2}$")
_GLUED_ROLE = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z][a-z])")
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
_NO_LETTER = re.compile(r"^[\W\d_]*$")
# "page.head.author": a variable that a template left unfilled
_VARIABLE = re.compile(r"\w+(?:\.\w+){2,}|[{<$%].*")
_LOGIN = re.compile(r"[a-z0-9]+[._-][a-z0-9._-]+|[a-z]+\d+|[A-Z][a-z]+[A-Z][A-Za-z]*\d*")
_NOT_NAMES_LIST = (
    "admin administrator author editor staff unknown anonymous none null undefined user guest "
    "webmaster redaktion redaction redacción redazione redação rédaction redakcja redakce "
    "redactie newsroom newsdesk team profile home agencies facebook twitter instagram linkedin "
    "youtube autor autoren autorin auteur auteurs autore autori autores authors follow hier here "
    "フォロー posted published updated share comment comments contact more"
)
_NOT_NAMES = frozenset(_NOT_NAMES_LIST.split()) | {"the author", "about the author"}
_OTHER_LABELS_LIST = (
    "category categories tag tags updated published posted section topic topics date kategorie "
    "rubrik catégorie categoría filed"
)
_OTHER_LABELS = frozenset(_OTHER_LABELS_LIST.split())
_OF = frozenset(["of", "in", "at", "for", "en", "de", "à", "i", "aus", "a", "da", "w", "v"])
_SUFFIXES_LIST = "jr sr ii iii iv phd md dr esq mba"
_SUFFIXES = frozenset(_SUFFIXES_LIST.split())


def split_names(text: str) -> Iterator[str]:
    """The names of a by-line, cleaned, in order.

    >>> list(split_names("By Mara Quill, senior reporter, and Tom Ash (Reuters)"))
    ['Mara Quill', 'Tom Ash']
    >>> list(split_names("Von Ilse Beispiel und Jörg Muster"))
    ['Ilse Beispiel', 'Jörg Muster']
    >>> list(split_names("Mara Quill, DVM. Reviewed by Tom Ash"))
    ['Mara Quill']
    """
    text = _EMAIL.sub(" ", _URL.sub(" ", text[:_MAX_BYLINE]))
    text = text.replace("()", " ").replace("( )", " ")
    if (framed := _FRAMED.fullmatch(text)) is not None:
        text = framed[1]
    text = _HANDLE.sub(", ", _BRACKETS.sub(" ", text))
    text = _without_opening(_without_others(" ".join(text.split())))
    count = 0
    full = False  # a name of two or more words came before
    for part in _SPLIT.split(text):
        if _is_post(part.split()[:2]):
            continue
        for piece in _split_words(part):
            name = clean_name(piece)
            if name and count < _MAX_AUTHORS and not (full and _is_title(name)):
                count += 1
                full = full or " " in name
                yield name


def _is_post(start: list[str]) -> bool:
    """Whether a piece opens like "Corresponsal en Atenas": with a role and where it is held."""
    return len(start) == 2 and start[1] in _OF and start[0].lower() in _role_words()[0]


def _without_others(text: str) -> str:
    """The by-line without those who checked, changed or illustrated it, up to the next author."""
    match = _others().search(text)
    if match is None:
        return text
    again = _again().search(text, match.end())
    rest = text[again.start() :] if again else ""
    return f"{text[: match.start()].rstrip(' ,.–—-')} ; {rest}".strip(" ;")


def other_names(text: str) -> str:
    """What follows "Reviewed by", "Photos by" …: the names of those who did not write it."""
    match = _others().search(text)
    return text[match.end() :] if match else ""


@cache
def _others() -> re.Pattern[str]:
    return _any_of(words().beside)


@cache
def _again() -> re.Pattern[str]:
    return _any_of(tuple(phrase for phrase in words().before if " " in phrase))


def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b", re.I)


def _is_title(text: str) -> bool:
    """What follows a full name without being one: a degree ("MD", "Ph.D"), a role, a place."""
    parts = text.split()
    if len(parts) == 1:
        ascii_or_sign = text.rstrip("®™*").isascii()
        return ascii_or_sign and text[:1].isupper() and wire_name(text) is None
    return is_role(text)


def _without_opening(text: str) -> str:
    """The by-line without "By", "Von", "Par" … at its start, also where markup glued it on."""
    lowered = text.lower()
    if not lowered.startswith(words().before):
        return text
    for phrase in words().before:
        if lowered.startswith(phrase):
            rest = text[len(phrase) :]
            if rest[:1] in _BEHIND_OPENING and rest.strip(_BEHIND_OPENING):
                return rest.lstrip(_BEHIND_OPENING)
            glued = phrase.endswith("by") and rest[:1].isupper() and text[0].isupper()
            if glued and " " in rest:
                return rest
    return text


def _split_words(part: str) -> list[str]:
    """Cut at "and", "und", "et" … where both sides look like names of their own."""
    pieces: list[list[str]] = [[]]
    shouted = part.isupper()
    for word in part.split():
        joins = word.lower() in words().between and (
            (word.islower() and (pieces[-1] or len(word) > 1)) or (shouted and len(word) > 1)
        )
        if joins:
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


def clean_name(text: str) -> str | None:
    """A name without roles and punctuation; None where nothing of a name is left."""
    text = " ".join(text.split()).strip(' .:;,*|-–—_(["')
    label, colon, rest = text.partition(":")
    if colon:  # "Quelle: sid", "Foto: …"
        known = len(label) <= 12 and label.strip().lower() not in _OTHER_LABELS
        text = rest.strip() if known else ""
    text = _without_opening(text)
    if is_unnamed(text):
        return text
    text = "" if _OFFICE.match(text) else _without_date(text)
    if " " in text:
        text = _FOOTNOTE.sub("", text)
    text = _once(_without_role(text)).strip(' .:;,*|-–—_([@<>"')
    lowered = text.lower()
    if (
        not text
        or len(text) > _MAX_CHARS
        or len(text.split()) > _MAX_WORDS
        or _NO_LETTER.match(text)
        or _DIGITS.search(text)
        or (text[0].isdigit() and " " in text)
        or lowered in _NOT_NAMES
        or lowered in _SUFFIXES
        or lowered in words().before
        or _VARIABLE.fullmatch(text)
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


def is_login(text: str) -> bool:
    """Whether it is the name of an account rather than of a person.

    >>> is_login("mara.quill"), is_login("MaraQ"), is_login("Mara"), is_login("Mara Quill")
    (True, True, False, False)
    """
    return _LOGIN.fullmatch(text) is not None


def _is_initials(text: str) -> bool:
    """ "ku Frankfurt": an abbreviation in small letters before a place."""
    first, _, rest = text.partition(" ")
    return bool(rest) and first.islower() and len(first) <= 3 and first not in _PARTICLES


def _without_date(text: str) -> str:
    """A name without the day or place behind it: "Mara Quill 3 May", "Mara Quill May 3, 2024"."""
    cut = _AFTER_NAME.search(text)
    if cut is None or not cut.start():
        return text
    parts = text[: cut.start()].split()
    if len(parts) < 2 and text[cut.start() + 1].islower():  # "Human in the Loop" signs so
        return text
    if text[cut.start() + 1].isdigit() and parts[-1].lower().strip(".") in words().months:
        parts.pop()
    return " ".join(parts)


def _once(text: str) -> str:
    """ "Mara Quill Mara Quill": a name that markup for the blind repeats."""
    parts = text.split()
    half = len(parts) // 2
    return " ".join(parts[:half]) if half and parts[:half] == parts[half:] else text


def _without_role(text: str) -> str:
    """A name without what its bearer does, behind it or glued to it by markup."""
    lowered = text.lower()
    parts = text.split()
    if lowered in words().roles or _is_only_role(parts):
        return ""
    first = parts[0].lower() if len(parts) > 1 else ""
    if first in _role_words()[0] and first not in _SUFFIXES:  # "Reporter Mara Quill"
        return "" if parts[1].islower() or len(parts) < 3 else " ".join(parts[1:])
    for place, word in enumerate(parts):
        if place and (cut := _glued_role(word)):
            return " ".join([*parts[:place], word[:cut]])
    start = len(parts)
    while start > 2 and _is_role_word(parts[start - 1], last=start == len(parts)):
        start -= 1
    if start < len(parts):
        return " ".join(parts[:start])
    for role in ("記者", "기자", "记者", "特派員", "編集委員", "报道", "報導", "報道"):
        if text.endswith(role) and len(text) > len(role):
            return text.removesuffix(role).strip()
    for size in (4, 3, 2):  # "Mara Quill The Associated Press"
        if len(parts) >= size + 2 and wire_name(" ".join(parts[-size:])):
            return " ".join(parts[:-size])
    return text


def _glued_role(word: str) -> int:
    """Where a role is glued to the end of a word: "QuillKorrespondent"; 0 where none is."""
    for match in _GLUED_ROLE.finditer(word):
        tail = word[match.start() :]
        lowered = tail.lower()
        named = lowered in _NOT_NAMES or lowered in words().months
        if named or _is_role_word(tail, last=False):
            return match.start()
    return 0


def _is_only_role(parts: list[str]) -> bool:
    """ "Chief Marketing Officer", "Senior Sports Writer"."""
    before = all(_is_role_word(word, last=False) for word in parts[:-1])
    return len(parts) > 1 and before and _is_role_word(parts[-1])


def is_role(text: str) -> bool:
    """Whether a short text says what somebody does.

    >>> is_role("Political Correspondent"), is_role("in a clinic")
    (True, False)
    """
    parts = text.split()
    return 0 < len(parts) <= _MAX_ROLE_WORDS and _is_role_word(parts[-1])


def _is_role_word(word: str, *, last: bool = True) -> bool:
    """Whether a word is of a role; not as its `last` if it only says of which kind."""
    lowered = word.lower().strip(".,")
    last_words, any_words, endings = _role_words()
    if lowered in (last_words if last else any_words):
        return True
    return len(lowered) > _LONG_ROLE and lowered.endswith(endings)


@cache
def _role_words() -> tuple[frozenset[str], frozenset[str], tuple[str, ...]]:
    """Words that may end a role, words that may stand in one, and ends of compounds."""
    roles = words().roles
    last = frozenset(role.split()[-1] for role in roles)
    inside = frozenset(word for role in roles for word in role.split()) | words().ranks
    return last, inside, tuple(word for word in last if len(word) >= _LONG_ROLE)


def wire_name(text: str) -> str | None:
    """The news agency that a by-line or credit names as a whole.

    >>> wire_name("The Associated Press"), wire_name("Mara Quill")
    ('AP', None)
    """
    return words().agencies.get(" ".join(text.lower().split()).strip(" .()[]"))


def bracketed_agency(text: str) -> str | None:
    """The news agency that a by-line names in brackets behind a person.

    >>> bracketed_agency("Mara Quill (Reuters)"), bracketed_agency("Mara Quill (left)")
    ('Reuters', None)
    """
    found = _BRACKETS.search(text[:_MAX_BYLINE])
    return wire_name(found[0].strip(" ()[]（）【】")) if found else None
