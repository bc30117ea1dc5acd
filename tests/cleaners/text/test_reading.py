"""Which texts are settled without rules and model."""

import pytest

from cleaners.text import facts
from cleaners.text.reading import settled

BODY = (
    "The ferry reached the quay at noon, and nobody on board of it was hurt, the harbour said.",
    "Its engine had failed in the night, when the storm was at its worst and no tug could sail.",
    "The owners of the boat have asked for a survey of all the engines that were built that year.",
)
LIST_LIKE = (
    "Aldmoor 1921, Brackwell 1933, Carrow 1947, Dunmere 1952, Eastholt 1960, Farrow 1968, Glenby "
    "1971, Holm 1980, Ingle 1988, Jarrow 1990, Kelby 1999 remain open"
)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(BODY, id="paragraphs"),
        pytest.param((*BODY[:2], LIST_LIKE, BODY[2]), id="long line without function words"),
        pytest.param(
            (*BODY[:2], "By noon on the quay, nobody of them had left.", BODY[2]), id="by"
        ),
        pytest.param(
            (
                "Harbour survey of ageing ferry engines ordered after a night of storm and of "
                "failed rescue attempts off Aldmoor",
                *BODY,
            ),
            id="standfirst",
        ),
        pytest.param((*BODY, "The ferry sails again on Monday morning."), id="last sentence"),
        pytest.param((*BODY, "Engines of that year"), id="last heading"),
    ],
)
def test_is_settled(lines: tuple[str, ...]) -> None:
    assert settled(facts.read(lines))


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((*BODY, LIST_LIKE), id="list at the end"),
        pytest.param(("Ferry reaches quay", *BODY), id="headline"),
        pytest.param((*BODY, "Ada Quill"), id="name at the end"),
        pytest.param((*BODY, "Read also: A bridge opens"), id="link at the end"),
        pytest.param((BODY[0], "Sign up for our newsletter", *BODY[1:]), id="label"),
        pytest.param(
            (
                BODY[0],
                "Sign up for our newsletter and follow us on Facebook, or subscribe today to get "
                "all the news of the harbour and of its ferries in your inbox every morning.",
                *BODY[1:],
            ),
            id="long promo between paragraphs",
        ),
        pytest.param((*BODY, BODY[1]), id="paragraph that comes again"),
    ],
)
def test_is_not_settled(lines: tuple[str, ...]) -> None:
    assert not settled(facts.read(lines))


def test_what_the_rules_took_does_not_count() -> None:
    lines = (BODY[0], "Read also: A bridge opens", *BODY[1:])
    assert not settled(facts.read(lines))
    assert settled(facts.read(lines), {1})
    assert settled(facts.read(("Ada Quill", "Home", *BODY, LIST_LIKE, BODY[0][4:])), {0, 1})
