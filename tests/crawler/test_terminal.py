"""What reaches a terminal or a log: no control sequences, no secrets, no text that takes long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.redact import redact
from crawler.terminal import one_line, safe

SECRETS = [
    ("http://me:s3cret@proxy.example:8080/", "http://me:***@proxy.example:8080/"),
    ("failed: postgresql://w:p@ss@db/x?y=1", "failed: postgresql://w:***@db/x?y=1"),
    ("https://h.example/hook?a=1&token=abc123&b=2", "https://h.example/hook?a=1&token=***&b=2"),
    ("https://h.example/?API_KEY=abc", "https://h.example/?API_KEY=***"),
    ("see http://a.example/b:c@d and mail a@b.example", None),
    ("https://a.example:8443/x", None),
    ("at 10:30 someone@a.example wrote", None),
]


@pytest.mark.parametrize(("text", "shown"), SECRETS)
def test_secrets_do_not_show_and_nothing_else_is_touched(text: str, shown: str | None) -> None:
    assert redact(text) == (text if shown is None else shown)


@given(st.text(), st.integers(0, 30))
def test_what_is_shown_steers_nothing(text: str, width: int) -> None:
    shown = safe(text + "\x1b[31m" + text)
    assert all(
        char in "\t\n" or (ord(char) >= 32 and not 0x7F <= ord(char) <= 0x9F) for char in shown
    )
    assert safe(shown) == shown
    line = one_line(text, width)
    assert "\n" not in line
    assert not width or len(line) <= width


@pytest.mark.parametrize(
    "piece", ["a", "http://", "http://a", "a:", "?key=", "\x1b[", "\x1b]", "\x1bP", "\x9b1;"]
)
def test_no_text_takes_long(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    begun = time.process_time()
    redact(text)
    safe(text)
    assert time.process_time() - begun < 3
