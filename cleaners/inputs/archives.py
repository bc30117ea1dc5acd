"""Members of zip and tar archives, in their order, within bounds; nothing touches the disk."""

import os
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from cleaners.model import Reason, Rejection, Stage

MAX_MEMBERS = 1_000_000


Member = tuple[str, bytes | Rejection]


def read_zip(file: IO[bytes], source: str, page_bytes: int, budget: int) -> Iterator[Member]:
    """Name (`source::member`) and bytes of each file in a zip archive, or why it cannot be read.

    `page_bytes` bounds a member, `budget` all of them together.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError) as error:
        yield source, _rejected(source, Reason.BROKEN_ARCHIVE, f"broken zip: {error}")
        return
    with archive:
        for info in archive.infolist()[:MAX_MEMBERS]:
            if info.filename.endswith("/") or _is_noise(info.filename):
                continue
            name = f"{source}::{info.filename}"
            if info.flag_bits & 1:
                yield name, _rejected(name, Reason.UNREADABLE, "encrypted")
                continue
            try:
                with archive.open(info) as member:
                    content = member.read(page_bytes + 1)
            except (zipfile.BadZipFile, OSError, EOFError, zlib.error, NotImplementedError,
                    ValueError, RuntimeError) as error:  # fmt: skip
                yield name, _rejected(name, Reason.BROKEN_ARCHIVE, f"broken member: {error}")
                continue
            yield name, _bounded(name, content, page_bytes)
            budget -= len(content)
            if budget < 0:
                yield source, _rejected(source, Reason.TOO_LARGE, "unpacks beyond all measure")
                return


def read_tar(file: IO[bytes], source: str, page_bytes: int, budget: int) -> Iterator[Member]:
    """Name (`source::member`) and bytes of each regular file in a tar archive; links are named.

    The file is read as a stream, so it may be one that a gzip unpacks on the way.
    """
    try:
        with tarfile.open(fileobj=file, mode="r|") as archive:
            for number, info in enumerate(archive):
                name = f"{source}::{info.name}"
                budget -= max(info.size, 512)
                if number >= MAX_MEMBERS or budget < 0:
                    yield source, _rejected(source, Reason.TOO_LARGE, "unpacks beyond all measure")
                    return
                if info.isdir() or _is_noise(info.name):
                    continue
                if not info.isreg():
                    yield name, _rejected(name, Reason.UNREADABLE, "a link or device in an archive")
                    continue
                member = archive.extractfile(info)
                content = member.read(page_bytes + 1) if member else b""
                yield name, _bounded(name, content, page_bytes)
    except (tarfile.TarError, OSError, EOFError, ValueError, zlib.error) as error:
        yield source, _rejected(source, Reason.BROKEN_ARCHIVE, f"broken tar: {error}")


def _bounded(name: str, content: bytes, page_bytes: int) -> bytes | Rejection:
    if len(content) > page_bytes:
        return _rejected(name, Reason.TOO_LARGE, f"more than {page_bytes:,} bytes")
    return content


def _is_noise(member: str) -> bool:
    """Hidden files, and the resource forks that macOS puts into archives."""
    return os.path.basename(member).startswith(".") or member.startswith("__MACOSX/")


def _rejected(source: str, reason: Reason, detail: str) -> Rejection:
    return Rejection(source=source, url=None, stage=Stage.INPUT, reason=reason, detail=detail)
