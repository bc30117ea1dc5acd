"""Quality does not fall: the gate's floors over self-made pages, and the gate itself."""

import pytest

from benchmarks.gate import Figure, figures, gate_pages, pinned

pytestmark = pytest.mark.slow


def test_no_figure_is_under_its_floor() -> None:
    under = {f.name: (round(f.value, 3), f.floor) for f in figures(gate_pages()) if not f.holds}
    assert under == {}


@pytest.mark.parametrize(
    ("name", "value", "holds"),
    [("title", 0.95, True), ("title", 0.94, False), ("html leaked", 0.94, True)],
)
def test_a_figure_keeps_to_its_side_of_the_floor(name: str, value: float, holds: bool) -> None:
    assert Figure(name, value, 0.95).holds is holds


def test_a_floor_goes_down_only_when_told_so() -> None:
    old = {"title": 0.95, "html lost": 10.0}
    assert pinned({"title": 0.9, "html lost": 20.0}, old, lower=False) == old
    assert pinned({"title": 0.9, "html lost": 20.0}, old, lower=True) == {
        "title": 0.89,
        "html lost": 23.0,
    }
