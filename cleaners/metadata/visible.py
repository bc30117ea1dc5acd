"""Dates that a page only shows: `time` elements, and elements and blocks near the headline."""

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from cleaners.metadata.backend import Holding
from cleaners.metadata.bylines import is_foreign
from cleaners.metadata.dated import Dated
from cleaners.metadata.dates import read_date
from cleaners.metadata.head import Head, TimeMark
from cleaners.metadata.strings import plain, visible_text

_MAX_ELEMENTS = 12
# Capitals count: the one that may begin a word is left out.
_DATE_ELEMENTS = Holding(
    {
        "class": (
            "date",
            "Date",
            "time",
            "Time",
            "ublish",
            "osted",
            "fecha",
            "datum",
            "meta",
            "info",
        ),
        "id": ("date",),
    }
)
_DATE_TAGS = frozenset(("div", "span", "p", "li", "td", "em"))
_MODIFIED = re.compile(r"modif|updat|aktual|chang|edited|revis", re.I)
_PUBLISHED = re.compile(r"publish|created|posted|pubdate|datepub|entry-date|veröff|publi", re.I)


def time_elements(head: Head, *, day_first: bool) -> tuple[list[Dated], list[Dated]]:
    """Published and modified dates of <time> elements, those in the article's header first."""
    published: list[Dated] = []
    modified: list[Dated] = []
    for order, mark in enumerate(sorted(head.times, key=lambda m: not m.in_header)):
        dated = read_date(mark.value, day_first=day_first) or read_date(
            mark.shown, day_first=day_first
        )
        if dated is None:
            continue
        if _MODIFIED.search(mark.names) and not _PUBLISHED.search(mark.names):
            modified.append(dated.said_by("text", 0.6))
        else:
            published.append(dated.said_by("text", round(_time_trust(mark, order), 2)))
    return published, modified


def _time_trust(mark: TimeMark, order: int) -> float:
    trust = 0.66 if _PUBLISHED.search(mark.names) else 0.58
    return trust + 0.05 * mark.in_header - 0.02 * min(order, 5)


def date_elements(
    tree: etree._Element, texts: Sequence[str], *, day_first: bool
) -> Iterator[Dated]:
    """Dates of elements whose class speaks of dates, then of blocks near the headline."""
    elements = [element for element in _DATE_ELEMENTS(tree) if element.tag in _DATE_TAGS]
    count, around = 0, "\n".join(texts)
    for element in elements[:200]:
        if count >= _MAX_ELEMENTS:
            break
        if is_foreign(element):
            continue
        text = plain(visible_text(element))
        if 6 <= len(text) <= 120 and (dated := read_date(text, day_first=day_first)) is not None:
            count += 1
            # one that is not near the headline may be today's, or a teaser's
            trust = (0.5 if text in around else 0.35) - 0.005 * count
            yield dated.said_by("text", round(trust, 2))
    for order, text in enumerate(texts):
        if 6 <= len(text) <= 160 and (dated := read_date(text, day_first=day_first)) is not None:
            yield dated.said_by("text", round(0.46 - 0.01 * min(order, 10), 2))
