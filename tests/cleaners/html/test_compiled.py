"""What is compiled gives what the Python beside it gives."""

from dataclasses import fields
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleaners.html import backend, ends, features, walk
from cleaners.html.blocks import read_blocks
from cleaners.html.document import Document, Frames, with_paragraphs
from cleaners.html.oldweb import read_as
from cleaners.html.parse import parse
from cleaners.html.said import PageText
from cleaners.html.walk import MAX_BLOCKS
from examples.newswire import gold
from examples.newswire.address import View, by_host
from examples.newswire.gold import webs
from examples.newswire.load import sites

PROSE = "The harbour was closed on Monday after a crane had toppled onto the quay in the storm."

_TAGS = """
    p div span a b em h1 h2 li ul table tr td th br img script style figure figcaption nav article
    button iframe noscript svg font center select option title pre code
"""
TAGS = tuple(_TAGS.split())
ATTRIBUTES = (
    "",
    ' class="menu nav-item"',
    ' class=""',
    ' id="comments" hidden',
    ' style="display: none"',
    ' itemprop="articleBody" class="body &amp; more"',
    ' href="/a?b=1&amp;c"',
    ' alt="A crane on the quay" data-type=related',
    ' size="+2"',
)
TEXTS = (
    "",
    " ",
    "\n\t ",
    "\xa0",
    "Menu",
    "More | ",
    "ﬁne «Ärger» 12,5 % 中文。",
    "a\x00b\x1c",
    PROSE,
)
pieces = st.one_of(
    st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
    st.sampled_from(TAGS).map("</{}>".format),
    st.sampled_from(TEXTS),
    st.sampled_from(("<ul>" + 25 * "<li><a href=/x>One</a> two</li>" + "</ul>", "<!-- c -->")),
)


ENDS = (
    b"</",
    b"body",
    b"hTmL",
    b">",
    b" ",
    b"\n",
    b"\x0b",
    b"\x1c",
    b"<",
    b"x",
    b"</body>",
    b"/BODY",
)
SAID = (
    PageText(),
    PageText(
        title="A crane toppled onto the quay",
        description="The harbour was closed in the storm",
        body=PROSE,
        authors=("ana kovač",),
        captions=("A crane on the quay",),
        news=True,
        dated=True,
        language="en",
    ),
)


def both_walks(html: str) -> tuple[Document, Document]:
    tree = parse(html)
    taken_for = read_as(tree)
    return backend.walk(tree, taken_for), walk.walk(tree, taken_for)


def assert_same(one: Any, other: Any) -> None:
    """Field by field, arrays by their numbers and widths."""
    for field in fields(other):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(right, np.ndarray):
            assert left.dtype == right.dtype, field.name
            assert np.array_equal(left, right), field.name
        elif isinstance(right, Frames):
            assert_same(left, right)
        elif field.name == "inline":
            assert [item and (item.pieces, item.marks) for item in left] == [
                item and (item.pieces, item.marks) for item in right
            ]
        else:
            assert left == right, field.name


def assert_same_page(html: str) -> None:
    """The same walk, and the same features of it."""
    used, python = both_walks(html)
    assert_same(used, python)
    if used.blocks:
        for page in SAID:
            assert_same_features(used, page)


def assert_same_features(document: Document, page: PageText) -> None:
    matrix, layout, wording = backend.features(document, page)
    expected, python_layout, python_wording = features.features(document, page)
    assert matrix.dtype == expected.dtype
    assert matrix.shape == expected.shape
    differ = np.argwhere(matrix != expected).tolist()
    assert not [(row, features.FEATURES[column]) for row, column in differ]
    assert_same(layout, python_layout)
    assert_same(wording, python_wording)


def paragraphs(texts: list[str]) -> Document:
    return with_paragraphs(read_blocks("<h1>A crane toppled</h1>"), texts)


@given(st.lists(pieces, max_size=60).map("".join))
def test_pages_are_read_the_same(html: str) -> None:
    assert_same_page(html)


def test_whole_pages_are_read_the_same() -> None:
    view, served = View(by_host(sites())), webs()
    for page in gold(view):
        parts = urlsplit(page.url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        assert_same_page(served[page.site].answer(path, view).body.decode("utf-8", "replace"))


@given(st.lists(st.sampled_from(ENDS), max_size=9).map(b"".join))
def test_ends_are_taken_out_the_same(data: bytes) -> None:
    assert backend.without_ends(data) == ends.without_ends(data)


def test_a_walk_that_is_cut_short_ends_at_the_same_block() -> None:
    html = "<div>" + "<p>One <b>line</b></p>" * (MAX_BLOCKS + 10) + "</div>"
    used, python = both_walks(html)
    assert len(used.blocks) == MAX_BLOCKS
    assert_same(used, python)


def test_a_nest_deeper_than_any_page_is_walked_to_its_end() -> None:
    assert_same_page("<div>" * 5_000 + PROSE + "<a href=/x>x</a>" * 30)


@given(st.lists(st.text(min_size=1, max_size=200), min_size=1, max_size=8))
def test_texts_are_counted_the_same(texts: list[str]) -> None:
    assert_same_features(paragraphs(texts), SAID[1])


@given(st.lists(st.text("aB\u00c4 .,|1\u4e2d\ud800\U0001f600", min_size=1), max_size=8))
def test_few_letters_are_counted_the_same(texts: list[str]) -> None:
    assert_same_features(paragraphs(texts), SAID[1])
