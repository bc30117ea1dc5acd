import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.metadata.dated import Dated
from cleaners.metadata.dates import choose_date, read_date, url_date
from cleaners.metadata.written import day_is_first

CASES = json.loads(Path(__file__).with_name("dates.json").read_text("utf-8"))
NOW = datetime(2024, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"] or "empty")
def test_reads(case: dict[str, str | None]) -> None:
    found = read_date(str(case["text"]))
    assert (found.at.isoformat() if found else None) == case["expect"]
    assert (found.precision if found else None) == case["precision"]


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://lowmere.example/2024/05/03/bridge.html", "2024-05-03"),
        ("https://lowmere.example/news/2024-05-03-bridge", "2024-05-03"),
        ("https://lowmere.example/20240503/bridge", "2024-05-03"),
        ("https://lowmere.example/2024/may/03/bridge", "2024-05-03"),
        ("https://lowmere.example/id/120240503777", None),
        ("https://lowmere.example/item-20241399", None),
        ("https://lowmere.example/?date=2024-05-03", None),
    ],
)
def test_dates_in_addresses(url: str, day: str | None) -> None:
    found = url_date(url)
    assert (found.at.date().isoformat() if found else None) == day


@pytest.mark.parametrize(
    ("texts", "known", "latest", "day_first"),
    [
        (["03/05/2024"], (), None, True),
        (["03/05/2024", "Updated 05/13/2024"], (), None, False),
        (["03/05/2024", "Updated 13/05/2024"], (), None, True),
        (["03/05/2024"], (date(2024, 3, 5),), None, False),
        (["04/06/2024"], (), NOW, False),
        (["04.06.2024"], (), NOW, True),
    ],
)
def test_a_page_s_dates_tell_whether_the_day_is_first(
    texts: list[str], known: tuple[date, ...], latest: datetime | None, day_first: bool
) -> None:
    assert day_is_first(texts, default=True, known=known, latest=latest) is day_first


def test_a_time_without_zone_takes_that_of_the_day_of_change() -> None:
    eastern = timezone(timedelta(hours=-4))
    bare = _dated(datetime(2024, 5, 3, 9, tzinfo=UTC), "jsonld", 0.95, zone=False)
    changed = _dated(datetime(2024, 5, 3, 10, tzinfo=eastern), "jsonld", 0.95)
    found = choose_date([bare], NOW, [changed])
    assert found is not None
    assert found.at == datetime(2024, 5, 3, 9, tzinfo=eastern)


def _dated(at: datetime, source: str, confidence: float, zone: bool = True) -> Dated:
    return Dated(at, "second", at.isoformat(), source, confidence, zone)


def test_a_date_after_the_fetch_is_not_believed() -> None:
    future = _dated(NOW + timedelta(days=30), "jsonld", 0.95)
    past = _dated(NOW - timedelta(days=1), "url", 0.7)
    found = choose_date([future, past], NOW)
    assert found is not None
    assert found.source == "url"
    assert choose_date([future], NOW) is None
    assert choose_date([future], None) is not None


def test_a_date_before_the_web_is_not_believed() -> None:
    assert choose_date([_dated(datetime(1970, 1, 1, tzinfo=UTC), "jsonld", 0.95)], NOW) is None


def test_a_time_without_zone_takes_the_zone_of_another_date() -> None:
    eastern = timezone(timedelta(hours=-4))
    bare = _dated(datetime(2024, 5, 3, 9, tzinfo=UTC), "jsonld", 0.95, zone=False)
    other = _dated(datetime(2024, 5, 3, 10, tzinfo=eastern), "meta", 0.8)
    found = choose_date([bare, other], NOW)
    assert found is not None
    assert found.at == datetime(2024, 5, 3, 9, tzinfo=eastern)


def test_agreement_raises_confidence() -> None:
    day = datetime(2024, 5, 3, 9, tzinfo=UTC)
    alone = choose_date([_dated(day, "meta", 0.8)], NOW)
    both = choose_date([_dated(day, "meta", 0.8), _dated(day, "url", 0.7)], NOW)
    assert alone is not None
    assert both is not None
    assert (alone.confidence or 0) < (both.confidence or 0)


@given(st.text(max_size=120))
def test_any_text_gives_an_aware_date_or_none(text: str) -> None:
    found = read_date(text)
    assert found is None or found.at.tzinfo is not None


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)))
def test_iso_round_trip(moment: datetime) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(hours=3)))
    found = read_date(aware.isoformat())
    assert found is not None
    assert found.at == aware


@given(st.text(max_size=200))
def test_any_address(url: str) -> None:
    found = url_date(url)
    assert found is None or found.precision == "day"
