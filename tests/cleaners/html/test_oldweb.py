"""Pages of the old web: layout tables and sizes of type read as what they stand for."""

import pytest

from cleaners import clean_html
from cleaners.html.blocks import read_blocks
from cleaners.html.typesize import small_type
from cleaners.html.wording import read_wording
from cleaners.model import Article

STORY = "<BR><BR>".join(
    f"In week {week} of the strike the ferries of Lowmere stayed in port, and {week} more villages "
    "bought their bread from the small boats that fishermen had lent them."
    for week in range(1, 7)
)
MASTHEAD = "<TR><TD colspan=2><FONT size=6><B>Lowmere Courier</B></FONT><BR>Since 1887</TD></TR>"
HEADLINE = "<FONT size='+2'><B>Ferries stay in port</B></FONT><BR>"
PAGE = f"""<HTML><HEAD><TITLE>Ferries stay in port - Lowmere Courier</TITLE></HEAD><BODY>
<TABLE>{MASTHEAD}<TR><TD><FONT size=1>High water 05:52<BR>Bread 2.10</FONT></TD>
<TD><FONT size=1><A href=/harbour>Harbour</A> | Monday, 3 March 2003</FONT><BR>{HEADLINE}
<FONT size=2><I>by Mara Quill</I></FONT><BR><BR><FONT size=3>{STORY}</FONT><HR>
<FONT size=1>Print this page | Send it to a friend</FONT></TD></TR></TABLE></BODY></HTML>"""


def blocks(html: str) -> list[tuple[str, str]]:
    return [(block.tag, block.text) for block in read_blocks(html).blocks]


@pytest.mark.parametrize(
    "cell", ["One.<br><br>Two.", "One.<hr>Two.", "One.<table><tr><td>Two.</table>"]
)
def test_cells_of_a_layout_table_are_divisions(cell: str) -> None:
    html = f"<table><tr><td>Menu</td><td>{cell}</td></tr></table>"
    assert [text for _, text in blocks(html)] == ["Menu", "One.", "Two."]


@pytest.mark.parametrize(
    "row",
    [
        "<td>Ansholm</td><td>12<br>13</td>",
        "<th>Ansholm</th><td>12<br><br>13</td>",
        "<td>Ansholm<br></td><td><br>12</td>",
    ],
)
def test_rows_of_data_stay_rows(row: str) -> None:
    tag, text = blocks(f"<table><tr>{row}</tr></table>")[0]
    assert tag == "tr"
    assert text.replace("\n", " ").startswith("Ansholm | 12")


def test_a_line_of_large_type_is_the_headline_and_the_masthead_is_not() -> None:
    found = blocks(PAGE)
    assert [text for tag, text in found if tag == "h1"] == ["Ferries stay in port"]
    assert ("h2", "Lowmere Courier") in found
    assert ("p", "by Mara Quill") in found


@pytest.mark.parametrize(
    "html",
    [
        f"<h1>Strike</h1>{HEADLINE}",
        "<p>The <font size=5><b>strike</b></font> goes on.</p>",
        "<font size=5>Tired of waiting</font><br>",
        "<font size=4><b>Ferries stay in port</b></font><br>",
        "<font size=big color=red><b>Ferries stay in port</b></font><br>",
        f"<font size=5><b>{STORY}</b></font>",
    ],
)
def test_other_uses_of_font_are_no_headlines(html: str) -> None:
    tags = [tag for tag, _ in blocks(f"<title>Lowmere</title>{html}")]
    assert tags.count("h1") == html.count("<h1>")
    assert "h2" not in tags


def test_such_a_page_is_cleaned_and_dated() -> None:
    outcome = clean_html(PAGE, url="http://courier.example/story.php?id=7")
    assert isinstance(outcome, Article)
    assert outcome.text == STORY.replace("<BR><BR>", "\n\n")
    assert outcome.title == "Ferries stay in port"
    assert outcome.authors == ("Mara Quill",)
    assert outcome.published_at is not None
    assert outcome.published_at.date().isoformat() == "2003-03-03"


def test_the_headline_and_what_is_set_small_are_told_from_the_body() -> None:
    document = read_blocks(PAGE)
    texts = [block.text for block in document.blocks]
    found = small_type(document, [True] * len(texts), read_wording(texts))
    assert [(texts[index], rule) for index, rule in found.items()] == [
        ("High water 05:52\nBread 2.10", "small-type"),
        ("Harbour | Monday, 3 March 2003", "small-type"),
        ("Ferries stay in port", "headline"),
        ("by Mara Quill", "small-type"),
        ("Print this page | Send it to a friend", "small-type"),
    ]


def test_a_body_in_small_type_stays() -> None:
    document = read_blocks(PAGE.replace("<FONT size=3>", "<FONT size=1>"))
    texts = [block.text for block in document.blocks]
    found = small_type(document, [True] * len(texts), read_wording(texts))
    assert list(found.values()) == ["headline"]


@pytest.mark.parametrize("size", [1, 20_000])
def test_fonts_in_fonts_take_no_time(size: int) -> None:
    html = "<table><tr><td>" + "<font size=7><b>" * size + "deep " * size
    assert isinstance(read_blocks(html).blocks, tuple)
