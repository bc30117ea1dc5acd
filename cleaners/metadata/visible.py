"""By-lines and dates that a page only shows: searched where no machine-readable source has them."""

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from cleaners.metadata.authors import Byline, is_unnamed
from cleaners.metadata.dates import Dated, read_date
from cleaners.metadata.head import Head, TimeMark
from cleaners.metadata.strings import plain, visible_text
from cleaners.metadata.words import words
from cleaners.text.cues import cues_of

_MAX_ELEMENTS = 12
_MAX_BYLINE = 160
_MAX_DATELINE = 80
# XPath 1.0 has no lower-case(): the capital that may begin a word is left out instead. Attributes
# are searched, then their elements taken: a third of the time of asking all elements for each.
_AUTHOR_ELEMENTS = etree.XPath(
    '(//@rel[.="author"] | //@itemprop[contains(.,"author")]'
    ' | //@class[contains(.,"uthor") or contains(.,"yline") or contains(.,"utor")'
    ' or contains(.,"uteur")]'
    ' | //@href[contains(.,"/author") or contains(.,"/autor")]'
    ' | //@id[contains(.,"uthor") or contains(.,"yline")]'
    ' | //@data-testid[contains(.,"yline")])/..'
)
_DATE_ELEMENTS = etree.XPath(
    '(//@class[contains(.,"date") or contains(.,"Date") or contains(.,"time")'
    ' or contains(.,"Time") or contains(.,"ublish") or contains(.,"osted")'
    ' or contains(.,"fecha") or contains(.,"datum") or contains(.,"meta") or contains(.,"info")]'
    ' | //@id[contains(.,"date")])'
    "/parent::*[self::div or self::span or self::p or self::li or self::td or self::em]"
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
_MODIFIED = re.compile(r"modif|updat|aktual|chang|edited|revis", re.I)
_PUBLISHED = re.compile(r"publish|created|posted|pubdate|datepub|entry-date|veröff|publi", re.I)


# "Mara Quill | 3 May 2024": a name, a separator, then a date
_OPENING_NAME = re.compile(r"([^\W\d_][^|•·,;:\d–—]{4,38}[^\W\d_])\s*[|•·,–—-]\s")

_AUTHOR_LABEL = re.compile(
    r"(?:autor|author|auteur|автор|szerző|yazar|penulis|συντάκτης)\w{0,3}(?:[/*:]\w{2,8})?\s*:?\s+",
    re.I,
)


def author_elements(tree: etree._Element) -> Iterator[Byline]:
    """Texts of elements that call themselves by-lines, the most certain kind first."""
    found = _AUTHOR_ELEMENTS(tree)
    elements = (
        [e for e in found if isinstance(e, etree._Element)] if isinstance(found, list) else []
    )
    graded: list[tuple[int, Byline]] = []
    for element in elements[:80]:
        grade = _grade(element)
        if grade is None:
            continue
        text = plain(visible_text(element))
        if 3 < len(text) <= _MAX_BYLINE and not cues_of(text) - {"byline", "follow", "stamp"}:
            graded.append((grade, Byline(text, "html", 0.75 - 0.1 * grade)))
    if not graded:
        return
    best = min(grade for grade, _ in graded)
    seen: set[str] = set()
    for grade, byline in graded:
        if grade == best and byline.text not in seen and len(seen) < _MAX_ELEMENTS:
            seen.add(byline.text)
            yield byline


def _grade(element: etree._Element) -> int | None:
    """0: marked as author by a vocabulary; 1: a by-line's class; 2: an author link; None: no."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element.tag in ("meta", "link", "script", "img", "input", "body", "html", "article"):
        return None
    if len(names) > 300 or _is_foreign(element):
        return None
    if "author" in (element.get("itemprop") or "") or element.get("rel") == "author":
        return 0
    if "byline" in names.lower() or "byline" in (element.get("data-testid") or ""):
        return 1
    if _NOT_A_BYLINE.search(names):
        return None
    return 2


def _is_foreign(element: etree._Element) -> bool:
    for depth, above in enumerate(element.iterancestors()):
        if above.tag in ("body", "html", "main") or depth > 9:
            return False
        if above.tag in ("aside", "footer", "nav"):
            return True
        names = above.get("class") or above.get("id")
        if names and above.tag != "article" and _FOREIGN.search(names[:200]):
            return True
    return False


def signatures(texts: Sequence[str]) -> Iterator[Byline]:
    """Names that stand alone at the body's end, as some newsrooms sign."""
    for text in texts:
        bare = text.strip(" ()–—-/")
        if 5 <= len(bare) <= 40 and 2 <= len(bare.split()) <= 4 and _is_name(bare):
            if cues_of(text):  # "Most Popular"
                continue
            yield Byline(bare, "text", 0.4)


def labelled_names(texts: Sequence[str]) -> Iterator[Byline]:
    """Names behind the word for author, in a list of facts that follows the body.

    "By …" does not count there: it stands under teasers of other stories, too.
    """
    for text in texts:
        label = _AUTHOR_LABEL.match(text)
        if label and _is_name(text[label.end() :]) and " " in text[label.end() :]:
            yield Byline(text[label.end() :], "text", 0.45)


def _is_name(text: str) -> bool:
    """Each word a capital and small letters: no heading in capitals, no sentence."""
    parts = text.split()
    return all(part[0].isupper() and not part.isupper() and part.isalpha() for part in parts)


def byline_blocks(texts: Sequence[str], opening: str = "") -> Iterator[Byline]:
    """The first run of blocks near the headline that read like by-lines.

    Those that say "by" come before a name beside a date. `opening`, the body's first paragraph,
    may name the agency that a by-line of one word is.
    """
    for read in (lambda text: _labelled(text, opening), _dated_name):
        found = False
        for text in texts:
            byline = read(text) if 5 < len(text) <= _MAX_BYLINE else None
            if byline is not None:
                found = True
                yield byline
            elif found:
                return
        if found:
            return


def _dated_name(text: str) -> Byline | None:
    """ "Mara Quill | 3 May 2024"; one word before a date is a section: "Markets | 3 May 2024"."""
    name = _OPENING_NAME.match(text)
    if name and " " in name[1] and _is_name(name[1]) and read_date(text) is not None:
        return Byline(name[1], "text", 0.5)
    return None


def _labelled(text: str, opening: str) -> Byline | None:
    """ "By Mara Quill", "Von …", "By our rural correspondent"; None for other blocks."""
    lowered = text.lower()
    for phrase in words().before:
        if lowered.startswith(phrase):
            rest = text[len(phrase) :].lstrip(" :：")
            if text[len(phrase) : len(phrase) + 1] not in " :：":
                return None
            signed = f"({rest})" in opening[:_MAX_DATELINE]
            if _like_names(rest) or is_unnamed(rest) or signed:
                return Byline(rest, "text", 0.55)
            return None
    return None


def _like_names(text: str) -> bool:
    """Two to a dozen words of which most open with a capital, or a short run without case."""
    tokens = [t for t in re.findall(r"[^\W\d_]+", text) if t.lower() not in words().between]
    if not 1 <= len(tokens) <= 14:
        return False
    capitals = sum(1 for t in tokens if t[0] != t[0].lower() or t[0].lower() == t[0].upper())
    return capitals >= 0.7 * len(tokens) and (len(tokens) > 1 or not text.isascii())


def time_elements(head: Head) -> tuple[list[Dated], list[Dated]]:
    """Published and modified dates of <time> elements, those in the article's header first."""
    published: list[Dated] = []
    modified: list[Dated] = []
    for order, mark in enumerate(sorted(head.times, key=lambda m: not m.in_header)):
        dated = read_date(mark.value) or read_date(mark.shown)
        if dated is None:
            continue
        if _MODIFIED.search(mark.names) and not _PUBLISHED.search(mark.names):
            modified.append(_with(dated, 0.6))
        else:
            published.append(_with(dated, _time_trust(mark, order)))
    return published, modified


def _time_trust(mark: TimeMark, order: int) -> float:
    trust = 0.66 if _PUBLISHED.search(mark.names) else 0.58
    return trust + 0.05 * mark.in_header - 0.02 * min(order, 5)


def date_elements(tree: etree._Element, texts: Sequence[str]) -> Iterator[Dated]:
    """Dates of elements whose class speaks of dates, then of blocks near the headline."""
    found = _DATE_ELEMENTS(tree)
    elements = (
        [e for e in found if isinstance(e, etree._Element)] if isinstance(found, list) else []
    )
    count = 0
    for element in elements[:200]:
        if count >= _MAX_ELEMENTS:
            break
        if _is_foreign(element):
            continue
        text = plain(visible_text(element))
        if 6 <= len(text) <= 120 and (dated := read_date(text)) is not None:
            count += 1
            yield _with(dated, 0.5 - 0.01 * count)
    for order, text in enumerate(texts):
        if 6 <= len(text) <= 160 and (dated := read_date(text)) is not None:
            yield _with(dated, 0.46 - 0.01 * min(order, 10))


def _with(dated: Dated, confidence: float) -> Dated:
    return Dated(dated.at, dated.precision, dated.raw, "text", round(confidence, 2), dated.zone)
