"""Gzip members come out the same, whichever library makes them."""

import gzip
import importlib
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator

import pytest

from cleaners.store import packing

PIECES = (b"WARC/1.1\r\n", b"", "Größe und Maß. ".encode() * 5_000, b"\r\n\r\n")


@pytest.fixture
def without_isal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "isal", None)
    importlib.reload(packing)
    yield
    monkeypatch.undo()
    importlib.reload(packing)


def check(pack: Callable[[Iterable[bytes]], bytes]) -> int:
    """A member unpacks to its pieces, and one behind another is read as one stream; its length."""
    member = pack(PIECES)
    decoder = zlib.decompressobj(31)
    assert decoder.decompress(member + b"next") == b"".join(PIECES)
    assert decoder.unused_data == b"next"
    assert gzip.decompress(member + pack((b"more",))) == b"".join(PIECES) + b"more"
    return len(member)


def test_a_member_is_whole() -> None:
    assert packing.LEVEL == 2
    assert check(packing.packed) < len(b"".join(PIECES)) / 20
    assert check(packing.wrapped) > len(b"".join(PIECES))


@pytest.mark.usefixtures("without_isal")
def test_zlib_takes_its_place() -> None:
    assert packing.LEVEL == 1
    assert check(packing.packed) < len(b"".join(PIECES)) / 20
