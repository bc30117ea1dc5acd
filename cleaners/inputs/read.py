"""Files of every kind into Pages: sniffed, unpacked within bounds, one bad file never the end.

paths ─find_files→ FoundFile ─sniff→ Form ─reader of that form→ Page | Rejection
"""

import gzip
import io
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cleaners.errors import WinnowError
from cleaners.inputs.sniff import HEAD_BYTES, Form, sniff
from cleaners.inputs.walk import STDIN, FoundFile, find_files
from cleaners.model import Page, Reason, Rejection, Stage

Read = Iterator[Page | Rejection]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read: bytes of one page, and how often an archive may outgrow its packed size."""

    page_bytes: int = 20_000_000
    expansion: int = 200
    """HTML packs 5 to 20 times; what packs 200 times is made to fill memory or disk."""
    free_bytes: int = 1_000_000_000
    """Archives that unpack to less than this are read whatever their ratio."""


DEFAULT_LIMITS = Limits()


def read_inputs(
    paths: Sequence[str],
    *,
    exclude: str | None = None,
    follow_links: bool = False,
    limits: Limits = DEFAULT_LIMITS,
    stdin: IO[bytes] | None = None,
) -> Read:
    """Pages of all files under the named files, folders, globs or `-`, one after the other.

    Members of archives and rows of tables have the source `path::member`. Whatever cannot be read
    is a Rejection of stage `input`. Raises `InputError` at once when a named path is not there.
    """
    found = find_files(paths, exclude=exclude, follow_links=follow_links)
    return (
        outcome
        for item in found
        for outcome in ((item,) if isinstance(item, Rejection) else read_file(item, limits, stdin))
    )


def read_file(
    found: FoundFile, limits: Limits = DEFAULT_LIMITS, stdin: IO[bytes] | None = None
) -> Read:
    """The pages of one file; never raises for what is wrong with it."""
    try:
        if found.path == STDIN:
            yield from _read_stdin(stdin or sys.stdin.buffer, limits)
            return
        with _opened(found) as file:
            if found.source == STDIN:
                yield from _read_piped(file, found.size, limits)
            else:
                yield from read_stream(file, found.source, found.size, limits)
    except (OSError, EOFError, zlib.error) as error:
        yield failed(found.source, error)
    except MemoryError:
        yield rejected(found.source, Reason.TOO_LARGE, "does not fit into memory")
    except Exception as error:  # noqa: BLE001 - the boundary of one input; recorded as a rejection
        detail = f"broken: {type(error).__name__}: {error}"
        yield rejected(found.source, Reason.BROKEN_ARCHIVE, detail)


MANY_BYTES = 1_000_000
"""A packed page is hardly ever larger; an archive of few pages may well be smaller."""
_MANY = {Form.WARC, Form.PARQUET, Form.JSONL, Form.ZIP, Form.TAR, Form.GZIP}


def holds_many(found: FoundFile) -> bool:
    """Whether a file is likely to hold so many pages that several workers should share it."""
    if found.size < MANY_BYTES or found.path == STDIN:
        return False
    try:
        with _opened(found) as file:
            return sniff(file.read(HEAD_BYTES), found.source)[0] in _MANY
    except OSError:
        return False  # whoever reads it will say why


def _opened(found: FoundFile) -> IO[bytes]:
    if "://" in found.path:
        from cleaners.inputs.remote import is_remote, open_remote

        if is_remote(found.path):
            return open_remote(found.path)
    return open(found.path, "rb")


def spooled(found: FoundFile, folder: Path, stdin: IO[bytes], limits: Limits) -> FoundFile:
    """Standard input as a file below `folder` that other processes can read, too.

    What is over the limit is cut there, so that whoever reads it says so.
    """
    path = folder / STDIN
    with path.open("wb") as file:
        left = limits.free_bytes + 1
        while left and (piece := stdin.read(min(left, 2**20))):
            file.write(piece)
            left -= len(piece)
    return FoundFile(str(path), found.source, path.stat().st_size)


def read_stream(
    file: IO[bytes], source: str, size: int, limits: Limits, *, nested: bool = False
) -> Read:
    """The pages in an open, seekable file of `size` bytes; `nested` for a member of an archive."""
    head = file.read(HEAD_BYTES)
    file.seek(0)
    form, word = sniff(head, source)
    if form is Form.EMPTY:
        if size > HEAD_BYTES:
            yield from _read_whole(file, source, Form.TEXT, limits)
        else:
            yield rejected(source, Reason.EMPTY, word)
    elif form is Form.BINARY:
        yield rejected(source, Reason.BINARY, word)
    elif form is Form.UNSUPPORTED:
        yield rejected(source, Reason.UNSUPPORTED, f"{word}; Winnow reads pages and plain text")
    elif form in (Form.HTML, Form.TEXT, Form.MHTML, Form.JSON):
        yield from _read_whole(file, source, form, limits)
    elif form is Form.JSONL:
        from cleaners.inputs.rows import read_jsonl

        yield from read_jsonl(file, source, limits.page_bytes)
    elif form is Form.GZIP:
        yield from _read_gzip(file, source, size, limits, nested=nested)
    elif nested:
        yield rejected(source, Reason.UNSUPPORTED, f"{word} inside an archive; unpack it first")
    elif form is Form.PARQUET:
        from cleaners.inputs.rows import read_parquet

        yield from read_parquet(file, source, limits.page_bytes)
    elif form is Form.WARC:
        yield from _read_warc(file, source, limits)
    else:
        yield from _read_members(file, source, form, size, limits)


def _read_members(file: IO[bytes], source: str, form: Form, size: int, limits: Limits) -> Read:
    """The pages in a zip or tar archive whose packed size is `size` bytes."""
    from cleaners.inputs.archives import read_tar, read_zip

    unpack = read_zip if form is Form.ZIP else read_tar
    budget = max(limits.free_bytes, size * limits.expansion)
    for member, content in unpack(file, source, limits.page_bytes, budget):
        if isinstance(content, Rejection):
            yield content
        else:
            stream = io.BytesIO(content)
            yield from read_stream(stream, member, len(content), limits, nested=True)


def _read_whole(file: IO[bytes], source: str, form: Form, limits: Limits) -> Read:
    """A file that is one page (or one JSON document)."""
    content = file.read(limits.page_bytes + 1)
    if len(content) > limits.page_bytes:
        yield rejected(source, Reason.TOO_LARGE, f"more than {limits.page_bytes:,} bytes")
    elif not content.strip(b"\xef\xbb\xbf\0 \t\r\n\f\v"):
        yield rejected(source, Reason.EMPTY, "nothing but white space")
    elif form is Form.MHTML:
        from cleaners.inputs.mhtml import read_mhtml

        yield read_mhtml(content, source)
    elif form is Form.JSON:
        from cleaners.inputs.rows import read_json

        yield from read_json(content, source)
    elif form is Form.HTML:
        from cleaners.inputs.saved import saved_from

        yield Page(content=content, source=source, url=saved_from(content), kind="html")
    else:
        yield Page(content=content, source=source, kind="text")


def _read_gzip(file: IO[bytes], source: str, size: int, limits: Limits, *, nested: bool) -> Read:
    """What a gzip file holds: a WARC goes to its reader packed, lines and tars are streamed."""
    with gzip.GzipFile(fileobj=file) as packed, io.BufferedReader(packed) as unpacked:
        try:
            head = unpacked.read(HEAD_BYTES)
            form, word = sniff(head, source)
            unpacked.seek(0)
            if form is Form.WARC and not nested:
                file.seek(0)
                yield from _read_warc(file, source, limits)
            elif form is Form.TAR and not nested:
                yield from _read_members(unpacked, source, form, size, limits)
            elif form is Form.JSONL:
                from cleaners.inputs.rows import read_jsonl

                yield from read_jsonl(unpacked, source, limits.page_bytes)
            elif form in (Form.BINARY, Form.UNSUPPORTED, Form.EMPTY, Form.GZIP):
                yield rejected(source, _NO_PAGE[form], f"{word}, packed by gzip")
            else:
                yield from _read_unpacked(unpacked, source, size, limits)
        except (OSError, EOFError, zlib.error) as error:
            yield rejected(source, Reason.BROKEN_ARCHIVE, f"broken gzip: {str(error).lower()}")


_NO_PAGE = {
    Form.BINARY: Reason.BINARY,
    Form.UNSUPPORTED: Reason.UNSUPPORTED,
    Form.EMPTY: Reason.EMPTY,
    Form.GZIP: Reason.UNSUPPORTED,
}


def _read_unpacked(unpacked: IO[bytes], source: str, size: int, limits: Limits) -> Read:
    """A page, or another archive, that a gzip of `size` bytes holds."""
    content = unpacked.read(limits.page_bytes + 1)
    if len(content) > limits.page_bytes:
        detail = f"unpacks from {size:,} to more than {limits.page_bytes:,} bytes"
        yield rejected(source, Reason.TOO_LARGE, detail)
    else:
        yield from read_stream(io.BytesIO(content), source, len(content), limits, nested=True)


def _read_warc(file: IO[bytes], source: str, limits: Limits) -> Read:
    """The pages of a WARC, whose sources are their URLs."""
    from cleaners.store.warc import archive_pages

    try:
        yield from archive_pages(file, max_bytes=limits.page_bytes)
    except WinnowError as error:
        yield rejected(source, Reason.BROKEN_ARCHIVE, str(error))


def _read_stdin(stream: IO[bytes], limits: Limits) -> Read:
    """Standard input, held in memory: what is piped in is one document or one archive."""
    content = stream.read(limits.free_bytes + 1)
    yield from _read_piped(io.BytesIO(content), len(content), limits)


def _read_piped(file: IO[bytes], size: int, limits: Limits) -> Read:
    budget = limits.free_bytes
    if size > budget:
        yield rejected(STDIN, Reason.TOO_LARGE, f"more than {budget:,} bytes; name a file instead")
    else:
        yield from read_stream(file, STDIN, size, limits)


def rejected(source: str, reason: Reason, detail: str) -> Rejection:
    """A Rejection of an input."""
    return Rejection(source=source, url=None, stage=Stage.INPUT, reason=reason, detail=detail)


def failed(source: str, error: BaseException) -> Rejection:
    """A Rejection for what the operating system said."""
    cause = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return rejected(source, Reason.UNREADABLE, cause.lower())
