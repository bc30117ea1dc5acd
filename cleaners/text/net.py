"""A small net that reads a text's lines in their order, run by numpy alone.

Each layer sees a line with those `reach` lines before and after it, so that the last one sees all
within the sum of the reaches; and the whole text's mean goes to each line. A forest asks one line
after the other, whatever its neighbours turned out to be: the two err on different texts.
`benchmarks.train_net` trains and writes it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from cleaners import models
from cleaners.text.facts import Floats
from cleaners.text.tokens import Ints

FORMAT: Final = 1
"""Version of the .npz layout; a file of another version does not load."""
_ONE_THREAD: Final = 1 << 18
"""Multiplications up to which OpenBLAS does a product with the thread that asks for it."""
_FARTHEST: Final = 4.0
"""Spreads from the middle at which a feature is cut off."""


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """Weights of a net of h units over f features.

    `middle`, `spread`: (f,), of the features' logarithms over the training lines. `enter`: (f, h);
    `whole`: (h, h); `layers`: (k, 3h, h), of the lines before, the line itself and those after;
    `leave`: (h,). Each with its bias: (h,), (h,), (k, h) and one number. `reach`: (k,), lines.
    """

    features: tuple[str, ...]
    middle: Floats
    spread: Floats
    enter: Floats
    enter_bias: Floats
    whole: Floats
    whole_bias: Floats
    reach: Ints
    layers: Floats
    layer_bias: Floats
    leave: Floats
    leave_bias: float
    notes: str

    def raw(self, logs: Floats, size: Ints) -> Floats:
        """Log-odds that each line is body, (n,), for the `logarithms` of features (n, f) and the
        lines' words (n,)."""
        count, units = logs.shape[0], self.leave.size
        if not count:
            return np.zeros(0, dtype=np.float32)
        state = np.empty((count, units), dtype=np.float32)
        multiply(scaled(logs, self.middle, self.spread), self.enter, state)
        state += self.enter_bias
        rectified(state)
        weight = weights(size)
        mean = np.einsum("i,ij->j", weight, state) / weight.sum()
        state += rectified(mean @ self.whole + self.whole_bias)
        around = np.empty((count, 3 * units), dtype=np.float32)
        added = np.empty((count, units), dtype=np.float32)
        depth = zip(self.reach.tolist(), self.layers, self.layer_bias, strict=True)
        for reach, layer, bias in depth:
            beside(state, reach, around)
            multiply(around, layer, added)
            added += bias
            state += rectified(added)
        odds: Floats = np.einsum("ij,j->i", state, self.leave) + np.float32(self.leave_bias)
        return odds


def multiply(rows: Floats, matrix: Floats, out: Floats) -> None:
    """Write the product of rows (n, f) and a matrix (f, h) into `out` (n, h), with one thread.

    A product of more than 262,144 multiplications wakes OpenBLAS's threads, for which half a
    millisecond of processor time goes where the product takes a tenth, and the other core is taken
    from whoever works there.
    """
    step = max(1, _ONE_THREAD // matrix.size)
    for start in range(0, rows.shape[0], step):
        np.matmul(rows[start : start + step], matrix, out=out[start : start + step])


def weights(size: Ints) -> Floats:
    """What lines weigh in their text's mean, (n,): their words, and the empty ones a little."""
    return size.astype(np.float32) + np.float32(0.5)


def logarithms(rows: Floats) -> Floats:
    """Counts and lengths in steps that shrink as they grow, with their sign."""
    return np.copysign(np.log1p(np.abs(rows)), rows)


def scaled(logs: Floats, middle: Floats, spread: Floats) -> Floats:
    """Logarithms of features as a net reads them: in spreads from the middle."""
    steps: Floats = logs - middle
    steps /= spread
    np.maximum(steps, -_FARTHEST, out=steps)
    return np.minimum(steps, _FARTHEST, out=steps)


def rectified(state: Floats) -> Floats:
    """What is above nought, in place."""
    return np.maximum(state, 0.0, out=state)


def beside(state: Floats, reach: int, around: Floats) -> None:
    """Write each line's state (n, h) between those of the lines `reach` before and after it into
    `around` (n, 3h); nought where the text has no line."""
    count, units = state.shape
    step = min(reach, count)
    around[:step, :units] = 0.0
    around[step:, :units] = state[: count - step]
    around[:, units : 2 * units] = state
    around[: count - step, 2 * units :] = state[step:]
    around[count - step :, 2 * units :] = 0.0


def load(path: Path) -> Net:
    """The net in a .npz file; ModelError if it is missing, damaged or of another version."""
    with models.opened(path, FORMAT) as file:
        return Net(
            features=tuple(str(file["features"]).split("\n")),
            middle=file["middle"],
            spread=file["spread"],
            enter=file["enter"].astype(np.float32),
            enter_bias=file["enter_bias"],
            whole=file["whole"].astype(np.float32),
            whole_bias=file["whole_bias"],
            reach=file["reach"],
            layers=file["layers"].astype(np.float32),
            layer_bias=file["layer_bias"],
            leave=file["leave"],
            leave_bias=float(file["leave_bias"]),
            notes=str(file["notes"]),
        )


def save(net: Net, path: Path) -> None:
    """Write a net as .npz; the same net gives the same bytes. Matrices are kept in half precision,
    which moves a probability by less than .001."""
    np.savez_compressed(
        path,
        format=np.int32(FORMAT),
        features=np.str_("\n".join(net.features)),
        middle=net.middle,
        spread=net.spread,
        enter=net.enter.astype(np.float16),
        enter_bias=net.enter_bias,
        whole=net.whole.astype(np.float16),
        whole_bias=net.whole_bias,
        reach=net.reach,
        layers=net.layers.astype(np.float16),
        layer_bias=net.layer_bias,
        leave=net.leave,
        leave_bias=np.float32(net.leave_bias),
        notes=np.str_(net.notes),
    )
