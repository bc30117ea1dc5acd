"""Keys that forms of one word share and other words do not; the cases stand in words.json."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.related.words import name_key, number_key, stem, tokens

CASES = json.loads(Path(__file__).with_name("words.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["same_name"], ids=lambda case: case["label"])
def test_forms_of_a_name_share_their_key(case: dict[str, Any]) -> None:
    assert len({name_key(form) for form in case["forms"]}) == 1


@pytest.mark.parametrize("pair", CASES["different_names"], ids=str)
def test_names_keep_apart(pair: list[str]) -> None:
    assert name_key(pair[0]) != name_key(pair[1])


@pytest.mark.parametrize("case", CASES["same_word"], ids=lambda case: case["forms"][0])
def test_forms_of_a_word_share_their_key(case: dict[str, Any]) -> None:
    assert len({stem(form, case["language"]) for form in case["forms"]}) == 1


@pytest.mark.parametrize("case", CASES["different_words"], ids=str)
def test_words_keep_apart(case: list[str]) -> None:
    language, one, other = case
    assert stem(one, language) != stem(other, language)


@pytest.mark.parametrize("case", CASES["numbers"], ids=lambda case: case["token"])
def test_numbers(case: dict[str, str | None]) -> None:
    assert number_key(case["token"] or "") == case["expect"]


@given(st.text(max_size=80), st.sampled_from(["en", "de", "ja", "ru", "xx"]))
def test_any_text_gives_keys(text: str, language: str) -> None:
    for token in tokens(text):
        assert token
        if token[0].isdecimal():
            number_key(token)
        else:
            assert isinstance(stem(token.lower(), language), str)
            assert isinstance(name_key(token.lower()), str)
