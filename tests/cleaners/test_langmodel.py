"""The language model, read in arrays, says what py3langid says."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from cleaners import langmodel

TEXTS = json.loads(Path(__file__).with_name("decode.json").read_text("utf-8"))


@cache
def _library() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["label"])
def test_ranks_as_the_library_does(case: dict[str, str]) -> None:
    expected = {code: float(share) for code, share in _library().rank(case["text"])}
    assert langmodel.model().rank(case["text"]) == pytest.approx(expected, abs=1e-4)


@given(st.text(max_size=60))
@example("")
@example("ÉCOLE")
@example("e\u0301cole \ud800")
def test_ranks_any_text_as_the_library_does(text: str) -> None:
    expected = {code: float(share) for code, share in _library().rank(text)}
    assert langmodel.model().rank(text) == pytest.approx(expected, abs=1e-4)


def test_no_pattern_of_the_model_is_longer_than_is_looked_back() -> None:
    model = langmodel.model()
    rows = model.step.reshape(-1, 256)
    reached = {0}
    edge = [0]
    for _ in range(langmodel.LONGEST):
        found = set(np.unique(rows[model.row[edge]]).tolist()) - reached
        reached |= found
        edge = sorted(found)
        if not edge:
            break
    beyond = set(np.unique(rows[model.row[edge]]).tolist()) - reached if edge else set()
    assert not beyond
    assert len(reached) == model.row.size
