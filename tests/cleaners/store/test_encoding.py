import gzip
import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.store.encoding import CodingError, codings, undo_codings

TEXT = b"The ferry sails at nine. " * 40


def raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (TEXT, ()),
        (gzip.compress(TEXT), ("gzip",)),
        (gzip.compress(TEXT), ("x-gzip",)),
        (gzip.compress(TEXT[:500]) + gzip.compress(TEXT[500:]), ("gzip",)),
        (gzip.compress(TEXT) + b"trailing junk", ("gzip",)),
        (zlib.compress(TEXT), ("deflate",)),
        (raw_deflate(TEXT), ("deflate",)),
        (gzip.compress(zlib.compress(TEXT)), ("deflate", "gzip")),
        (TEXT, ("gzip",)),
    ],
    # Named, because a gzip header holds the time: its bytes would name another test each second.
    ids=[
        *("plain", "gzip", "x-gzip", "two-members", "junk-behind", "zlib", "raw-deflate"),
        *("deflate-then-gzip", "not-packed-at-all"),
    ],
)
def test_codings_are_undone(body: bytes, names: tuple[str, ...]) -> None:
    assert undo_codings(body, names, limit=10_000) == TEXT


def test_a_body_that_is_cut_short_gives_what_is_there() -> None:
    cut = undo_codings(gzip.compress(TEXT)[:-12], ("gzip",), limit=10_000)
    assert TEXT.startswith(cut)


@pytest.mark.parametrize(
    ("name", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", raw_deflate)],
)
def test_bombs_stop_at_the_limit(name: str, pack: Callable[[bytes], bytes]) -> None:
    with pytest.raises(CodingError) as caught:
        undo_codings(pack(bytes(50_000_000)), (name,), limit=100_000)
    assert caught.value.too_large


def test_a_coding_that_is_not_known_is_named() -> None:
    with pytest.raises(CodingError, match="'br'"):
        undo_codings(b"x", ("br",), limit=10)


def test_names_come_in_the_order_they_were_applied() -> None:
    assert codings(["gzip, Deflate", "identity", " BR "]) == ("gzip", "deflate", "br")


@given(st.binary(max_size=300), st.lists(st.sampled_from(["gzip", "deflate"]), max_size=3))
def test_any_bytes_give_bytes_or_the_one_error(body: bytes, names: list[str]) -> None:
    undone = b""
    with suppress(CodingError):
        undone = undo_codings(body, names, limit=1_000)
    assert len(undone) <= 1_000
