import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.text.cues import cue_names, cues_of, fold, lexicon, match_cues

CASES = json.loads(Path(__file__).with_name("cues.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case(case: dict[str, object]) -> None:
    assert sorted(cues_of(str(case["text"]))) == case["expect"]


def test_every_phrase_is_found_where_its_mode_says() -> None:
    words = lexicon()
    entries = [e for group in (words.openings, words.inside) for es in group.values() for e in es]
    for phrase, mode, column in [*entries, *words.anywhere]:
        text = f"zzz {phrase} zzz" if mode == "any" else phrase
        assert words.names[column] in cues_of(text), (phrase, mode)


@given(st.lists(st.text(max_size=600), max_size=5))
def test_any_text_gives_a_row(texts: list[str]) -> None:
    table = match_cues(texts)
    assert table.shape == (len(texts), len(cue_names()))
    assert table.dtype == np.bool_
    assert [set(np.array(cue_names())[row]) for row in table] == [set(cues_of(t)) for t in texts]


@given(st.text())
def test_fold_is_idempotent_on_white_space(text: str) -> None:
    assert fold(text) == " ".join(fold(text).split())
