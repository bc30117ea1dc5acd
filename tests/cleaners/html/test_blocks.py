"""HTML to blocks: each case of blocks.json, and what holds for any string."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.html.blocks import read_blocks
from cleaners.html.document import with_paragraphs
from cleaners.html.walk import MAX_BLOCKS

CASES = json.loads(Path(__file__).with_name("blocks.json").read_text("utf-8"))

_PARTS = """<p> </p> <div\fclass=related> </div> <a\fhref=/x> </a> <br> <br><br>
<table><tr><td> </table> <li> <h2> </h2> word Satz.\fEin \0 <"""
_MARKUP = st.lists(st.sampled_from(_PARTS.split(" ")), max_size=30).map("".join)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case(case: dict[str, object]) -> None:
    blocks = read_blocks(str(case["html"])).blocks
    assert [[block.tag, block.text] for block in blocks] == case["blocks"]


@given(st.one_of(st.text(), _MARKUP))
def test_any_string_gives_a_document(html: str) -> None:
    document = read_blocks(html)
    count = len(document.blocks)
    assert [block.index for block in document.blocks] == list(range(count))
    assert len(document.frame) == len(document.linked) == len(document.inline) == count
    for block, linked in zip(document.blocks, document.linked, strict=True):
        assert block.text == block.text.strip()
        assert "\n\n" not in block.text
        assert 0 <= linked <= len(block.text)


@given(_MARKUP)
def test_blocks_lie_within_their_divisions(html: str) -> None:
    document = read_blocks(html)
    frames = document.frames
    for index, frame in enumerate(document.frame):
        assert frames.first[frame] <= index < frames.last[frame]
    for number, parent in enumerate(frames.parent):
        assert parent <= number
        assert frames.first[parent] <= frames.first[number]
        assert frames.last[number] <= frames.last[parent]


def test_links_count_as_far_as_their_text() -> None:
    document = read_blocks("<p><a href=/a>Four</a> more</p><p>none</p>")
    assert document.linked == (4, 0)
    assert document.links == (1, 0)


@pytest.mark.parametrize(
    "html", ["<div>" * 100_000 + "deep", "<b>" * 50_000 + "deep", "<a>x" * 50_000]
)
def test_depth_does_not_recurse(html: str) -> None:
    assert isinstance(read_blocks(html).blocks, tuple)


def test_paragraphs_can_be_added_behind_the_blocks() -> None:
    document = with_paragraphs(read_blocks("<p>One</p>"), ["Two  words", " ", "Three"])
    assert [block.text for block in document.blocks] == ["One", "Two words", "Three"]
    assert document.frames.last[0] == 3


def test_an_endless_page_is_read_up_to_a_limit() -> None:
    document = read_blocks("<main>" + "<div><p>word</p></div>" * (MAX_BLOCKS + 500))
    assert len(document.blocks) == MAX_BLOCKS
    assert max(document.frames.last) == MAX_BLOCKS


def _menu(*names: str) -> str:
    return "<ul>" + "".join(f'<li><a href="/{name}">{name}</a></li>' for name in names) + "</ul>"


def test_a_menu_is_one_block_with_its_entries_as_lines() -> None:
    menus = _menu("Harbour", "Lake") + _menu("Gold", "Silver", "Rates")
    document = read_blocks(f"<nav><div>{menus}</div></nav><p>The tide gate opens.</p>")
    assert [block.text for block in document.blocks] == [
        "Harbour\nLake\nGold\nSilver\nRates",
        "The tide gate opens.",
    ]
    assert document.links == (5, 0)
    assert document.linked == (26, 0)
    assert document.frames.tags == ("html", "body", "nav", "div", "p")
    assert [document.frames.tags[frame] for frame in document.frame] == ["div", "p"]


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        (_menu("Harbour", "Lake"), 2),
        (_menu("Harbour", "Lake", "The tide gate opens after forty years"), 3),
        ("<ul><li>Harbour</li><li>Lake</li><li>Rates</li></ul>", 3),
        ("".join(f"<h2><a href=/{word}>{word}</a></h2>" for word in ("Gold", "Fish", "Nets")), 3),
        (_menu("Harbour", "Lake", "Rates") + "<p>Prose stands beside it.</p>", 2),
    ],
    ids=["too few", "a headline", "no links", "headings", "prose beside it"],
)
def test_only_short_links_alone_make_a_menu(html: str, blocks: int) -> None:
    assert len(read_blocks(html).blocks) == blocks


def test_divisions_that_show_nothing_are_left_out() -> None:
    document = read_blocks("<div><div></div><section><img></section></div><p>Word.</p>")
    assert document.frames.tags == ("html", "body", "p")
