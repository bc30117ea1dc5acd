"""What others left below a body: comments that can be answered, customers' praise, directories."""

import pytest

from cleaners.text.lines import clean_lines

BODY = (
    "The council of Holm has voted to rebuild the bridge that the flood took away in the spring. "
    "Work is to begin in May, when the river is low enough for the piers to be set anew.",
    "The bridge will cost four million, of which the county is to pay one half and the town a "
    "quarter; what is left must come from the tolls of the first eight years, the mayor said.",
    "Until the bridge stands, the school bus will go round by the mill, which takes half an hour "
    "each way, and the baker of the far side has moved his stall to the market square.",
    "Shop owners had asked for a ferry, but the mayor said that the river was too fast for one. "
    "The last ferry of Holm had drifted to the weir with eleven people and a cow in it.",
    "The county will send its engineers in March to look at the old piers, of which two are said "
    "to be sound, and the plans are to be shown in the town hall for a month before that.",
    "Three firms have said that they would build it, and the council is to choose one of them by "
    "the end of February, for which it has asked the county to lend it a lawyer for two weeks.",
)
REMARKS = (
    (
        "Ferry Fan",
        "I still say that a ferry would have been built by now, for a tenth of the money.",
    ),
    (
        "Anna of the Mill",
        "You have not seen the weir in April, or you would not write such things.",
    ),
    ("Ferry Fan", "I was born beside it and have seen it every April for sixty years, thank you."),
    (
        "Toll Hater",
        "Eight years of tolls will be eighteen in the end, as they were on the old one.",
    ),
)


def _removed(rule: str, *lines: str) -> list[str]:
    result = clean_lines("\n\n".join(("Subscribe to our newsletter", *lines)))
    return [removal.text for removal in result.removals if removal.rule == rule]


def _thread(button: str, *, count: int = 4) -> list[str]:
    return [line for name, text in REMARKS[:count] for line in (name, text, button)]


@pytest.mark.parametrize("heading", [["4 comments"], []])
@pytest.mark.parametrize("button", ["Reply", "* Reply to this", "Antworten", "Répondre", "返信"])
def test_comments_that_can_be_answered_go(button: str, heading: list[str]) -> None:
    lines = (*BODY, *heading, *_thread(button))
    said = {line for remark in REMARKS for line in remark}
    assert set(_removed("comments", *lines)) >= said
    assert clean_lines("\n\n".join(lines)).text.split("\n\n") == list(BODY)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((*BODY, *_thread("Reply", count=2)), id="two may be a letter and its answer"),
        pytest.param((*_thread("Reply"), *BODY), id="no body above them"),
        pytest.param((*BODY, *_thread("He did not reply to that")), id="no button"),
    ],
)
def test_other_remarks_are_not_taken_for_a_thread(lines: tuple[str, ...]) -> None:
    assert _removed("comments", *lines) == []


CUSTOMERS = ("Katie H.", "Mary Ann F.", "Ron J.", "Mallory R.")


def _praise(names: tuple[str, ...]) -> list[str]:
    return [line for (_, text), name in zip(REMARKS, names, strict=False) for line in (text, name)]


def test_praise_goes_with_the_names_under_it() -> None:
    praise = _praise(CUSTOMERS)
    assert _removed("testimonials", *BODY, *praise) == praise


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(_praise(CUSTOMERS[:3]), id="three"),
        pytest.param(_praise(("Katie Holm", "Mary Farr", "Ron Jay", "Mal Roe")), id="whole names"),
        pytest.param([*REMARKS[0], *CUSTOMERS], id="a list of names"),
    ],
)
def test_other_names_stay(lines: list[str]) -> None:
    assert _removed("testimonials", *BODY, *lines) == []


PLACES = (
    "Holm", "Brede", "Calder", "Dunmoor", "Eskdale", "Fenwick", "Garth", "Hexam", "Ilkley",
    "Jarrow", "Kelso", "Lorton", "Marske",
)  # fmt: skip


def test_entries_that_begin_alike_are_a_directory() -> None:
    places = [f"* Bridge builders in {place}" for place in PLACES]
    assert _removed("directory", *BODY, *places) == places


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([f"* Bridge builders in {place}" for place in PLACES[:11]], id="eleven"),
        pytest.param(
            [f"* {place} bridge builders" for place in PLACES], id="of different beginnings"
        ),
        pytest.param([f"The bridge of {place}. {BODY[0]}" for place in PLACES], id="paragraphs"),
    ],
)
def test_other_lists_stay(lines: list[str]) -> None:
    assert _removed("directory", *BODY, *lines) == []
