"""trafilatura's opinion of a page's blocks, from the part of the tree where the article lies.

It is asked where the model is unsure. The only importer of trafilatura, which takes as long to
import as all else together: so it is imported with the first page that needs it.
"""

from collections.abc import Sequence

from lxml import etree

from cleaners.html.document import Document

_MAX_REGION = 2_000_000  # characters of markup; beyond that its searches take seconds


def second_opinion(document: Document, indices: Sequence[int]) -> str | None:
    """The text that trafilatura takes from the smallest division around the blocks `indices`.

    None if there is no such text: nothing to look at, too large, or trafilatura found nothing.
    """
    if not indices:
        return None
    import trafilatura

    region = _division_around(document, min(indices), max(indices))
    markup = etree.tostring(region, encoding="unicode", method="html", with_tail=False)
    if len(markup) > _MAX_REGION:
        return None
    try:
        found = trafilatura.bare_extraction(
            f"<html><body><article>{markup}</article></body></html>",
            include_comments=False,
            with_metadata=False,
            fast=True,  # its own rivals, asked too, cost as much again and gain .0002 of F1
            deduplicate=False,  # differs from run to run (trafilatura issue 778)
        )
    except (ValueError, TypeError, AttributeError, RecursionError, etree.LxmlError):
        return None  # markup that trafilatura does not survive: the model decides alone
    text = getattr(found, "text", None)
    return text if isinstance(text, str) and text.strip() else None


def load() -> None:
    """Import trafilatura now rather than with the first page."""
    import trafilatura  # noqa: F401


def _division_around(document: Document, low: int, high: int) -> etree._Element:
    frames = document.frames
    number = document.frame[low]
    while number and not (frames.first[number] <= low and high < frames.last[number]):
        number = frames.parent[number]
    return frames.elements[number]
