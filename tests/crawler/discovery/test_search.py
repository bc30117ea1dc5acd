"""Requests to the search services, as they document them."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from cleaners.related import Query
from crawler.discovery.search import (
    SERVICES,
    BingNews,
    Gdelt,
    GoogleNews,
    embedded_url,
    is_redirect,
    services,
)

QUERY = Query(("Tarn Head", "ferry"), "de")
SINCE = datetime(2026, 3, 1, tzinfo=UTC)
UNTIL = datetime(2026, 3, 8, 12, 30, tzinfo=UTC)


def parameters(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_gdelt_asks_for_a_list_as_json() -> None:
    (url,) = Gdelt().build(QUERY)
    assert url.startswith("https://api.gdeltproject.org/api/v2/doc/doc?")
    assert parameters(url) == {
        "query": '"Tarn Head" ferry',
        "mode": "artlist",
        "format": "json",
        "maxrecords": "250",
        "sort": "hybridrel",
        "timespan": "7d",
    }


def test_gdelt_takes_dates_to_the_second() -> None:
    asked = parameters(Gdelt().build(QUERY, since=SINCE, until=UNTIL)[0])
    assert asked["startdatetime"] == "20260301000000"
    assert asked["enddatetime"] == "20260308123000"
    assert "timespan" not in asked


def test_gdelt_gets_no_term_that_it_refuses() -> None:
    (url,) = Gdelt().build(Query(('EU "x" (y)', "Xi", "a:b summit")))
    assert parameters(url)["query"] == '"EU x y" "a b summit"'
    assert Gdelt().build(Query(("Xi",))) == ()


def test_bing_asks_for_rss_of_the_market() -> None:
    (url,) = BingNews().build(QUERY, since=SINCE)
    assert parameters(url) == {"q": '"Tarn Head" ferry', "format": "rss", "mkt": "de-DE"}


def test_google_asks_by_edition_and_days() -> None:
    (url,) = GoogleNews().build(QUERY, since=SINCE, until=UNTIL)
    assert parameters(url) == {
        "q": '"Tarn Head" ferry after:2026-03-01 before:2026-03-08',
        "hl": "de",
        "gl": "DE",
        "ceid": "DE:de",
    }
    assert parameters(GoogleNews().build(Query(("ferry",)))[0]) == {
        "q": "ferry when:7d",
        "hl": "en-US",
        "gl": "US",
        "ceid": "US:en",
    }


@pytest.mark.parametrize("name", SERVICES)
def test_an_endpoint_can_be_replaced(name: str) -> None:
    (service,) = services([name, name], {name: "http://127.0.0.1:9/search?key=1"})
    assert service.build(QUERY)[0].startswith("http://127.0.0.1:9/search?key=1&")
    assert service.build(Query(())) == ()


def test_an_unknown_service_is_an_error() -> None:
    with pytest.raises(KeyError):
        services(["askme"], {})


def test_redirect_pages_are_known() -> None:
    opaque = "https://news.google.com/rss/articles/CBMiAUFVX3lxTE9wYXF1ZUlk?oc=5"
    assert is_redirect(opaque)
    assert embedded_url(opaque) is None
    assert not is_redirect("https://nordpost.example/articles/x")
    assert embedded_url("https://nordpost.example/articles/x") is None
