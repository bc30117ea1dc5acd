"""Teasers without a cue: paragraphs cut off at one length, links under headings of their own."""

import numpy as np
import pytest

from cleaners.text import facts
from cleaners.text.lines import clean_lines
from cleaners.text.reading import read
from cleaners.text.teasers import links

BODY = (
    "The council of Holm has voted to rebuild the bridge that the flood took away in the spring.",
    "Work is to begin in May and will cost four million, of which the county is to pay one half.",
    "Until the bridge stands, the school bus will go round by the mill, which takes half an hour.",
    "Shop owners had asked for a ferry, but the mayor said that the river was too fast for one.",
)
CUT = (
    "The price of milk has fallen for the third month in a row, and farmers of the valley say that "
    "they will not be able to keep their cows over the winter, unless",
    "A barn at the edge of the village burned down in the night to Sunday, and the fire brigade of "
    "the town was there for six hours before the last of the hay had",
    "Two hundred children of the county have learned to swim this summer, more than ever before in "
    "the forty years that the county has had a school for swimmers of",
)


def _teasers(*lines: str) -> list[str]:
    result = clean_lines("\n\n".join(("Subscribe to our newsletter", *lines)))
    return [removal.text for removal in result.removals if removal.rule == "teaser-cut"]


def test_paragraphs_cut_at_one_length_are_teasers() -> None:
    assert _teasers(*BODY, *CUT) == list(CUT)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((*BODY, *CUT[:2]), id="two may be a fault of the page"),
        pytest.param((*BODY[:2], *CUT, *BODY[2:]), id="not at the end"),
        pytest.param((*BODY, *(text + "." for text in CUT)), id="whole sentences"),
        pytest.param((*(text.rstrip(".") for text in BODY), *CUT), id="a text without full stops"),
        pytest.param((*BODY, CUT[0], f"{CUT[1]} {CUT[0]}", CUT[2]), id="of different lengths"),
    ],
)
def test_other_paragraphs_stay(lines: tuple[str, ...]) -> None:
    assert _teasers(*lines) == []


LINKS = (
    "- Mill race: Why the trout have come back after thirty years",
    "- County budget: What the four million would have paid for",
    "- Ferry men: How Holm crossed the river before the bridge",
)


def _found(*lines: str) -> list[int]:
    return np.flatnonzero(links(read(lines, facts.read(lines)))).tolist()


def test_links_under_headings_of_their_own_are_found() -> None:
    assert _found(*BODY[:2], *LINKS, *BODY[2:]) == [2, 3, 4]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((BODY[0], "Three things to know:", *LINKS, *BODY[1:]), id="announced"),
        pytest.param((*BODY, LINKS[0]), id="one"),
        pytest.param((BODY[0], *(f"{link}." for link in LINKS), *BODY[1:]), id="sentences"),
        pytest.param(
            (
                BODY[0],
                "- Length of the bridge: forty metres at the water",
                "- Builder of the bridge: the company of Lund",
                BODY[1],
                "- Length of the road: two miles with the ramp",
                "- Builder of the road: the county of Holm",
            ),
            id="a table set as lists",
        ),
        pytest.param((BODY[0], "- Bus: 3 pounds", "- Ferry: 4 pounds", BODY[1]), id="short"),
    ],
)
def test_other_lists_are_not(lines: tuple[str, ...]) -> None:
    assert _found(*lines) == []
