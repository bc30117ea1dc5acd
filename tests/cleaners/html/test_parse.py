"""The parse of hostile markup takes time in proportion to its length."""

import time
from itertools import count

import pytest

from cleaners.html.blocks import read_blocks
from cleaners.html.parse import MAX_ATTRIBUTES, parse

_MANY = 20 * MAX_ATTRIBUTES
_NAMES = [f"a{number}" for number in range(_MANY)]
_SECONDS = 5.0
"""Of processor time; without a limit each of these takes minutes."""


@pytest.mark.parametrize(
    "attributes",
    [
        " ".join(_NAMES),
        " ".join(f'{name}=">"' for name in _NAMES),
        "\n".join(f"{name} = it's" for name in _NAMES),
        "/".join(f"{name}='<p>'" for name in _NAMES),
    ],
    ids=["bare", "quoted", "unquoted", "apart by slashes"],
)
def test_a_tag_with_hundreds_of_thousands_of_attributes_loses_them(attributes: str) -> None:
    started = time.process_time()
    blocks = read_blocks(f"<p>Before</p><div {attributes}>Within</div><p>After</p>").blocks
    assert time.process_time() - started < _SECONDS
    assert [block.text for block in blocks] == ["Before", "Within", "After"]


def test_up_to_the_limit_attributes_stay() -> None:
    names = " ".join(_NAMES[: MAX_ATTRIBUTES // 10])
    tree = parse(f"<div {names}>x</div>" + "<p a='=' b='='>=</p>" * MAX_ATTRIBUTES)
    assert len(next(tree.iter("div")).attrib) == MAX_ATTRIBUTES // 10
    assert len(list(tree.iter("p"))) == MAX_ATTRIBUTES


@pytest.mark.parametrize(
    "html",
    ["<a " * 300_000, "<a '" * 200_000, '<a ="' * 200_000, "<a =" * 250_000, "<" * 500_000],
    ids=["open tags", "open quotes", "open values", "no values", "signs"],
)
def test_tags_that_never_end_take_no_longer(html: str) -> None:
    started = time.process_time()
    parse(html)
    assert time.process_time() - started < _SECONDS


def test_deep_nesting_takes_time_in_proportion() -> None:
    started = time.process_time()
    for tag, number in zip(("div", "b", "a", "table><tr><td", "ul><li"), count()):
        assert parse(f"<{tag}>" * 100_000 + f"word {number}") is not None
    assert time.process_time() - started < _SECONDS
