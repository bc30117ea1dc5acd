"""Feeds: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed, read for the articles they list.

Sources: rssboard.org/rss-specification, RFC 4287, jsonfeed.org/version/1.1. A feed is read by what
its elements are called, whatever the version it claims; links are resolved against xml:base.
"""

import json
import re
from datetime import datetime
from html import unescape
from urllib.parse import urljoin

from lxml import etree

from cleaners.model import Candidate
from crawler.discovery import xml
from crawler.discovery.dates import read_date
from crawler.discovery.found import Found, Gathering, Source
from crawler.urls import resolve

MAX_ENTRIES = 2_000
"""Feeds list some 10 to 300 articles; a longer one is an archive or a stream and is cut off."""
MAX_SNIPPET = 600  # characters; enough for ranking, content:encoded may hold whole articles
MAX_TITLE = 300

_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ROOTS = {"rss", "rdf", "feed", "channel"}
_TAG = re.compile(r"<[^<>]*>")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f]+")
_DATES = ("pubdate", "published", "issued", "date", "created", "updated", "modified")
_SUMMARIES = ("description", "summary", "encoded", "content", "subtitle")


def is_feed(content: bytes) -> bool:
    """Whether the first bytes look like a feed of any kind.

    >>> is_feed(b'<?xml version="1.0"?><rss version="2.0">')
    True
    """
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"{"):
        return b"jsonfeed.org" in head
    return head.startswith(b"<") and bool(re.search(rb"<(?:rss|rdf:rdf|(?:\w+:)?feed)[\s>]", head))


def read_feed(content: bytes, url: str, *, limit: int = MAX_ENTRIES) -> Found:
    """The articles of a feed in its order, and its further pages as sources; never raises."""
    content, notes = xml.inflate(content)
    gathering = Gathering(limit, notes=list(notes))
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        _read_json(content, url, gathering)
    else:
        _read_xml(content, url, gathering)
    if not gathering.candidates and not gathering.notes:
        gathering.note("no entries")
    return gathering.found()


def plain(markup: str, limit: int) -> str | None:
    """The text of escaped or real markup, at most `limit` characters of it; None if empty."""
    markup = markup[: limit * 20]
    text = unescape(_TAG.sub(" ", unescape(markup) if "&lt;" in markup else markup))
    text = _BLANK.sub(" ", _TAG.sub(" ", text)).strip()
    if len(text) > limit:
        text = text[:limit].rsplit(" ", 1)[0] + "…"
    return text or None


def _read_xml(content: bytes, url: str, gathering: Gathering) -> None:
    root, notes = xml.parse(content)
    for note in notes:
        gathering.note(note)
    if root is None:
        return
    if xml.local(root) not in _ROOTS:
        gathering.note(f"not a feed: <{xml.local(root)}>"[:80])
        return
    language = _language(root)
    for element in root.iter():
        name = xml.local(element)
        if name in ("item", "entry"):
            if gathering.full:
                gathering.note(f"stopped at {gathering.limit} entries")
                break
            candidate = _entry(element, url, language)
            if candidate is None:
                gathering.note("an entry without a link")
            else:
                gathering.add(candidate)
        elif name == "link" and element.get("rel") in ("next", "prev-archive"):
            target = resolve(_base(element, url), element.get("href") or "")
            if target:
                gathering.add(Source(target, "feed"))


def _language(root: etree._Element) -> str | None:
    tag = root.get("{http://www.w3.org/XML/1998/namespace}lang")
    for channel in xml.children(root, "channel"):
        for element in xml.children(channel, "language"):
            tag = tag or xml.text_of(element)
    match = re.match(r"[A-Za-z]{2,3}(?=$|[-_])", tag or "")
    return match[0].lower() if match else None


def _base(element: etree._Element, url: str) -> str:
    """The URL that links inside the element are relative to (XML Base, nested)."""
    chain = [a.get(_XML_BASE) for a in (element, *element.iterancestors())]
    for base in reversed([base for base in chain if base]):
        try:
            url = urljoin(url, base.strip())
        except ValueError:
            continue
    return url


def _entry(element: etree._Element, url: str, language: str | None) -> Candidate | None:
    target = _link(element, _base(element, url))
    if target is None:
        return None
    return Candidate(
        url=target,
        method="feed",
        source=url,
        title=_first(element, ("title",), MAX_TITLE),
        snippet=_first(element, _SUMMARIES, MAX_SNIPPET),
        published=_date(element),
        language=language,
    )


def _first(element: etree._Element, names: tuple[str, ...], limit: int) -> str | None:
    for name in names:
        for child in xml.children(element, name):
            # Media RSS has title and description of its own, for pictures.
            if "search.yahoo.com/mrss" in xml.namespace(child):
                continue
            text = plain(xml.text_of(child), limit)
            if text:
                return text
    return None


def _date(element: etree._Element) -> datetime | None:
    for name in _DATES:
        for child in xml.children(element, name):
            when = read_date(xml.text_of(child))
            if when:
                return when
    return None


def _link(element: etree._Element, base: str) -> str | None:
    """The article's address: link text, rel=alternate, rdf:about, or a guid that is a permalink."""
    # feedburner names the real address in origLink
    hrefs = [xml.text_of(child) for child in xml.children(element, "origlink")]
    for child in xml.children(element, "link"):
        if child.get("href"):
            if child.get("rel", "alternate") == "alternate" and _is_page(child.get("type")):
                hrefs.append(child.get("href") or "")
        else:
            hrefs.append(xml.text_of(child))
    for child in xml.children(element, "guid", "id"):
        text = xml.text_of(child)
        if child.get("isPermaLink", "true").lower() != "false" and text.startswith("http"):
            hrefs.append(text)
    hrefs.append(element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about") or "")
    return next((target for href in hrefs if href and (target := resolve(base, href))), None)


def _is_page(kind: str | None) -> bool:
    return kind is None or "html" in kind or kind.startswith("text/")


def _read_json(content: bytes, url: str, gathering: Gathering) -> None:
    try:
        document = json.loads(content.decode("utf-8-sig", "replace"), strict=False)
    except (ValueError, RecursionError) as error:
        gathering.note(f"broken JSON: {error}"[:120])
        return
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        gathering.note("not a JSON feed")
        return
    language = _text(document.get("language"))
    for item in items:
        if not isinstance(item, dict):
            gathering.note("an entry that is no object")
            continue
        address = _text(item.get("url")) or _text(item.get("external_url"))
        if not address and "://" in _text(item.get("id")):
            address = _text(item.get("id"))
        target = resolve(url, address)
        if target is None:
            gathering.note("an entry without a link")
            continue
        body = item.get("summary") or item.get("content_text") or item.get("content_html")
        gathering.add(
            Candidate(
                url=target,
                method="feed",
                source=url,
                title=plain(_text(item.get("title")), MAX_TITLE),
                snippet=plain(_text(body), MAX_SNIPPET),
                published=read_date(_text(item.get("date_published")))
                or read_date(_text(item.get("date_modified"))),
                language=(_text(item.get("language")) or language)[:2].lower() or None,
            )
        )
    following = resolve(url, _text(document.get("next_url")))
    if following:
        gathering.add(Source(following, "feed"))


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
