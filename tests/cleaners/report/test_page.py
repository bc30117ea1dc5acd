"""The frame of written pages: its policy fits its content, and nothing from outside gets out."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.model import Page
from cleaners.report.explain import explain
from cleaners.report.explain_page import explain_page
from cleaners.report.page import embedded, frame
from cleaners.report.render import render_report
from tests.cleaners.report.sample import HOSTILE, sample


class _Tags(HTMLParser):
    """Collects start tags with their attributes, and what stands in scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] in ("script", "style") and data.strip():
            self.raw.append((self.tags[-1][0], data))


def _read(page: str) -> _Tags:
    reader = _Tags()
    reader.feed(page)
    return reader


PAGES = {
    "report": render_report(sample()),
    "hostile report": render_report(sample(hostile=True)),
    "explain": explain_page(
        explain(Page(content=f"{HOSTILE}\n\n{'It rained. ' * 40}".encode("utf-8", "replace"),
                     source=HOSTILE, kind="text"))
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_allows_the_own_style_and_script_and_nothing_else(name: str) -> None:
    tags = _read(PAGES[name])
    [policy] = [a["content"] for t, a in tags.tags if a.get("http-equiv")]
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy
    for kind, content in tags.raw:
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        is_data = content.lstrip().startswith("[")
        assert is_data or f"{kind}-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize("name", PAGES)
def test_no_handlers_styles_or_addresses_in_attributes(name: str) -> None:
    for tag, attributes in _read(PAGES[name]).tags:
        assert tag not in ("img", "iframe", "object", "embed", "base")
        assert not [a for a in attributes if a.startswith("on") or a in ("style", "src", "srcset")]
        assert (attributes.get("href") or "#").startswith("#")


@given(st.recursive(st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=8))
def test_embedded_data_comes_back_and_never_ends_its_element(value: object) -> None:
    element = embedded("x", value)
    inside = element[element.index(">") + 1 : element.rindex("<")]
    assert "<" not in inside
    assert json.loads(inside) == value


@given(st.text())
def test_a_title_stays_a_title(title: str) -> None:
    page = frame(title=title, body="", style="p{}")
    assert len(re.findall(r"<title>", page)) == 1
    assert [tag for tag, _ in _read(page).tags] == ["html", "head", *["meta"] * 5, "title", "style",
                                                    "body"]  # fmt: skip
