"""What a text says twice is shown once, if it is a section and no refrain."""

import pytest

from cleaners.audit import replay
from cleaners.text.lines import clean_lines

BODY = (
    "The ferry reached the quay at noon, and nobody on board of it was hurt, the harbour said.",
    "Its engine had failed in the night, when the storm was at its worst and no tug could sail.",
    "Towed by hand",
    "The owners of the boat have asked for a survey of all the engines that were built that year.",
    "Most of them drive small ferries between the islands, where there is no other way to travel.",
    "A first report of the surveyors is expected before the winter, when the storms come back.",
)
REFRAIN = (
    "Row on, row on, the tide is long, and the harbour lights are far and low and cold tonight."
)


def _clean(*lines: str) -> tuple[str, ...]:
    result = clean_lines("\n".join(lines))
    assert replay(result.text, result.removals) == lines
    return tuple(result.text.split("\n\n"))


def test_a_body_that_is_set_twice_is_shown_once() -> None:
    assert _clean(*BODY, *BODY) == BODY


def test_the_short_lines_of_a_copy_go_with_it() -> None:
    first, *rest = BODY
    ending = "The harbour master said that he had never seen the like of it in all of his years."
    cleaned = _clean("Rescue at sea", first, *rest, "Rescue at sea", first, *rest, ending)
    assert cleaned[-len(BODY) - 1 :] == (*BODY, ending)
    removals = clean_lines(
        "\n".join(("Rescue at sea", *BODY, "Rescue at sea", *BODY, ending))
    ).removals
    assert [removal.position for removal in removals if removal.rule == "copy"] == [*range(7, 14)]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((BODY[0], REFRAIN, *BODY[1:4], REFRAIN, *BODY[4:], REFRAIN), id="refrain"),
        pytest.param((*BODY, BODY[3], BODY[1]), id="two paragraphs again, in another order"),
        pytest.param((*BODY, BODY[0], BODY[1]), id="two paragraphs again"),
    ],
)
def test_what_comes_again_by_itself_stays(lines: tuple[str, ...]) -> None:
    result = clean_lines("\n".join(lines))
    assert "copy" not in {removal.rule for removal in result.removals}
