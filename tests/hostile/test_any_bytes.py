"""Any bytes to any reader: what `benchmarks.fuzz` looks for at length, a little on every run.

What fuzzing has found lies in found/TARGET-NAME and is read again.
"""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fuzz.promises import PROMISES
from benchmarks.fuzz.seeds import SEEDS

FOUND = sorted(Path(__file__).with_name("found").glob("*-*"))
BITS = (b"\0", b"\xff\xfe", b"]]>", b"<!--", b"&#0;", b"\xed\xa0\x80", b'"', b"{", b"\n", b"9" * 30)


@cache
def seeds(target: str) -> tuple[bytes, ...]:
    return tuple(SEEDS[target]())


@st.composite
def mangled(draw: st.DrawFn, target: str) -> bytes:
    """A whole input with pieces cut out, doubled, or replaced."""
    content = draw(st.sampled_from(seeds(target)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 300)))
        piece = draw(
            st.binary(max_size=30) | st.sampled_from(BITS) | st.just(content[start:end] * 3)
        )
        content = content[:start] + piece + content[end:]
    return content


@pytest.mark.parametrize("target", PROMISES)
@settings(max_examples=25)
@given(data=st.data())
def test_any_bytes_keep_what_a_reader_promises(target: str, data: st.DataObject) -> None:
    content = data.draw(st.binary(max_size=400) | mangled(target))
    PROMISES[target](content)


@pytest.mark.parametrize("target", PROMISES)
def test_whole_inputs_keep_it_too(target: str) -> None:
    assert len(seeds(target)) >= 2
    for content in seeds(target):
        PROMISES[target](content)


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_was_found_is_mended(path: Path) -> None:
    PROMISES[path.name.partition("-")[0]](path.read_bytes())
