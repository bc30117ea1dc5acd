"""Teasers that stand as paragraphs in the cells of layout tables."""

import pytest

from cleaners.html.blocks import read_blocks
from cleaners.html.teasers import find_teasers

BLURB = (
    "LOWMERE - The ferries of Lowmere stayed in port again on Monday, and the villages of the "
    "northern shore bought bread from small boats."
)
HEADLINES = ("Ferries stay in port for third week", "Herring prices fall at Ansholm market")


def page(*paragraphs: str) -> str:
    cell = "<BR><BR>".join(paragraphs)
    return f"<TABLE><TR><TD>Menu</TD><TD>{cell}</TD></TR></TABLE>"


def teaser(headline: str) -> str:
    return f"<B><A href=/story>{headline}</A></B> Monday, 3 March 2003<BR>{BLURB}"


def test_a_linked_headline_and_its_blurb_are_a_teaser() -> None:
    found = find_teasers(read_blocks(page(*map(teaser, HEADLINES))), ())
    assert (found.count, found.stray, found.are_all) == (2, 0, True)


@pytest.mark.parametrize(
    "paragraph",
    [
        f"{BLURB}<BR>{BLURB}",
        f"<B>{HEADLINES[0]}</B><BR>{BLURB}",
        f"<A href=/lowmere>Lowmere</A>, 3 March 2003<BR>{BLURB}",
        f"<A href=/story>{HEADLINES[0]}</A>: {BLURB}",
        f"{BLURB} <A href=/story>{HEADLINES[0]}</A><BR>{BLURB}",
    ],
    ids=["lines", "no link", "no headline", "no line end", "not the opening"],
)
def test_other_paragraphs_of_a_cell_are_none(paragraph: str) -> None:
    found = find_teasers(read_blocks(page(paragraph, paragraph)), ())
    assert (found.count, found.are_all) == (0, False)


def test_the_own_title_of_a_page_heads_no_teaser() -> None:
    document = read_blocks(page(*map(teaser, HEADLINES)))
    found = find_teasers(document, [f"{headline} - Lowmere Courier" for headline in HEADLINES])
    assert (found.count, found.are_all) == (0, False)


def test_a_paragraph_outside_of_layout_tables_is_none() -> None:
    html = "".join(f"<p>{teaser(headline)}</p>" for headline in HEADLINES)
    found = find_teasers(read_blocks(html), ())
    assert (found.count, found.are_all) == (0, False)
