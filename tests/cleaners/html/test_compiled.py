"""What is compiled gives what the Python beside it gives, and is there where it can be."""

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import fields, replace
from urllib.parse import urlsplit

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleaners.html import letters, walk
from cleaners.html.blocks import read_blocks
from cleaners.html.blocks import walk as used_walk
from cleaners.html.document import Document
from cleaners.html.oldweb import read_as
from cleaners.html.parse import parse
from cleaners.html.walk import MAX_BLOCKS
from cleaners.html.wording import count_letters as used_count
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


def content(document: Document) -> Document:
    """A document whose parts compare equal when what they hold is equal."""
    inline = tuple(one and (one.pieces, one.marks) for one in document.inline)
    frames = document.frames
    columns = tuple(getattr(frames, field.name) for field in fields(frames))
    return replace(document, inline=inline, frames=columns)  # type: ignore[arg-type]


def both_walks(html: str) -> tuple[Document, Document]:
    tree = parse(html)
    taken_for = read_as(tree)
    return content(used_walk(tree, taken_for)), content(walk.walk(tree, taken_for))


def assert_same_walk(html: str) -> None:
    used, python = both_walks(html)
    for field in fields(Document):
        assert getattr(used, field.name) == getattr(python, field.name), field.name


def assert_same_count(texts: list[str]) -> None:
    used, python = used_count(texts), letters.count_letters(texts)
    for field in fields(letters.Letters):
        one, other = getattr(used, field.name), getattr(python, field.name)
        if isinstance(other, np.ndarray):
            assert one.dtype == other.dtype, field.name
            assert np.array_equal(one, other), field.name
        else:
            assert list(one) == list(other), field.name
    assert dict(used.vocabulary) == dict(python.vocabulary)


def test_it_is_there_where_there_is_a_compiler() -> None:
    used = {used_walk.__module__, used_count.__module__}
    compiled = {"cleaners.html.compiled.walk", "cleaners.html.compiled.letters"}
    compiler = os.environ.get("CC") or sysconfig.get_config_var("CC").split()[0]
    assert used == compiled or not shutil.which(compiler), "python hatch_build.py says why"


def test_it_stands_aside_when_it_is_told_to() -> None:
    code = "from cleaners.html import blocks, wording; print(blocks.walk.__module__)"
    out = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "WINNOW_PURE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert out.stdout.strip() == "cleaners.html.walk"


@given(st.lists(pieces, max_size=60).map("".join))
def test_walks_give_the_same_document(html: str) -> None:
    assert_same_walk(html)


def test_walks_and_counts_are_the_same_for_whole_pages() -> None:
    view, served = View(by_host(sites())), webs()
    for page in gold(view):
        parts = urlsplit(page.url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        html = served[page.site].answer(path, view).body.decode("utf-8", "replace")
        assert_same_walk(html)
        if texts := [block.text for block in read_blocks(html).blocks]:
            assert_same_count(texts)


def test_a_walk_that_is_cut_short_ends_at_the_same_block() -> None:
    html = "<div>" + "<p>One <b>line</b></p>" * (MAX_BLOCKS + 10) + "</div>"
    used, python = both_walks(html)
    assert len(used.blocks) == MAX_BLOCKS
    assert used.frames == python.frames
    assert used.blocks == python.blocks


def test_a_nest_deeper_than_any_page_is_walked_to_its_end() -> None:
    assert_same_walk("<div>" * 5_000 + PROSE + "<a href=/x>x</a>" * 30)


@given(st.lists(st.text(min_size=1, max_size=200), min_size=1, max_size=8))
def test_counts_are_the_same(texts: list[str]) -> None:
    assert_same_count(texts)


@given(st.lists(st.text("aB\u00c4 .,|1\u4e2d\ud800\U0001f600", min_size=1), min_size=1, max_size=8))
def test_counts_are_the_same_of_few_letters(texts: list[str]) -> None:
    assert_same_count(texts)
