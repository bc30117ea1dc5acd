"""Training of the models that `cleaners.gbm` runs; the only importer of catboost."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import catboost
import numpy as np
import numpy.typing as npt

from cleaners import gbm
from cleaners.gbm import Floats, Forest


@dataclass(frozen=True, slots=True)
class Plan:
    """How a forest is grown. `depth` at most 8 (a leaf number is one byte at run time).

    Of `forests`, each with a seed of its own, the model is the mean.
    """

    trees: int = 300
    depth: int = 6
    rate: float = 0.08
    l2: float = 5.0
    borders: int = 64
    columns: float = 0.3
    seed: int = 1
    forests: int = 1


def train(
    rows: Floats,
    labels: npt.NDArray[Any],
    features: Sequence[str],
    *,
    weights: Floats | None = None,
    plan: Plan | None = None,
    notes: str = "",
    threads: int = 2,
    idle: Sequence[str] = (),
) -> Forest:
    """A forest for labels 0…1: (n,), given rows: (n, features); fractions are soft labels.

    Columns named in `idle` stay where they are, but no tree asks of them.
    """
    plan = plan or Plan()
    soft = bool(((labels > 0) & (labels < 1)).any())
    options = {
        "loss_function": "CrossEntropy" if soft else "Logloss",
        "iterations": plan.trees,
        "depth": plan.depth,
        "learning_rate": plan.rate,
        "l2_leaf_reg": plan.l2,
        "border_count": plan.borders,
        "rsm": plan.columns,
        "thread_count": threads,
        "bootstrap_type": "Bernoulli",
        "subsample": 0.8,
        "verbose": 0,
        "allow_writing_files": False,
        "ignored_features": [number for number, name in enumerate(features) if name in idle],
    }
    pool = catboost.Pool(rows, labels, weight=weights)
    grown = []
    for seed in range(plan.seed, plan.seed + plan.forests):
        model = catboost.CatBoost({**options, "random_seed": seed})
        model.fit(pool)
        grown.append(_forest(model, tuple(features), notes))
    return gbm.mean(grown)


def _forest(model: catboost.CatBoost, features: tuple[str, ...], notes: str) -> Forest:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        grown = json.loads(path.read_text())
    trees = grown["oblivious_trees"]
    depth = max(1, *(len(tree["splits"] or ()) for tree in trees))
    questions: dict[tuple[int, float], int] = {}
    levels = np.zeros((depth, len(trees)), dtype=np.int32)
    leaves = np.zeros((len(trees), 2**depth), dtype=np.float32)
    for number, tree in enumerate(trees):
        splits = tree["splits"] or ()
        for level in range(depth):
            split = (
                splits[level] if level < len(splits) else {"float_feature_index": 0, "border": 0}
            )
            key = (int(split["float_feature_index"]), float(split["border"]))
            levels[level, number] = questions.setdefault(key, len(questions))
        # Levels that a shallow tree lacks must not matter: its table of leaves is repeated.
        leaves[number] = np.tile(tree["leaf_values"], 2 ** (depth - len(splits)))
    scale, (bias,) = grown["scale_and_bias"]
    return Forest(
        features=features,
        question_feature=np.array([feature for feature, _ in questions], dtype=np.int32),
        question_border=np.array([border for _, border in questions], dtype=np.float32),
        tree_questions=levels,
        leaves=gbm.in_steps(leaves * np.float32(scale)),
        bias=float(bias),
        notes=notes,
    )
