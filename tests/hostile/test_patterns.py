"""Every regular expression of the packages against texts made to hurt it."""

import re
import signal
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from tests.hostile.patterns import Found, all_patterns, attacks

LENGTH = 8_000
"""Characters: a quadratic pattern takes 100 to 500 ms, a linear one less than one."""
SECONDS = 0.06
"""Of processor time, for all matches of one pattern in one text."""
BOUNDED_SECONDS = 0.3
"""Likewise, for a pattern whose texts are bounded: the most that a page can make it cost."""
BOUNDS = tomllib.loads(Path(__file__).with_name("bounded.toml").read_text("utf-8"))


class TooSlowError(Exception):
    """Raised by the timer within a match: the engine looks for signals now and then."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raises TooSlowError once so much processor time is over."""

    def stop(_: int, __: FrameType | None) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def bounds_of(found: Found) -> dict[str, object]:
    rows = BOUNDS.get(found.module, {}).get("patterns", [])
    return next((row for row in rows if found.source.startswith(row["begins"])), {})


def hurts(
    found: Found,
    length: int,
    *,
    how: str = "search",
    folded: bool = False,
    seconds: float = SECONDS,
) -> str | None:
    """A text that a pattern takes too long for, or None."""
    pattern = found.compiled()
    for text in dict.fromkeys(" ".join(t.split()) if folded else t for t in attacks(found, length)):
        given = text.encode("utf-8", "replace") if found.is_bytes else text
        try:
            with at_most(seconds):
                if how == "search":
                    for _ in pattern.finditer(given):
                        pass
                elif how == "match":
                    pattern.match(given)
                else:
                    pattern.fullmatch(given)
        except TooSlowError:
            return text
    return None


@pytest.fixture(scope="module")
def found() -> tuple[Found, ...]:
    return all_patterns()


@pytest.mark.slow
def test_no_pattern_takes_more_than_linear_time(found: tuple[Found, ...]) -> None:
    assert len(found) > 150, "most patterns were not found"
    slow = []
    for one in found:
        bounds = bounds_of(one)
        length = int(str(bounds.get("chars", LENGTH)))
        how, folded = str(bounds.get("how", "search")), bool(bounds.get("folded"))
        seconds = BOUNDED_SECONDS if "chars" in bounds else SECONDS
        text = hurts(one, min(length, 2 * LENGTH), how=how, folded=folded, seconds=seconds)
        if text is not None:
            slow.append(f"{one.module}: {one.source[:60]!r} on {text[:30]!r}…")
    assert slow == []


def test_every_bound_is_of_a_pattern_that_is_there(found: tuple[Found, ...]) -> None:
    idle = [
        (module, row["begins"])
        for module, table in BOUNDS.items()
        for row in table["patterns"]
        if not any(one.module == module and one.source.startswith(row["begins"]) for one in found)
    ]
    assert idle == []


@pytest.mark.parametrize("source", [r"(a+)+b", r"\s*\n\s*x", r"(?:a|a)*c", r"\w+@\w+", r"(x+x+)+y"])
def test_a_bad_pattern_is_caught(source: str) -> None:
    begun = time.process_time()
    # Of a text long enough for the fastest of Pythons: quadratic patterns take nine times as long.
    assert hurts(Found(source, False, 0, "made.up"), 3 * LENGTH) is not None
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("source", [r"[a-z]+", r"<[^<>]*>", r"a{1,3}b", r"^\s*x"])
def test_a_good_pattern_is_let_through(source: str) -> None:
    assert hurts(Found(source, False, int(re.IGNORECASE), "made.up"), LENGTH) is None
