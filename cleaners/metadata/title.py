"""The headline: what its several sources agree on, without the site's name.

Sources are the JSON-LD headline, og:title, twitter:title, the visible h1 and the title element.
They differ by a suffix (the site, its section, a date), by a kicker, or because an editor wrote
another headline for search engines or for social media.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from cleaners.metadata.strings import comparable
from cleaners.model import Evidence

# Shorter than this, a heading is a section's name rather than a headline.
_MIN_CHARS = 12
_MAX_CHARS = 400
# The longest name of a site or section that may be cut off by its form alone.
_MAX_TAIL_WORDS = 5
# Behind a bar, and after a longer headline, so little is a label, whatever it names: cut on 9 pages
# of WCXB gain by it, none of it or of the news set loses.
_MAX_LABEL_WORDS = 4
_MAX_LABEL_CHARS = 28

_SEPARATOR = re.compile(
    r"\s+[-–—|·•»«›‹~/]+\s+|\s*[|｜]+\s*|\s+:+\s+|：|\s+::\s+|\s[–—]\s*|(?<=\S)[_＿](?=\S)|\s*\|\s*"
)
DATE_TAIL = re.compile(r"(?:^|(?<=[\s|]))\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\W*$")
_HOST = re.compile(r"^(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)*\.[a-z]{2,12})$", re.I)


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
    url: str = ""
    news: bool = False  # the page calls itself a news article


@dataclass(frozen=True, slots=True)
class Title:
    """The headline, the source's text before it was cut, and who says so."""

    text: str
    raw: str
    evidence: tuple[Evidence, ...]


def choose_title(sources: TitleSources) -> Title | None:
    """The headline by agreement; None where the page shows no title at all."""
    names = site_names(sources.names, _host(sources.url))
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
    clean = {
        key: cut
        for key, text in raw.items()
        if text and len(text) <= _MAX_CHARS and (cut := strip_site(text, names, whole))
    }
    chosen = _decide(_without_kickers(clean, sources.shown), names, sources)
    if chosen is None:
        return None
    key, text = chosen
    agreeing = [k for k in clean if comparable(clean[k]) == comparable(text)]
    confidence = min(0.99, 0.5 + 0.15 * len(agreeing))
    evidence = Evidence("title", text, _SOURCE[key], round(confidence, 2))
    return Title(text, raw[key], (evidence,))


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
    if sources.news and _is_second_headline(clean, sources):
        return "og", clean["og"]
    slug = _slug_words(sources.url)
    shares = {text: _share_in(slug, clean[keys[0]]) for text, keys in groups.items()}
    if sources.news and (first := _first_headline(groups, shares)):
        return "jsonld", clean[first]
    weight = dict(_NEWS if sources.news else _OTHER)
    if not _is_known_heading(clean, slug):
        weight["h1"] = _UNKNOWN_H1
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
    "h1": 2.1,
    "twitter": 0.2,
    "microdata": 0.8,
    "page": 0.5,
    "hint": 0.4,
    "slug": 0.8,
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
    if h1.endswith(og) and _SEPARATOR.search(h1[: -len(og)] + " "):
        return {**clean, "h1": og}
    (kicker, tail), (other, same) = _split_kicker(h1), _split_kicker(og)
    if tail and tail == same and not kicker & other:
        return {key: tail if text.endswith(tail) else text for key, text in clean.items()}
    return clean


def _split_kicker(text: str) -> tuple[frozenset[str], str]:
    cut = _KICKER.match(text)
    if cut is None or len(text) - cut.end() < 2 * _MIN_CHARS:
        return frozenset(), ""
    return _words(cut[0]), text[cut.end() :]


_KICKER = re.compile(r"[^:|–—-]{3,50}(?::\s+|\s+[|–—-]\s+)")


def _slug_words(url: str) -> frozenset[str]:
    """The words of the last long part of the address."""
    parts = [part for part in urlsplit(url).path.split("/") if part.count("-") >= 2]
    return _words(parts[-1]) if parts else frozenset()


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


def site_names(names: Iterable[str], host: str) -> frozenset[str]:
    """The comparable forms of a site's names: as it writes them and as its host spells them.

    >>> sorted(site_names(["The Lowmere Post"], "www.lowmerepost.example"))
    ['lowmerepost', 'lowmerepostexample', 'thelowmerepost', 'wwwlowmerepostexample']
    """
    found = set()
    for name in names:
        key = comparable(name)
        if key and len(name) <= 60:
            found.add(key)
            found.add(key.removeprefix("the"))
    host = host.lower().split(":")[0]
    if host:
        labels = host.removeprefix("www.").split(".")
        found.update({comparable(host), comparable(host.removeprefix("www.")), labels[0]})
        if len(labels) > 2 and len(labels[-2]) > 3:
            found.add(comparable(labels[-2]))
            found.add(comparable("".join(labels[-2:])))
        if len(labels) > 2 and len(labels[-3]) > 2:
            found.add(comparable("".join(labels[-3:])))
            found.add(comparable(labels[-3]))
    return frozenset(key for key in found if len(key) > 1)


def strip_site(title: str, names: frozenset[str], known: Sequence[str] = ()) -> str:
    """A title without the site's name, section or date at its ends.

    `known` are other sources of the headline: where the title goes on from one of them with a
    separator, the rest is a suffix. What is left is never empty.

    >>> strip_site("Bridge opens - News | Lowmere Post", site_names(["Lowmere Post"], ""))
    'Bridge opens - News'
    >>> strip_site("Bridge opens - News | Lowmere Post", frozenset(), ["Bridge opens"])
    'Bridge opens'
    >>> strip_site("Fire - Two hurt", frozenset())
    'Fire - Two hurt'
    """
    for other in known:
        if len(other) < len(title) and title.startswith(other):
            cut = _SEPARATOR.match(title, len(other))
            if cut and len(title) - cut.end() <= 60:
                return other
    text = title
    for _ in range(4):
        shorter = _cut_tail(text, names)
        if shorter == text:
            break
        text = shorter
    return _cut_head(text, names)


def _cut_tail(text: str, names: frozenset[str]) -> str:
    last = None
    for match in _SEPARATOR.finditer(text):
        last = match
    if last is None or last.start() == 0:
        return text
    head, tail = text[: last.start()].rstrip(), text[last.end() :].strip()
    if head and (not tail or DATE_TAIL.fullmatch(tail) or _is_site(tail, names)):
        return head
    if last[0].strip() in ("|", "｜") and _is_label(tail) and len(head.split()) > _MAX_LABEL_WORDS:
        return head
    return text


def _is_label(tail: str) -> bool:
    """Whether what follows a bar is short enough for a section's name, a site's or a person's."""
    return len(tail) <= _MAX_LABEL_CHARS and len(tail.split()) <= _MAX_LABEL_WORDS


def _cut_head(text: str, names: frozenset[str]) -> str:
    first = _SEPARATOR.search(text)
    if first is None or first.start() == 0:
        return text
    head, tail = text[: first.start()].strip(), text[first.end() :].strip()
    return tail if len(tail) >= _MIN_CHARS and _is_site(head, names) else text


def _is_site(part: str, names: frozenset[str]) -> bool:
    """Whether a part of a title is a name of the site, also with a word more or less."""
    key = comparable(part)
    if not key or len(part.split()) > _MAX_TAIL_WORDS:
        return False
    if key in names or key.removeprefix("the") in names:
        return True
    host = _HOST.match(part)
    if host:
        return True
    return any(
        len(name) >= 3 and (key.startswith(name) or key.endswith(name) or name.startswith(key))
        for name in names
        if len(key) >= 3
    )
