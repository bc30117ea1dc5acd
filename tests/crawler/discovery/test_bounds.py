"""Whatever bytes a source sends: no exception, no more than its limit, no entity, no bomb."""

import gzip
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery import xml
from crawler.discovery.feeds import read_feed
from crawler.discovery.found import Found
from crawler.discovery.links import read_links
from crawler.discovery.read import kind_of, read_source
from crawler.discovery.search import BingNews, Gdelt, GoogleNews
from crawler.discovery.sitemaps import read_sitemap
from tests.crawler.discovery.cases import READERS, load, names

URL = "https://nordpost.example/x"
SAMPLES = [load(name).content for name in names()]


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """A sample with a piece cut out, doubled, or replaced by any bytes."""
    content = draw(st.sampled_from(SAMPLES))
    start = draw(st.integers(0, len(content)))
    end = draw(st.integers(start, min(len(content), start + 200)))
    piece = draw(st.one_of(st.binary(max_size=40), st.just(content[start:end] * 2), st.just(b"")))
    return content[:start] + piece + content[end:]


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=300), mangled()))
def test_any_bytes_give_a_value(content: bytes) -> None:
    for read in READERS.values():
        found = read(content, URL)
        assert isinstance(found, Found)
        addresses = [item.url for item in found.candidates] + [item.url for item in found.sources]
        assert all(url.startswith(("http://", "https://")) for url in addresses)
    assert isinstance(read_source(content, URL), Found)
    assert kind_of(content, URL) in ("feed", "sitemap", "page")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_as_a_page_gives_a_value(content: str) -> None:
    assert isinstance(read_links(content, URL), Found)


def items(count: int) -> bytes:
    rows = "".join(f"<item><title>t{n}</title><link>{URL}/{n}</link></item>" for n in range(count))
    return f"<rss><channel>{rows}</channel></rss>".encode()


def test_a_feed_stops_at_its_limit_and_says_so() -> None:
    found = read_feed(items(50), URL, limit=20)
    assert len(found.candidates) == 20
    assert found.notes == ("stopped at 20 entries",)


def test_a_sitemap_stops_at_its_limit_and_says_so() -> None:
    rows = "".join(f"<url><loc>{URL}/{n}</loc></url>" for n in range(50))
    found = read_sitemap(f"<urlset>{rows}</urlset>".encode(), URL, limit=20)
    assert len(found.candidates) == 20
    assert found.notes == ("stopped at 20 entries",)


def test_links_stop_at_their_limit_and_say_so() -> None:
    rows = "".join(
        f'<a href="/a-rather-long-slug-{n}">A headline of five words</a>' for n in range(50)
    )
    found = read_links(f"<html><body>{rows}</body></html>", URL, limit=20)
    assert len(found.candidates) == 20
    assert found.notes == ("stopped at 20 links",)


def test_an_entity_bomb_is_not_expanded() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE rss [<!ENTITY e0 "ha">{levels}]><rss><channel><item><title>&e11;</title>'
    bomb += f"<link>{URL}</link></item></channel></rss>"
    for content in (bomb.encode(), bomb.encode("utf-16")):
        started = time.monotonic()
        found = read_feed(content, URL)
        assert time.monotonic() - started < 5
        assert all(len(candidate.title or "") < 1_000 for candidate in found.candidates)


def test_external_entities_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a-secret-word")
    feed = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]><rss><channel><item>'
    feed += f"<title>&x;</title><link>{URL}</link></item></channel></rss>"
    for content in (feed.encode(), feed.encode("utf-16")):
        assert "a-secret-word" not in repr(read_feed(content, URL))


def test_a_gzip_bomb_is_cut() -> None:
    content, notes = xml.inflate(gzip.compress(b" " * 3_000_000), limit=1_000_000)
    assert len(content) == 1_000_000
    assert notes == ("cut at 1000000 bytes",)


def test_a_gzip_cut_short_gives_what_it_holds() -> None:
    rows = "".join(f"<url><loc>{URL}/{n}</loc></url>" for n in range(2_000))
    whole = gzip.compress(f"<urlset>{rows}</urlset>".encode())
    found = read_sitemap(whole[: len(whole) // 2], URL)
    assert len(found.candidates) > 100
    assert "broken gzip" in found.notes


def test_deep_nesting_is_survived() -> None:
    deep = b"<rss><channel>" + b"<a>" * 5_000 + items(1)
    assert isinstance(read_feed(deep, URL), Found)
    assert isinstance(read_links(b"<div>" * 5_000 + b'<a href="/x">x</a>', URL), Found)
    assert isinstance(read_feed(b'{"items":' + b"[" * 100_000, URL), Found)


@pytest.mark.parametrize("service", [Gdelt(), BingNews(), GoogleNews()], ids=lambda s: s.name)
def test_a_service_that_answers_nothing_says_so(service: Gdelt | BingNews | GoogleNews) -> None:
    found = service.parse(b"", URL)
    assert not found.candidates
    assert found.notes
    assert all(note.startswith(service.name) for note in found.notes)
