"""Files in an object store (s3://, gs://, … as pyarrow or fsspec know them) as inputs.

Keys and other options of the store's address (`?region=…`) travel in a file's path, never in its
source, which is stored and shown.
"""

import io
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import IO, Any
from urllib.parse import quote, unquote, urlsplit

import pyarrow.fs as pafs

from cleaners.errors import InputError, WinnowError
from cleaners.inputs.walk import FoundFile
from cleaners.store.disk import LocalDisk, open_disk

READ_BYTES = 8 * 2**20
"""Bytes of one request: a page is there with the first, an archive streams."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_MAGIC = re.compile(r"[*\[]")


def is_remote(path: str) -> bool:
    """Whether a path is an address in a store rather than a file of this machine.

    >>> is_remote("s3://bucket/pages"), is_remote("pages/a.html")
    (True, False)
    """
    return bool(_SCHEME.match(path)) and not path.startswith("file:")


def find_remote(address: str, *, exclude: str | None = None) -> Iterator[FoundFile]:
    """The files below an address, or those that its pattern names, by key; hidden ones left out.

    Raises InputError when there are none, or when the store does not answer.
    """
    base, key = _taken_apart(address)
    place, filesystem = _store(base)
    skip = exclude.partition("?")[0].rstrip("/") + "/" if exclude else None
    try:
        infos = _list(filesystem, key.rstrip("/"))
    except OSError as error:
        raise InputError(f"{place}/{key}", f"cannot be listed: {error}") from error
    wanted = re.compile(_pattern(key)) if _MAGIC.search(key) else None
    found = [
        FoundFile(_address(base, info.path), f"{place}/{info.path}", info.size, info.mtime_ns or 0)
        for info in sorted(infos, key=lambda info: info.path)
        if info.type == pafs.FileType.File
        and not any(part.startswith(".") for part in info.path.split("/"))
        and (wanted is None or wanted.fullmatch(info.path))
    ]
    if not found:
        raise InputError(f"{place}/{key}", "there is no such object or folder")
    return (one for one in found if skip is None or not one.source.startswith(skip))


def open_remote(path: str) -> IO[bytes]:
    """A file that `find_remote` found, seekable. Raises OSError."""
    base, key = _taken_apart(path)
    try:
        _, filesystem = _store(base)
    except InputError as error:
        raise OSError(str(error)) from error
    return _Remote(filesystem.open_input_file(key), key)


class _Remote(io.BufferedReader):
    """An object that is read in few requests and knows its name, as a file does."""

    def __init__(self, file: Any, name: str) -> None:
        super().__init__(file, READ_BYTES)
        self._name = name

    @property
    def name(self) -> str:
        return self._name


def _list(filesystem: Any, key: str) -> list[Any]:
    folder = key
    if magic := _MAGIC.search(key):
        folder = key[: magic.start()].rpartition("/")[0]
    elif key:
        info = filesystem.get_file_info(key)
        if info.type == pafs.FileType.File:
            return [info]
    selector = pafs.FileSelector(folder, recursive=True, allow_not_found=True)
    infos: list[Any] = filesystem.get_file_info(selector)
    return infos


def _pattern(key: str) -> str:
    """A pattern of the shell as a regular expression: `*` stays within a folder.

    >>> _pattern("a/**/*.gz")
    'a/(?:.*/)?[^/]*\\\\.gz'
    """
    made = ""
    for piece in re.split(r"(\*\*/|\*\*|\*|\[[^\]]+\])", key):
        made += _TURNED.get(piece) or (piece if piece.startswith("[") else re.escape(piece))
    return made


_TURNED = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}


def _taken_apart(address: str) -> tuple[str, str]:
    """The store's address with its options, and the key in it."""
    scheme, _, rest = address.partition("://")
    rest, _, query = rest.partition("?")
    host, _, key = rest.partition("/")
    return f"{scheme}://{host}" + (f"?{query}" if query else ""), unquote(key)


def _address(base: str, key: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}/{quote(key)}" + (
        f"?{parts.query}" if parts.query else ""
    )


@lru_cache(maxsize=8)
def _store(base: str) -> tuple[str, Any]:
    """A store's address without secrets, and its filesystem. Raises InputError."""
    try:
        disk = open_disk(base)
    except WinnowError as error:
        raise InputError(base.partition("?")[0].rpartition("@")[2], str(error)) from error
    if isinstance(disk, LocalDisk):
        raise InputError(base, "not an address of a store")
    return disk.place, disk.filesystem
