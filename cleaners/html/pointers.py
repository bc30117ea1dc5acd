"""Kept paragraphs that lead to other stories by the way they are set, and headlines that were kept.

A block says so by itself, but by signs that few pages of any training show: links in capitals,
behind a label in capitals, behind an arrow.
"""

import re
from collections.abc import Sequence

from cleaners.html.document import Document
from cleaners.html.said import PageText

_LINKED = 0.3
"""Share of link text that a paragraph has at least which leads elsewhere."""
_MOSTLY = 0.5
_WHOLLY = 0.9
_SHOUTED_WORDS = 4
_LABELLED_WORDS = 40
_LABEL = re.compile(r"\W{0,4}([^|:]{6,60})[|:]")
_LABEL_WORDS = 2
_ARROWS = (">>", "» ", "› ", "→", "➡", "➤", "►", "▶", "👉")
"""Guillemets with a space behind them: without, they open quotations in German."""
_TITLE_SHARE = 0.5
"""Share of the page's title that a heading is at least to be the headline: a site's name is less.
"""
_LETTER = re.compile(r"[^\W_]+")


def pointers(document: Document, kept: Sequence[bool], said: PageText) -> dict[int, str]:
    """Indices of kept blocks to remove, each with its rule's name.

    On the development pages links take 109 words of chrome, and of bodies 51, all behind "READ
    MORE" on pages that are no news. Arrows are looked at where a page calls itself news: elsewhere
    as many of these paragraphs are body by their gold. Headlines take 99 words for 9.
    """
    found: dict[int, str] = {}
    headings: list[int] = []
    for block, good in zip(document.blocks, kept, strict=True):
        if not good:
            continue
        linked = document.linked[block.index] / max(1, len(block.text))
        if linked >= _LINKED and _leads(block.text, block.tag, linked, news=said.news):
            found[block.index] = "related"
        elif block.tag == "h1" and _is_title(block.text, said.title):
            found[block.index] = "headline"
        elif block.tag == "h1":
            headings.append(block.index)
    if said.news and len(headings) == 1:  # several are how this site sets its sub-headings
        found[headings[0]] = "headline"
    return found


def _leads(text: str, tag: str, linked: float, *, news: bool) -> bool:
    """Whether a paragraph with this share of link text leads to another story."""
    if news and text.startswith(_ARROWS):
        return True
    size = len(text.split())
    if tag == "p" and linked >= _WHOLLY and size >= _SHOUTED_WORDS and text.isupper():
        return True
    label = _LABEL.match(text) if linked >= _MOSTLY and size <= _LABELLED_WORDS else None
    return bool(label and label[1].isupper() and len(label[1].split()) >= _LABEL_WORDS)


def _is_title(text: str, title: str) -> bool:
    """Whether a heading is the page's title, or most of it, as it is with the site's name left out.

    >>> _is_title("Ferry strike ends", "Ferry strike ends | Lowmere Post")
    True
    >>> _is_title("Lowmere", "Ferry strike in Lowmere ends")
    False
    """
    own, whole = ("".join(_LETTER.findall(one.lower())) for one in (text, title))
    return bool(own) and own in whole and len(own) >= _TITLE_SHARE * len(whole)
