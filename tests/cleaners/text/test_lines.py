"""Cases of plain-text dumps and of their look-alikes, and what holds for any text."""

import json
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaners import audit
from cleaners.text.lines import clean_lines


@dataclass(frozen=True, slots=True)
class Case:
    label: str
    comment: str
    original: str
    removed: tuple[str, ...]
    title: str | None
    authors: tuple[str, ...]
    dateline: str | None


def _cases() -> list[Case]:
    """Cases of single rules and look-alikes (lines.json), and whole dumps (dumps.json)."""
    listed = [
        entry
        for name in ("lines.json", "dumps.json")
        for entry in json.loads(Path(__file__).with_name(name).read_text("utf-8"))
    ]
    return [
        Case(
            label=entry["label"],
            comment=entry["comment"],
            original=entry["original"],
            removed=tuple(entry["expect"]["removed"]),
            title=entry["expect"]["title"],
            authors=tuple(entry["expect"]["authors"]),
            dateline=entry["expect"]["dateline"],
        )
        for entry in listed
    ]


CASES = _cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_removes_this_and_nothing_else(case: Case) -> None:
    result = clean_lines(case.original)
    assert tuple(removal.text for removal in result.removals) == case.removed, case.comment
    assert (result.title, result.authors) == (case.title, case.authors), case.comment
    assert result.dateline == case.dateline, case.comment


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_cleaning_again_changes_nothing(case: Case) -> None:
    text = clean_lines(case.original).text
    assert clean_lines(text).text == text


def test_labels_are_unique() -> None:
    assert len({case.label for case in CASES}) == len(CASES)


# Texts that look like news: pieces of the cases' own lines in any order.
_PIECES = sorted({line for case in CASES for line in case.original.split("\n")})
_NEWS = st.lists(st.sampled_from(_PIECES), max_size=30).map("\n".join)


@given(st.one_of(st.text(), _NEWS))
@example("")
@example("\ud800\x00\u202e")
@example("a\x0bb\x85c\u2028d")
@settings(deadline=None)
def test_any_text_is_kept_or_removed_and_can_be_replayed(text: str) -> None:
    result = clean_lines(text)
    removed = {removal.position for removal in result.removals}
    kept = {block.index for block in result.kept}
    assert kept.isdisjoint(removed)
    assert kept | removed == set(range(len(result.blocks)))
    assert [block.index for block in result.blocks] == list(range(len(result.blocks)))
    assert audit.replay(result.text, result.removals) == tuple(b.text for b in result.blocks)
    assert clean_lines(text) == result


@given(st.one_of(st.text(), _NEWS))
@settings(deadline=None)
def test_any_text_cleaned_twice_is_cleaned_once(text: str) -> None:
    once = clean_lines(text).text
    assert clean_lines(once).text == once


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "a" * 20_000_000,
        "word " * 4_000_000,
        "hm\n" * 1_000_000,
        "a. " * 1_000_000,
        "(" * 5_000_000,
        "Home\nThe ferry reached the quay at noon, and nobody was hurt.\nRead also\n" * 6_000,
    ],
    ids=["one word", "one line", "short lines", "sentences", "brackets", "promos"],
)
def test_a_huge_text_ends_in_time(text: str) -> None:
    start = time.perf_counter()
    clean_lines(text)
    assert time.perf_counter() - start < 60
