"""Menus and options that were set in one line, with nothing between the entries."""

import pytest

from cleaners.text.lines import clean_lines

BODY = (
    "The council of Holm has voted to rebuild the bridge that the flood took away in the spring.",
    "Work is to begin in May and will cost four million, of which the county is to pay one half.",
    "Until the bridge stands, the school bus will go round by the mill, which takes half an hour.",
)
ENTRIES = (
    "Front page", "All sports", "Formula 1", "Motorbikes", "Handball", "Town hall", "Schools",
    "Valley farms", "Letters", "Opinion", "Archive", "2019", "2020", "Weather",
)  # fmt: skip
CALLS = "storeTides(readGauge, forMouth) then keepRecords and sendMails to harbourMasters "


def _removed(line: str) -> list[tuple[str, str]]:
    result = clean_lines("\n\n".join(("Subscribe to our newsletter", *BODY, line)))
    return [(one.text, one.rule) for one in result.removals if one.rule == "glued-list"]


@pytest.mark.parametrize("before", ["", "Region: "])
def test_entries_without_anything_between_are_a_list(before: str) -> None:
    line = before + "".join(ENTRIES) * 4
    assert _removed(line) == [(line, "glued-list")]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(" ".join(ENTRIES) * 4, id="set apart"),
        pytest.param("".join(ENTRIES), id="short enough to be a slip"),
        pytest.param(CALLS.replace("then", "=") * 9, id="a program"),
        pytest.param(f"{BODY[0]} YouTube and LinkedIn did. " * 30, id="brands in prose"),
    ],
)
def test_other_lines_are_no_list(line: str) -> None:
    assert _removed(line.strip()) == []


def test_a_line_of_any_length_is_judged_by_its_beginning() -> None:
    line = "".join(ENTRIES) * 100_000
    assert _removed(line) == [(line, "glued-list")]
