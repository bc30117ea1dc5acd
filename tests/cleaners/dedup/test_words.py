"""Words read all at once from tables are those that a pattern finds one by one."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cleaners.dedup.words import words
from cleaners.text import backend

_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
"""A run of letters and digits; in scripts without spaces, a character."""

TEXTS = st.one_of(
    st.text("abXY 12_-.'\t\n\x1c\x7f", max_size=60),
    st.text("abc def. \u2019\u201c\u201d\xa0\x85\u2028é東のİßΣσς\ud800\U0001f600_", max_size=60),
    st.text("a \U00010400\U00010428\U00020000\U0001d7d8\U0001f600東한ا", max_size=20),
    st.text(max_size=60),
)
PADDING = st.sampled_from(["", "a plain line of words, and more. " * 20])


@pytest.fixture(params=[True, False], ids=["as used", "in Python"], autouse=True, scope="module")
def _way(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backend, "COMPILED", backend.COMPILED and request.param)
        yield


def by_pattern(text: str) -> list[str]:
    return WORD.findall(text.lower().replace("ς", "σ"))


@given(TEXTS, PADDING)
@example("x" * 70_000 + " and a word behind the powers that are kept", "")
def test_they_are_cut_as_the_pattern_cuts_and_equal_where_its_words_are(
    text: str, padding: str
) -> None:
    whole = padding + text + padding
    pattern = by_pattern(whole)
    hashes = words(whole).every.tolist()
    assert len(hashes) == len(pattern)
    assert len(set(zip(hashes, pattern, strict=True))) == len(set(hashes)) == len(set(pattern))


def carrying(text: str) -> list[str]:
    """The words of a text that carry content."""
    known = dict(zip(words(text).every.tolist(), by_pattern(text), strict=True))
    return [known[word] for word in words(text).content.tolist()]


def test_articles_and_prepositions_carry_no_content() -> None:
    assert carrying("The ferry of 1947 is in the harbour 9 days") == [
        "ferry", "1947", "harbour", "9", "days",
    ]  # fmt: skip


def test_short_words_of_other_scripts_carry_content() -> None:
    assert carrying("東京の港で in של ה 한국 가") == [*"東京の港で", "של", "한국"]


@given(TEXTS, PADDING)
def test_hashes_are_the_same_in_python(text: str, padding: str) -> None:
    used = words(padding + text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backend, "COMPILED", False)
        python = words(padding + text)
    assert np.array_equal(used.every, python.every)
    assert np.array_equal(used.content, python.content)
    assert np.array_equal(used.pairs, python.pairs)
