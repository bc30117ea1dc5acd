"""Spellings, identities, sites and traps of URLs; the cases stand in urls.json."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.traps import trap
from crawler.urls import (
    canonicalize,
    desktop_form,
    fetchable,
    fingerprint,
    host,
    in_scope,
    resolve,
    site,
)

CASES = json.loads(Path(__file__).with_name("urls.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["canonical"], ids=lambda case: case["label"])
def test_canonical_form(case: dict[str, str]) -> None:
    assert canonicalize(case["url"]) == case["expect"]
    assert canonicalize(case["expect"]) == case["expect"]


@pytest.mark.parametrize("pair", CASES["same"], ids=str)
def test_spellings_of_one_address_have_one_fingerprint(pair: list[str]) -> None:
    assert fingerprint(pair[0]) == fingerprint(pair[1])


@pytest.mark.parametrize("pair", CASES["different"], ids=str)
def test_different_pages_have_different_fingerprints(pair: list[str]) -> None:
    assert fingerprint(pair[0]) != fingerprint(pair[1])


@pytest.mark.parametrize("case", CASES["desktop"], ids=lambda case: case["url"])
def test_desktop_form(case: dict[str, str]) -> None:
    assert desktop_form(case["url"]) == case["expect"]


@pytest.mark.parametrize("case", CASES["site"], ids=lambda case: case["url"])
def test_site(case: dict[str, str]) -> None:
    assert site(case["url"]) == case["expect"]


@pytest.mark.parametrize("case", CASES["traps"], ids=lambda case: case["url"])
def test_traps(case: dict[str, str | None]) -> None:
    assert trap(case["url"] or "") == case["expect"]


def test_overlong_urls_are_traps() -> None:
    assert trap("https://nord.example/" + "a" * 2_100) == "longer than 2048 characters"


@pytest.mark.parametrize(
    ("href", "expect"),
    [
        ("/b?x=1#c", "https://nord.example/b?x=1"),
        ("b", "https://nord.example/dir/b"),
        ("//other.example/b", "https://other.example/b"),
        ("?page=2", "https://nord.example/dir/a?page=2"),
        ("  https://nord.example/\n b ", "https://nord.example/b"),
        ("#only-a-fragment", None),
        ("", None),
        ("javascript:void(0)", None),
        ("mailto:desk@nord.example", None),
        ("http://[broken", None),
        ("data:text/html,x", None),
    ],
)
def test_resolve(href: str, expect: str | None) -> None:
    assert resolve("https://nord.example/dir/a", href) == expect


def test_scope_is_the_site() -> None:
    sites = {site("https://www.nord.example/")}
    assert in_scope("http://sport.nord.example/a", sites)
    assert not in_scope("http://nord.example.evil.test/a", sites)
    assert in_scope("http://anywhere.test/", set())


def test_host_has_its_port_unless_it_is_the_usual_one() -> None:
    assert host("http://Nord.example:80/") == "nord.example"
    assert host("http://nord.example:8080/") == "nord.example:8080"
    assert host("nonsense") == ""


urls = st.one_of(
    st.text(max_size=60),
    st.builds(
        "{}://{}{}{}".format,
        st.sampled_from(["http", "https", "HTTP", "ftp"]),
        st.sampled_from(
            ["nord.example", "Nord.Example:80", "[::1]", "u@x.test:8080", "münchen.test"]
        ),
        st.text(alphabet="/ab.%2Fé&;=?#", max_size=20).map(lambda path: f"/{path}"),
        st.text(alphabet="?&=ab%;utm_#", max_size=20),
    ),
)


@given(urls)
def test_canonicalizing_twice_changes_nothing(url: str) -> None:
    once = canonicalize(url)
    assert canonicalize(once) == once
    assert fingerprint(once) == fingerprint(url)


@given(urls)
def test_no_url_raises(url: str) -> None:
    ready = fetchable(url)
    if ready is not None:
        assert fetchable(ready) == ready
        assert fingerprint(ready) == fingerprint(url)
    assert isinstance(site(url), str)
    assert isinstance(desktop_form(url), str)
    trap(url)
