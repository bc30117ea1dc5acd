import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.frontier.base import Robots
from crawler.robots import (
    FRESH_SECONDS,
    MAX_BYTES,
    UNREACHABLE_SECONDS,
    Access,
    read_rules,
    robots_origin,
)

AGENT = "Winnow/1.0 (+https://desk.example/contact)"
URL = "http://nord.example/private/a?b=c"


def access(status: int, body: bytes = b"", url: str = URL) -> Access:
    return read_rules(Robots(status, body, 0.0)).access(url, AGENT)


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(200, True), (301, True), (401, True), (403, True), (404, True), (410, True)]
    + [(status, False) for status in (0, 429, 500, 502, 503, 599)],
)
def test_a_status_allows_or_forbids_all(status: int, allowed: bool) -> None:
    assert access(status) is (Access.ALLOWED if allowed else Access.UNREACHABLE)


@pytest.mark.parametrize(
    ("body", "allowed"),
    [
        ("User-agent: *\nDisallow: /private/", False),
        ("User-agent: *\nDisallow: /private/\nAllow: /private/a", True),
        ("User-agent: winnow\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: otherbot\nDisallow: /", True),
        ("user-agent: *\ndisallow: /*?b=", False),
        ("\ufeffUser-agent: *\nDisallow: /private", False),
        ("User-agent: *\nDisallow:", True),
        ("<html>not a robots.txt</html>", True),
        ("", True),
    ],
)
def test_rules_are_read(body: str, allowed: bool) -> None:
    assert (access(200, body.encode()) is Access.ALLOWED) is allowed


def test_what_follows_500_kib_is_not_read() -> None:
    padding = b"#" * MAX_BYTES + b"\n"
    assert access(200, padding + b"User-agent: *\nDisallow: /") is Access.ALLOWED


@pytest.mark.parametrize(
    ("body", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nCrawl-delay: 99999999", 3600.0),
        ("User-agent: *\nCrawl-delay: -3", None),
        ("User-agent: *\nCrawl-delay: soon", None),
        ("User-agent: *\nRequest-rate: 1/10", 10.0),
        ("User-agent: other\nCrawl-delay: 9", None),
    ],
)
def test_delays_are_read(body: str, delay: float | None) -> None:
    assert read_rules(Robots(200, body.encode(), 0.0)).crawl_delay(AGENT) == delay


def test_sitemaps_are_named() -> None:
    body = b"Sitemap: http://nord.example/s.xml\nUser-agent: *\nSitemap: http://nord.example/t.xml"
    rules = read_rules(Robots(200, body, 0.0))
    assert rules.sitemaps == ("http://nord.example/s.xml", "http://nord.example/t.xml")


def test_answers_are_fresh_for_a_day_and_silence_for_minutes() -> None:
    assert read_rules(Robots(200, b"", 5.0)).fresh_until == 5.0 + FRESH_SECONDS == 86_405.0
    assert read_rules(Robots(0, b"", 5.0)).fresh_until == 5.0 + UNREACHABLE_SECONDS


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://nord.example/a/b", "http://nord.example"),
        ("HTTPS://nord.example:8443?x", "https://nord.example:8443"),
        ("http://nord.example#top", "http://nord.example"),
    ],
)
def test_one_file_speaks_for_one_origin(url: str, origin: str) -> None:
    assert robots_origin(url) == origin


@given(st.integers(0, 599), st.binary(max_size=300))
def test_any_answer_is_read(status: int, body: bytes) -> None:
    rules = read_rules(Robots(status, body, 0.0))
    assert rules.access(URL, AGENT) in Access
    delay = rules.crawl_delay(AGENT)
    assert delay is None or 0 < delay <= 3600
