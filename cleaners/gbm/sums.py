"""The leaves that rows come to in a forest, added up."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

_AT_ONCE = 256
"""Rows that are looked at together, so that their answers stay in the processor's cache."""


def sums(rows: Floats, feature: Ints, border: Floats, tree_questions: Ints, leaves: Ints) -> Ints:
    """Sum of each row's leaves: (n,), for rows (n, features); the rest as in `Forest`."""
    columns = np.ascontiguousarray(rows.T)
    if len(rows) <= _AT_ONCE:
        return _sums(columns, feature, border, tree_questions, leaves)
    parts = np.array_split(columns, -(-len(rows) // _AT_ONCE), axis=1)
    return np.concatenate([_sums(part, feature, border, tree_questions, leaves) for part in parts])


def _sums(
    columns: Floats, feature: Ints, border: Floats, tree_questions: Ints, leaves: Ints
) -> Ints:
    asked = columns.take(feature, axis=0)
    answers = (asked > border[:, None]).view(np.uint8)
    depth, trees = tree_questions.shape
    leaf = answers.take(tree_questions[-1], axis=0)
    for level in range(depth - 2, -1, -1):  # in place: an array a level would cost the most
        leaf += leaf
        leaf |= answers.take(tree_questions[level], axis=0)
    starts = np.arange(trees, dtype=np.int32)[:, None] * np.int32(leaves.shape[1])
    total: Ints = leaves.ravel().take(leaf + starts).sum(axis=0, dtype=np.int32)
    return total
