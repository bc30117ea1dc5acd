"""By-lines that a page only shows: searched where no machine-readable source names a person."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from lxml import etree

from cleaners.metadata.authors import Byline
from cleaners.metadata.backend import Holding
from cleaners.metadata.dates import read_date
from cleaners.metadata.names import clean_name, is_role, is_unnamed, other_names
from cleaners.metadata.strings import plain, visible_text
from cleaners.metadata.words import words
from cleaners.text.cues import cues_of

_MAX_ELEMENTS = 12
_MAX_BYLINE = 160
_MAX_DATELINE = 80
_MAX_NAME = 40
# What the text of a by-line may sound like; where markup says that it is one, also like a credit:
# "Mara Quill/AP".
_CUES = frozenset({"byline", "follow", "stamp"})
_SIGNED_CUES = _CUES | {"credit"}
_CLASSED = 2  # the grade of elements that only a class or link calls an author
# So many by-lines, none of them near the headline, are those of teasers.
_MAX_FAR = 1
# Capitals count: the one that may begin a word is left out.
_AUTHOR_ELEMENTS = Holding(
    {
        "rel": ("=author",),
        "itemprop": ("author",),
        "class": ("uthor", "yline", "utor", "uteur"),
        "href": ("/author", "/autor"),
        "id": ("uthor", "yline"),
        "data-testid": ("yline",),
    }
)
# Ancestors that mark a teaser, a comment or a widget: their by-lines are of other texts.
_FOREIGN = re.compile(
    r"comment|related|recommend|teaser|sidebar|footer|widget|popular|trending|latest|newsletter"
    r"|most-?read|nav|menu|promo|card|archive|recirc|more-",
    re.I,
)
_NOT_A_BYLINE = re.compile(
    r"bio|description|desc|avatar|image|img|photo|picture|follow|social|twitter|email|info|title"
    r"|role|position|count|comment|date|time|about|box|archive|related",
    re.I,
)
_AUTHOR_LABEL = re.compile(
    r"(?:autor|author|auteur|автор|szerző|yazar|penulis|συντάκτης)\w{0,3}(?:[/*:]\w{2,8})?\s*:?\s+",
    re.I,
)
# What parts a name from a date in one block: "Mara Quill | 3 May 2024", "3 May 2024 · Mara Quill"
_PARTS = re.compile(r"\s*[|•·]\s*|\s[–—-]\s|\s*,\s+|(?<=[^\W\d_])(?=\d)")
_DATED_BY = re.compile(r"\bby:?\s+(?=[^\W\d_])", re.I)
_AGO = re.compile(
    r"\d\s?(?:seconds?|min(?:ute)?s?|hours?|days?)\s(?:ago|read)\b|min\.? read|lesezeit|lesedauer"
    r"|vor \d{1,2}\s?(?:min|std|stunde|tag)|il y a \d|hace \d",
    re.I,
)
_PARTICLES_LIST = (
    "de da di du der den dos das van von zu zur al el bin ibn ben la le ter ten y e i of"
)
_PARTICLES = frozenset(_PARTICLES_LIST.split())
_ARTICLES_LIST = "the a an der die das ein eine les los las il gli"
_ARTICLES = frozenset(_ARTICLES_LIST.split())
_NAME_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.-])*")


def author_elements(tree: etree._Element, near: Sequence[str] = ()) -> Iterator[Byline]:
    """Texts of elements that call themselves by-lines, the most certain kind first.

    Where any stands in a block `near` the headline, the others are of teasers.
    """
    elements = [element for element in _AUTHOR_ELEMENTS(tree) if element is not tree]
    graded: list[tuple[int, str]] = []
    for element in elements[:80]:
        grade = _grade(element)
        if grade is None:
            continue
        text = plain(visible_text(element))
        if not 3 < len(text) <= _MAX_BYLINE or _is_phrase(text):
            continue
        if not cues_of(text) - (_SIGNED_CUES if grade < _CLASSED else _CUES):
            graded.append((grade, text))
    around, others = "\n".join(near), "\n".join(other_names(text) for text in near)
    graded = [(grade, text) for grade, text in graded if text not in others]
    close = [(grade, text) for grade, text in graded if text in around]
    if not close and len({text for _, text in graded}) > _MAX_FAR:
        return
    graded = close or graded
    best = min((grade for grade, _ in graded), default=0)
    texts = dict.fromkeys(text for grade, text in graded if grade == best)
    for text in list(texts)[:_MAX_ELEMENTS]:
        yield Byline(text, "html", 0.75 - 0.1 * best)


def _is_phrase(text: str) -> bool:
    """ "Full bio", "Learn about": words of which only the first has a capital."""
    first, _, last = text.partition(" ")
    return last.isascii() and last.isalpha() and last.islower() and first[:1].isupper()


def _grade(element: etree._Element) -> int | None:
    """0: marked as author by a vocabulary; 1: a by-line's class; 2: an author link; None: no."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element.tag in ("meta", "link", "script", "img", "input", "body", "html", "article"):
        return None
    if len(names) > 300 or is_foreign(element):
        return None
    if "author" in (element.get("itemprop") or "") or element.get("rel") == "author":
        return 0
    if "byline" in names.lower() or "byline" in (element.get("data-testid") or ""):
        return 1
    if _NOT_A_BYLINE.search(names):
        return None
    return 2


def is_foreign(element: etree._Element) -> bool:
    """Whether an element stands in a teaser, a comment or a widget."""
    for depth, above in enumerate(element.iterancestors()):
        if above.tag in ("body", "html", "main") or depth > 9:
            return False
        if above.tag in ("aside", "footer", "nav"):
            return True
        names = above.get("class") or above.get("id")
        if names and above.tag != "article" and _is_foreign_name(names):
            return True
    return False


@lru_cache(maxsize=512)  # what is asked about stands in the same few elements
def _is_foreign_name(names: str) -> bool:
    return _FOREIGN.search(names[:200]) is not None


def signatures(texts: Sequence[str]) -> Iterator[Byline]:
    """Names that stand alone at the body's end, as some newsrooms sign."""
    for text in texts:
        bare = text.strip(" ()–—-/")
        if 5 <= len(bare) <= _MAX_NAME and " " in bare and _is_name(bare):
            yield Byline(bare, "text", 0.4)


def labelled_names(texts: Sequence[str]) -> Iterator[Byline]:
    """Names behind the word for author, in a list of facts that follows the body.

    "By …" does not count there: it stands under teasers of other stories, too.
    """
    for text in texts:
        label = _AUTHOR_LABEL.match(text)
        if label and _is_name(text[label.end() :]):
            yield Byline(text[label.end() :], "text", 0.45)


def byline_blocks(texts: Sequence[str], opening: str = "", *, above: int = 0) -> Iterator[Byline]:
    """The first run of blocks near the headline that read like by-lines.

    Those that say "by" come before a name in one block with a date, those before names beside it,
    which count below the headline only: the first `above` blocks stand over it. `opening`, the
    body's first paragraph, may name the agency that a by-line of one word is.
    """
    readers: tuple[Callable[[int], Byline | None], ...] = (
        lambda place: _labelled(texts, place, opening),
        lambda place: _dated_name(texts[place]),
        lambda place: _beside_date(texts, place) if place >= above else None,
    )
    for read in readers:
        found = False
        for place, text in enumerate(texts):
            byline = read(place) if 1 < len(text) <= _MAX_BYLINE else None
            if byline is not None:
                found = True
                yield byline
            elif found:
                return
        if found:
            return


def _labelled(texts: Sequence[str], place: int, opening: str) -> Byline | None:
    """ "By Mara Quill", "Von …", "By our rural correspondent", "3 May by …", "By" above a name."""
    text = texts[place]
    before = texts[place - 1].lower().strip(" :：") if place else ""
    if before in words().before and _is_name(clean_name(text) or ""):
        return Byline(text, "text", 0.55)
    if (dated := _DATED_BY.search(text)) and read_date(text[: dated.start()]) is not None:
        name = clean_name(text[dated.end() :])
        return Byline(name, "text", 0.55) if name and _is_name(name) else None
    lowered = text.lower()
    if not lowered.startswith(words().before):
        return None
    for phrase in words().before:
        if lowered.startswith(phrase):
            rest = text[len(phrase) :].lstrip(" \n:：")
            glued = phrase.endswith("by") and text[0].isupper() and rest[:1].isupper()
            if text[len(phrase) : len(phrase) + 1] not in " \n:：" and not glued:
                return None
            signed = f"({rest})" in opening[:_MAX_DATELINE]
            if _like_names(rest) or is_unnamed(rest) or signed:
                return Byline(rest, "text", 0.55)
            return None
    return None


def _dated_name(text: str) -> Byline | None:
    """A name and a date in one block; one word with a date is a section: "Markets | 3 May 2024"."""
    if not any(c.isdigit() for c in text) or not _tells_time(text):
        return None
    parts = _PARTS.split(text)
    for part in (parts[0], parts[-1]):
        name = clean_name(part)
        if name and _is_name(name):
            return Byline(name, "text", 0.5)
    return None


def _beside_date(texts: Sequence[str], place: int) -> Byline | None:
    """A name in a block of its own, in a run of such before a date, or right behind one."""
    name = _alone(texts[place])
    if name is None:
        return None
    behind = place + 1
    while behind < len(texts) and behind < place + 4 and _alone(texts[behind]) is not None:
        behind += 1
    after = texts[behind : behind + 2]
    if (after and _tells_time(after[0])) or (
        len(after) > 1 and len(after[0]) <= _MAX_NAME and _tells_time(after[1])
    ):
        return Byline(name, "text", 0.38)
    if place and _tells_time(texts[place - 1]):
        return Byline(name, "text", 0.36)
    return None


def _alone(text: str) -> str | None:
    """The name that a whole block is, with or without a role; None for other blocks."""
    if not 5 <= len(text) <= 2 * _MAX_NAME:
        return None
    name = clean_name(text)
    if name is None or not text.startswith(name) or not _is_name(name):
        return None
    rest = text[len(name) :].strip()
    return name if not rest or not rest[0].isalnum() or is_role(rest) else None


def _tells_time(text: str) -> bool:
    """Whether a short block says when: a date, or how long ago or how long to read."""
    return len(text) <= _MAX_BYLINE and (
        read_date(text) is not None or _AGO.search(text) is not None
    )


def _is_name(text: str) -> bool:
    """Two to four words with a capital and small letters each, save particles; no phrase of chrome.

    >>> _is_name("Mara Quill"), _is_name("M. van der Quill"), _is_name("Latest news")
    (True, True, False)
    """
    parts = text.split()
    if not 2 <= len(parts) <= 5 or len(text) > _MAX_NAME:
        return False
    if not all(_NAME_WORD.fullmatch(part) for part in parts) or text.isupper():
        return False
    if parts[0].lower() in _ARTICLES:
        return False
    named = [part for part in parts if part not in _PARTICLES]
    if len(named) < 2 or not all(part[0].isupper() for part in named):
        return False
    return parts[-1] in named and not cues_of(text)  # "Most Popular"


def _like_names(text: str) -> bool:
    """Two to a dozen words of which most open with a capital, or a short run without case."""
    tokens = [t for t in re.findall(r"[^\W\d_]+", text) if t.lower() not in words().between]
    if not 1 <= len(tokens) <= 14:
        return False
    capitals = sum(1 for t in tokens if t[0] != t[0].lower() or t[0].lower() == t[0].upper())
    return capitals >= 0.7 * len(tokens) and (len(tokens) > 1 or not text.isascii())
