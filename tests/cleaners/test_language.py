import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.language import base_code, detect

TEXTS = json.loads(Path(__file__).with_name("decode.json").read_text("utf-8"))


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["label"])
def test_tells_the_language(case: dict[str, str]) -> None:
    language, score = detect(case["text"])
    assert language == case["label"][:2]
    assert score is not None
    assert 0.3 < score <= 1.0


def test_a_clear_text_overrules_a_wrong_declaration() -> None:
    turkish = next(case["text"] for case in TEXTS if case["label"] == "tr")
    assert detect(turkish, "en-US")[0] == "tr"


def test_the_declared_language_settles_near_neighbours() -> None:
    text = "Broen er åpen igjen, sier kommunen. Den nye broen har to felt og en sti for syklister."
    assert detect(text, "nb-NO")[0] == "no"


@pytest.mark.parametrize("text", ["", "OK", "12.5 % – 2024", "Lowmere", "橋"])
def test_too_short_to_tell(text: str) -> None:
    assert detect(text, "en") == (None, None)


def test_base_code() -> None:
    assert [base_code(tag) for tag in ("pt-BR", "en_US", "iw", "nb", "x-klingon", "deu", None)] == [
        "pt",
        "en",
        "he",
        "no",
        None,
        None,
        None,
    ]


@given(st.text(max_size=400), st.none() | st.text(max_size=10))
def test_any_text(text: str, declared: str | None) -> None:
    language, score = detect(text, declared)
    assert (language is None) == (score is None)
    assert score is None or 0.0 <= score <= 1.0
