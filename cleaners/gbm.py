"""Gradient-boosted trees run by numpy alone.

The trees are oblivious (symmetric): all nodes of one level ask the same question, so a tree of
depth d is d comparisons and one look-up in a table of 2**d leaves (Prokhorenkova et al. 2018,
"CatBoost", section 4). That makes a whole forest over all rows a handful of array operations.
`benchmarks.boost` trains and writes the models.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cleaners import models

Floats = npt.NDArray[np.float32]

FORMAT = 1
"""Version of the .npz layout; a file of another version does not load."""
_AT_ONCE = 256
"""Rows that are looked at together, so that their answers stay in the processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Trees over named features.

    `question_feature`, `question_border`: (Q,), the distinct questions "is feature > border?".
    `tree_questions`: (D, T), the question of each level of each tree; level k is bit k of the leaf.
    `leaves`: (T, 2**D). Trees of less depth repeat their first question, with its leaves doubled.
    `notes` says what it was trained on: seeds, data digest, attribution.
    """

    features: tuple[str, ...]
    question_feature: npt.NDArray[np.int32]
    question_border: Floats
    tree_questions: npt.NDArray[np.int32]
    leaves: Floats
    bias: float
    notes: str

    def raw(self, rows: Floats) -> Floats:
        """Sums of leaves (log-odds of a classifier): (n,), for rows of shape (n, features)."""
        columns = np.ascontiguousarray(rows.T, dtype=np.float32)
        count = columns.shape[1]
        if count <= _AT_ONCE:
            return self._sum(columns)
        parts = np.array_split(columns, -(-count // _AT_ONCE), axis=1)
        return np.concatenate([self._sum(part) for part in parts])

    def _sum(self, columns: Floats) -> Floats:
        """Sums of leaves: (n,), for columns of shape (features, n)."""
        asked = columns.take(self.question_feature, axis=0)
        answers = (asked > self.question_border[:, None]).view(np.uint8)
        depth, trees = self.tree_questions.shape
        leaf = answers.take(self.tree_questions[-1], axis=0)
        for level in range(depth - 2, -1, -1):  # in place: an array a level would cost the most
            leaf += leaf
            leaf |= answers.take(self.tree_questions[level], axis=0)
        starts = np.arange(trees, dtype=np.int32)[:, None] * np.int32(self.leaves.shape[1])
        total: Floats = self.leaves.ravel().take(leaf + starts).sum(axis=0, dtype=np.float32)
        return total + np.float32(self.bias)

    def probability(self, rows: Floats) -> Floats:
        """Probability of the positive class, shape (n,), for rows of shape (n, features)."""
        odds = np.clip(self.raw(rows), -30.0, 30.0)
        return np.asarray(1.0 / (1.0 + np.exp(-odds)), dtype=np.float32)


def load(path: Path) -> Forest:
    """The forest in a .npz file; ModelError if it is missing, damaged or of another version."""
    with models.opened(path, FORMAT) as file:
        return Forest(
            features=tuple(str(file["features"]).split("\n")),
            question_feature=file["question_feature"],
            question_border=file["question_border"],
            tree_questions=file["tree_questions"],
            leaves=file["leaves"],
            bias=float(file["bias"]),
            notes=str(file["notes"]),
        )


def save(forest: Forest, path: Path) -> None:
    """Write a forest as .npz; the same forest gives the same bytes."""
    np.savez_compressed(
        path,
        format=np.int32(FORMAT),
        features=np.str_("\n".join(forest.features)),
        question_feature=forest.question_feature,
        question_border=forest.question_border,
        tree_questions=forest.tree_questions,
        leaves=forest.leaves,
        bias=np.float32(forest.bias),
        notes=np.str_(forest.notes),
    )
