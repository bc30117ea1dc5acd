"""Blocks as Markdown."""

import pytest

from cleaners.html.blocks import read_blocks
from cleaners.html.markdown import to_markdown


def _markdown(html: str, *, links: bool = True) -> str:
    document = read_blocks(html)
    return to_markdown(document, [True] * len(document.blocks), links=links)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2>Head</h2><p>One.</p><p>Two.</p>", "## Head\n\nOne.\n\nTwo."),
        ("<ul><li>a</li><li>b</li></ul><p>c</p>", "- a\n- b\n\nc"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<blockquote><p>Said.</p></blockquote>", "> Said."),
        ("<pre>x = 1</pre>", "```\nx = 1\n```"),
        ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
        ("<p>one<br>two</p>", "one  \ntwo"),
        ("<p>A <b>bold</b> and <em>soft</em> word</p>", "A **bold** and *soft* word"),
        ("<p>A <b> bold </b>word</p>", "A **bold** word"),
        ("<p><b></b>plain</p>", "plain"),
        ("<p>see <a href='/x'>the list</a>.</p>", "see [the list](/x)."),
        ("<p>no <a href='javascript:go()'>script</a></p>", "no script"),
        ("<p>no <a href='#top'>place</a></p>", "no place"),
        ("<p>no <a>target</a></p>", "no target"),
    ],
)
def test_kinds_of_blocks(html: str, expected: str) -> None:
    assert _markdown(html) == expected


def test_links_can_be_left_out() -> None:
    assert _markdown("<p>see <a href='/x'>the list</a></p>", links=False) == "see the list"


def test_only_kept_blocks_are_shown() -> None:
    document = read_blocks("<p>yes</p><p>no</p><p>yes too</p>")
    assert to_markdown(document, [True, False, True]) == "yes\n\nyes too"


def test_nothing_kept_is_empty() -> None:
    assert to_markdown(read_blocks("<p>no</p>"), [False]) == ""
