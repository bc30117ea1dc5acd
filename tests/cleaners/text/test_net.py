"""The net over lines: what it sees, how it is kept."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cleaners.errors import ModelError
from cleaners.text import net
from cleaners.text.facts import Floats
from cleaners.text.net import Net

UNITS = 4
SIZE = np.full(12, 10, dtype=np.int32)


def sample(reach: tuple[int, ...] = (1, 2)) -> Net:
    """A net of three features with weights by chance, without a word from the whole text."""
    chance = np.random.default_rng(5)

    def some(*size: int) -> Floats:
        return chance.standard_normal(size).astype(np.float32)

    return Net(
        features=("words", "stops", "place"),
        middle=some(3),
        spread=np.ones(3, dtype=np.float32),
        enter=some(3, UNITS),
        enter_bias=some(UNITS),
        whole=np.zeros((UNITS, UNITS), dtype=np.float32),
        whole_bias=np.zeros(UNITS, dtype=np.float32),
        reach=np.array(reach, dtype=np.int32),
        layers=some(len(reach), 3 * UNITS, UNITS),
        layer_bias=some(len(reach), UNITS),
        leave=some(UNITS),
        leave_bias=0.25,
        notes="by chance",
    )


def rows(count: int = 12) -> Floats:
    """The logarithms of features of lines."""
    return np.random.default_rng(7).random((count, 3), dtype=np.float32)


def test_no_lines_have_no_odds() -> None:
    assert sample().raw(rows(0), SIZE[:0]).shape == (0,)


def test_a_line_is_seen_as_far_as_the_reaches_add_up() -> None:
    told, moved = rows(), rows()
    moved[4] += 50
    change = np.abs(sample().raw(told, SIZE) - sample().raw(moved, SIZE))
    assert (change[1:8] > 1e-4).any()
    assert (change[[0, 8, 9, 10, 11]] < 1e-6).all()


def test_the_whole_text_tells_every_line() -> None:
    whole = replace(sample(), whole=np.eye(UNITS, dtype=np.float32))
    told, moved = rows(), rows()
    moved[0] += 50
    change = np.abs(whole.raw(told, SIZE) - whole.raw(moved, SIZE))
    assert (change > 1e-4).all()


def test_a_text_shorter_than_a_reach_has_odds() -> None:
    assert np.isfinite(sample((1, 16)).raw(rows(3), SIZE[:3])).all()


def test_lines_stand_between_those_before_and_after() -> None:
    state = np.arange(1, 4, dtype=np.float32)[:, None]
    around = np.empty((3, 3), dtype=np.float32)
    net.beside(state, 1, around)
    assert around.tolist() == [[0, 1, 2], [1, 2, 3], [2, 3, 0]]
    net.beside(state, 5, around)
    assert around.tolist() == [[0, 1, 0], [0, 2, 0], [0, 3, 0]]


def test_what_is_kept_says_the_same(tmp_path: Path) -> None:
    net.save(sample(), tmp_path / "net.npz")
    read = net.load(tmp_path / "net.npz")
    assert (read.features, read.notes) == (sample().features, "by chance")
    np.testing.assert_allclose(
        read.raw(rows(), SIZE), sample().raw(rows(), SIZE), rtol=0.01, atol=0.05
    )
    net.save(read, tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "net.npz").read_bytes()


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 no archive"])
def test_a_file_that_is_no_net_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "net.npz").write_bytes(content)
    with pytest.raises(ModelError, match=r"net\.npz"):
        net.load(tmp_path / "net.npz")


def test_a_net_of_another_version_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    net.save(sample(), tmp_path / "net.npz")
    monkeypatch.setattr(net, "FORMAT", net.FORMAT + 1)
    with pytest.raises(ModelError, match="another version"):
        net.load(tmp_path / "net.npz")
