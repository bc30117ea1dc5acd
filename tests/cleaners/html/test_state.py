"""Bodies in the state of JavaScript applications: found, and nothing else taken for one."""

import json
from collections.abc import Callable

import pytest

from cleaners import clean_html
from cleaners.html.blocks import read_blocks
from cleaners.html.state import read_state
from cleaners.model import Article, Rejection

TITLE = "Ferry to Marn Island sails again"
PARAGRAPHS = tuple(
    f"On day {day} the crew of the ferry painted cabin {day}, tested its pumps and told the "
    f"harbour master of Lowmere that the crossing would take {day + 20} minutes in calm weather."
    for day in range(1, 7)
)
BODY = "\n".join(PARAGRAPHS)
HTML = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
TEASERS = [
    {"headline": f"Other story number {number}", "summary": "A short text about it.", "url": "/x"}
    for number in range(40)
]


def state(content: object, **more: object) -> dict[str, object]:
    article = {"headline": TITLE, "byline": "Ada Fenn", "content": content, **more}
    return {"props": {"pageProps": {"menu": TEASERS, "article": article, "related": TEASERS}}}


def as_next(data: object) -> str:
    return f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script>'


def as_assigned(data: object) -> str:
    return f"<script>var a = 1;\nwindow.__INITIAL_STATE__ = {json.dumps(data)};go()</script>"


def page(script: str, root: str = "") -> str:
    head = f'<title>{TITLE} - Lowmere Post</title><meta property="og:type" content="article">'
    return f'<html><head>{head}</head><body><div id="root">{root}</div>{script}</body></html>'


RICH = [
    {"type": "paragraph", "children": [{"text": start + " "}, {"text": end, "bold": True}]}
    for start, end in (paragraph.split(" ", 1) for paragraph in PARAGRAPHS)
]
SHAPES = {
    "html": HTML,
    "list of strings": list(PARAGRAPHS),
    "elements": [{"type": "text", "content": paragraph} for paragraph in PARAGRAPHS],
    "rich text": {"type": "doc", "children": RICH},
    "nested": {"blocks": [{"data": {"text": paragraph}} for paragraph in PARAGRAPHS]},
}


@pytest.mark.parametrize("write", [as_next, as_assigned])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_body_is_found_whatever_its_shape(shape: str, write: Callable[[object], str]) -> None:
    document = read_blocks(page(write(state(SHAPES[shape]))))
    assert read_state(document.tree, TITLE) == BODY


def test_the_body_beside_the_title_goes_before_a_longer_one() -> None:
    longer = {"headline": "The harbour's long history", "content": HTML.replace("crew", "men") * 2}
    data = {**state(HTML), "next": longer}
    assert read_state(read_blocks(page(as_next(data))).tree, TITLE) == BODY


@pytest.mark.parametrize(
    "script",
    [
        as_next({"menu": TEASERS}),
        as_assigned({"texts": {"cookie": "We use cookies to improve the service."}}),
        f"<script>function f() {{ return {json.dumps(BODY)} }}</script>",
        "<script>window.__STATE__ = {broken: true, content: '"
        + BODY.replace("'", "")
        + "'}</script>",
        '<script type="application/json">' + "[" * 100_000 + "</script>",
        "",
    ],
)
def test_what_is_no_body_is_not_read(script: str) -> None:
    assert read_state(read_blocks(page(script)).tree, TITLE) == ""


def test_a_page_without_text_is_cleaned_from_its_state() -> None:
    outcome = clean_html(page(as_next(state(HTML))), url="https://post.example/ferry")
    assert isinstance(outcome, Article)
    assert outcome.text.split("\n\n") == list(PARAGRAPHS)


def test_a_page_that_shows_its_body_is_not_cleaned_from_its_state() -> None:
    shown = f"<article><h1>{TITLE}</h1>{HTML}</article>"
    other = as_next(state(HTML.replace("ferry", "barge")))
    outcome = clean_html(page(other, shown), url="https://post.example/ferry")
    assert isinstance(outcome, Article)
    assert "barge" not in outcome.text
    assert PARAGRAPHS[0] in outcome.text


def test_a_shell_without_state_is_still_none() -> None:
    outcome = clean_html(page("<script src=/app.js></script>"), url="https://post.example/ferry")
    assert isinstance(outcome, Rejection)
