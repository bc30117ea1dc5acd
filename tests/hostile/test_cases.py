"""Every named case keeps what its reader promises, within 1.5 GB and 20 s of processor time."""

import json
import subprocess
import sys

import pytest

from tests.hostile.cases import CASES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def broken() -> dict[str, str | None]:
    """What each case broke; None for nothing."""
    call = [sys.executable, "-m", "tests.hostile.child"]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {name: why for name, why, _ in rows}


@pytest.mark.parametrize("name", CASES)
def test_it_costs_no_more_than_it_may_and_gives_an_answer(
    name: str, broken: dict[str, str | None]
) -> None:
    assert broken[name] is None
