"""What an answer wishes of a crawler: not to be kept or followed, or to go elsewhere. Pure."""

import html
import re

from cleaners.store.encoding import CodingError, codings, undo_codings
from cleaners.store.warc_writer import Exchange
from crawler.model import Manners

STUB_BYTES = 32_768
"""A page that only sends the reader on is small; a longer one has something to say itself."""
SOON = 5
"""Seconds: a page that goes elsewhere later than this is meant to be read first."""
HEAD_BYTES = 200_000

_VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
"""Rules of X-Robots-Tag with a value, which a colon parts from them as it does a crawler's name."""
# What a browser with scripts passes over: a page for readers without them is no redirect.
_HIDDEN = re.compile(
    r"<!--.*?(?:-->|$)|<(noscript|script|style|template)\b.*?(?:</\1|$)", re.I | re.S
)
_META = re.compile(r"<meta\b[^>]{0,3000}>", re.I)
_REFRESH = re.compile(r"http-equiv\s*+=\s*+[\"']?\s*+refresh\b", re.I)
_CONTENT = re.compile(r"""\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.I)
_VALUE = re.compile(r"""\s*(\d{1,9})[\d.]*\s*(?:[;,\s]\s*(?:url\s*=\s*)?["']?([^"']+))""", re.I)


def refresh_target(content: bytes) -> str | None:
    """Where a page's meta refresh sends the reader at once, as it is written; None if nowhere.

    >>> refresh_target(b'<meta http-equiv="refresh" content="0; url=/news/new.html">')
    '/news/new.html'
    >>> refresh_target(b'<meta http-equiv="refresh" content="600; url=/">')
    """
    if len(content) > STUB_BYTES or b"refresh" not in content.lower():
        return None
    text = _HIDDEN.sub(" ", content.decode("utf-8", "replace"))
    for tag in _META.findall(text):
        found = _CONTENT.search(tag) if _REFRESH.search(tag) else None
        said = "".join(part or "" for part in found.groups()) if found else ""
        value = _VALUE.match(html.unescape(said))
        if value and int(value[1]) <= SOON:
            return value[2].strip() or None
    return None


def says(exchange: Exchange, word: str, manners: Manners) -> bool:
    """Whether an X-Robots-Tag header says a word to this crawler, or to all.

    Rules after the name of another crawler are for that one.
    """
    product = manners.user_agent.partition("/")[0].strip().lower()
    for key, value in exchange.headers:
        if key.lower() != b"x-robots-tag":
            continue
        name, colon, rest = value.decode("latin-1").lower().partition(":")
        named = colon and "," not in name and name.strip() not in _VALUED
        if named and name.strip() not in (product, "*", "robots"):
            continue
        words = {rule.strip() for rule in (rest if named else f"{name}{colon}{rest}").split(",")}
        if word in words or ("none" in words and word in ("noindex", "nofollow")):
            return True
    return False


def says_noarchive(exchange: Exchange, manners: Manners) -> bool:
    """Whether the answer asks not to be kept, in a header or its markup."""
    if says(exchange, "noarchive", manners):
        return True
    names = codings(
        value.decode("latin-1")
        for key, value in exchange.headers
        if key.lower() == b"content-encoding"
    )
    try:
        body = undo_codings(exchange.body, names, limit=manners.max_bytes)
    except CodingError:
        return False
    head = body[:HEAD_BYTES].lower()
    at = head.find(b"noarchive")
    return at >= 0 and b"<meta" in head[max(0, at - 300) : at]
