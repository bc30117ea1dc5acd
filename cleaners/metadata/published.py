"""When a page was published and changed: every date that it declares or shows, by trust."""

from collections.abc import Iterator
from datetime import timedelta

from lxml import etree

from cleaners.metadata.dated import Dated
from cleaners.metadata.dates import believable, choose_date, read_date, url_date
from cleaners.metadata.sitename import DATE_TAIL
from cleaners.metadata.sources import PageData, Surroundings
from cleaners.metadata.visible import date_elements, time_elements
from cleaners.metadata.written import day_is_first

_PUBLISHED = (
    *("article:published_time", "og:article:published_time", "article:published"),
    *("og:published_time", "datepublished", "publishdate", "pubdate", "publish-date"),
    *("publication_date", "publish_date", "parsely-pub-date", "sailthru.date", "dc.date.issued"),
    *("dcterms.created", "dcterms.issued", "dc.date.created", "citation_publication_date"),
    *("cxenseparse:recs:publishtime", "article_date_original", "originalpublicationdate"),
    *("published-date", "published_at", "published_time", "date", "dc.date", "dcterms.date"),
    *("article.published", "article:post_date", "citation_date", "iso-8601-publish-date"),
)
# Other names for the day of publication, such as "w-published-date", end so.
_OF_A_DAY = ("published", "date", "time", "_on", "_at")
_MODIFIED = (
    *("article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified"),
    *("last-modified", "dcterms.modified", "dc.date.modified", "article:modified", "lastmod"),
)

# More days of publication in microdata than a page and its first versions have are of teasers.
_MAX_LISTED = 2
# A page that calls itself news and is changed later than this is a guide: on 9 such pages of WCXB,
# or ones without a day, og:title is never the headline, on 17 of the news set it is on 14.
_NEWS_CHANGES = timedelta(days=30)
_SURE = 0.8  # trust of a declared day
_MAX_STAMP = 40  # characters of a block that is a date, with a word or two


def page_dates(
    tree: etree._Element, data: PageData, url: str | None, around: Surroundings
) -> tuple[Dated | None, Dated | None]:
    head = data.head
    published: list[Dated] = []
    modified: list[Dated] = []
    declared, changes = list(_declared(data, around)), list(_declared_changes(data))
    named = url_date(url) if url else None
    day_first = day_is_first(
        (*(raw for raw, _, _ in (*declared, *changes)), *around.near_headline),
        default=not _is_american(data),
        known=() if named is None else (named.at.date(),),
        latest=around.fetched_at,
    )
    for raw, source, trust in declared:
        if (dated := read_date(raw, day_first=day_first)) is not None:
            published.append(dated.said_by(source, round(trust, 3)))
    for raw, source, trust in changes:
        if (dated := read_date(raw, day_first=day_first)) is not None:
            modified.append(dated.said_by(source, trust))
    shown, changed = time_elements(head, day_first=day_first)
    published.extend(shown)
    modified.extend(changed)
    if named is not None:
        published.append(named.said_by("url", 0.7))
    if around.discovery is not None and around.discovery.published is not None:
        at = around.discovery.published
        method = "sitemap" if around.discovery.method == "sitemap" else "feed"
        if at.tzinfo is not None:
            published.append(Dated(at, "minute", at.isoformat(), method, 0.64))
    if not any(believable(d, around.fetched_at) for d in published if d.confidence >= 0.6):
        published.extend(date_elements(tree, around.near_headline, day_first=day_first))
    if (shown_day := _earlier_shown(data, around, day_first)) is not None:
        published.append(shown_day)
    best = choose_date(published, around.fetched_at, modified)
    latest = choose_date(modified, around.fetched_at, published)
    if best is None and latest is not None:
        best = latest.said_by(latest.source, round(0.5 * latest.confidence, 2))
    return best, latest


def is_rewritten(data: PageData) -> bool:
    """Whether the page declares no day of publication, or a change long after it.

    News is of a day and mended within days; guides and lists of the best are kept for years.
    """
    days = (
        next((d for raw, _, trust in said if trust >= _SURE and (d := read_date(raw))), None)
        for said in (_declared(data, Surroundings()), _declared_changes(data))
    )
    published, changed = days
    return published is None or (changed is not None and changed.at - published.at > _NEWS_CHANGES)


def _earlier_shown(data: PageData, around: Surroundings, day_first: bool) -> Dated | None:
    """The day below the headline where it is before the one that the page's JSON-LD declares.

    Where nothing was changed after that publication, the system takes each change for one: right
    on 6 of 6 such pages of WCXB. Where it was, what is shown is the other story's or the event's.
    """
    article = data.linked.article
    if article is None or not article.published or not article.modified:
        return None
    declared = read_date(article.published, day_first=day_first)
    changed = read_date(article.modified, day_first=day_first)
    if declared is None or changed is None or changed.at > declared.at:
        return None
    for text in around.near_headline[around.above :]:
        shown = read_date(text, day_first=day_first) if len(text) <= _MAX_STAMP else None
        if shown is not None:
            earlier = (declared.at.date() - shown.at.date()).days > 1
            return shown.said_by("text", 0.96) if earlier else None
    return None


def _declared(data: PageData, around: Surroundings) -> Iterator[tuple[str, str, float]]:
    """What may be the day of publication: the text, its source, and that source's trust."""
    head, article = data.head, data.linked.article
    for text in around.ruled_dates:
        yield text, "html", 0.99
    if article is not None:
        yield article.published, "jsonld", 0.95
        yield article.created, "jsonld", 0.6
    yield data.linked.page_published, "jsonld", 0.8
    for order, name in enumerate(_PUBLISHED):
        for value in head.meta.get(name, ())[:1]:
            yield value, "meta", 0.9 - 0.005 * order
    for name, values in head.meta.items():
        other = "publish" in name and name.endswith(_OF_A_DAY) and "last" not in name
        if other and name not in _PUBLISHED:
            yield values[0], "meta", 0.72
    listed = head.microdata.get("datepublished", ())
    for value in listed[:1]:
        yield value, "microdata", 0.88 if len(set(listed)) <= _MAX_LISTED else 0.55
    for title in (head.title, head.first("og:title")):
        if title and (tail := DATE_TAIL.search(title)) is not None:
            yield tail[0], "meta", 0.62


def _declared_changes(data: PageData) -> Iterator[tuple[str, str, float]]:
    """What may be the day of the last change, likewise."""
    head, article = data.head, data.linked.article
    if article is not None:
        yield article.modified, "jsonld", 0.95
    for name in _MODIFIED:
        yield head.first(name) or "", "meta", 0.85
    for value in head.microdata.get("datemodified", ())[:1]:
        yield value, "microdata", 0.85


def _is_american(data: PageData) -> bool:
    """Whether the page says that it is American: "03-09-2026" is in March there."""
    said = (data.head.language, data.head.first("og:locale"))
    return any(tag and tag.strip().lower().replace("_", "-") == "en-us" for tag in said)
