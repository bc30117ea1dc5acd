"""The net's training: its slopes are those of its loss, and it learns what only neighbours tell."""

import numpy as np
import pytest

from benchmarks import train_net
from benchmarks.train_net import NetPlan, Text
from cleaners.gbm import Floats

FEATURES = ("marks", "noise")
SMALL = NetPlan(units=8, reach=(1, 2), epochs=12, batch=8, rate=0.01)


def text(seed: int, lines: int = 20) -> Text:
    """A text whose lines are body if they follow a marked line."""
    chance = np.random.default_rng(seed)
    marks = chance.random(lines) < 0.4
    noise = chance.standard_normal(lines)
    return Text(
        logs=np.stack([marks, noise], axis=1).astype(np.float32),
        size=np.full(lines, 10, dtype=np.int32),
        body=np.concatenate(([False], marks[:-1])),
        weights=np.ones(lines, dtype=np.float32),
    )


def test_it_learns_what_the_line_before_tells() -> None:
    net = train_net.train([text(seed) for seed in range(80)], FEATURES, plan=SMALL, notes="marks")
    right = [((net.raw(one.logs, one.size) > 0) == one.body).mean() for one in map(text, (91, 92))]
    assert min(right) > 0.95
    assert (net.features, net.notes) == (FEATURES, "marks")


def test_the_same_texts_give_the_same_net() -> None:
    plan = NetPlan(units=4, reach=(1,), epochs=1, batch=4)
    one, other = (train_net.train([text(1), text(2)], FEATURES, plan=plan) for _ in range(2))
    assert (one.layers == other.layers).all()
    assert (one.leave == other.leave).all()


def test_long_texts_are_not_learned_from() -> None:
    plan = NetPlan(units=4, reach=(1,), epochs=1)
    known = [text(1), text(2)]
    long = text(3, train_net.MOST_LINES + 1)
    with_long = train_net.train([*known, long], FEATURES, plan=plan)
    assert (with_long.enter == train_net.train(known, FEATURES, plan=plan).enter).all()


def test_the_slopes_are_those_of_the_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_net, "_DROPPED", 0.0)
    known = [text(1), text(2, 7)]
    held = train_net._first_guess(2, SMALL, np.random.default_rng(0))
    for one in held.values():
        one += 0.05
    batch = train_net._stack(known, [one.logs for one in known], SMALL)
    pull = np.random.default_rng(1).standard_normal(batch.words.size) * batch.inside[:, 0]

    def loss(at: Floats, step: float) -> float:
        at += step
        seen = train_net._forward(held, batch, SMALL, np.random.default_rng(2))
        at -= step
        return float((seen.odds * pull).sum())

    seen = train_net._forward(held, batch, SMALL, np.random.default_rng(2))
    slopes = train_net._backward(held, batch, seen, pull.astype(np.float32), SMALL)
    for name in ("enter", "whole", "layer0", "layer1_bias", "leave"):
        steepest = int(np.argmax(np.abs(slopes[name])))
        weight = held[name].reshape(-1)[steepest : steepest + 1]
        slope = (loss(weight, 0.01) - loss(weight, -0.01)) / 0.02
        assert slope == pytest.approx(slopes[name].reshape(-1)[steepest], rel=0.05)


def test_the_slope_of_f1_lifts_lines_of_the_body() -> None:
    known = text(1)
    batch = train_net._stack([known], [known.logs], SMALL)
    error = train_net._error(np.zeros(batch.words.size, dtype=np.float32), batch)
    lines = error[: known.body.size]
    assert (lines[known.body] < 0).all()
    assert (lines[~known.body] > 0).all()
    assert not error[known.body.size :].any()
