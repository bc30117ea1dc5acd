"""Whether a URL looks like one of endlessly many: calendars, filters, loops, actions."""

import re
from collections import Counter
from urllib.parse import parse_qsl, urlsplit

# Of the 1,600 URLs of the public pages used in development the longest has 393 characters (most of
# them a tracking value), the deepest 9 segments, and none is caught by what follows.
MAX_URL_CHARS = 2048
MAX_SEGMENTS = 16
MAX_REPEATS = 3
MAX_PARAMETERS = 8
LAST_PLAUSIBLE_PAGE = 200
_CALENDAR = re.compile(
    r"/(?:calendar|kalender|calendrier|calendario|events?|veranstaltungen|agenda)/", re.IGNORECASE
)
_ENDS_IN_DATE = re.compile(r"\d{4}[/-]\d{1,2}(?:[/-]\d{1,2})?/?$")
_ASKS_FOR_DATE = re.compile(
    r"[?&](?:month|year|monat|jahr|tribe-bar-date|ical|eventdate|cal_date)=", re.IGNORECASE
)
_FACET = re.compile(
    r"^(?:filters?|facet|sort|sort_?by|order|order_?by|dir|colou?r|size|brand|price|min_price|max_price"
    r"|view|layout|per_page|limit|fq?|attribute|pa_\w+|filter_\w+)(?:\[.*\]|%5b.*)?$",
    re.IGNORECASE,
)
_ACTION = re.compile(
    r"[?&](?:action|do)=(?:edit|login|register|print|history|reply|add)"
    r"|[?&]replytocom=|[?&]add-to-cart=|/wp-login\.php|/cgi-bin/",
    re.IGNORECASE,
)
_PAGE_NUMBER = re.compile(
    r"(?:[?&](?:page|paged|pg|seite)=|/(?:page|seite)/)(\d{1,5})/?(?=$|[?&#])", re.IGNORECASE
)


def trap(url: str) -> str | None:
    """Why this looks like one URL of endlessly many, in words for a rejection; else None."""
    if len(url) > MAX_URL_CHARS:
        return f"longer than {MAX_URL_CHARS} characters"
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    segments = [segment for segment in parts.path.split("/") if segment]
    if len(segments) > MAX_SEGMENTS:
        return f"more than {MAX_SEGMENTS} path segments"
    if segments and max(Counter(segments).values()) >= MAX_REPEATS:
        return "a path segment repeats"
    if _cycles(segments):
        return "the path repeats itself"
    names = [
        name for name, _ in parse_qsl(parts.query, keep_blank_values=True, max_num_fields=None)
    ]
    if len(names) > MAX_PARAMETERS:
        return f"more than {MAX_PARAMETERS} parameters"
    if sum(bool(_FACET.match(name)) for name in names) >= 2:
        return "a combination of filters"
    section = _CALENDAR.search(url)
    if (section and _ENDS_IN_DATE.search(url, section.end())) or _ASKS_FOR_DATE.search(url):
        return "a calendar"
    if _ACTION.search(url):
        return "an action, not a page"
    number = _PAGE_NUMBER.search(url)
    if number and int(number[1]) > LAST_PLAUSIBLE_PAGE:
        return f"page number over {LAST_PLAUSIBLE_PAGE}"
    return None


def _cycles(segments: list[str]) -> bool:
    """Whether a pair of segments stands twice in a row: /a/b/a/b."""
    return any(segments[i : i + 2] == segments[i + 2 : i + 4] for i in range(len(segments) - 3))
