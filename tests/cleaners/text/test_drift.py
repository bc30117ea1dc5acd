"""A story that a page appends to the one asked for is found by the words that it lacks."""

import numpy as np
import pytest

from cleaners.audit import replay
from cleaners.text import facts
from cleaners.text.drift import other_story
from cleaners.text.lines import clean_lines

FERRY = (
    "The ferry Sandra ran aground on the bar off Holm harbour on Monday night, and all of the "
    "forty passengers were taken ashore by the lifeboat before midnight.",
    "The harbour master said that the ferry had lost its engine when the storm was at its worst, "
    "and that no tug could leave the harbour in such a sea.",
    "Passengers told reporters that the lifeboat came alongside three times before the first of "
    "them could jump, and that the crew of the ferry had stayed calm.",
    "The owners of the ferry have asked for a survey of the engine, which was built for a sister "
    "of the Sandra and had been moved to the boat only last spring.",
    "A tug is to tow the Sandra off the bar when the storm has passed. Until then passengers for "
    "Holm will have to take the bus to the northern harbour, the owners said.",
    "The lifeboat crew was called out twice that night. The harbour master thanked them and said "
    "that the engine of every ferry on the line would be looked at.",
)
CHEESE = (
    "A dairy in the Lower Valley has won the golden spoon of the cheese makers with a wheel that "
    "had been forgotten in its cellar for eleven years.",
    "The judges wrote that the cheese tasted of hazelnuts and hay, and that no dairy had ever "
    "sent them a wheel of that age with so soft a rind.",
    "Its maker, Ilse Brandt, found the wheel behind a shelf when the cellar was painted. She had "
    "meant to throw the cheese away, but her daughter cut a slice.",
    "The dairy makes forty wheels a month from the milk of its own goats. Brandt says that the "
    "golden spoon will not change that, because the cellar holds no more.",
    "Cheese makers of the valley hope that the prize will bring visitors. The judges will come "
    "back next year, and Brandt has put another wheel behind the shelf.",
)
BRIDGE = (
    "The council of Marl has voted to close the old bridge to lorries, because the rust in its "
    "girders is deeper than the engineers had thought.",
    "Lorries will have to go round by the motorway, which costs a driver twenty minutes. The "
    "council hopes that a new bridge can be paid for by the state.",
    "Engineers had looked at the girders in the winter and found rust in nine of them. They told "
    "the council that cars may still use the bridge, if they go slowly.",
    "Drivers of lorries blocked the bridge for an hour on Friday. The council says that the vote "
    "stands, and that the girders will be looked at again each month.",
)
HEADING = "Golden spoon for a forgotten wheel"
PICTURE = "The cellar. Photo: Hanna Weiss/Valley Post"


def _boundary(*lines: str) -> int:
    known = facts.read(lines)
    return other_story(known, np.ones(len(lines), dtype=np.bool_))


def test_the_words_of_another_story_are_its_own() -> None:
    assert _boundary(*FERRY, *CHEESE) == len(FERRY)


def test_the_headings_above_it_are_the_other_storys() -> None:
    assert _boundary(*FERRY, HEADING, PICTURE, *CHEESE) == len(FERRY)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(FERRY, id="one story"),
        pytest.param((*FERRY[:3], *FERRY[:2:-1]), id="its paragraphs in another order"),
        pytest.param((*FERRY, *CHEESE[:2]), id="too short to tell"),
        pytest.param((*FERRY[:2], *CHEESE), id="too little above it"),
        pytest.param((*FERRY, *FERRY[:2], *CHEESE, *FERRY[2:4]), id="a story within a story"),
        pytest.param((*FERRY, *CHEESE, *BRIDGE), id="a column of news in brief"),
        pytest.param((), id="nothing"),
        pytest.param(("", "Holm"), id="no prose"),
    ],
)
def test_one_story_is_no_two(lines: tuple[str, ...]) -> None:
    assert _boundary(*lines) == len(lines)


def test_lines_that_have_gone_do_not_count() -> None:
    lines = (*FERRY, *CHEESE)
    keep = np.arange(len(lines)) < len(FERRY)
    assert other_story(facts.read(lines), keep) == len(lines)


def test_an_appended_story_goes_and_is_named() -> None:
    promo = "Subscribe to our newsletter"
    lines = (*FERRY[:3], promo, *FERRY[3:], HEADING, *CHEESE)
    result = clean_lines("\n\n".join(lines))
    assert replay(result.text, result.removals) == lines
    assert result.text.split("\n\n") == list(FERRY)
    named = {removal.rule for removal in result.removals if removal.text in CHEESE}
    assert named == {"other-story"}
    again = clean_lines(result.text)
    assert again.text == result.text
