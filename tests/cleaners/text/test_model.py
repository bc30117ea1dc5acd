"""The shipped line model: it loads, is small and quick, and keeps when unsure."""

import time

import numpy as np
import pytest

from cleaners import models
from cleaners.errors import ModelError
from cleaners.text import context, facts, model, vocabulary
from cleaners.text.layout import read_paper

PROSE = (
    "The ferry reached the quay at noon, and nobody on board of it was hurt, the harbour said.",
    "Divers will look at her hull on Monday, when the gale that struck the bay has passed.",
)


def read(*lines: str) -> context.Lines:
    paper = read_paper("\n".join(lines))
    return context.read(facts.read([block.text for block in paper.blocks]), paper.layouts)


def test_models_are_small_and_load_fast() -> None:
    files = [models.path(file) for file in (model.FILE, model.NET_FILE, vocabulary.FILE)]
    assert sum(file.stat().st_size for file in files) < 1_000_000
    model.shipped.cache_clear()
    vocabulary.shipped.cache_clear()
    start = time.perf_counter()
    model.shipped()
    vocabulary.shipped()
    assert time.perf_counter() - start < 2.0


def test_model_says_what_it_was_trained_on() -> None:
    assert "CC-BY-4.0" in model.shipped().forest.notes
    assert model.shipped().forest.features == context.names()
    assert "CC-BY-4.0" in model.shipped().net.notes
    assert model.shipped().net.features == context.names()


def test_a_missing_model_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "FILE", "none.npz")
    vocabulary.shipped.cache_clear()
    with pytest.raises(ModelError, match=r"none\.npz"):
        vocabulary.shipped()
    vocabulary.shipped.cache_clear()


def test_prose_is_likelier_body_than_a_share_bar() -> None:
    chance = model.shipped().body(
        read(*PROSE, "Share on Facebook", "Sign up for our newsletter", "Log in")
    )
    assert chance[:2].min() > chance[2:].max()


def test_the_bar_is_never_above_one_half() -> None:
    size = np.full(4, 10, dtype=np.int32)
    for chances in ([0.9, 0.9, 0.9, 0.9], [0.4, 0.4, 0.4, 0.4], [0.9, 0.1, 0.1, 0.1]):
        chance = np.array(chances, dtype=np.float32)
        assert 0 < model.best_bar(chance, size) <= 0.5


def test_a_text_that_is_unsure_throughout_is_kept() -> None:
    lines = read(*PROSE)
    assert model.chosen(np.array([0.4, 0.4], dtype=np.float32), lines).all()


def test_a_clean_text_loses_only_what_is_sure() -> None:
    lines = read(*PROSE, "Harbour notes")
    almost = np.array([1.0, 1.0, 0.3], dtype=np.float32)
    assert model.chosen(almost, lines).all()


def test_a_sentence_after_the_core_needs_less_than_a_title() -> None:
    lines = read(*PROSE, "Her owner has not said a word since.", "Her owner and the harbour of old")
    chance = np.array([1.0, 1.0, 0.2, 0.2], dtype=np.float32)
    assert model.chosen(chance, lines).tolist() == [True, True, True, False]


def test_a_core_that_the_model_is_unsure_of_keeps_its_sentences() -> None:
    between = "The pilots say that nobody asked them."
    lines = read(PROSE[0], between, PROSE[1])
    assert lines.core == (0, 2)
    sure = np.array([0.95, 0.3, 0.95], dtype=np.float32)
    assert model.chosen(sure, lines).tolist() == [True, False, True]
    unsure = np.array([0.55, 0.3, 0.55], dtype=np.float32)
    assert model.chosen(unsure, lines).all()


def test_no_lines_have_no_chances() -> None:
    lines = read()
    assert model.shipped().body(lines).shape == (0,)
    assert model.chosen(np.zeros(0, dtype=np.float32), lines).shape == (0,)
