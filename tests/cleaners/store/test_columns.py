"""What of columns is compiled gives what Python gives."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cleaners.model import Image, Removal
from cleaners.store import backend
from cleaners.store.columns import to_array
from cleaners.store.schema import ARTICLES

REMOVED = ARTICLES.schema.field("removed").type
BLOCKS = st.builds(
    Removal,
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    rule=st.sampled_from(["menu", "line-model", "käse"]),
    stage=st.sampled_from(["text", "model"]),
    position=st.integers(0, 2**31 - 1),
    score=st.none() | st.floats(0, 1, width=32),
)
LONG = Removal("水" * 5_000, "menu", "text", 7, 0.5)


@given(st.lists(st.none() | st.lists(BLOCKS, max_size=30).map(tuple), max_size=6))
@example([])
@example([()])
@example([(), (LONG,), (LONG, Removal("", "menu", "text", 0)) * 40])
def test_removed_blocks_are_the_same(cells: list[tuple[Removal, ...] | None]) -> None:
    used = to_array(cells, REMOVED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backend, "COMPILED", False)
        python = to_array(cells, REMOVED)
    used.validate(full=True)
    assert used.equals(python)
    assert used.to_pylist() == python.to_pylist()


@pytest.mark.parametrize("compiled", [True, False])
def test_a_lone_surrogate_is_no_text(compiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "COMPILED", backend.COMPILED and compiled)
    with pytest.raises(UnicodeEncodeError):
        to_array([(LONG, Removal("\ud800", "menu", "text", 1))], REMOVED)


NO_TEXT: Any = 7


@pytest.mark.parametrize("block", ["a text", Image("u"), Removal(NO_TEXT, "menu", "text", 1)])
def test_what_is_no_block_is_refused(block: object) -> None:
    """What is compiled looks into slots, so it has to know whose they are."""
    with pytest.raises((TypeError, AttributeError)):
        to_array([(LONG,) * 40, (LONG, block)], REMOVED).validate(full=True)
