"""What an answer from the network means for the URL that was asked. Pure."""

from dataclasses import replace

from cleaners.model import Fetch, Page, Reason, Stage, WarcPosition
from cleaners.store.encoding import CodingError, codings, undo_codings
from cleaners.store.warc import page_kind
from cleaners.store.warc_writer import Exchange
from crawler import urls
from crawler.address import forbidden
from crawler.model import Kind, Lead, Manners, Task, Visit, rejected
from crawler.politeness import DEFAULT_HOLD, HOST_WIDE, PATIENCE, RETRIED, retry_after, retry_delay
from crawler.wishes import refresh_target, says

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MISSING = frozenset({400, 404, 410})
"""Statuses at which a parameter that seemed to name no content may have named it after all."""


def fetch_of(exchange: Exchange, url_requested: str, warc: WarcPosition | None) -> Fetch:
    """The Fetch of an exchange, equal to that of its record in the archive."""
    fields = tuple(
        (name.decode("latin-1").lower(), value.decode("utf-8", "replace"))
        for name, value in exchange.archived_headers
    )
    return Fetch(url_requested, exchange.fetched_at, exchange.status, fields, warc)


def header(exchange: Exchange, name: str) -> str | None:
    """The first value of a header, or None; `name` in lower case."""
    wanted = name.encode()
    for key, value in exchange.headers:
        if key.lower() == wanted:
            return value.decode("latin-1").strip()
    return None


def read_answer(
    task: Task,
    exchange: Exchange,
    manners: Manners,
    *,
    now: float,
    roll: float,
    warc: WarcPosition | None = None,
) -> Visit:
    """The visit as far as the HTTP answer decides it: a page to clean, or an end, or a retry."""
    visit = Visit(task=task, exchange=exchange)
    fetch = fetch_of(exchange, task.url, warc)
    empty = Page(content=b"", source=task.url, url=task.url, fetch=fetch, discovery=task.discovery)
    status = exchange.status
    if status == 304:
        return replace(visit, unchanged=True)
    if status in REDIRECTS and (location := header(exchange, "location")):
        return _redirected(visit, empty, manners, location)
    if status in RETRIED:
        return _not_now(visit, empty, manners, now, roll)
    if status in MISSING and task.spelling and task.spelling != task.url:
        return replace(visit, redirect=task.spelling)
    if not 200 <= status < 300:
        return _ended(visit, empty, Reason.HTTP_ERROR, f"status {status}")
    return _page(visit, empty, manners)


def _ended(visit: Visit, page: Page, reason: Reason, detail: str) -> Visit:
    return replace(visit, outcome=rejected(visit.task, Stage.FETCH, reason, detail, page=page))


def _redirected(visit: Visit, page: Page, manners: Manners, location: str) -> Visit:
    task = visit.task
    target = urls.resolve(task.url, location)
    if target is None:
        scheme = location.partition(":")[0][:20]
        return _ended(visit, page, Reason.REDIRECTED, f"to what is not fetched ({scheme}:)")
    why = None if manners.allow_private else forbidden(target)
    if why is not None:
        return _ended(visit, page, Reason.FORBIDDEN_ADDRESS, f"redirects to {target}: {why}")
    if task.hops >= manners.max_redirects:
        return _ended(visit, page, Reason.REDIRECT_LOOP, f"more than {manners.max_redirects} hops")
    if urls.fingerprint(target) == task.fingerprint:
        if target == task.url:
            return _ended(visit, page, Reason.REDIRECT_LOOP, "to itself")
        return replace(visit, redirect=target)
    away = "" if urls.site(target) == urls.site(task.url) else " (another site)"
    lead = Lead(
        url=target,
        kind=task.kind,
        priority=task.priority,
        depth=task.depth,
        hops=task.hops + 1,
        discovery=task.discovery,
        asked=True,
    )
    ended = _ended(visit, page, Reason.REDIRECTED, f"to {target}{away}")
    return replace(ended, leads=(lead,))


def _not_now(visit: Visit, page: Page, manners: Manners, now: float, roll: float) -> Visit:
    task, exchange = visit.task, visit.exchange
    assert exchange is not None
    tries = task.attempts + 1
    asked = retry_after(header(exchange, "retry-after"), now)
    if tries >= manners.attempts:
        return _ended(visit, page, Reason.HTTP_ERROR, f"status {exchange.status}, {tries} times")
    if asked is not None and asked > PATIENCE:
        detail = f"status {exchange.status}, asks for {asked:.0f} s"
        return _ended(visit, page, Reason.GAVE_UP, detail)
    return replace(visit, retry_after=max(asked or 0.0, retry_delay(tries, roll)))


def host_hold(exchange: Exchange, attempts: int, now: float) -> float | None:
    """Seconds for which an answer asks that the whole host be left alone; None if it does not."""
    if exchange.status not in HOST_WIDE:
        return None
    asked = retry_after(header(exchange, "retry-after"), now)
    return asked if asked is not None else DEFAULT_HOLD * (attempts + 1)


def _page(visit: Visit, page: Page, manners: Manners) -> Visit:
    exchange, task = visit.exchange, visit.task
    assert exchange is not None
    if manners.obey_noindex and task.kind is Kind.PAGE and says(exchange, "noindex", manners):
        return _ended(visit, page, Reason.NOINDEX, "X-Robots-Tag: noindex")
    names = codings(
        value.decode("latin-1")
        for key, value in exchange.headers
        if key.lower() == b"content-encoding"
    )
    try:
        content = undo_codings(exchange.body, names, limit=manners.max_bytes)
    except CodingError as error:
        reason = Reason.TOO_LARGE if error.too_large else Reason.UNREADABLE
        return _ended(visit, page, reason, str(error))
    if not content.strip():
        return _ended(visit, page, Reason.EMPTY, f"status {exchange.status} without a body")
    media = header(exchange, "content-type") or ""
    kind = page_kind(media, content)
    if kind is None and task.kind is Kind.PAGE:
        return _ended(visit, page, Reason.NOT_A_PAGE, media or "binary content")
    sent_on = refresh_target(content) if kind == "html" else None
    target = urls.resolve(task.url, sent_on) if sent_on else None
    # A page that loads itself again is news kept fresh, not a redirect.
    if target and urls.fingerprint(target) != task.fingerprint:
        return _redirected(visit, page, manners, target)
    return replace(visit, page=replace(page, content=content, kind=kind or "html"))
