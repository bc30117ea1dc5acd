"""Schedules: what words mean, when a line is due, across months, weekdays and changing clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.schedule.when import parse_schedule

MONDAY = datetime(2026, 3, 2, 10, 15, tzinfo=UTC)

DUE: list[tuple[str, str]] = [
    ("every minute", "2026-03-02T10:16"),
    ("every 15 minutes", "2026-03-02T10:30"),
    ("every 6 hours", "2026-03-02T12:00"),
    ("hourly", "2026-03-02T11:00"),
    ("Daily  at 6:30", "2026-03-03T06:30"),
    ("every day at 23:05", "2026-03-02T23:05"),
    ("every week", "2026-03-09T06:00"),
    ("sun at 07:00", "2026-03-08T07:00"),
    ("sunday at 07:00", "2026-03-08T07:00"),
    ("15 10 * * *", "2026-03-03T10:15"),
    ("0 0 * * 7", "2026-03-08T00:00"),
    ("0 0 * * 0", "2026-03-08T00:00"),
    ("0 0 * * 1-5", "2026-03-03T00:00"),
    ("0 0 13 * fri", "2026-03-06T00:00"),
    ("0 0 29 feb *", "2028-02-29T00:00"),
    ("5/20 10 * * *", "2026-03-02T10:25"),
    ("@monthly", "2026-04-01T00:00"),
]


@pytest.mark.parametrize(("text", "due"), DUE)
def test_next_due(text: str, due: str) -> None:
    expected = datetime.fromisoformat(due).replace(tzinfo=UTC)
    assert parse_schedule(text).next_after(MONDAY) == expected


@pytest.mark.parametrize(
    "text",
    ["", "soon", "every 7 hours", "every 2 weeks", "* * * *", "60 * * * *", "* 24 * * *",
     "5-1 * * * *",
     "*/0 * * * *", "x * * * *", "daily at 25:00", "every 6 hours at 3:00", "0 0 0 * *"],
)  # fmt: skip
def test_what_is_no_schedule(text: str) -> None:
    with pytest.raises(ValueError, match=r"schedule|cron|divides|lie within"):
        parse_schedule(text)


def test_a_day_that_never_comes() -> None:
    with pytest.raises(ValueError, match="never due"):
        parse_schedule("0 0 30 2 *").next_after(MONDAY)


def test_the_skipped_hour_of_spring_is_not_lost() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    due = parse_schedule("30 2 * * *").next_after(before, berlin)
    assert due == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 summer time


def test_the_doubled_hour_of_autumn_is_due_once() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    schedule = parse_schedule("30 2 * * *")
    first = schedule.next_after(datetime(2026, 10, 24, 12, 0, tzinfo=UTC), berlin)
    second = schedule.next_after(first, berlin)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


@given(
    st.sampled_from([text for text, _ in DUE]),
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
)
def test_next_is_later_and_none_is_skipped(text: str, naive: datetime, zone: str) -> None:
    moment = naive.replace(tzinfo=UTC)
    schedule = parse_schedule(text)
    due = schedule.next_after(moment, ZoneInfo(zone))
    assert due > moment
    assert due.second == due.microsecond == 0
    assert schedule.next_after(due - timedelta(seconds=1), ZoneInfo(zone)) <= due
