"""Parts of a page beside its article: comment sections and data are taken, look-alikes are not."""

import numpy as np
import pytest

from cleaners.html.beside import beside
from cleaners.html.blocks import read_blocks
from cleaners.html.wording import read_wording

STORY = "".join(
    f"<p>In week {week} of the strike the ferries of Lowmere stayed in port, and {week} more "
    "villages bought their bread from the small boats that fishermen had lent them.</p>"
    for week in range(1, 8)
)
REMARKS = [f"<li>Remark {number}: I was on that boat, and it was late.</li>" for number in range(8)]


def removed(html: str, kept: int) -> dict[int, str]:
    """What is taken of the first `kept` blocks, when these are kept and later ones are not."""
    document = read_blocks(html)
    keep = np.arange(len(document.blocks)) < kept
    return beside(document, keep, read_wording([block.text for block in document.blocks]))


def test_the_kept_remarks_of_a_comment_section_go() -> None:
    html = f"<h1>Strike</h1>{STORY}<div id=comments><ol>{''.join(REMARKS)}</ol></div>"
    assert removed(html, 11) == {8: "comments", 9: "comments", 10: "comments"}


@pytest.mark.parametrize(
    "html",
    [
        f"<div class='entry comments-open'><h1>Strike</h1>{STORY}{''.join(REMARKS)}</div>",
        f"<p>Opinion</p><div class=commentary>{STORY}{''.join(REMARKS)}</div>",
        f"<h1>Strike</h1>{STORY}<section id=discussion>{''.join(REMARKS[:4])}</section>",
        f"<h1>Strike</h1>{STORY}<div class=answers>{''.join(REMARKS)}</div>",
    ],
)
def test_what_only_sounds_like_comments_stays(html: str) -> None:
    assert removed(html, 11) == {}


def test_data_of_a_page_builder_goes_and_code_stays() -> None:
    html = """<p>{"layout":2,"columns":[1,2]}</p><p>[{"a":1}]</p><p>{curly} names are {"odd"</p>"""
    assert removed(html, 3) == {0: "data", 1: "data"}


BOX = "<p>Sign up for our newsletter</p><p>Every morning at six.</p>"


def test_a_newsletter_box_goes() -> None:
    html = f"<h1>Strike</h1><div class=newsletter-signup>{BOX}</div>{STORY}"
    assert removed(html, 10) == {1: "newsletter", 2: "newsletter"}


@pytest.mark.parametrize(
    "html",
    [
        f"<div class=newsletter-page><h1>Our newsletter</h1>{STORY}</div>",
        f"<h1>Strike</h1><div class=newsletter><p>The ferries sail again.</p></div>{STORY}",
        f"<h1>Strike</h1><div class=notes>{BOX}</div>{STORY}",
    ],
)
def test_what_is_no_newsletter_box_stays(html: str) -> None:
    assert removed(html, 20) == {}
