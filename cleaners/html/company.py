"""What the first model thinks of a block's company: evidence for the second model."""

from typing import Any

import numpy as np
import numpy.typing as npt

from cleaners.gbm import Floats
from cleaners.html.layout import Layout, sums_of
from cleaners.html.wording import Wording

_SECOND_SHIFTS = (-4, -3, -2, -1, 1, 2, 3, 4)
SECOND = (
    "first", *(f"first@{shift:+d}" for shift in _SECOND_SHIFTS),
    "first_frame", "first_parent", "first_grandparent", "first_great", "first_path", "first_kind",
    "sum_before", "sum_after", "window", "to_sure_before", "to_sure_after",
    "first_rank", "first_copies",
)  # fmt: skip

_SURE = 0.8


def second_features(first: Floats, layout: Layout, text: Wording) -> Floats:
    """What the first model thinks of a block and those around it: (n, len(SECOND))."""
    count = len(first)
    order = np.arange(count)
    columns: list[npt.NDArray[Any]] = [first.astype(np.float64)]
    for shift in _SECOND_SHIFTS:
        at = order + shift
        inside = (at >= 0) & (at < count)
        columns.append(np.where(inside, first[np.clip(at, 0, count - 1)], -1.0))
    weight = np.minimum(layout.chars, 400)
    weighted = first * weight
    sums, weights = sums_of(weighted), sums_of(weight)
    for level in range(4):
        frame = layout.above[:, level]
        low, high = layout.first[frame], layout.last[frame]
        # The block itself is left out, so that this says what its company is.
        rest = weights[high] - weights[low] - weight
        mean = (sums[high] - sums[low] - weighted) / np.maximum(rest, 1)
        columns.append(np.where(rest > 0, mean, -1.0))
    for group in (layout.path, layout.kind):
        others = np.bincount(group, weights=weight)[group] - weight
        company = np.bincount(group, weights=weighted)[group] - weighted
        columns.append(np.where(others > 0, company / np.maximum(others, 1), -1.0))
    expected: npt.NDArray[Any] = sums_of(first * layout.chars)
    total = max(1.0, float(expected[-1]))
    columns += [
        expected[:-1] / total,
        (expected[-1] - expected[1:]) / total,
        (sums[np.minimum(order + 6, count)] - sums[np.maximum(order - 5, 0)])
        / np.maximum(weights[np.minimum(order + 6, count)] - weights[np.maximum(order - 5, 0)], 1),
    ]
    sure = first > _SURE
    before = np.maximum.accumulate(np.where(sure, order, -100))
    after = np.minimum.accumulate(np.where(sure, order, count + 100)[::-1])[::-1]
    columns.append(np.clip(order - before, 0, 60).astype(np.float64))
    columns.append(np.clip(after - order, 0, 60).astype(np.float64))
    columns.append(np.argsort(np.argsort(-first)) / count)
    _, same = np.unique(np.array(text.lowered), return_inverse=True)
    best = np.full(int(same.max()) + 1, 0.0)
    np.maximum.at(best, same, first)
    columns.append(best[same])
    return np.stack(columns, axis=1).astype(np.float32)
