"""What a page says of its article beside its visible text: title, description, JSON-LD body."""

import json
import re
from collections.abc import Iterator
from html import unescape

from lxml import etree

from cleaners.html.features import PageText

_TITLES = ("og:title", "twitter:title")
_DESCRIPTIONS = ("og:description", "description", "twitter:description")
_BODY_TEXT = re.compile(r'"articleBody"\s*:\s*"((?:[^"\\]|\\.)*)"', re.DOTALL)
_TAG = re.compile(r"<[^>]{1,2000}>")
_MAX_JSON = 2_000_000  # characters of one script; more is data, not a description
_MAX_VALUES = 20_000  # values looked at in one JSON-LD graph


def read_said(tree: etree._Element) -> PageText:
    """Reads `<title>`, OpenGraph and description tags, and JSON-LD's articleBody."""
    said: dict[str, str] = {}
    for element in tree.iter("meta"):
        key = element.get("property") or element.get("name")
        if key and key in _WANTED:
            said.setdefault(key, element.get("content") or "")
    title = next((said[key] for key in _TITLES if said.get(key)), "")
    if not title:
        found = tree.find(".//title")
        title = (found.text or "") if found is not None else ""
    description = next((said[key] for key in _DESCRIPTIONS if said.get(key)), "")
    return PageText(title=title, description=description, body=_article_body(tree))


_WANTED = frozenset((*_TITLES, *_DESCRIPTIONS))


def _article_body(tree: etree._Element) -> str:
    longest = ""
    for script in tree.iter("script"):
        kind = script.get("type")
        text = script.text
        if not kind or "ld+json" not in kind or not text or "articleBody" not in text:
            continue
        if len(text) > _MAX_JSON:
            continue
        for body in _bodies(text):
            longest = max(longest, _plain(body), key=len)
    return longest


def _bodies(text: str) -> Iterator[str]:
    try:
        values = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        # Broken JSON-LD is common (raw line ends, trailing commas); the one string is enough.
        for match in _BODY_TEXT.finditer(text):
            try:
                yield str(json.loads(f'"{match[1]}"', strict=False))
            except ValueError:
                yield match[1]
        return
    for _ in range(_MAX_VALUES):
        if not values:
            return
        value = values.pop()
        if isinstance(value, dict):
            body = value.get("articleBody")
            if isinstance(body, str):
                yield body
            values.extend(value.values())
        elif isinstance(value, list):
            values.extend(value)


def _plain(body: str) -> str:
    """Text of an articleBody, which some publishers fill with escaped or plain HTML."""
    text = unescape(body) if "&" in body else body
    if "<" in text and ">" in text:
        text = unescape(_TAG.sub("\n", text))
    return text.strip()
