"""Links to other stories by how they are set, and headlines; what looks alike stays."""

import pytest

from cleaners.html.blocks import read_blocks
from cleaners.html.pointers import pointers
from cleaners.html.said import PageText

TITLE = "Ferry strike in Lowmere ends | Lowmere Post"


def removed(html: str, *, news: bool) -> dict[int, str]:
    document = read_blocks(html)
    kept = [True] * len(document.blocks)
    return pointers(document, kept, PageText(title=TITLE, news=news))


@pytest.mark.parametrize("news", [True, False])
@pytest.mark.parametrize(
    "html",
    [
        "<p><a href=/2>WHAT DO THE FERRIES OF LOWMERE EARN?</a></p>",
        "<p>READ MORE: <a href=/2>Ferries of Lowmere are late again, says the guild</a></p>",
        "<li>FUNDA OLUNYE UDABA | <a href=/2>Izikebhe zilibele futhi</a></li>",
    ],
)
def test_links_in_capitals_and_behind_labels_in_capitals_go(html: str, news: bool) -> None:
    assert removed(html, news=news) == {0: "related"}


@pytest.mark.parametrize(
    "html",
    [
        "<p>WHAT DO THE FERRIES OF LOWMERE EARN?</p>",
        "<h3><a href=#earn>WHAT DO THE FERRIES OF LOWMERE EARN?</a></h3>",
        "<p><a href=/2>LOWMERE POST</a></p>",
        "<p>GUILD: <a href=/2>ferries are late again</a></p>",
        "<p>READ MORE: a demand on the banner of the <a href=/2>guild</a>, in capitals</p>",
        "<p>Read on: <a href=/2>the ferries of Lowmere are late again, says the guild</a></p>",
    ],
)
def test_what_is_less_than_that_stays(html: str) -> None:
    assert removed(html, news=True) == {}


def test_links_behind_arrows_go_from_news_alone() -> None:
    html = "<p>>> All tides are <a href=/2>in the table of Lowmere harbour</a></p>"
    assert removed(html, news=True) == {0: "related"}
    assert removed(html, news=False) == {}
    quoted = "<p>»We sail on Monday«, <a href=/2>the guild told the Lowmere Post</a></p>"
    assert removed(quoted, news=True) == {}


def test_the_headline_goes_and_other_headings_stay() -> None:
    html = (
        "<h1>Ferry strike in Lowmere ends</h1><h1>Lowmere</h1><h2>Ferry strike in Lowmere ends</h2>"
    )
    assert removed(html, news=False) == {0: "headline"}


def test_a_lone_heading_of_the_first_order_is_no_part_of_a_news_article() -> None:
    photo = "<h1>Crews at the quay on Monday. Photo: Ada Moor</h1>"
    assert removed(photo, news=True) == {0: "headline"}
    assert removed(photo, news=False) == {}
    assert removed(f"{photo}<h1>What the guild wants</h1>", news=True) == {}
