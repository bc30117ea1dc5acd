"""Forests of oblivious trees: what they hold, how they answer, their files.

The trees are oblivious (symmetric): all nodes of one level ask the same question, so a tree of
depth d is d comparisons and one look-up in a table of 2**d leaves (Prokhorenkova et al. 2018,
"CatBoost", section 4). That makes a whole forest over all rows a handful of array operations.
`benchmarks.boost` trains and writes the models.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cleaners import models
from cleaners.gbm.backend import sums
from cleaners.gbm.sums import Floats, Ints

FORMAT = 2
"""Version of the .npz layout; a file of another version does not load."""
STEP = 2.0**-20
"""What leaves are counted in. Whole numbers have one sum in whatever order they are added, on
whatever machine; a forest's leaves are rounded by less than a millionth."""
_DEEPEST = 8  # a leaf's number is one byte


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Trees over named features.

    `question_feature`, `question_border`: (Q,), the distinct questions "is feature > border?".
    `tree_questions`: (D, T), the question of each level of each tree; level k is bit k of the leaf.
    `leaves`: (T, 2**D), in `STEP`s. Trees of less depth repeat their first question, with its
    leaves doubled. `notes` says what it was trained on: seeds, data digest, attribution.
    Raises ValueError if these do not fit together: what is compiled does not look again.
    """

    features: tuple[str, ...]
    question_feature: Ints
    question_border: Floats
    tree_questions: Ints
    leaves: Ints
    bias: float
    notes: str

    def __post_init__(self) -> None:
        depth, trees = self.tree_questions.shape
        fits = self.leaves.shape == (trees, 2**depth) and depth <= _DEEPEST
        fits &= self.question_border.shape == self.question_feature.shape
        for numbers, bound in (
            (self.tree_questions, len(self.question_feature)),
            (self.question_feature, len(self.features)),
        ):
            fits &= not numbers.size or bool(numbers.min() >= 0 and numbers.max() < bound)
        if not fits:
            raise ValueError("questions, trees and leaves do not fit together")

    def raw(self, rows: Floats) -> Floats:
        """Sums of leaves (log-odds of a classifier): (n,), for rows of shape (n, features)."""
        total = sums(
            np.ascontiguousarray(rows, dtype=np.float32),
            *(self.question_feature, self.question_border),
            *(self.tree_questions, self.leaves),
        )
        return total.astype(np.float32) * np.float32(STEP) + np.float32(self.bias)

    def probability(self, rows: Floats) -> Floats:
        """Probability of the positive class, shape (n,), for rows of shape (n, features)."""
        odds = np.clip(self.raw(rows), -30.0, 30.0)
        return np.asarray(1.0 / (1.0 + np.exp(-odds)), dtype=np.float32)


def in_steps(leaves: Floats) -> Ints:
    """Leaves as they are kept in a forest."""
    return np.rint(leaves.astype(np.float64) / STEP).astype(np.int32)


def mean(forests: Sequence[Forest]) -> Forest:
    """One forest that gives the mean of what several over the same features give.

    Raises ValueError for forests over different features.
    """
    first, depth = forests[0], max(len(forest.tree_questions) for forest in forests)
    if any(forest.features != first.features for forest in forests):
        raise ValueError("forests over different features have no mean")
    asked: dict[tuple[int, float], int] = {}
    questions, leaves = [], []
    for forest in forests:
        pairs = zip(forest.question_feature.tolist(), forest.question_border.tolist(), strict=True)
        number = np.array([asked.setdefault(pair, len(asked)) for pair in pairs], dtype=np.int32)
        more = depth - len(forest.tree_questions)  # levels that ask again leave the leaf as it was
        deep = np.concatenate([forest.tree_questions, forest.tree_questions[:1].repeat(more, 0)])
        questions.append(number[deep])
        leaves.append(np.tile(forest.leaves, (1, 2**more)) * STEP / len(forests))
    return Forest(
        features=first.features,
        question_feature=np.array([feature for feature, _ in asked], dtype=np.int32),
        question_border=np.array([border for _, border in asked], dtype=np.float32),
        tree_questions=np.ascontiguousarray(np.concatenate(questions, axis=1)),
        leaves=in_steps(np.concatenate(leaves)),
        bias=float(np.mean([forest.bias for forest in forests])),
        notes=first.notes,
    )


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
