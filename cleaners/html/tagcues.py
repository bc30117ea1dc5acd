"""What an element's tag and attributes say of the part of a page that it holds, as bit masks."""

from typing import cast

from lxml import etree

from cleaners.html.cues import NAME_BITS, name_mask

_TAG_CUES = """
    nav header footer aside article main figure figcaption form li table blockquote button
    section details dialog ul ol address a hidden articlebody
"""
TAG_CUES = tuple(_TAG_CUES.split())
"""What tags and attributes say about a part of a page, beside the cues of its names."""

TAG_SHIFT = 40
"""The first bit of TAG_CUES; those of NAME_CUES are below."""
TAG_BITS = {cue: 1 << (TAG_SHIFT + bit) for bit, cue in enumerate(TAG_CUES)}
HIDDEN = TAG_BITS["hidden"]
ARTICLE_BODY = TAG_BITS["articlebody"]

NAME_ATTRIBUTES = frozenset(
    ("id", "role", "itemprop", "data-testid", "data-component", "data-type", "data-qa")
)
HIDING = frozenset(("style", "hidden", "aria-hidden"))


def attribute_cues(element: etree._Element) -> tuple[str, int]:
    """The class attribute of an element, and the cues of all its attributes."""
    names = ""
    cues = 0
    for key, value in cast("list[tuple[str, str]]", element.items()):
        if key == "class":
            names = value
            cues |= name_mask(value)
        elif key in NAME_ATTRIBUTES:
            cues |= name_mask(value)
            if value == "articleBody":
                cues |= ARTICLE_BODY
        elif key in HIDING and hides(key, value):
            cues |= HIDDEN
    return names, cues


def hides(key: str, value: str) -> bool:
    """Whether an attribute of `HIDING` hides its element."""
    if key == "style":
        return "none" in value and "display:none" in value.replace(" ", "")
    return key == "hidden" or value == "true"


assert max(NAME_BITS.values()) < 1 << TAG_SHIFT
