"""The short form of the soak, and its judgement."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.soak import MAX_MORE, WARM_ROUNDS, Held, judge, soak

FLAT = Held(memory=200_000_000, descriptors=12, threads=9, children=2, temporary=1)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_faults_and_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    found = soak(
        seconds=0,
        rounds=1,
        faults=0.3,
        kills=3,
        chance=random.Random(7),
        folder=tmp_path,
    )
    assert found.broken == []
    assert (found.kills, found.kill_rounds, len(found.held)) == (3, 1, 1)
    assert found.held[0].temporary <= MAX_MORE


def test_what_stays_flat_is_no_growth() -> None:
    warming = [replace(FLAT, memory=FLAT.memory // 2)] * WARM_ROUNDS
    assert judge([*warming, *[FLAT] * 6]) == []
    assert judge(warming) == []


@pytest.mark.parametrize("part", ["memory", "descriptors", "threads", "children", "temporary"])
def test_what_keeps_growing_is_named(part: str) -> None:
    step = 20_000_000 if part == "memory" else 4
    rounds = [replace(FLAT, **{part: getattr(FLAT, part) + at * step}) for at in range(10)]
    [said] = judge(rounds)
    assert said.startswith(f"{part} grew")
