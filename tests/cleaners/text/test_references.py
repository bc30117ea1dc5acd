"""A list of sources goes where a heading says so and its entries cite."""

import pytest

from cleaners.audit import replay
from cleaners.text.lines import clean_lines

BODY = (
    "Sleep and the memory of adults have been studied for a century, and what has been found is "
    "told here in the order of the years, from the first experiments to the large surveys.",
    "In the first experiments people learned lists of words in the evening and were asked for them "
    "in the morning, or learned them in the morning and were asked in the evening.",
    "Those who had slept knew more of the words. Whether sleep had made the memory firmer, or only "
    "kept other things away from it, was argued about for fifty years.",
    "Later the sleepers were woken at certain times of the night, and it was seen that the deep "
    "sleep of the first hours is what the memory of words and of places needs most.",
    "The surveys of the last years have asked thousands of people how long they sleep, and have "
    "tested them. Both short and long sleepers did a little worse than the others did.",
    "None of that says that sleeping longer would help those who sleep little, and the people who "
    "made the surveys were careful to say that they had only asked and not tried.",
)
PROMO = "Subscribe to our newsletter"
ENTRIES = (
    "Jansen J, Doll K. Sleep and memory in adults. Archives of Rest 2004;12(3):45-52.",
    "Dahl P. What the night keeps. Journal of Memory, 1987, pp. 3-19.",
    "Ribeiro M, Wolf S, et al. Deep sleep and places. Retrieved 4 May 2019 from the authors.",
    "Okoro, A. (2011) Sleepers woken. https://rest.example/woken",
)


def _references(*lines: str) -> list[str]:
    """What goes by the rule from a text that holds a promo, so that rules look at it."""
    result = clean_lines("\n\n".join((PROMO, *lines)))
    assert replay(result.text, result.removals) == (PROMO, *lines)
    return [removal.text for removal in result.removals if removal.rule == "references"]


@pytest.mark.parametrize("heading", ["References", "7. References:", "[Sources]", "LITERATUR"])
def test_a_list_of_sources_goes_with_its_heading(heading: str) -> None:
    ending = "The author teaches at a school of nursing and has written two books on dreams."
    assert _references(*BODY, heading, *ENTRIES, ending) == [heading, *ENTRIES]


def test_footnotes_and_entries_set_in_two_lines_are_sources() -> None:
    notes = ["The lists were of nouns. ↩", "Or so they said. ↩", ENTRIES[0], "In two volumes."]
    notes.append(ENTRIES[1])
    assert _references(*BODY, "Footnotes", *notes) == ["Footnotes", *notes]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((*BODY, *ENTRIES), id="no heading"),
        pytest.param(("References", *ENTRIES, *BODY), id="above the text"),
        pytest.param((*BODY, "References", *ENTRIES[:2]), id="two entries"),
        pytest.param((*BODY[:4], "Sources", *BODY[4:]), id="a chapter on sources"),
        pytest.param(("References", *ENTRIES), id="nothing but sources"),
    ],
)
def test_what_is_no_list_of_sources_stays(lines: tuple[str, ...]) -> None:
    assert _references(*lines) == []
