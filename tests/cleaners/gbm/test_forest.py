"""The runtime of forests: exact values of a small one, their mean, and what does not load."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cleaners import gbm
from cleaners.errors import ModelError


def _forest() -> gbm.Forest:
    # Tree 1: a > 0 (bit 0), b > 1 (bit 1). Tree 2: b > 1 (bit 0), a > 0 (bit 1).
    return gbm.Forest(
        features=("a", "b"),
        question_feature=np.array([0, 1], dtype=np.int32),
        question_border=np.array([0.0, 1.0], dtype=np.float32),
        tree_questions=np.array([[0, 1], [1, 0]], dtype=np.int32),
        leaves=gbm.in_steps(np.array([[1, 2, 3, 4], [10, 20, 30, 40]], dtype=np.float32)),
        bias=0.5,
        notes="made by hand",
    )


def test_sums_of_leaves() -> None:
    rows = np.array([[-1, 0], [1, 0], [-1, 2], [1, 2], [0, 1]], dtype=np.float32)
    expected = [1 + 10, 2 + 30, 3 + 20, 4 + 40, 1 + 10]
    assert _forest().raw(rows).tolist() == [value + 0.5 for value in expected]


def test_many_rows_have_the_sums_that_few_have() -> None:
    forest = _forest()
    rows = np.random.default_rng(1).random((600, len(forest.features)), dtype=np.float32) * 4 - 2
    few = np.concatenate([forest.raw(rows[at : at + 3]) for at in range(0, 600, 3)])
    assert np.array_equal(forest.raw(rows), few)


def test_no_rows() -> None:
    assert _forest().probability(np.zeros((0, 2), dtype=np.float32)).shape == (0,)


def test_probability_is_the_logistic_of_the_sum() -> None:
    rows = np.array([[-1, 0]], dtype=np.float32)
    assert _forest().probability(rows)[0] == pytest.approx(1 / (1 + np.exp(-11.5)))


def test_the_mean_of_forests_gives_the_mean_of_their_sums() -> None:
    deep = _forest()
    # One level, other questions: b > 0.
    flat = replace(
        deep,
        question_feature=np.array([1], dtype=np.int32),
        question_border=np.array([0.0], dtype=np.float32),
        tree_questions=np.array([[0]], dtype=np.int32),
        leaves=gbm.in_steps(np.array([[100, 200]], dtype=np.float32)),
        bias=1.5,
    )
    rows = np.random.default_rng(1).random((70, 2), dtype=np.float32) * 4 - 2
    for several in ([deep, flat], [flat, deep, deep], [deep]):
        expected = np.mean([forest.raw(rows) for forest in several], axis=0)
        assert gbm.mean(several).raw(rows) == pytest.approx(expected, abs=1e-5)
    assert len(gbm.mean([deep, flat, deep]).question_feature) == 3


def test_forests_over_different_features_have_no_mean() -> None:
    with pytest.raises(ValueError, match="different features"):
        gbm.mean([_forest(), replace(_forest(), features=("a", "c"))])


@pytest.mark.parametrize(
    "wrong",
    [
        {"question_feature": np.array([0, 2], dtype=np.int32)},
        {"question_border": np.array([0.0], dtype=np.float32)},
        {"tree_questions": np.array([[0, 1], [2, 0]], dtype=np.int32)},
        {"tree_questions": np.array([[0, -1], [1, 0]], dtype=np.int32)},
        {"leaves": np.zeros((2, 2), dtype=np.int32)},
    ],
)
def test_parts_that_do_not_fit_together_are_no_forest(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="fit together"):
        replace(_forest(), **wrong)


def test_rows_without_a_column_that_is_asked_for_are_refused() -> None:
    with pytest.raises(IndexError):
        _forest().raw(np.zeros((3, 1), dtype=np.float32))


def test_saving_and_loading_keep_everything(tmp_path: Path) -> None:
    gbm.save(_forest(), tmp_path / "model.npz")
    loaded = gbm.load(tmp_path / "model.npz")
    rows = np.random.default_rng(1).normal(size=(50, 2)).astype(np.float32)
    assert loaded.features == ("a", "b")
    assert loaded.notes == "made by hand"
    assert np.array_equal(loaded.raw(rows), _forest().raw(rows))


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04 damaged"])
def test_what_is_no_model_is_an_error_that_names_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.npz"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"broken\.npz"):
        gbm.load(path)


def test_a_missing_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"absent\.npz"):
        gbm.load(tmp_path / "absent.npz")
