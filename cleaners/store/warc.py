"""Pages out of WARC files of any make; the only importer of fastwarc.

A response record is a Page. A revisit that says "same bytes as before" is one, too: its bytes are
fetched from the record it refers to, if that is among the archives given.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Literal
from urllib.parse import urlsplit

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from cleaners.errors import InputError
from cleaners.model import Discovery, Fetch, Page, Reason, Rejection, Stage, WarcPosition
from cleaners.store.encoding import CodingError, codings, undo_codings
from cleaners.store.found import discovery_from_json, verdict_from_json
from cleaners.store.warc_writer import (
    FOUND_FIELD,
    IDENTICAL,
    VERDICT_FIELD,
    Exchange,
    digest,
    member_length,
)

MAX_PAGE_BYTES = 20_000_000
MAX_METADATA_BYTES = 1_000_000
_NOT_TEXT = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")
_BINARY = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF")
_PLAIN = "text/plain"
_WANTED = WarcRecordType.response | WarcRecordType.revisit | WarcRecordType.metadata
_PAGES = WarcRecordType.response | WarcRecordType.revisit

Archive = str | os.PathLike[str] | IO[bytes]


@dataclass(slots=True)
class _Index:
    """What a first reading finds out: notes on responses, and where the bytes of revisits are."""

    found: dict[str, Discovery] = field(default_factory=dict)
    verdicts: dict[str, Rejection] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)


def archive_pages(
    *archives: Archive, max_bytes: int = MAX_PAGE_BYTES
) -> Iterator[Page | Rejection]:
    """The pages of WARC files (plain, .gz or .zst), in their order; `source` is the URL.

    Successful responses alone: errors, redirects, images and the like are passed over. Pages that a
    crawl turned away after cleaning come as that Rejection. An archive that breaks off gives what
    stands before, then a Rejection that says where. Raises InputError for one that is not there.
    """
    index = _Index()
    for number, archive in enumerate(archives):
        _read_notes(archive, number, index)
    for archive in archives:
        yield from _pages(archive, archives, index, max_bytes)


def read_exchange(
    path: Path, offset: int, *, max_bytes: int = MAX_PAGE_BYTES
) -> tuple[Exchange, WarcPosition] | None:
    """The exchange whose response stands at `offset`, without its request; None if none does."""
    try:
        with open(path, "rb") as file:
            file.seek(offset)
            for record in _records(file, _PAGES):
                length = member_length(path, offset)
                return _exchange(record, path.name, offset, length, max_bytes)
    except Exception:  # noqa: BLE001 - bytes of any kind; the caller fetches again
        return None
    return None


def _exchange(
    record: WarcRecord, name: str, offset: int, length: int, max_bytes: int
) -> tuple[Exchange, WarcPosition] | None:
    headers = record.headers
    payload = headers["WARC-Payload-Digest"]
    record.parse_http(auto_decode="transfer", strict_mode=False)
    http = record.http_headers
    body = record.reader.read(max_bytes + 1)
    if http is None or http.status_code is None or digest(body) != payload:
        return None
    exchange = Exchange(
        url=headers["WARC-Target-URI"],
        method="GET",
        request_headers=(),
        status=http.status_code,
        reason=http.reason_phrase or "",
        headers=tuple((key.encode(), value.encode()) for key, value in http.to_tuples()),
        body=body,
        fetched_at=_date(headers.get("WARC-Date")),
        ip_address=headers.get("WARC-IP-Address"),
    )
    return exchange, WarcPosition(name, headers["WARC-Record-ID"], offset, length, payload)


def _opened(archive: Archive) -> AbstractContextManager[IO[bytes]]:
    if not isinstance(archive, str | os.PathLike):
        if archive.seekable():
            archive.seek(0)
        return nullcontext(archive)
    try:
        return closing(open(archive, "rb"))
    except OSError as error:
        raise InputError(str(archive), error.strerror or "cannot be read") from error


def _name(archive: Archive) -> str:
    if isinstance(archive, str | os.PathLike):
        return os.path.basename(os.fspath(archive))
    return os.path.basename(str(getattr(archive, "name", "-")))


def _records(file: IO[bytes], kinds: WarcRecordType) -> Iterator[WarcRecord]:
    for record in ArchiveIterator(file, record_types=kinds, parse_http=False, strict_mode=False):
        if record.headers.get("WARC-Record-ID") is None:
            raise ValueError("a record without an identity, as a cut file leaves")
        yield record


def _read_notes(archive: Archive, number: int, index: _Index) -> None:
    """First reading: metadata records and revisits. What is broken is told on the second."""
    if not isinstance(archive, str | os.PathLike) and not archive.seekable():
        return
    with _opened(archive) as file:
        try:
            for record in _records(file, _WANTED):
                _note(record, number, index)
        except Exception:  # noqa: BLE001 - bytes of any kind; the second reading rejects them
            return


def _note(record: WarcRecord, number: int, index: _Index) -> None:
    headers = record.headers
    if record.record_type == WarcRecordType.metadata:
        target = headers.get("WARC-Refers-To") or headers.get("WARC-Concurrent-To")
        if target is None or "warc-fields" not in (headers.get("Content-Type") or ""):
            return
        text = record.reader.read(MAX_METADATA_BYTES).decode("utf-8", "replace")
        for line in text.splitlines():
            name, _, value = line.partition(":")
            if name == FOUND_FIELD and (found := discovery_from_json(value)):
                index.found[target] = found
            elif name == VERDICT_FIELD and (verdict := verdict_from_json(value)):
                index.verdicts[target] = verdict
        return
    payload = headers.get("WARC-Payload-Digest")
    if payload is None:
        return
    if record.record_type == WarcRecordType.response:
        index.places.setdefault(payload, (number, record.stream_pos))
    elif headers.get("WARC-Profile") == IDENTICAL or "identical" in (
        headers.get("WARC-Profile") or ""
    ):
        index.wanted.add(payload)


def _pages(
    archive: Archive, archives: tuple[Archive, ...], index: _Index, max_bytes: int
) -> Iterator[Page | Rejection]:
    name, position = _name(archive), 0
    waiting: Page | Rejection | None = None
    with _opened(archive) as file:
        try:
            for record in _records(file, WarcRecordType.any_type):
                # Where the next record begins tells how long this one is.
                if waiting is not None:
                    yield _measured(waiting, record.stream_pos - position)
                waiting, position = None, record.stream_pos
                if record.record_type in (WarcRecordType.response, WarcRecordType.revisit):
                    place = _Place(name, position, archives, index, max_bytes)
                    waiting = _page(record, place)
            if waiting is not None:
                yield _measured(waiting, file.seek(0, os.SEEK_END) - position)
        except Exception as error:  # noqa: BLE001 - bytes of any kind; recorded as a rejection
            if waiting is not None:
                yield waiting
            detail = f"breaks off after byte {position:,}: {error}"
            yield Rejection(
                source=str(archive) if isinstance(archive, str | os.PathLike) else name,
                url=None,
                stage=Stage.INPUT,
                reason=Reason.BROKEN_ARCHIVE,
                detail=detail,
            )


def _measured(item: Page | Rejection, length: int) -> Page | Rejection:
    """The item with the length of its record, compressed as it stands in the file."""
    fetch = item.fetch
    if fetch is None or fetch.warc is None:
        return item
    return replace(item, fetch=replace(fetch, warc=replace(fetch.warc, length=length)))


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    position: int
    archives: tuple[Archive, ...]
    index: _Index
    max_bytes: int


def _page(record: WarcRecord, place: _Place) -> Page | Rejection | None:
    """The Page of a response or revisit record; None for what is no page."""
    headers = record.headers
    revisit = record.record_type == WarcRecordType.revisit
    payload = headers.get("WARC-Payload-Digest") or ""
    url = (headers.get("WARC-Target-URI") or "").strip("<>")
    if (revisit and payload not in place.index.wanted) or not url.startswith(("http:", "https:")):
        return None
    if urlsplit(url).path == "/robots.txt":
        return None
    if not record.is_http and "http" not in (headers.get("Content-Type") or "http"):
        return None
    record.parse_http(auto_decode="transfer", strict_mode=False)
    http = record.http_headers
    if http is None or http.status_code is None or not 200 <= http.status_code < 300:
        return None
    fields = tuple((key.lower(), value) for key, value in http.to_tuples())
    media = next((value for key, value in fields if key == "content-type"), "")
    if page_kind(media) is None:
        return None
    record_id = headers["WARC-Record-ID"]
    body = record.reader.read(place.max_bytes + 1)
    coded = any(key == "transfer-encoding" for key, _ in fields)
    if not coded and len(body) < min(record.content_length, place.max_bytes):
        raise ValueError(f"the record of {url} is cut short")
    if revisit:
        body = _original(payload, place)
    fetch = Fetch(
        url_requested=url,
        fetched_at=_date(headers.get("WARC-Date")),
        status=http.status_code,
        headers=fields,
        warc=WarcPosition(place.name, record_id, place.position, 0, payload),
    )
    verdict = place.index.verdicts.get(record_id)
    found = place.index.found.get(record_id)
    page = Page(content=body, source=url, url=url, fetch=fetch, discovery=found)
    return _finished(page, verdict, media, place.max_bytes)


def _finished(
    page: Page, verdict: Rejection | None, media: str, max_bytes: int
) -> Page | Rejection | None:
    """The page with its content codings undone, or why it is none."""
    if verdict is not None:
        return replace(
            verdict, source=page.source, url=page.url, fetch=page.fetch, discovery=page.discovery
        )
    headers = page.fetch.headers if page.fetch else ()
    names = codings(value for key, value in headers if key == "content-encoding")
    try:
        content = undo_codings(page.content, names, limit=max_bytes)
        kind = page_kind(media, content)
        return replace(page, content=content, kind=kind) if kind and content.strip() else None
    except CodingError as error:
        return Rejection(
            source=page.source,
            url=page.url,
            stage=Stage.FETCH,
            reason=Reason.TOO_LARGE if error.too_large else Reason.UNREADABLE,
            detail=str(error),
            fetch=page.fetch,
            discovery=page.discovery,
        )


def _original(payload: str, place: _Place) -> bytes:
    """The bytes that a revisit refers to; none if they are in no archive that was given."""
    found = place.index.places.get(payload)
    if found is None:
        return b""
    number, offset = found
    archive = place.archives[number]
    if not isinstance(archive, str | os.PathLike):
        return b""  # a stream cannot be read at two places at once
    with open(archive, "rb") as file:
        file.seek(offset)
        for record in _records(file, WarcRecordType.response):
            record.parse_http(auto_decode="transfer", strict_mode=False)
            return bytes(record.reader.read(place.max_bytes + 1))
    return b""


def page_kind(content_type: str, content: bytes = b"") -> Literal["html", "text"] | None:
    """How a page of this media type is cleaned; None for what holds no text of its own.

    Servers call pages application/octet-stream or text/plain; a page that begins like one is one.
    """
    media = content_type.partition(";")[0].strip().lower()
    if content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")[:5].lower() in (b"<!doc", b"<html"):
        return "html"
    if media.startswith(_NOT_TEXT) or content.startswith(_BINARY):
        return None
    return "text" if media == _PLAIN else "html"


def _date(text: str | None) -> datetime:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
