"""WARC archives (ISO 28500:2017, WARC 1.1) written as pages are fetched; `warc.py` reads them.

Each record is one gzip member, so any of them can be read by its offset, and a file whose tail was
cut by a crash is whole again once cut to its last good member. Per exchange stand a `request`, a
`response` (body with its content coding still on, as it came) or a `revisit`, and a `metadata`
record that keeps how the page was found, so that a replay gives the rows of the live crawl.
"""

import base64
import hashlib
import os
import re
import uuid
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from cleaners.errors import StoreError
from cleaners.model import WarcPosition
from cleaners.store.disk import Steps, no_steps
from cleaners.store.packing import packed, wrapped

DEFAULT_MAX_BYTES = 256 * 1024 * 1024
"""Size at which the next file is begun: small enough to be checked within seconds after a crash."""

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
FOUND_FIELD = "winnow-found"
VERDICT_FIELD = "winnow-verdict"

# Never archived: what lets somebody in.
_SECRET = frozenset({b"proxy-authorization", b"authorization", b"cookie"})
# Of the connection, not of the message: the body is stored unchunked, with its true length.
_HOP = frozenset({b"transfer-encoding", b"content-length", b"connection", b"keep-alive"})
_GZIP_MAGIC = b"\x1f\x8b"
"""Bodies that came packed are not packed again: that took 1.4 ms a page, 50 times as long, and made
them 0.2 % smaller."""


_Pack = Callable[[Iterable[bytes]], bytes]


@dataclass(frozen=True, slots=True)
class Exchange:
    """An HTTP exchange as it went over the wire: bodies with their content coding still on.

    Header names and values are bytes, in the order of the message.
    """

    url: str
    method: str
    request_headers: tuple[tuple[bytes, bytes], ...]
    status: int
    reason: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    fetched_at: datetime
    ip_address: str | None = None

    @property
    def archived_headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """The response's headers as the archive has them: the message's, white space folded."""
        length = b"%d" % len(self.body)
        return (*_folded(self.headers), (b"Content-Length", length))

    @property
    def payload_digest(self) -> str:
        """Digest of the body as it came, in the form WARC uses."""
        return digest(self.body)


@dataclass(frozen=True, slots=True)
class Original:
    """The record that holds the bytes which a revisit does not repeat."""

    record_id: str
    url: str
    date: str


def digest(content: bytes) -> str:
    """SHA-1 in base 32, as the archives of the web compare by."""
    return (
        "sha1:" + base64.b32encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()
    )


def warc_date(moment: datetime) -> str:
    """A moment in UTC with microseconds, as WARC 1.1 allows."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class WarcWriter:
    """Writes exchanges into numbered files of a folder; one writer a prefix at a time.

    Opening cuts the newest file of that prefix to its last good record. Raises StoreError when
    the folder cannot be written. Not thread-safe.
    """

    def __init__(
        self,
        folder: Path,
        *,
        prefix: str = "winnow",
        software: str = "winnow",
        max_bytes: int = DEFAULT_MAX_BYTES,
        steps: Steps = no_steps,
    ) -> None:
        self._folder, self._prefix, self._software = folder, prefix, software
        self._steps = steps
        self._max_bytes = max_bytes
        self._file: BinaryIO | None = None
        self._name = ""
        self.bytes_cut = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            newest = max(_own_files(folder, prefix), default=None)
            if newest is not None:
                self._steps(f"repair {newest.name}")
                self.bytes_cut = repair(newest)
        except OSError as error:
            raise StoreError(str(folder), f"cannot be written: {error.strerror}") from error
        self._next = 0 if newest is None else int(newest.name[len(prefix) + 1 : -8]) + 1

    def write(
        self,
        exchange: Exchange,
        *,
        original: Original | None = None,
        keep_body: bool = True,
        payload: str | None = None,
    ) -> WarcPosition:
        """Archive an exchange; where its response stands. `original` makes it a revisit.

        `payload` is the exchange's payload digest, where it is known already.
        """
        record_id = f"<urn:uuid:{uuid.uuid4()}>"
        payload = payload or exchange.payload_digest
        profile = NOT_MODIFIED if exchange.status == 304 else IDENTICAL if original else None
        body = exchange.body if keep_body and profile is None else b""
        fields = [
            ("WARC-Type", "revisit" if profile else "response"),
            ("WARC-Record-ID", record_id),
            *_of_exchange(exchange),
            ("WARC-Payload-Digest", payload),
            ("Content-Type", "application/http; msgtype=response"),
        ]
        if profile:
            fields.append(("WARC-Profile", profile))
        if original:
            fields += [
                ("WARC-Refers-To", original.record_id),
                ("WARC-Refers-To-Target-URI", original.url),
                ("WARC-Refers-To-Date", original.date),
            ]
        if not keep_body and exchange.body:
            fields.append(("WARC-Truncated", "unspecified"))
        self._open(exchange.fetched_at)
        self._append(_request_record(exchange, record_id))
        message = (_http_head(exchange), body)
        pack = wrapped if body.startswith(_GZIP_MAGIC) else packed
        offset, length = self._append(_record(fields, *message, whole=not body), pack)
        self._guarded(self._file.flush if self._file else bool)  # a kill loses no whole record
        return WarcPosition(self._name, record_id, offset, length, payload)

    def write_metadata(
        self, exchange: Exchange, record_id: str, values: Iterable[tuple[str, str]]
    ) -> None:
        """Note what is known of an archived response: how it was found, what was decided."""
        block = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in values)
        fields = [
            ("WARC-Type", "metadata"),
            ("WARC-Record-ID", f"<urn:uuid:{uuid.uuid4()}>"),
            *_of_exchange(exchange),
            ("WARC-Refers-To", record_id),
            ("Content-Type", "application/warc-fields"),
        ]
        self._open(exchange.fetched_at)
        self._append(_record(fields, block.encode()))

    def sync(self) -> None:
        """Everything written is on the disk when this returns."""
        if self._file is not None:
            self._steps(f"sync {self._name}")
            self._guarded(self._file.flush)
            self._guarded(lambda: os.fsync(self._file.fileno()) if self._file else None)
            if os.fstat(self._file.fileno()).st_nlink == 0:
                cause = "was removed while the run wrote to it; run the same command again"
                raise StoreError(str(self._folder / self._name), cause)

    def close(self) -> None:
        """Sync and let go of the file."""
        if self._file is not None:
            try:
                self.sync()
                self._steps(f"close {self._name}")
            finally:
                self._file.close()
                self._file = None

    def _open(self, now: datetime) -> None:
        if self._file is not None and self._file.tell() >= self._max_bytes:
            self.close()
        if self._file is not None:
            return
        self._name = f"{self._prefix}-{self._next:06d}.warc.gz"
        self._next += 1
        self._steps(f"open {self._name}")
        try:
            self._file = open(self._folder / self._name, "xb")  # noqa: SIM115 - open while crawling
        except OSError as error:
            raise StoreError(str(self._folder / self._name), str(error.strerror)) from error
        block = f"software: {self._software}\r\nformat: WARC File Format 1.1\r\n".encode()
        fields = [
            ("WARC-Type", "warcinfo"),
            ("WARC-Record-ID", f"<urn:uuid:{uuid.uuid4()}>"),
            ("WARC-Date", warc_date(now)),
            ("WARC-Filename", self._name),
            ("Content-Type", "application/warc-fields"),
        ]
        self._append(_record(fields, block))

    def _append(self, record: Sequence[bytes], pack: _Pack = packed) -> tuple[int, int]:
        assert self._file is not None
        file = self._file
        member = pack(record)
        offset = file.tell()
        self._steps(f"append {self._name}")
        self._guarded(lambda: file.write(member))
        return offset, len(member)

    def _guarded(self, action: Callable[[], object]) -> None:
        try:
            action()
        except OSError as error:
            raise StoreError(str(self._folder / self._name), f"{error.strerror}") from error


def _own_files(folder: Path, prefix: str) -> Iterable[Path]:
    """The numbered files of one prefix; those of others may begin with the same word."""
    number = re.compile(re.escape(prefix) + r"-\d{6,}\.warc\.gz")
    return (path for path in folder.glob(f"{prefix}-*.warc.gz") if number.fullmatch(path.name))


def _of_exchange(exchange: Exchange) -> list[tuple[str, str]]:
    fields = [
        ("WARC-Target-URI", exchange.url),
        ("WARC-Date", warc_date(exchange.fetched_at)),
    ]
    if exchange.ip_address:
        fields.append(("WARC-IP-Address", exchange.ip_address))
    return fields


def _record(fields: Iterable[tuple[str, str]], *block: bytes, whole: bool = True) -> list[bytes]:
    """A record in pieces. With `whole` the block has a digest; without, the payload's must do.

    A body is read once for its digest, not twice: gzip's checksum covers what stands before it.
    """
    lines = ["WARC/1.1", *(f"{name}: {value}" for name, value in fields)]
    if whole:
        lines.append(f"WARC-Block-Digest: {digest(b''.join(block))}")
    lines += [f"Content-Length: {sum(map(len, block))}", "", ""]
    return ["\r\n".join(lines).encode(), *block, b"\r\n\r\n"]


def _request_record(exchange: Exchange, response_id: str) -> list[bytes]:
    parts = urlsplit(exchange.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    names = {name.lower() for name, _ in exchange.request_headers}
    lines = [f"{exchange.method} {target} HTTP/1.1".encode()]
    if b"host" not in names:
        lines.append(b"Host: " + parts.netloc.rpartition("@")[2].encode())
    lines += [name + b": " + value for name, value in _folded(exchange.request_headers)]
    fields = [
        ("WARC-Type", "request"),
        ("WARC-Record-ID", f"<urn:uuid:{uuid.uuid4()}>"),
        *_of_exchange(exchange),
        ("WARC-Concurrent-To", response_id),
        ("Content-Type", "application/http; msgtype=request"),
    ]
    return _record(fields, b"\r\n".join([*lines, b"", b""]))


def _http_head(exchange: Exchange) -> bytes:
    """All of the message before its body; of a revisit, with the original's Content-Length."""
    reason = exchange.reason.encode("ascii", "replace")
    lines = [b"HTTP/1.1 %d %s" % (exchange.status, reason)]
    lines += [name + b": " + value for name, value in exchange.archived_headers]
    return b"\r\n".join([*lines, b"", b""])


def _folded(headers: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple(
        (name, b" ".join(value.split()))
        for name, value in headers
        if name.lower() not in _SECRET | _HOP
    )


def repair(path: Path) -> int:
    """Cut a file to its last whole gzip member; how many bytes that took away.

    Every member's own checksum is verified. A file with no whole member becomes empty.
    """
    with open(path, "r+b") as file:
        tail = _tail(file)
        if tail:
            file.truncate(file.seek(0, os.SEEK_END) - tail)
            file.flush()
            os.fsync(file.fileno())
    return tail


def broken_tail(path: Path) -> int:
    """How many bytes `repair` would take away."""
    with open(path, "rb") as file:
        return _tail(file)


def _tail(file: BinaryIO) -> int:
    good = 0
    for end in _member_ends(file):
        good = end
    return file.seek(0, os.SEEK_END) - good


def member_length(path: Path, offset: int) -> int:
    """Bytes of the gzip member that begins at an offset; 0 if none does."""
    with open(path, "rb") as file:
        file.seek(offset)
        return next(iter(_member_ends(file)), 0)


def _member_ends(file: BinaryIO) -> Iterable[int]:
    """Offsets at which whole members end, as far as the file is sound."""
    decoder, position, pending = zlib.decompressobj(31), 0, b""
    while chunk := pending or file.read(1 << 20):
        pending = b""
        try:
            decoder.decompress(chunk)
        except zlib.error:
            return
        if decoder.eof:
            position += len(chunk) - len(decoder.unused_data)
            yield position
            pending, decoder = decoder.unused_data, zlib.decompressobj(31)
        else:
            position += len(chunk)
