import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.html.blocks import read_blocks
from cleaners.html.pagefeatures import FEATURES, page_features
from cleaners.html.pagetype import PageVerdict, page_type
from cleaners.metadata import read_page_data

FOLDER = Path(__file__).with_name("kinds")
CASES = json.loads((FOLDER / "cases.json").read_text("utf-8"))


def _judge(html: str, url: str | None = None) -> PageVerdict:
    document = read_blocks(html)
    return page_type(document, read_page_data(document.tree, url), url=url)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_named_kinds_and_their_look_alikes(case: dict[str, str]) -> None:
    html = case.get("html") or (FOLDER / case["file"]).read_text("utf-8")
    html = html.replace("PROSE", (FOLDER / "prose.txt").read_text("utf-8"))
    verdict = _judge(html, case.get("url"))
    assert (verdict.reason.value if verdict.reason else None) == case["reason"], verdict
    if "type" in case:
        assert verdict.page_type.value == case["type"]


def test_an_article_is_called_one() -> None:
    prose = (FOLDER / "prose.txt").read_text("utf-8")
    html = (
        '<html><head><meta property="og:type" content="article"><title>Lake bridge opens</title>'
        '<meta property="article:published_time" content="2024-05-03T14:24:00+02:00"></head>'
        f"<body><article><h1>Lake bridge opens</h1>{prose}</article></body></html>"
    )
    verdict = _judge(html, "https://lowmere.example/news/2024/05/03/lake-bridge-opens-to-walkers")
    assert (verdict.page_type.value, verdict.reason) == ("article", None)
    assert verdict.score > 0.8


def test_features_are_finite_and_as_many_as_named() -> None:
    for html in ("", "<p>x", "<html><body><h1>Lake</h1><p>The bridge is open.</p></body></html>"):
        document = read_blocks(html)
        row = page_features(document, read_page_data(document.tree), "http://[bad")
        assert row.shape == (1, len(FEATURES))
        assert bool((abs(row) < 1e6).all())


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300), st.none() | st.text(max_size=40))
def test_any_page_gets_a_verdict(html: str, url: str | None) -> None:
    verdict = _judge(html, url)
    assert 0.0 <= verdict.score <= 1.0
