"""The compiled searches find what those in Python find."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from cleaners.html.parse import parse
from cleaners.metadata import backend, search

NEEDLES = {"class": ("author", "=by"), "rel": ("=author",), "itemprop": ("",), "href": ("/a&b",)}
READ, COUNTED, NAMED = ("meta", "time", "h1"), ("time", "p", "div"), frozenset(("div", "p"))
TAGS = ["html", "body", "meta", "time", "h1", "p", "div", "span", "script", "template"]
ATTRIBUTES = (
    "",
    ' class="author"',
    " class=by id=lead",
    ' class="by line" id=""',
    ' rel="author"',
    ' rel="author nofollow"',
    " itemprop",
    ' itemprop=""',
    ' href="/a&amp;b/c"',
    ' id="\N{LATIN SMALL LETTER U WITH DIAERESIS}ber"',
)
pieces = st.one_of(
    st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
    st.sampled_from(TAGS).map("</{}>".format),
    st.sampled_from(("text", "<!-- <div class=author> -->", "&amp;")),
)


@given(st.lists(pieces, max_size=40).map("".join))
def test_searches_find_the_same(html: str) -> None:
    tree = parse(html)
    assert backend.Holding(NEEDLES)(tree) == search.Holding(NEEDLES)(tree)
    assert backend.visit(tree, READ, COUNTED) == search.visit(tree, READ, COUNTED)
    assert backend.names_of(tree, NAMED) == search.names_of(tree, NAMED)


@pytest.mark.parametrize("holding", [backend.Holding, search.Holding])
def test_needles_stand_anywhere_or_are_all_of_a_value(holding: type[search.Holding]) -> None:
    tree = parse(
        "<p id=a class='by-author'></p><p id=b class=by></p><p id=c class='by line'></p>"
        "<p id=d rel='author'></p><p id=e rel='no author'></p><p id=f itemprop></p>"
        "<p id=g href='/a&amp;b'></p><p id=h class='&#98;y'></p><p id=i class='By'></p>"
    )
    found = holding(NEEDLES)(tree)
    assert [element.get("id") for element in found] == list("abdfgh")
    assert all(isinstance(element, etree._Element) for element in found)


def test_elements_are_read_in_order_and_counted_apart() -> None:
    tree = parse("<h1>One</h1><div><time>2</time><p>3</p><h1>4</h1></div>")
    for module in (backend, search):
        elements, counts = module.visit(tree, READ, COUNTED)
        assert [element.tag for element in elements] == ["h1", "time", "h1"]
        assert counts == {"time": 1, "p": 1, "div": 1}
