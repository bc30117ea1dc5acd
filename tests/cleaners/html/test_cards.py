"""Cards of other stories in a body: taken whole, and nothing that only resembles one."""

import pytest

from cleaners.html.blocks import read_blocks
from cleaners.html.cards import cards
from cleaners.html.wording import read_wording

BEFORE = "<p>The ferries of Lowmere stayed in port for the third week of the strike.</p>"
AFTER = "<p>Fishermen lent their small boats to the villages on the far shore.</p>"
TEASER = "<h3>Orchard growers expect a record harvest</h3>"
LINKED = "<h3><a href=/apples>Orchard growers expect a record harvest</a></h3>"
LABEL = "<p>Other stories of interest</p>"
BLURB = "<p>HOLLIN - A mild spring has left every orchard in the county in full blossom.</p>"


def removed(html: str) -> set[str]:
    document = read_blocks(html)
    texts = [block.text for block in document.blocks]
    found = cards(document, [True] * len(texts), read_wording(texts))
    assert set(found.values()) <= {"related"}
    return {texts[index][:6] for index in found}


def test_a_card_goes_with_its_blurb() -> None:
    html = f"{BEFORE}{TEASER}{LABEL}{LINKED}{BLURB}{AFTER}"
    assert removed(html) == {"Orchar", "Other ", "HOLLIN"}


@pytest.mark.parametrize(
    "after",
    [
        AFTER,
        "<p>\u201cEvery orchard was in blossom,\u201d said the captain.</p>",
        "<p>The strike has left every orchard short of crates.</p><p>Each orchard needs some.</p>",
        "",
    ],
)
def test_a_paragraph_of_the_report_stays(after: str) -> None:
    assert removed(f"{BEFORE}{TEASER}{LABEL}{LINKED}{after}") == {"Orchar", "Other "}


@pytest.mark.parametrize(
    "html",
    [
        f"{BEFORE}{TEASER}{LABEL}{TEASER}{BLURB}",
        f"{BEFORE}{TEASER}{AFTER}{LINKED}{BLURB}",
        f"{BEFORE}{LABEL}{LINKED}{BLURB}",
        f"{BEFORE}<p>Chorus</p><p>La la la</p><p><a href=#c>Chorus</a></p>{AFTER}",
    ],
)
def test_what_is_no_card_stays(html: str) -> None:
    assert removed(html) == set()
