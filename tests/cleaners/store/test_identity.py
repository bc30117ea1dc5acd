"""One spelling for the addresses of one page."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.store.identity import _taken_apart, article_id, domain_of, page_key
from tests.cleaners.store.samples import article

SAME = [
    ("https://daily.example/a", "http://www.daily.example/a/"),
    ("https://daily.example/a", "HTTPS://DAILY.example:443/a#top"),
    ("https://daily.example/a?x=1&y=2", "https://daily.example/a?y=2&utm_medium=mail&x=1"),
    ("https://daily.example/", "https://daily.example"),
]
DIFFERENT = [
    ("https://daily.example/a", "https://daily.example/A"),
    ("https://daily.example/a?id=1", "https://daily.example/a?id=2"),
    ("https://daily.example/a", "https://daily.example:8080/a"),
    ("https://daily.example/a", "https://m.daily.example/a"),
    ("notes/a.txt", "notes/A.txt"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_same(one: str, other: str) -> None:
    assert page_key(one) == page_key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different(one: str, other: str) -> None:
    assert page_key(one) != page_key(other)


hosts = st.sampled_from(["daily.example", "www.daily.example", "www.www.example", "127.0.0.1"])
paths = st.text("abcZ09/-._~%!;=@:,é", max_size=12)


@settings(deadline=None)
@given(st.sampled_from(["http", "https"]), hosts, paths)
def test_the_short_way_gives_what_the_long_way_gives(scheme: str, host: str, path: str) -> None:
    url = f"{scheme}://{host}/{path}"
    assert page_key(url) == _taken_apart(url)


@settings(deadline=None)
@given(st.text())
def test_any_text_has_a_key(text: str) -> None:
    page_key(text)
    domain_of(text)
    assert len(article_id(article(text, "body"))) == 32
