import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model import Manners
from crawler.politeness import (
    LONGEST_RETRY,
    LONGEST_VISIT,
    SHORTEST_VISIT,
    adapted,
    next_interval,
    pause,
    retry_after,
    retry_delay,
)

DELAYS = st.floats(0, 120)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5.0),
        (" 7 ", 7.0),
        ("Thu, 01 Jan 1970 00:02:00 GMT", 60.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("-5", None),
        ("1e9", None),
        ("9" * 30, None),
        ("٣", None),
        ("", None),
        (None, None),
        ("Thu, 99 Jan 1970 00:02:00 GMT", None),
    ],
)
def test_retry_after_is_read(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, 60.0) == seconds


@given(st.text(max_size=40))
def test_any_retry_after_is_seconds_or_nothing(value: str) -> None:
    seconds = retry_after(value, 0.0)
    assert seconds is None or seconds >= 0


@given(st.integers(1, 50), st.floats(0, 1))
def test_retries_wait_longer_each_time_within_bounds(attempts: int, roll: float) -> None:
    assert 0 < retry_delay(attempts, roll) <= LONGEST_RETRY * 1.25
    assert retry_delay(attempts + 1, roll) >= retry_delay(attempts, roll)


@given(DELAYS, st.floats(0, 10), st.floats(0, 1), st.floats(0, 1))
def test_no_pause_is_shorter_than_asked(
    host: float, delay: float, jitter: float, roll: float
) -> None:
    manners = Manners(delay=delay, jitter=jitter)
    waited = pause(host, manners, roll)
    assert waited >= min(host, manners.max_delay)
    assert waited >= delay


@given(DELAYS, st.floats(0, 60), st.sampled_from([200, 304, 404, 429, 500, 503]))
def test_adapting_follows_answers_and_errors_never_hurry(
    delay: float, latency: float, status: int
) -> None:
    manners = Manners(per_host=2)
    new = adapted(delay, latency, status, manners)
    assert 0 <= new <= max(manners.max_delay, delay)
    if status != 200:
        assert new >= min(delay, manners.max_delay)


@given(st.one_of(st.none(), st.floats(0, 1e9)), st.booleans())
def test_visits_keep_within_their_bounds(interval: float | None, changed: bool) -> None:
    new = next_interval(interval, changed=changed)
    assert new == 0 if interval is None else SHORTEST_VISIT <= new <= LONGEST_VISIT


def test_a_page_that_stands_still_is_asked_ever_less_often() -> None:
    interval: float | None = None
    seen = []
    for _ in range(20):
        interval = next_interval(interval, changed=False)
        seen.append(interval)
    assert seen[:4] == [0.0, 3600.0, 7200.0, 14400.0]
    assert seen[-1] == LONGEST_VISIT
