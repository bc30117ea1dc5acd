"""Repairs: what must be mended, what must be left, and that mending twice is mending once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.text.fixes import fix_text


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("Ã¼ber die BrÃ¼cke", "über die Brücke"),
        ("â€œIt heldâ€\x9d, he said", "“It held”, he said"),
        ("Мост открыт".encode().decode("latin-1"), "Мост открыт"),
        ("har\u00adbour\u200b wall", "harbour wall"),
        ("bell\x07 and \x1b escape", "bell and  escape"),
    ],
)
def test_mends(broken: str, mended: str) -> None:
    assert fix_text(broken) == mended


@pytest.mark.parametrize(
    "text",
    [
        "“Quotes” — ‘dashes’ … stay",
        "naïve façade, Ångström, Łódź, Ñandú, Đorđe",
        "Стоит ли мост? «Да», — сказала Анна.",
        "می‌خواهم",
        "👩‍🚒 at work",
        "東京都の橋、再開へ",
        "5 µm · 20 °C · £3 · 3 × 4 · ½",
        "SÃO PAULO",
    ],
)
def test_leaves_good_text_alone(text: str) -> None:
    assert fix_text(text) == text


@given(st.text())
def test_mending_twice_is_mending_once(text: str) -> None:
    once = fix_text(text)
    assert fix_text(once) == once
