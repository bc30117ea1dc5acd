"""trafilatura's opinion, on the part of a page between given blocks."""

from cleaners.html.blocks import read_blocks
from cleaners.html.extract import second_opinion

BODY = (
    "The mill at Torvik will grind again from May, after eleven years in which its wheel stood.",
    "Volunteers cut a new shaft from oak that fell in a storm, said the miller, Una Berg.",
    "Visitors can see it on Saturdays, and the flour is to be sold in the school's shop.",
)


def test_it_reads_the_division_around_the_blocks() -> None:
    paragraphs = "".join(f"<p>{text}</p>" for text in BODY)
    html = f"<div><p>Elsewhere, the ferry is late again today.</p></div><div>{paragraphs}</div>"
    text = second_opinion(read_blocks(html), [1, 3])
    assert text is not None
    assert all(words in text for words in BODY)
    assert "ferry" not in text


def test_it_leaves_the_tree_as_it_was() -> None:
    document = read_blocks("".join(f"<p>{text}</p>" for text in BODY))
    before = [element.text for element in document.tree.iter()]
    second_opinion(document, [0, 2])
    assert [element.text for element in document.tree.iter()] == before


def test_without_blocks_there_is_no_opinion() -> None:
    assert second_opinion(read_blocks("<p>Some</p>"), []) is None
