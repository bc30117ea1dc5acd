"""The headline: what its several sources agree on, without the site's name.

Sources are the JSON-LD headline, og:title, twitter:title, the visible h1 and the title element.
They differ by a suffix (the site, its section, a date), by a kicker, or because an editor wrote
another headline for search engines or for social media.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from cleaners.metadata.dates import read_date
from cleaners.metadata.sitename import (
    MAX_LABEL_CHARS,
    SEPARATOR,
    section_names,
    site_names,
    strip_site,
)
from cleaners.metadata.strings import comparable
from cleaners.model import Evidence

# Shorter than this, a heading is a section's name rather than a headline.
_MIN_CHARS = 12
_MAX_CHARS = 400


@dataclass(frozen=True, slots=True)
class TitleSources:
    """The raw texts that may hold the headline, and the names that the site goes by."""

    jsonld: str = ""
    og: str = ""
    twitter: str = ""
    h1: Sequence[str] = ()
    shown: Sequence[str] = ()  # other headings, and short blocks near the first h1
    page: str = ""
    microdata: str = ""
    hint: str = ""  # as the feed, sitemap or link gave it
    names: Sequence[str] = ()
    section: str = ""
    url: str = ""
    news: bool = False  # the page calls itself a news article
    rewritten: bool = False  # of no declared day, or changed long after it: a guide, no news


@dataclass(frozen=True, slots=True)
class Title:
    """The headline, the source's text before it was cut, and who says so."""

    text: str
    raw: str
    evidence: tuple[Evidence, ...]


def choose_title(sources: TitleSources) -> Title | None:
    """The headline by agreement; None where the page shows no title at all."""
    names = site_names(sources.names, _host(sources.url)) | _logos(sources)
    visible = _visible_heading(sources, names)
    raw = {
        "jsonld": sources.jsonld,
        "og": sources.og,
        "h1": visible,
        "twitter": sources.twitter,
        "microdata": sources.microdata,
        "page": sources.page,
        "hint": sources.hint,
    }
    whole = [text for text in (visible, sources.jsonld, sources.og) if len(text) >= _MIN_CHARS]
    texts = {text for text in raw.values() if 0 < len(text) <= _MAX_CHARS}
    sections = section_names(sources.section, sources.url)
    stripped = {text: strip_site(text, names, whole, sections) for text in texts}
    clean = {key: cut for key, text in raw.items() if (cut := stripped.get(text))}
    chosen = _decide(_without_kickers(clean, sources.shown), names, sources)
    if chosen is None:
        return None
    key, text = chosen
    agreeing = [k for k in clean if comparable(clean[k]) == comparable(text)]
    confidence = min(0.99, 0.5 + 0.15 * len(agreeing))
    evidence = Evidence("title", text, _SOURCE[key], round(confidence, 2))
    return Title(text, raw[key], (evidence,))


def _logos(sources: TitleSources) -> frozenset[str]:
    """The h1 that the title element sets before or behind what another source has as its headline:
    a name that the site gives nowhere else."""
    page = comparable(sources.page)
    headlines = _headlines((sources.jsonld, sources.og))
    keys = {comparable(heading) for heading in sources.h1} - headlines - {"", page}
    if not keys:
        return frozenset()
    headlines |= _headlines(sources.shown)
    return frozenset(
        key
        for key in keys - headlines
        if (page.startswith(key) and page.removeprefix(key) in headlines)
        or (page.endswith(key) and page.removesuffix(key) in headlines)
    )


def _headlines(texts: Sequence[str]) -> frozenset[str]:
    return frozenset(key for text in texts if len(key := comparable(text)) >= _MIN_CHARS)


_SOURCE = {
    "jsonld": "jsonld",
    "og": "meta",
    "twitter": "meta",
    "h1": "html",
    "microdata": "microdata",
    "page": "html",
    "hint": "feed",
}


def _decide(
    clean: dict[str, str], names: frozenset[str], sources: TitleSources
) -> tuple[str, str] | None:
    """The source and the text that most of what the page says speaks for."""
    groups: dict[str, list[str]] = {}
    for key in _TRUST:
        if key in clean and comparable(clean[key]) not in names:
            groups.setdefault(comparable(clean[key]), []).append(key)
    if not groups:
        return next(iter(clean.items()), None)
    if sources.news and not sources.rewritten and _is_second_headline(clean, sources):
        return "og", clean["og"]
    slug = _slug_words(sources.url)
    shares = {text: _share_in(slug, clean[keys[0]]) for text, keys in groups.items()}
    if sources.news and (first := _first_headline(groups, shares)):
        return "jsonld", clean[first]
    weight = dict(_NEWS if sources.news else _OTHER)
    known = _is_known_heading(clean, slug)
    if sources.news and known and (first := _of_three(clean, slug)):
        return first, clean[first]
    if not known:
        weight["h1"] = _UNKNOWN_H1
    elif len(h1 := comparable(clean.get("h1", ""))) < _MIN_CHARS and not _dense(h1):
        weight["h1"] = min(weight["h1"], _SHORT_H1)
    best = max(
        groups,
        key=lambda text: (
            sum(weight[key] for key in groups[text]) + weight["slug"] * shares[text],
            -_TRUST.index(groups[text][0]),
        ),
    )
    key = groups[best][0]
    if not sources.news and "h1" in groups[best] and clean["h1"] != clean[key]:
        key = "h1"  # as readers see it: its quotes and dashes are the writer's own
    return key, clean[key]


def _of_three(clean: dict[str, str], slug: frozenset[str]) -> str:
    """The key of one of three headlines, where JSON-LD, og:title and the h1 have each another.

    One was written for search engines and one for sharing, and that the title element or
    twitter:title repeats one of them says nothing more: so the one counts of which the address has
    most, else what readers see. Right on all three such pages of the news set and WCXB.
    """
    texts = {key: clean.get(key, "") for key in ("h1", "jsonld", "og")}
    different = {comparable(text) for text in texts.values()}
    if len(different) < len(texts) or min(map(len, different)) < _MIN_CHARS:
        return ""
    return max(texts, key=lambda key: len(_words(texts[key]) & slug))


def _first_headline(groups: dict[str, list[str]], shares: dict[str, float]) -> str:
    """The key of a JSON-LD headline that the address was made of and that nothing else repeats.

    Newsrooms rewrite what is shown and shared; the address keeps the headline that the story was
    filed under, and so may their data.
    """
    for text, keys in groups.items():
        others = max((share for other, share in shares.items() if other != text), default=1.0)
        if keys == ["jsonld"] and shares[text] - others >= _SLUG_LEAD:
            return "jsonld"
    return ""


def _is_known_heading(clean: dict[str, str], slug: frozenset[str]) -> bool:
    """Whether the h1 shares a word with the address or any other title: a logo's or a menu's does
    not. True where there is nothing to compare."""
    own = _words(clean.get("h1", ""))
    rest = frozenset().union(slug, *(_words(t) for k, t in clean.items() if k != "h1"))
    return not own or not rest or len(own & rest) >= _KNOWN_SHARE * len(own)


def _is_second_headline(clean: dict[str, str], sources: TitleSources) -> bool:
    """Whether a newsroom wrote og:title on purpose beside what its page shows.

    Where og:title differs from the h1 while the title element follows the h1 (or twitter:title
    follows og:title and the title element neither), publishers' own data carry og:title three
    times in four (16 such pages of 11 sites of the news set). Where the title element follows
    og:title, or og:title bears the site's name, it is search engine copy and the h1 counts.
    """
    og, h1, page, twitter = (comparable(clean.get(k, "")) for k in ("og", "h1", "page", "twitter"))
    if not og or not h1 or og == h1 or page == og or not comparable(sources.og).endswith(og):
        return False
    return page == h1 or (twitter == og and page != comparable(clean.get("jsonld", "")))


# A headline's share of words in the address is ahead of all others' by this much: 2 of 2 such pages
# of the news set; nearer ones divide evenly.
_SLUG_LEAD = 0.4
# An h1 with a smaller share of its words in other titles and the address is not the headline …
_KNOWN_SHARE = 0.2
_UNKNOWN_H1 = 0.4  # … unless nothing else is there
_SHORT_H1 = 1.3  # one that is shorter than headlines are: og:title and title element outvote it
# Which text is taken of those that agree: they may differ in quotes or in how a kicker is set off.
_TRUST = ("jsonld", "og", "h1", "microdata", "twitter", "page", "hint")
# How a source votes on pages that call themselves news, and on others, where og:title and the
# title element are search engine copy and the h1 is right in two conflicts of three (WCXB dev).
_NEWS = {
    "jsonld": 1.2,
    "og": 1.1,
    "h1": 1.25,
    "twitter": 0.3,
    "microdata": 0.8,
    "page": 0.45,
    "hint": 0.4,
    "slug": 0.3,
}
_OTHER = {
    "jsonld": 1.0,
    "og": 0.9,
    "h1": 2.2,
    "twitter": 0.2,
    "microdata": 0.8,
    "page": 0.5,
    "hint": 0.4,
    "slug": 3.0,
}


def _without_kickers(clean: dict[str, str], shown: Sequence[str] = ()) -> dict[str, str]:
    """The h1 and og:title without what stands before the headline that both end with; an og:title
    that no other source has, also without what stands before a text that is `shown` alone."""
    og = comparable(clean.get("og", ""))
    if og and all(comparable(text) != og for key, text in clean.items() if key != "og"):
        _, rest = _split_kicker(clean["og"])
        if rest and comparable(rest) in {comparable(text) for text in shown}:
            clean = {**clean, "og": rest}
    h1, og = clean.get("h1", ""), clean.get("og", "")
    if not h1 or not og or comparable(h1) == comparable(og):
        return clean
    if h1.endswith(og) and _is_set_before(h1[: -len(og)]):
        return {**clean, "h1": og}
    if h1.startswith(og) and _COUNTS.fullmatch(h1, len(og)):
        return {**clean, "h1": og}
    (kicker, tail), (other, same) = _split_kicker(h1), _split_kicker(og)
    if tail and tail == same and not kicker & other:
        return {key: tail if text.endswith(tail) else text for key, text in clean.items()}
    return clean


def _is_set_before(text: str) -> bool:
    """Whether it is set apart from the headline behind it: "Harbour – ", "Blog: ", "3 May "."""
    if SEPARATOR.search(text + " ") is not None:
        return True
    short = len(text) <= MAX_LABEL_CHARS
    return short and (text.rstrip().endswith(":") or read_date(text) is not None)


def _split_kicker(text: str) -> tuple[frozenset[str], str]:
    cut = _KICKER.match(text)
    if cut is None or len(text) - cut.end() < 2 * _MIN_CHARS:
        return frozenset(), ""
    return _words(cut[0]), text[cut.end() :]


# Behind a headline: its source and how many have commented, "(lowmere.example) 87".
_COUNTS = re.compile(r"(?:\s*\([^()]{1,40}\))?\s*\d{0,5}\s*")
_KICKER = re.compile(r"[^:|–—-]{3,50}(?::\s+|\s+[|–—-]\s+)")


def _slug_words(url: str) -> frozenset[str]:
    """The words of the last long part of the address."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return frozenset()
    parts = [part for part in path.split("/") if part.count("-") >= 2]
    return _words(parts[-1]) if parts else frozenset()


@lru_cache(maxsize=128)  # a page has a title in several places
def _words(text: str) -> frozenset[str]:
    """Words as addresses spell them: umlauts written out, accents off."""
    text = text.lower()
    for letter, spelt in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ø", "o")):
        text = text.replace(letter, spelt)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return frozenset(word for word in re.findall(r"[a-z0-9]+", plain) if len(word) > 2)


def _share_in(slug: frozenset[str], text: str) -> float:
    words = _words(text)
    return len(words & slug) / len(words) if words and slug else 0.0


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _visible_heading(sources: TitleSources, names: frozenset[str]) -> str:
    """The h1 that is the headline: the one that other sources know, else the first that is none
    of the site's names and longer than a section's name. Where that shares nothing with any other
    title (a logo, a slogan), a lower heading that is most of one comes first."""
    titles = [t for t in (sources.jsonld, sources.og, sources.page) if t]
    known = [comparable(t) for t in titles]
    rest = [h for h in sources.h1 if h and comparable(h) not in names]
    for heading in rest:
        key = comparable(heading)
        if len(key) >= 8 and any(key in other or other in key for other in known):
            return heading
    declared = {comparable(t) for t in (sources.jsonld, sources.og) if len(t) >= _MIN_CHARS}
    same = next((heading for heading in sources.shown if comparable(heading) in declared), "")
    if same:
        return same
    first = next((h for h in rest if len(h) >= _MIN_CHARS or _dense(h)), rest[0] if rest else "")
    if _share_in(frozenset().union(*map(_words, titles)), first) >= _KNOWN_SHARE:
        return first
    for heading in sources.shown:
        key = comparable(heading)
        if len(key) >= 8 and any(key in other and 2 * len(key) > len(other) for other in known):
            return heading
    return first


def _dense(text: str) -> bool:
    return len(text) >= 5 and any("\u3040" <= c <= "\ud7af" for c in text)
