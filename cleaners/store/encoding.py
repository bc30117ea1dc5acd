"""Content codings of HTTP bodies undone within a limit (RFC 9110, 8.4): gzip, deflate, identity."""

import zlib
from collections.abc import Iterable

_GZIP, _RAW = 31, -15  # zlib's window bits for a gzip header and for none
_STEP = 1 << 20
IDENTITY = frozenset({"", "identity", "none", "utf-8", "binary"})  # names that undo nothing


class CodingError(ValueError):
    """Raised by `undo_codings` when a body is not what its coding says. Reject the page.

    `too_large` says that the limit was hit: a bomb, or just a very long page.
    """

    def __init__(self, message: str, *, too_large: bool = False) -> None:
        super().__init__(message)
        self.too_large = too_large


def codings(values: Iterable[str]) -> tuple[str, ...]:
    """The codings that Content-Encoding headers name, in the order they were applied."""
    names = (name.strip().lower() for value in values for name in value.split(","))
    return tuple(name for name in names if name not in IDENTITY)


def undo_codings(body: bytes, names: Iterable[str], *, limit: int) -> bytes:
    """The body with its codings undone, last applied first; never more than `limit` bytes.

    A body that is cut short gives what is there, as browsers do; one that is not coded at all,
    though its headers say so, comes back as it is. Raises CodingError on others.
    """
    for name in reversed(tuple(names)):
        if not body:
            return body
        if name in ("gzip", "x-gzip"):
            body = _inflate_members(body, limit) if body[:2] == b"\x1f\x8b" else body
        elif name == "deflate":
            body = _deflate(body, limit)
        else:
            raise CodingError(f"content coding {name!r} is not supported")
    if len(body) > limit:
        raise CodingError(f"more than {limit} bytes", too_large=True)
    return body


def _inflate_members(body: bytes, limit: int) -> bytes:
    """All members of a gzip stream; what follows the last one is no part of it."""
    out = bytearray()
    while body[:2] == b"\x1f\x8b":
        decoder = zlib.decompressobj(_GZIP)
        _inflate(decoder, body, out, limit)
        body = decoder.unused_data
    return bytes(out)


def _deflate(body: bytes, limit: int) -> bytes:
    """Deflate with the zlib header that the RFC asks for, or raw as some servers send it."""
    out = bytearray()
    try:
        _inflate(zlib.decompressobj(), body, out, limit)
    except CodingError as error:
        if error.too_large or out:
            raise
        _inflate(zlib.decompressobj(_RAW), body, out, limit)
    return bytes(out)


def _inflate(decoder: "zlib._Decompress", body: bytes, out: bytearray, limit: int) -> None:
    try:
        while body and not decoder.eof:
            out += decoder.decompress(body, _STEP)
            if len(out) > limit:
                raise CodingError(f"unpacks to more than {limit} bytes", too_large=True)
            body = decoder.unconsumed_tail
        out += decoder.flush()
    except zlib.error as error:
        if not out:
            raise CodingError(f"damaged content coding: {error}") from error
    if len(out) > limit:
        raise CodingError(f"unpacks to more than {limit} bytes", too_large=True)
