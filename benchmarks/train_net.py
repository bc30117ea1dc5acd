"""Training of the net that `cleaners.text.net` runs, in numpy alone: its loss, slopes and steps.

Half of what is made small is the usual cross entropy of lines; half is 1 - F1 of each text, by the
words that it would keep at the net's probabilities, so that a line counts for what it adds to its
own text's measure. `benchmarks.train_lines` calls it with the samples of its forest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cleaners.gbm import Floats
from cleaners.text.net import Net, beside, rectified, scaled, weights
from cleaners.text.tokens import Flags, Ints

MOST_LINES: Final = 1_500
"""Lines of a text from which nothing is learned: one would weigh as much as twenty others."""
_SHARE_F1: Final = 0.5
_PAGE: Final = 20.0
"""About the sum of a text's weights, which cross entropy is divided by."""
_AT_LEAST: Final = 10.0
"""Words that are added to each text's kept and body words: F1 of a short text is no steep wall."""
_DROPPED: Final = 0.2
"""Share of a line's first units that a step of training goes without."""
_DECAY: Final = 1e-4
_WARM_UP: Final = 50
_SEEN: Final = 100_000
"""Lines by which features are scaled."""


@dataclass(frozen=True, slots=True)
class NetPlan:
    """How a net is grown; `batch`: texts of one step."""

    units: int = 32
    reach: tuple[int, ...] = (1, 2, 4, 8)
    epochs: int = 12
    batch: int = 48
    rate: float = 3e-3
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """What is learned of one text of n lines: logarithms of features (n, f), and words, labels and
    weights (n,)."""

    logs: Floats
    size: Ints
    body: Flags
    weights: Floats


_Slopes = dict[str, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class _Batch:
    """Texts one below the other, with empty lines between that no layer sees across.

    `inside`: (n, 1), 1 for lines and 0 for those between; `text`: the text of each line; `first`:
    where each text begins; `words`: as `weights` has them, 0 between.
    """

    rows: Floats
    inside: Floats
    text: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    words: Floats
    body: Floats
    weights: Floats

    def each(self, values: Floats) -> Floats:
        """Sums over each text."""
        sums: Floats = np.add.reduceat(values, self.first, axis=0)
        return sums


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What a forward pass leaves for the slopes."""

    dropped: Floats
    entered: Floats
    mean: Floats
    told: Floats
    around: list[Floats]
    added: list[Floats]
    last: Floats
    odds: Floats


def train(
    texts: Sequence[Text], features: Sequence[str], *, plan: NetPlan | None = None, notes: str = ""
) -> Net:
    """A net over the texts that are not too long; the same texts and plan give the same net."""
    plan = plan or NetPlan()
    chance = np.random.default_rng(plan.seed)
    texts = [text for text in texts if 0 < text.body.size <= MOST_LINES]
    middle, spread = _scale(texts, chance)
    read = [scaled(text.logs, middle, spread) for text in texts]
    held = _first_guess(len(features), plan, chance)
    steps = plan.epochs * -(-len(texts) // plan.batch)
    mean, square = ({name: np.zeros_like(one) for name, one in held.items()} for _ in range(2))
    step = 0
    for _ in range(plan.epochs):
        order = chance.permutation(len(texts))
        for start in range(0, len(texts), plan.batch):
            chosen = order[start : start + plan.batch].tolist()
            batch = _stack([texts[at] for at in chosen], [read[at] for at in chosen], plan)
            seen = _forward(held, batch, plan, chance)
            slopes = _backward(held, batch, seen, _error(seen.odds, batch), plan)
            step += 1
            falling = 0.5 * (1 + np.cos(np.pi * step / steps)) + 0.01
            rate = plan.rate * min(1.0, step / _WARM_UP) * falling
            _adam(held, slopes, mean, square, step, rate)
    depth = range(len(plan.reach))
    return Net(
        features=tuple(features),
        middle=middle,
        spread=spread,
        enter=held["enter"],
        enter_bias=held["enter_bias"],
        whole=held["whole"],
        whole_bias=held["whole_bias"],
        reach=np.array(plan.reach, dtype=np.int32),
        layers=np.stack([held[f"layer{k}"] for k in depth]),
        layer_bias=np.stack([held[f"layer{k}_bias"] for k in depth]),
        leave=held["leave"],
        leave_bias=float(held["leave_bias"][0]),
        notes=notes,
    )


def _scale(texts: Sequence[Text], chance: np.random.Generator) -> tuple[Floats, Floats]:
    lines = np.concatenate([text.logs for text in texts])
    if lines.shape[0] > _SEEN:
        lines = lines[chance.permutation(lines.shape[0])[:_SEEN]]
    middle: Floats = lines.mean(axis=0)
    spread: Floats = lines.std(axis=0) + np.float32(1e-3)
    return middle, spread


def _first_guess(features: int, plan: NetPlan, chance: np.random.Generator) -> _Slopes:
    """Weights to begin with (He et al. 2015); what adds to a state begins small."""
    units = plan.units

    def guess(size: tuple[int, ...], share: float = 1.0) -> Floats:
        some: Floats = chance.standard_normal(size, dtype=np.float32)
        some *= np.float32(np.sqrt(2 * share / size[0]))
        return some

    held = {
        "enter": guess((features, units)),
        "enter_bias": np.zeros(units, dtype=np.float32),
        "leave": guess((units,), 0.5),
        "leave_bias": np.zeros(1, dtype=np.float32),
        "whole": guess((units, units), 0.5),
        "whole_bias": np.zeros(units, dtype=np.float32),
    }
    for number in range(len(plan.reach)):
        held[f"layer{number}"] = guess((3 * units, units), 0.3)
        held[f"layer{number}_bias"] = np.zeros(units, dtype=np.float32)
    return held


def _stack(texts: Sequence[Text], read: Sequence[Floats], plan: NetPlan) -> _Batch:
    between = max(plan.reach)
    sizes = np.array([text.body.size + between for text in texts])
    total = int(sizes.sum())
    first = np.cumsum(sizes) - sizes
    rows = np.zeros((total, read[0].shape[1]), dtype=np.float32)
    inside, words, body, weighed = np.zeros((4, total), dtype=np.float32)
    for text, scaled_rows, start in zip(texts, read, first.tolist(), strict=True):
        at = slice(start, start + text.body.size)
        rows[at], inside[at], body[at] = scaled_rows, 1.0, text.body
        words[at], weighed[at] = weights(text.size), text.weights
    return _Batch(
        rows=rows,
        inside=inside[:, None],
        text=np.repeat(np.arange(len(texts)), sizes),
        first=first,
        words=words,
        body=body,
        weights=weighed,
    )


def _forward(held: _Slopes, batch: _Batch, plan: NetPlan, chance: np.random.Generator) -> _Seen:
    """As `Net.raw` does, with some units dropped and nothing carried from text to text."""
    entered = rectified(batch.rows @ held["enter"] + held["enter_bias"]) * batch.inside
    kept = chance.random(entered.shape, dtype=np.float32) > _DROPPED
    dropped = kept.astype(np.float32) / np.float32(1 - _DROPPED)
    entered *= dropped
    mean: Floats = batch.each(entered * batch.words[:, None]) / batch.each(batch.words)[:, None]
    told = rectified(mean @ held["whole"] + held["whole_bias"])
    state = (entered + told[batch.text]) * batch.inside
    around_all: list[Floats] = []
    added_all: list[Floats] = []
    for number, reach in enumerate(plan.reach):
        around = np.empty((state.shape[0], 3 * state.shape[1]), dtype=np.float32)
        beside(state, reach, around)
        added = rectified(around @ held[f"layer{number}"] + held[f"layer{number}_bias"])
        added *= batch.inside
        state = state + added
        around_all.append(around)
        added_all.append(added)
    odds = state @ held["leave"] + held["leave_bias"][0]
    return _Seen(dropped, entered, mean, told, around_all, added_all, state, odds)


def _error(odds: Floats, batch: _Batch) -> Floats:
    """Slope of the loss by each line's log-odds, (n,)."""
    chance = (1.0 / (1.0 + np.exp(-np.clip(odds, -30.0, 30.0)))).astype(np.float32)
    entropy = (chance - batch.body) * batch.weights / _PAGE
    right = 2 * batch.each(batch.words * chance * batch.body)
    both = batch.each(batch.words * chance) + batch.each(batch.words * batch.body) + _AT_LEAST
    share = batch.words / both[batch.text]
    by_chance = right[batch.text] / both[batch.text] * share - 2 * share * batch.body
    by_f1 = 2 * by_chance * chance * (1 - chance)
    slope = ((1 - _SHARE_F1) * entropy + _SHARE_F1 * by_f1) / batch.first.size
    return (slope * batch.inside[:, 0]).astype(np.float32)


def _backward(held: _Slopes, batch: _Batch, seen: _Seen, error: Floats, plan: NetPlan) -> _Slopes:
    """Slopes of the loss by every weight, from those by each line's log-odds."""
    units = held["leave"].size
    slopes = {"leave": seen.last.T @ error, "leave_bias": error.sum(keepdims=True)}
    state = error[:, None] * held["leave"]
    for number in range(len(plan.reach) - 1, -1, -1):
        added = state * (seen.added[number] > 0)
        slopes[f"layer{number}"] = seen.around[number].T @ added
        slopes[f"layer{number}_bias"] = added.sum(axis=0)
        around = added @ held[f"layer{number}"].T
        reach = plan.reach[number]
        state[:-reach] += around[reach:, :units]
        state += around[:, units : 2 * units]
        state[reach:] += around[:-reach, 2 * units :]
        state *= batch.inside
    told = batch.each(state) * (seen.told > 0)
    slopes["whole"], slopes["whole_bias"] = seen.mean.T @ told, told.sum(axis=0)
    mean = (told @ held["whole"].T) / batch.each(batch.words)[:, None]
    state += mean[batch.text] * batch.words[:, None]
    state *= seen.dropped * (seen.entered > 0)
    slopes["enter"], slopes["enter_bias"] = batch.rows.T @ state, state.sum(axis=0)
    return slopes


def _adam(
    held: _Slopes, slopes: _Slopes, mean: _Slopes, square: _Slopes, step: int, rate: float
) -> None:
    """One step downhill, in place (Kingma & Ba 2015), matrices decaying (Loshchilov 2019)."""
    for name, slope in slopes.items():
        mean[name] += 0.1 * (slope - mean[name])
        square[name] += 0.001 * (slope * slope - square[name])
        way = (mean[name] / (1 - 0.9**step)) / (np.sqrt(square[name] / (1 - 0.999**step)) + 1e-8)
        if held[name].ndim > 1:
            way = way + _DECAY * held[name]
        held[name] -= (rate * way).astype(np.float32)
