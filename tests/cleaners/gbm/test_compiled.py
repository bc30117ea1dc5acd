"""What of forests is compiled gives what Python gives, to the last bit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleaners.gbm import backend, sums


@given(
    seed=st.integers(0, 1 << 32),
    rows=st.sampled_from([0, 1, 63, 64, 65, 257, 300]),
    depth=st.integers(1, 8),
    trees=st.integers(0, 30),
)
def test_sums_are_the_same(seed: int, rows: int, depth: int, trees: int) -> None:
    chance = np.random.default_rng(seed)
    matrix = chance.normal(size=(rows, 7)).astype(np.float32)
    matrix[chance.random(matrix.shape) < 0.1] = np.nan
    forest = (
        chance.integers(0, 7, 11).astype(np.int32),
        chance.choice(matrix.ravel(), 11) if rows else np.zeros(11, dtype=np.float32),
        chance.integers(0, 11, (depth, trees)).astype(np.int32),
        chance.integers(-(1 << 24), 1 << 24, (trees, 1 << depth)).astype(np.int32),
    )
    with np.errstate(invalid="ignore"):
        expected = sums.sums(matrix, *forest)
    found = backend.sums(matrix, *forest)
    assert found.dtype == expected.dtype
    assert found.tolist() == expected.tolist()
