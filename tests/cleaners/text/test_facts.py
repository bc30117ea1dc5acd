"""What is counted of lines: words in every script, ends, prose, cues."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.text import facts, shape, tokens
from cleaners.text.tokens import COLON, DIGIT, TERMINAL, UPPER


def test_counts_words_of_each_line() -> None:
    known = facts.read(["It's 5 o'clock", "", "東京都の橋", "«Мост», — сказала она."])
    assert known.words.tolist() == [5, 0, 5, 3]
    assert known.size.tolist() == [5, 0, 2, 3]


def test_looks_past_quotes_and_brackets_at_the_ends() -> None:
    known = facts.read(["“It held.”", "(Who pays?)", "- item one:", "12 boats", "x"])
    assert known.last.tolist()[:3] == [TERMINAL, TERMINAL, COLON]
    assert known.first.tolist()[0] == UPPER
    assert known.first.tolist()[3] == DIGIT


@pytest.mark.parametrize(
    ("line", "prose"),
    [
        ("The ferry reached the quay at noon, and nobody on board of it was hurt.", True),
        ("Паром пришёл к причалу в полдень, и никто из тех, кто был на борту, не пострадал.", True),
        ("渡船は正午に岸壁に着き、乗っていた人にけがはなかったと港の職員が話した。", True),
        ("Ferry reaches quay at noon with nobody on board of it hurt", False),
        ("Home News Weather Sport Culture Opinion Jobs Archive Contact Help Login.", False),
        ("It held.", False),
    ],
)
def test_knows_prose(line: str, prose: bool) -> None:
    assert facts.read([line]).prose.tolist() == [prose]


def test_equal_lines_have_equal_keys() -> None:
    known = facts.read(["The old mill", "The Old Mill!", "The mill old", "", ""])
    assert known.key[0] == known.key[1] != known.key[2]
    assert known.key[3] == known.key[4] == 0


def test_forms_of_a_word_are_one_term() -> None:
    known = facts.read(["repairs repaired repairing", "bridge"])
    assert len(known.terms_of(0)) == 1
    assert known.terms_of(0).isdisjoint(known.terms_of(1))


def test_overlap_is_with_other_lines() -> None:
    known = facts.read(["bridge quay", "bridge", "quay lorry"])
    share = facts.overlap(known, np.array([True, True, False]))
    assert known.topic.content.tolist() == [2, 1, 2]
    assert share.tolist() == [0.5, 1.0, 0.5]


@given(st.lists(st.text(st.characters(exclude_characters="\n")), max_size=8))
def test_any_lines_have_features(lines: list[str]) -> None:
    known = facts.read(lines)
    rows = shape.table(known)
    assert rows.shape == (len(lines), len(shape.names()))
    assert np.isfinite(rows).all()
    assert known.words.sum() == known.tokens.word.size
    assert np.array_equal(rows, shape.measure(lines))


@given(st.lists(st.text(st.characters(exclude_characters="\n")), min_size=1, max_size=8))
def test_a_line_counts_alike_wherever_it_stands(lines: list[str]) -> None:
    together = facts.read(lines)
    for number, line in enumerate(lines):
        alone = facts.read([line])
        assert alone.words[0] == together.words[number]
        assert alone.key[0] == together.key[number]
        assert alone.prose[0] == together.prose[number]
        assert (alone.kinds[0] - together.kinds[number]).sum() in (0, -1)


def test_classes_fit_their_array() -> None:
    assert tokens.read(["a"]).kind.max() < tokens.CLASSES


def test_a_word_has_one_hash_wherever_it_stands() -> None:
    long = "Überlandleitungsbauaufsichtsbehördenvorstandssitzungsprotokoll"
    lines = [f"harbour {long}", "東京 harbour", *["and so on"] * 4000, f"{long} Harbour"]
    seen = tokens.read(lines)
    assert seen.word[0] == seen.word[-1]
    assert seen.word[1] == seen.word[-2]
    assert seen.stem[1] == seen.stem[-2]
    assert seen.stem[1] == tokens.read([long.lower()[:6]]).stem[0]
    assert seen.word[1] != tokens.read([long[:-1]]).word[0]


def test_letters_far_into_a_word_count_whatever_their_order() -> None:
    head = "a" * 48
    assert tokens.read([head + "bc"]).word[0] == tokens.read([head + "cb"]).word[0]
    assert tokens.read([head[2:] + "bc"]).word[0] != tokens.read([head[2:] + "cb"]).word[0]
