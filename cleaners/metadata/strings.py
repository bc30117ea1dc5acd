"""Text as metadata holds it: entities undone, tags gone, white space folded."""

import re
from functools import lru_cache
from html import unescape

from lxml import etree

_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,500}>")
_ENTITY = re.compile(r"&(?:#\d|#x|[a-zA-Z])")
_UNSEEN = "\u00ad\u200b\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e"
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
_SKIPPED = frozenset({"script", "style", "noscript", "template", "svg"})
_MAX_TEXT = 5000
_MAX_NODES = 4000  # starts and ends of elements: a page may nest a heading around all of itself


def plain(text: str) -> str:
    """Text with entities undone (twice, where a page escaped twice), tags and white space folded.

    >>> plain(" Fish &amp;amp; <b>chips</b>\\n for all")
    'Fish & chips for all'
    """
    if "&" in text:
        text = _unescaped(_unescaped(text))
    if "<" in text:
        text = _TAG.sub("", text)
    if not text.isascii() and any(map(text.__contains__, _UNSEEN)):
        text = _INVISIBLE.sub("", text)
    return " ".join(text.split())


def _unescaped(text: str) -> str:
    return unescape(text) if _ENTITY.search(text) else text


def visible_text(element: etree._Element) -> str:
    """The text of an element without scripts, styles and drawings within; children set apart."""
    if not len(element):
        return "" if element.tag in _SKIPPED else element.text or ""
    parts: list[str] = []
    size = 0
    skipping: etree._Element | None = None
    for count, (event, node) in enumerate(etree.iterwalk(element, events=("start", "end"))):
        if event == "start":
            if skipping is None and node.tag in _SKIPPED:
                skipping = node
            elif skipping is None:
                if node.tag in ("br", "p", "div", "li", "td"):
                    parts.append(" ")
                if node.text:
                    parts.append(node.text)
                    size += len(node.text)
        else:
            if skipping is node:
                skipping = None
            if skipping is None and node is not element and node.tail:
                parts.append(node.tail)
                size += len(node.tail)
        if size > _MAX_TEXT or count > _MAX_NODES:
            break
    return "".join(parts)


@lru_cache(maxsize=512)
def comparable(text: str) -> str:
    """Letters and digits only, lower case: equal for texts that differ in quotes and spaces.

    >>> comparable("“It’s open!”") == comparable('"It\\'s open"')
    True
    """
    return "".join(filter(str.isalnum, text.lower()))
