"""The report as a browser shows it: it renders, filters, opens articles, runs no foreign code."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cleaners.report.render import render_report
from tests.cleaners.report.browser import Browser, chromium
from tests.cleaners.report.sample import sample

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Browser:
    browser.complaints.clear()
    browser.requests.clear()
    browser.session = ""
    path = tmp_path / "report.html"
    path.write_text(render_report(sample(articles=120)), encoding="utf-8")
    browser.open(path)
    return browser


def _count(page: Browser) -> int:
    return int(page.value("document.querySelectorAll('#results li').length"))


def _settle(page: Browser) -> None:
    """Wait for the pause after typing."""
    page.value("new Promise((done) => setTimeout(done, 250))")


def test_it_renders_without_complaints_or_requests(page: Browser) -> None:
    assert page.value("document.title") == "Winnow report: The ferry"
    assert page.value("document.querySelector('#count').textContent") == "120 of 120 articles"
    assert _count(page) == 50
    assert page.complaints == []
    assert all(url.startswith("file:") for url in page.requests)
    assert len(page.requests) <= 1


def test_search_and_filters_narrow_the_list(page: Browser) -> None:
    page.value("document.querySelector('#query').focus()")
    page.type("REPORT 7")
    _settle(page)
    titles = page.value("[...document.querySelectorAll('#results .title')].map(t => t.textContent)")
    assert titles
    assert all("7" in title for title in titles)
    page.value(
        "(() => { const s = document.querySelector('#language'); s.value = 'de';"
        "s.dispatchEvent(new Event('change')); })()"
    )
    narrowed = page.value("document.querySelector('#count').textContent")
    assert int(narrowed.split()[0]) < len(titles)


def test_an_article_opens_by_keyboard_and_shows_what_was_removed(page: Browser) -> None:
    page.value("document.querySelector('#results button').focus()")
    page.press("Enter")
    assert page.value("document.querySelector('#view').open") is True
    shown = page.value("document.querySelector('#view-text').innerText")
    assert "First paragraph" in shown
    assert "Home News Sport" not in shown
    page.value("document.querySelector('#before').click()")
    order = page.value(
        "[...document.querySelectorAll('#view-text p')]"
        ".map(p => (p.querySelector('del') || p).textContent)"
    )
    assert order[0] == "Home News Sport"
    assert order[1].startswith("First paragraph")
    assert order[2] == "Read more"
    page.press("Escape")
    assert page.value("document.querySelector('#view').open") is False
    assert page.value("document.activeElement.parentElement.tagName") == "LI"


def test_rejections_filter(page: Browser) -> None:
    page.value("document.querySelector('#reject-query').focus()")
    page.type("/59")
    _settle(page)
    assert page.value("document.querySelectorAll('#reject-rows tr').length") == 1


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 390, 1000])
def test_nothing_is_wider_than_the_screen(
    browser: Browser, tmp_path: Path, width: int, dark: bool
) -> None:
    browser.session = ""
    path = tmp_path / "report.html"
    path.write_text(render_report(sample()), encoding="utf-8")
    browser.open(path, width=width, dark=dark)
    assert browser.value("document.documentElement.scrollWidth") <= width
    assert _contrast(browser, "body", "body") >= 7
    assert _contrast(browser, ".lead", "body") >= 4.5
    assert _contrast(browser, "summary", "body") >= 4.5


def test_every_control_and_chart_has_a_name(page: Browser) -> None:
    tree = page.call("Accessibility.getFullAXTree")["nodes"]
    roles = {"button", "textbox", "searchbox", "combobox", "image", "table", "radio"}
    nameless = [
        node["role"]["value"]
        for node in tree
        if not node.get("ignored")
        and node["role"]["value"] in roles - {"table"}
        and not node.get("name", {}).get("value")
    ]
    assert nameless == []
    levels = page.value("[...document.querySelectorAll('h1,h2')].map(h => h.tagName)")
    assert levels.count("H1") == 1


def test_hostile_texts_stay_text(browser: Browser, tmp_path: Path) -> None:
    browser.session = ""
    browser.complaints.clear()
    browser.requests.clear()
    path = tmp_path / "hostile.html"
    text = render_report(sample(hostile=True))
    path.write_text(text, encoding="utf-8", errors="replace")
    browser.open(path)
    browser.value("document.querySelector('#results button').click()")
    browser.value("document.querySelector('#before').click()")
    assert "<img src=x" in browser.value("document.querySelector('#view-text').innerText")
    assert browser.value("window.hit") is None
    assert browser.value("document.querySelectorAll('img').length") == 0
    assert browser.value("document.querySelectorAll('script:not([type])').length") == 1
    assert browser.complaints == []
    assert len(browser.requests) <= 1


def _contrast(page: Browser, text: str, ground: str) -> float:
    """The contrast of a text with its ground (WCAG 2.2, 1.4.3)."""
    found = page.value(
        f"[getComputedStyle(document.querySelector('{text}')).color,"
        f"getComputedStyle(document.querySelector('{ground}')).backgroundColor]"
    )
    light, dark = sorted((_luminance(color) for color in found), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    parts = [int(part) / 255 for part in color[color.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
