"""What of plain text is compiled gives what Python gives."""

from collections.abc import Callable
from dataclasses import fields
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cleaners.text import backend, facts, fixes, lexicon, tokens, vocabulary

T = TypeVar("T")

PROSE = "By Ann Lee, 5 May. Read more: 12 ferries — “the harbour” — closed; share this. 東京の港…"
TEXTS = st.one_of(
    st.text("aB 5.,:“”'|-\u00e9東ア\U00020000\U0001f600\U00010400\ud800İΣ\u200b", max_size=40),
    st.lists(st.sampled_from(PROSE.split()), max_size=30).map(" ".join),
    st.text(st.characters(exclude_characters="\n"), max_size=40),
)
LINES = st.lists(TEXTS, max_size=8)
LONG = ["a" * 60, "x" * 49 + " y", "5 5 5 5 privacy policy", "", " "]


def both(work: Callable[[], T]) -> tuple[T, T]:
    """What a call gives with what is compiled, and without."""
    used = work()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backend, "COMPILED", False)
        return used, work()


def assert_same(one: object, other: object, name: str) -> None:
    if isinstance(other, np.ndarray):
        assert isinstance(one, np.ndarray)
        assert one.dtype == other.dtype, name
        assert np.array_equal(one, other), name
    else:
        assert one == other, name


@given(LINES)
@example([])
@example(LONG)
@example([PROSE * 300])
def test_words_are_the_same(lines: list[str]) -> None:
    used, python = both(lambda: tokens.read(lines))
    for field in fields(tokens.Tokens):
        if field.name != "sums":
            assert_same(getattr(used, field.name), getattr(python, field.name), field.name)
    assert_same(used.sums.total, python.sums.total, "sums")
    assert_same(used.stem, python.stem, "stem")


@given(LINES)
@example(LONG)
@example([PROSE] * 3)
def test_facts_are_the_same(lines: list[str]) -> None:
    def read() -> tuple[facts.Facts, object]:
        known = facts.read(lines)
        return known, known.first  # counted when it is first asked for

    (used, used_first), (python, python_first) = both(read)
    for field in fields(facts.Facts):
        if field.name != "tokens":
            assert_same(getattr(used, field.name), getattr(python, field.name), field.name)
    assert_same(used_first, python_first, "first")


@given(LINES)
@example(["5 5 5 5 5 5", "privacy"])
def test_cues_are_the_same(lines: list[str]) -> None:
    seen = tokens.read(lines)
    marks = lexicon.look_up(seen)
    used, python = both(lambda: lexicon.cues(seen, marks))
    assert used == python


@given(LINES)
@example(LONG)
@example([PROSE] * 3)
def test_features_are_the_same(lines: list[str]) -> None:
    def read() -> tuple[object, object]:
        known = facts.read(lines)
        return known.kinds, vocabulary.weigh(known.tokens, vocabulary.shipped())

    (used_kinds, used_odds), (python_kinds, python_odds) = both(read)
    assert_same(used_kinds, python_kinds, "kinds")
    assert_same(used_odds, python_odds, "odds")


@given(st.text("aâ€™Ã©\u00a0\u00ad\r\x00\ud800\U000e0041\U0001f600 \n\u3000Рµ", max_size=20))
@example("")
def test_repairs_are_the_same(text: str) -> None:
    assert_same(*both(lambda: fixes.fix_and_look(text)), "mended")
