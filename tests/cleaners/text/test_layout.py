"""Lines to blocks: one a line, save in hard-wrapped text."""

import textwrap

from hypothesis import given
from hypothesis import strategies as st

from cleaners.text.layout import read_paper

PARAGRAPHS = (
    "The old mill of Harrow Fen was moved by barge on Friday, stone by stone, to higher ground "
    "above the marsh, where the water of the spring floods has never reached it in two centuries.",
    "It took the carpenters eleven weeks to number its beams, and a further nine to find a barge "
    "that was broad enough to carry the wheel in one piece past the narrow lock at Penny Sluice.",
    "The miller's daughter, who is ninety-one, watched from the bank and said that she had always "
    "told her father so, but that he was not a man who listened to girls or to rivers.",
)


def texts(text: str) -> tuple[str, ...]:
    return tuple(block.text for block in read_paper(text).blocks)


def test_each_line_is_a_block() -> None:
    assert texts("\n".join(PARAGRAPHS)) == PARAGRAPHS
    assert texts("\n\n\n".join(PARAGRAPHS)) == PARAGRAPHS


def test_hard_wrapped_lines_are_joined() -> None:
    for columns in (60, 72, 80, 100):
        wrapped = "\n\n".join(textwrap.fill(text, columns) for text in PARAGRAPHS)
        assert texts(wrapped) == PARAGRAPHS


def test_an_indent_opens_a_paragraph_as_in_books() -> None:
    for columns in (60, 72, 76, 80, 100):
        wrapped = [textwrap.fill(text, columns, initial_indent="    ") for text in PARAGRAPHS]
        assert texts("\n".join(wrapped)) == PARAGRAPHS


def test_short_paragraphs_do_not_hide_the_wrapping() -> None:
    short = tuple(sentence + "." for text in PARAGRAPHS for sentence in text.split(", ")[:1])
    wrapped = [textwrap.fill(text, 76) for text in (*PARAGRAPHS, *short, *PARAGRAPHS)]
    assert texts("\n".join(wrapped)) == (*PARAGRAPHS, *short, *PARAGRAPHS)


def test_verse_is_not_joined() -> None:
    verse = [
        "The heron stands in the grey of the reed,",
        "And the river gives him all his need,",
    ] * 4
    assert texts("\n".join(verse)) == tuple(verse)


def test_short_lines_are_not_joined() -> None:
    menu = ["Tide tables of the harbour", "Lottery", "Radio guide for the whole valley", "Close"]
    assert texts("\n".join(menu)) == tuple(menu)


def test_layout_is_told() -> None:
    paper = read_paper("Tasks\n\n\n   - mend the wheel\n# Wheel")
    assert [layout.gap for layout in paper.layouts] == [0, 2, 0]
    assert [layout.indent for layout in paper.layouts] == [0, 3, 0]
    assert [block.tag for block in paper.blocks] == ["p", "li", "h1"]


@given(st.text())
def test_blocks_hold_no_line_feed_and_no_loose_space(text: str) -> None:
    for block in read_paper(text).blocks:
        assert block.text == " ".join(block.text.split())
        assert block.text
