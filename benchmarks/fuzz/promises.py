"""What each reader promises for any bytes: a function a target, which raises when it is broken.

The suite runs the same functions on Hypothesis' examples and on what fuzzing found.
"""

import contextlib
import io
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from cleaners.audit import SEPARATOR, replay
from cleaners.clean import clean
from cleaners.config import CleanConfig
from cleaners.errors import ConfigError
from cleaners.html.siterules import load_site_rules
from cleaners.inputs import FoundFile, Limits, read_file
from cleaners.model import Discovery, Fetch, Outcome, Page, Reason, Rejection
from cleaners.store.encoding import CodingError, undo_codings
from cleaners.store.rows import fault
from cleaners.store.warc import archive_pages, read_exchange
from crawler.config.load import load_settings
from crawler.discovery.feeds import read_feed
from crawler.discovery.found import Found
from crawler.discovery.read import read_source
from crawler.discovery.search import BingNews, Gdelt, GoogleNews
from crawler.discovery.sitemaps import read_sitemap
from crawler.frontier.base import Robots
from crawler.robots import LONGEST_CRAWL_DELAY, Access, read_rules

URL = "https://www.nordpost.example/2026/11/21/harbour-bridge-opens"
ALL = CleanConfig(min_words=0, keep_non_articles=True, keep_live_blogs=True)
"""Settings under which most pages go all the way through."""
_WHEN = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
_TYPES = ("text/html", "text/html; charset=utf-8", "text/html; charset=shift_jis", "text/plain")
SMALL = Limits(page_bytes=200_000, expansion=50, free_bytes=2_000_000)


class BrokenPromise(Exception):
    """Raised by a promise when a reader gave what it must not give; the message says what."""


def html(content: bytes) -> None:
    """Any bytes as a page, with and without an address: an Outcome that can be replayed."""
    sort = content[-1] if content else 0
    url = URL if sort & 1 else None
    headers = (("content-type", _TYPES[sort % len(_TYPES)]),)
    fetch = Fetch(URL, _WHEN, 200, headers) if sort & 2 else None
    found = Discovery("feed", title="Harbour bridge opens") if sort & 4 else None
    page = Page(content, source="x", url=url, fetch=fetch, discovery=found)
    _check(clean(page, config=ALL))


def text(content: bytes) -> None:
    """Any bytes as a plain text."""
    _check(clean(Page(content, source="x", kind="text"), config=ALL))


def feed(content: bytes) -> None:
    """Any bytes as a feed, and as the answer of each search service."""
    for found in (
        read_feed(content, URL),
        Gdelt().parse(content, URL),
        BingNews().parse(content, URL),
        GoogleNews().parse(content, URL),
    ):
        _check_found(found)


def sitemap(content: bytes) -> None:
    """Any bytes as a sitemap, and as a source whose kind is not known."""
    _check_found(read_sitemap(content, URL))
    _check_found(read_source(content, URL))


def robots(content: bytes) -> None:
    """Any bytes as robots.txt: an answer for any address, and a delay within its bound."""
    rules = read_rules(Robots(200, content, 0.0))
    for agent in ("winnow", "", "Mozilla/5.0 (compatible; winnow/1.0)"):
        for url in (URL, "https://www.nordpost.example/", "https://www.nordpost.example/?q=a%2Fb"):
            if rules.access(url, agent) not in (Access.ALLOWED, Access.DENIED):
                raise BrokenPromise("a file that was read gives no answer")
        delay = rules.crawl_delay(agent)
        if delay is not None and not 0 < delay <= LONGEST_CRAWL_DELAY:
            raise BrokenPromise(f"a delay of {delay}")
    if not all(isinstance(url, str) for url in rules.sitemaps):
        raise BrokenPromise("a sitemap that is no text")


def warc(content: bytes) -> None:
    """Any bytes as an archive, read as a stream, by path, and at an offset."""
    for item in archive_pages(io.BytesIO(content), max_bytes=SMALL.page_bytes):
        _check_item(item)
    with tempfile.NamedTemporaryFile(suffix=".warc.gz") as file:
        file.write(content)
        file.flush()
        for item in archive_pages(Path(file.name), max_bytes=SMALL.page_bytes):
            _check_item(item)
        for offset in (0, len(content) // 2):
            read_exchange(Path(file.name), offset)


def jsonl(content: bytes) -> None:
    """Any bytes as lines of JSON and as one JSON document."""
    _read(content, "x.jsonl")
    _read(content, "x.json")


def parquet(content: bytes) -> None:
    """Any bytes as a Parquet file."""
    _read(content, "x.parquet")


def inputs(content: bytes) -> None:
    """Any bytes as a file of no or any name: zip, tar, gzip, MHTML, text."""
    _read(content, "x")
    _read(content, "x.html")


def codings(content: bytes) -> None:
    """Any bytes as a body that is coded."""
    names = (("gzip",), ("deflate",), ("gzip", "deflate"), ("br",))
    for chosen in names:
        with contextlib.suppress(CodingError):
            if len(undo_codings(content, chosen, limit=100_000)) > 100_000:
                raise BrokenPromise("more than the limit")


def config(content: bytes) -> None:
    """Any bytes as winnow.toml and as site rules: settings, or an error that names the file."""
    with tempfile.NamedTemporaryFile(suffix=".toml") as file:
        file.write(content)
        file.flush()
        for load in (lambda path: load_settings(path, {}), load_site_rules):
            try:
                load(Path(file.name))
            except ConfigError as error:
                if file.name not in str(error):
                    raise BrokenPromise(f"an error that names no file: {error}") from error


def _check(outcome: Outcome) -> None:
    """What cleaning promises: no internal error; text and removals are all blocks; storable."""
    if isinstance(outcome, Rejection):
        if outcome.reason is Reason.INTERNAL_ERROR:
            raise BrokenPromise(outcome.detail)
        return
    kept = outcome.text.split(SEPARATOR) if outcome.text else []
    if len(replay(outcome.text, outcome.removals)) != len(kept) + len(outcome.removals):
        raise BrokenPromise("kept and removed blocks are not all blocks")
    if outcome.text.strip() and (why := fault(outcome)) is not None:
        raise BrokenPromise(f"cannot be stored: {why}")


def _check_found(found: Found) -> None:
    urls = [item.url for item in found.candidates] + [item.url for item in found.sources]
    for url in urls:
        if not url.startswith(("http://", "https://")):
            raise BrokenPromise(f"an address of another kind: {url[:80]!r}")


def _check_item(item: Page | Rejection) -> None:
    """What reading inputs promises: pages within their limit, and reasons for all else."""
    if isinstance(item, Rejection):
        if item.detail.startswith("broken: "):  # the boundary of an input caught it
            raise BrokenPromise(item.detail)
    elif len(item.content) > SMALL.page_bytes:
        raise BrokenPromise(f"a page of {len(item.content)} bytes")


def _read(content: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        for item in read_file(FoundFile(str(path), name, len(content)), SMALL):
            _check_item(item)


PROMISES: Mapping[str, Callable[[bytes], None]] = {
    "html": html,
    "text": text,
    "feed": feed,
    "sitemap": sitemap,
    "robots": robots,
    "warc": warc,
    "jsonl": jsonl,
    "parquet": parquet,
    "inputs": inputs,
    "codings": codings,
    "config": config,
}
