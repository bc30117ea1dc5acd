"""Search services that need no key: GDELT DOC 2.0, Bing News RSS, Google News RSS.

Each is a `SearchService`: it builds request URLs for a query and reads the answers. None fetches:
pace, retries and time limits are the caller's. Endpoints are arguments, so that a local stand-in
can take their place. A service that answers nonsense gives a note and no candidates.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

from cleaners.model import Candidate
from cleaners.related import Query
from crawler.discovery.dates import read_date
from crawler.discovery.feeds import MAX_TITLE, plain, read_feed
from crawler.discovery.found import Found, Gathering
from crawler.urls import resolve

_REFUSED = re.compile(r"[\"()<>:,;]")  # what GDELT reads as operators
MAX_ANSWER_BYTES = 2_000_000
MAX_ANSWER = 250  # GDELT's own maximum; the other two give at most 100


class SearchService(Protocol):
    """What the spider needs of a service; `pause`: least seconds between two requests."""

    @property
    def name(self) -> str: ...

    @property
    def endpoint(self) -> str: ...

    @property
    def pause(self) -> float: ...

    def build(
        self, query: Query, *, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[str, ...]:
        """The URLs to ask for the query, most useful first."""

    def parse(self, content: bytes, url: str) -> Found:
        """The candidates of an answer to `url`; never raises."""


def _request(endpoint: str, parameters: Mapping[str, str]) -> str:
    joint = "&" if "?" in endpoint else "?"
    return f"{endpoint}{joint}{urlencode(parameters)}"


def _day(when: datetime) -> str:
    return when.strftime("%Y-%m-%d")


@dataclass(frozen=True, slots=True)
class Gdelt:
    """GDELT DOC 2.0 in artlist mode; at most 250 articles of the last three months."""

    endpoint: str = "https://api.gdeltproject.org/api/v2/doc/doc"
    name: str = "gdelt"
    pause: float = 5.0  # the service answers 429 or a text to more than one request in five seconds

    def build(
        self, query: Query, *, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[str, ...]:
        # It refuses terms under three letters and takes quotes for phrases only.
        terms = [
            f'"{term}"' if " " in term else term
            for term in (" ".join(_REFUSED.sub(" ", t).split()) for t in query.terms)
            if len(term) >= 3
        ]
        if not terms:
            return ()
        parameters = {
            "query": " ".join(terms),
            "mode": "artlist",
            "format": "json",
            "maxrecords": str(MAX_ANSWER),
            "sort": "hybridrel",
        }
        if since and until:
            parameters["startdatetime"] = since.strftime("%Y%m%d%H%M%S")
            parameters["enddatetime"] = until.strftime("%Y%m%d%H%M%S")
        else:
            parameters["timespan"] = "7d"
        return (_request(self.endpoint, parameters),)

    def parse(self, content: bytes, url: str) -> Found:
        gathering = Gathering(MAX_ANSWER)
        text = content[:MAX_ANSWER_BYTES].decode("utf-8-sig", "replace").strip()
        if not text or text == "{}":
            return Found(notes=("gdelt: no articles",))
        if not text.startswith("{"):
            return Found(notes=(f"gdelt: {plain(text, 160)}",))
        for record in _records(text, gathering):
            target = resolve(url, _text(record, "url"))
            if target is None:
                gathering.note("gdelt: an article without a URL")
                continue
            gathering.add(
                Candidate(
                    url=target,
                    method="search",
                    source=url,
                    title=_tightened(plain(_text(record, "title"), MAX_TITLE)),
                    published=read_date(_text(record, "seendate")),
                    language=LANGUAGES.get(_text(record, "language").lower()),
                )
            )
        return gathering.found()


@dataclass(frozen=True, slots=True)
class BingNews:
    """Bing News as RSS; the real address stands in the link's `url` parameter."""

    endpoint: str = "https://www.bing.com/news/search"
    name: str = "bing"
    pause: float = 2.0

    def build(
        self, query: Query, *, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[str, ...]:
        del since, until  # its RSS takes no dates; ranking sees to them
        if not query.terms:
            return ()
        market = MARKETS.get(query.language or "en", ("en", "US"))
        parameters = {
            "q": query.text,
            "format": "rss",
            "mkt": "-".join(market),
        }
        return (_request(self.endpoint, parameters),)

    def parse(self, content: bytes, url: str) -> Found:
        return _from_feed(content, url, self.name, _bing_target)


@dataclass(frozen=True, slots=True)
class GoogleNews:
    """Google News as RSS; links are redirect pages, older ones hold the address in their id."""

    endpoint: str = "https://news.google.com/rss/search"
    name: str = "google"
    pause: float = 2.0

    def build(
        self, query: Query, *, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[str, ...]:
        if not query.terms:
            return ()
        language, country = MARKETS.get(query.language or "en", ("en", "US"))
        span = [f"after:{_day(since)}"] if since else []
        span += [f"before:{_day(until)}"] if until else []
        parameters = {
            "q": " ".join([query.text, *(span or ["when:7d"])]),
            "hl": f"{language}-{country}" if language in ("en", "pt", "zh", "es") else language,
            "gl": country,
            "ceid": f"{country}:{language}",
        }
        return (_request(self.endpoint, parameters),)

    def parse(self, content: bytes, url: str) -> Found:
        return _from_feed(content, url, self.name, embedded_url)


SERVICES: Mapping[str, type[Gdelt] | type[BingNews] | type[GoogleNews]] = {
    "gdelt": Gdelt,
    "bing": BingNews,
    "google": GoogleNews,
}


def services(names: Sequence[str], endpoints: Mapping[str, str]) -> tuple[SearchService, ...]:
    """The named services, with an endpoint of `endpoints` where it has one; KeyError if unknown."""
    return tuple(
        SERVICES[name](endpoint=endpoints[name]) if name in endpoints else SERVICES[name]()
        for name in dict.fromkeys(names)
    )


def is_redirect(url: str) -> bool:
    """Whether the URL is an aggregator's redirect page, which is no article unless it leads on."""
    parts = urlsplit(url)
    name = parts.hostname or ""
    return (name == "news.google.com" and "/articles/" in parts.path) or (
        name.endswith("bing.com") and parts.path.startswith("/news/apiclick")
    )


def embedded_url(url: str) -> str | None:
    """The article's address inside a Google News id (a base64 message, field 4), or None.

    Newer ids are opaque; those must be followed.
    """
    match = re.search(r"/(?:articles|read)/([A-Za-z0-9_-]{16,2000})", url)
    if not match:
        return None
    try:
        raw = base64.urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4))
    except (binascii.Error, ValueError):
        return None
    start = raw.find(b"http")
    if start < 1:
        return None
    # The byte or two before is the length, as a base-128 number.
    length = raw[start - 1]
    if start >= 2 and raw[start - 2] >= 0x80 and length < 0x80:
        length = (length << 7) | (raw[start - 2] & 0x7F)
    address = raw[start : start + length]
    if not re.fullmatch(rb"https?://[\x21-\x7e]+", address):
        return None
    return resolve(url, address.decode("ascii"))


def _bing_target(url: str) -> str | None:
    values = parse_qs(urlsplit(url).query, max_num_fields=100).get("url")
    return resolve(url, values[0]) if values else None


def _from_feed(
    content: bytes, url: str, service: str, target_of: Callable[[str], str | None]
) -> Found:
    found = read_feed(content, url, limit=MAX_ANSWER)
    gathering = Gathering(MAX_ANSWER, notes=[f"{service}: {note}" for note in found.notes])
    hidden = 0
    for candidate in found.candidates:
        title = candidate.title
        if service == "google" and title and " - " in title:
            title = title.rpartition(" - ")[0]  # "Headline - Publisher"
        target = _safe(target_of, candidate.url) or candidate.url
        hidden += is_redirect(target)
        gathering.add(
            replace(
                candidate,
                url=target,
                method="search",
                title=title,
                # Google repeats the headlines there, of other stories too.
                snippet=None if service == "google" else candidate.snippet,
            )
        )
    if hidden:
        gathering.note(f"{service}: {hidden} links are redirect pages, to be followed")
    return gathering.found()


def _safe(target_of: Callable[[str], str | None], url: str) -> str | None:
    try:
        return target_of(url)
    except ValueError:  # urlsplit and parse_qs on what is no URL
        return None


_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')
_OBJECT = re.compile(r"\{[^{}]{1,3000}")
# A value may hold bare quotes: it ends where the next member or the object's end begins.
_MEMBER = re.compile(r'"(\w{1,40})"\s*:\s*"(.{0,1000}?)"\s*(?=,\s*"\w{1,40}"\s*:|$)', re.DOTALL)


def _records(text: str, gathering: Gathering) -> Iterator[Mapping[str, object]]:
    """The articles of GDELT's JSON; if it is broken, those of its objects that read."""
    mended = _BAD_ESCAPE.sub(r"\\\\", text.replace("\\'", "'"))
    try:
        document = json.loads(mended, strict=False)
    except (ValueError, RecursionError):
        gathering.note("gdelt: invalid JSON, read piece by piece")
        for piece in _OBJECT.findall(mended)[:MAX_ANSWER]:
            yield dict(_MEMBER.findall(piece))
        return
    articles = document.get("articles") if isinstance(document, dict) else None
    if not isinstance(articles, list):
        gathering.note("gdelt: no articles")
        return
    for record in articles:
        if isinstance(record, dict):
            yield record


def _text(record: Mapping[str, object], key: str) -> str:
    value = record.get(key)
    return value.strip() if isinstance(value, str) else ""


def _tightened(title: str | None) -> str | None:
    """GDELT sets its titles with spaces around the punctuation."""
    return re.sub(r"\s+([,.;:!?%’])", r"\1", title) if title else None


# GDELT names languages in English; these are the ones it indexes most.
LANGUAGES: Mapping[str, str] = {
    "arabic": "ar", "bengali": "bn", "bulgarian": "bg", "catalan": "ca", "chinese": "zh",
    "croatian": "hr", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en",
    "estonian": "et", "finnish": "fi", "french": "fr", "german": "de", "greek": "el",
    "hebrew": "he", "hindi": "hi", "hungarian": "hu", "indonesian": "id", "italian": "it",
    "japanese": "ja", "korean": "ko", "latvian": "lv", "lithuanian": "lt", "norwegian": "no",
    "persian": "fa", "polish": "pl", "portuguese": "pt", "romanian": "ro", "russian": "ru",
    "serbian": "sr", "slovak": "sk", "slovenian": "sl", "spanish": "es", "swedish": "sv",
    "thai": "th", "turkish": "tr", "ukrainian": "uk", "urdu": "ur", "vietnamese": "vi",
}  # fmt: skip

# Language and country in which a service is asked.
MARKETS: Mapping[str, tuple[str, str]] = {
    "ar": ("ar", "EG"), "cs": ("cs", "CZ"), "da": ("da", "DK"), "de": ("de", "DE"),
    "el": ("el", "GR"), "en": ("en", "US"), "es": ("es", "ES"), "fi": ("fi", "FI"),
    "fr": ("fr", "FR"), "he": ("he", "IL"), "hi": ("hi", "IN"), "hu": ("hu", "HU"),
    "id": ("id", "ID"), "it": ("it", "IT"), "ja": ("ja", "JP"), "ko": ("ko", "KR"),
    "nl": ("nl", "NL"), "no": ("no", "NO"), "pl": ("pl", "PL"), "pt": ("pt", "BR"),
    "ro": ("ro", "RO"), "ru": ("ru", "RU"), "sv": ("sv", "SE"), "tr": ("tr", "TR"),
    "uk": ("uk", "UA"), "vi": ("vi", "VN"), "zh": ("zh", "CN"),
}  # fmt: skip
