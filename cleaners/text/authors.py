"""Names of authors in a by-line or a lone line of plain text."""

import re
from typing import Final

from cleaners.text import lexicon, tokens

_HANDLE: Final = re.compile(r"@?[^\W\d_][\w.\-]{2,29}")
_AND: Final = re.compile(r"\s*(?:[,;&|/·•]|\s(?:and|und|et|y|e|en|og|och|i|и|та|ve|dan|ja)\s)\s*")
_LEAD: Final = re.compile(
    r"(?:(?:written|reported|posted|published|edited|text|words|story|report)\s+)?"
    r"(?:by|von|par|por|di|a cura di|door|av|af|kirjoittaja|autor|autorin|autora|auteur|author|"
    r"autore|oleh|penulis|автор|yazar|γράφει|بقلم|מאת|a cargo de|text|texte|texto)\b[\s:]*",
    re.IGNORECASE,
)
# "来源：… 作者：王小明 2031-05-03", "文/王小明", "글 김영희 기자"
_LABELLED: Final = re.compile(
    r"(?:作者|记者|記者|撰文|执笔|執筆|(?<![^\s|])文|(?<![^\s|])글)\s?[:：/／]\s?([^\s:：,，、/／|()（）\d]{2,20})"
)
_TAIL: Final = re.compile(r"\s*(?:[|•·–—]|\s-\s|,?\s*\(?\d).*$")
_PARTICLES: Final = frozenset(
    (
        *("de", "da", "di", "van", "von", "der", "den", "del", "la", "le", "bin", "al", "el"),
        *("dos", "du", "ter", "zu", "y", "e", "af", "av", "ibn", "ben"),
    )
)


_ROLES: Final = frozenset(
    (
        *("reporter", "writer", "editor", "correspondent", "staff", "desk", "team", "bureau"),
        *("contributor", "columnist", "journalist", "news", "agency", "redaktion", "redakteur"),
        *("redakteurin", "reporterin", "korrespondent", "korrespondentin", "journaliste"),
        *("rédaction", "correspondant", "correspondante", "redacción", "redactor", "redactora"),
        *("periodista", "corresponsal", "redazione", "giornalista", "redação", "jornalista"),
        *("repórter", "redactie", "verslaggever", "журналист", "корреспондент", "редактор"),
    )
)


def names_of(line: str, *, alone: bool = False) -> tuple[str, ...]:
    """The authors that a by-line names, none if it names nobody.

    `alone`: the line has no cue word; only a handle or a plain personal name is believed.

    >>> names_of("By Ada Quill and Tom de Vries | 3 May 2031")
    ('Ada Quill', 'Tom de Vries')
    >>> names_of("quillada", alone=True), names_of("Ada Quill", alone=True)
    (('quillada',), ('Ada Quill',))
    >>> names_of("World", alone=True), names_of("Five things to know", alone=True)
    ((), ())
    >>> names_of("来源：水报 作者：王小明"), names_of("*By Ada Quill*")
    (('王小明',), ('Ada Quill',))
    >>> names_of("De Ion Popescu"), names_of("De Waterbode")
    (('Ion Popescu',), ())
    """
    text = line.strip().lstrip("#*_-–—•").rstrip("*_").strip()
    if not text.isascii() and (labelled := _LABELLED.search(text)) is not None:
        return (labelled[1],)
    lead = _LEAD.match(text)
    if lead is None and _is_handle(text):
        return (text,) if alone else ()
    if lead is None and not alone:
        particle, _, rest = text.partition(" ")
        if particle.lower() in _PARTICLES:  # "De Waterbode" is a paper, "De Ion Popescu" an author
            return names_of(rest, alone=True)
    text = _TAIL.sub("", text[lead.end() :] if lead else text)
    found: list[str] = []
    for part in _AND.split(text):
        name = part.strip(" .:")
        if found and _is_role(name):
            continue
        if lead and not found and _is_handle(name):
            return (name,)
        if not _is_name(name, single=lead is not None):
            return tuple(found) if lead else ()
        found.append(name)
    return tuple(found)


def _is_handle(text: str) -> bool:
    """A single word that is no ordinary capitalised word: lower-case, digits, or marks inside."""
    if not _HANDLE.fullmatch(text):
        return False
    return (
        text.startswith("@")
        or text.islower()
        or any(c.isdigit() or c == "_" for c in text)
        or (not text.isupper() and any(c.isupper() for c in text[1:]))
    )


def _is_name(text: str, *, single: bool) -> bool:
    parts = text.split()
    if not 1 <= len(parts) <= 5 or (len(parts) == 1 and not single):
        return False
    if any(c.isdigit() for c in text):
        return False
    proper = [part for part in parts if part.lower() not in _PARTICLES]
    if not proper or not all(
        part[:1].isupper() or not part[:1].isalpha() or _caseless(part) for part in proper
    ):
        return False
    seen = tokens.read([" ".join(proper)])
    return 2 * int(lexicon.stop_words(seen, lexicon.look_up(seen)).sum()) <= max(seen.word.size, 1)


def _is_role(text: str) -> bool:
    """Whether words after a name say what its bearer does, or for whom."""
    return any(word.strip(".").lower() in _ROLES for word in text.split())


def _caseless(word: str) -> bool:
    return word.lower() == word.upper()
