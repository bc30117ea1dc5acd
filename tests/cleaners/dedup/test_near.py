"""Signatures find what similarity then verifies; both on texts of known edits."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.synthetic import Press
from cleaners.dedup.exact import text_key
from cleaners.dedup.lsh import candidate_pairs, may_be_copies, pack, pairs_of_equal, unpack
from cleaners.dedup.near import NEAR, PERMUTATIONS, shingles, signature, similarity
from cleaners.dedup.words import words


def alike(one: str, other: str) -> float:
    return similarity(shingles(words(one)), shingles(words(other)))


@pytest.fixture(scope="module")
def press() -> Press:
    return Press(17, words=6_000)


@pytest.mark.parametrize("kind", ["changed", "cut", "reordered", "padded", "all"])
@pytest.mark.parametrize("share", [0.0, 0.2, 0.4])
def test_an_edited_copy_is_alike(press: Press, kind: str, share: float) -> None:
    for number in range(5):
        report = press.event(number, 1)[0]
        assert alike(report.text, press.copy(report, kind, share).text) >= NEAR


def test_independent_reports_of_one_event_are_not(press: Press) -> None:
    for number in range(10):
        one, other = press.event(number, 2)
        assert alike(one.text, other.text) < NEAR


def test_typography_and_case_make_no_difference() -> None:
    one = "“The harbour’s gates,” said Mayor Orla Brandt, “stay shut until 6 o’clock.”"
    other = '"The harbour\'s gates", said Mayor ORLA Brandt: "stay shut until 6 o\'clock".'
    assert text_key(words(one)) == text_key(words(other))
    assert alike(one, other) == 1.0


@settings(deadline=None)
@given(st.lists(st.text("abcdefgh", min_size=1, max_size=7), max_size=60))
def test_similarity_is_symmetric_and_within_bounds(given_words: list[str]) -> None:
    one, other = (shingles(words(" ".join(some))) for some in (given_words, given_words[::2]))
    assert 0.0 <= similarity(one, other) == similarity(other, one) <= 1.0
    if len(one.words):
        assert similarity(one, one) == pytest.approx(1.0 if len(one.pairs) else 0.5)


def test_a_signature_is_stable() -> None:
    text = "Ferries left Calder harbour again after nine days of talks between crews and owners"
    found = signature(words(text))
    assert found is not None
    assert len(found) == 4 * PERMUTATIONS
    # Signatures are stored: with another value here `VERSION` and `SIGNED_SINCE` must be raised.
    assert found[:8].hex() == "d70cb1c2ebbc29c0"


def test_a_short_text_has_none() -> None:
    assert signature(words("Photo: I. Varga")) is None


def test_candidates_are_the_pairs_of_alike_signatures(press: Press) -> None:
    reports = [press.event(number, 1)[0] for number in range(40)]
    copies = [press.copy(report, "changed", 0.1) for report in reports]
    signed = [signature(words(report.text)) for report in (*reports, *copies)]
    table = np.stack([np.frombuffer(one or b"", "<u4") for one in signed]).astype(np.uint32)
    present = np.ones(len(table), np.bool_)
    found = {tuple(pair) for pair in candidate_pairs(table, present).tolist()}
    wanted = {(number, number + 40) for number in range(40)}
    assert len(wanted & found) >= 39
    assert len(found - wanted) <= 2
    rows = np.array(sorted(wanted))
    assert may_be_copies(table, present, rows).all()


def test_many_copies_of_one_text_make_few_pairs() -> None:
    keys = np.zeros(1_000, np.uint64)
    pairs = unpack(pairs_of_equal(keys, np.arange(1_000)))
    assert len(pairs) < 2_000
    assert set(pairs.ravel().tolist()) == set(range(1_000))


def test_all_pairs_of_a_small_group() -> None:
    keys = np.array([5, 9, 5, 5, 9], np.uint64)
    pairs = unpack(pairs_of_equal(keys, np.arange(5)))
    assert pairs.tolist() == [[0, 2], [0, 3], [1, 4], [2, 3]]


@settings(deadline=None)
@given(st.integers(0, 2**31), st.integers(0, 2**31))
def test_pairs_are_packed_without_loss(one: int, other: int) -> None:
    packed = pack(np.array([one]), np.array([other]))
    assert unpack(packed).tolist() == [sorted((one, other))]


def test_random_texts_are_unlike() -> None:
    rng = random.Random(1)
    vocabulary = [f"word{number}" for number in range(5_000)]
    one, other = (" ".join(rng.choices(vocabulary, k=300)) for _ in range(2))
    assert alike(one, other) < 0.2
