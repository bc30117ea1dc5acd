"""A hostile article on its whole way, stored, listed, explained and reported: harmless."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest

from crawler.cli import run
from tests.cleaners.report.browser import Browser, chromium

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SCRIPT = "<script>window.hit=1;alert(1)</script><img src=x onerror=window.hit=1>"
STEERING = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e"
TITLE = f'=cmd|"/c calc"!A1 {SCRIPT} ../../etc/passwd {STEERING}'
PROSE = "".join(
    f"<p>The council of Brack Island said on day {n} that the ferry would sail again soon, "
    f"{escape(SCRIPT)} although {{{{7*7}}}} the pier is being repaired after the storm.</p>"
    for n in range(8)
)
PAGE = (
    f"<html><head><title>{escape(TITLE)}</title><meta name=author content='=1+1 {escape(SCRIPT)}'>"
    f"<meta property='og:title' content='{escape(TITLE, quote=True)}'></head><body><article>"
    f"<h1>{escape(TITLE)}</h1>{PROSE}</article>"
    "<a href='javascript:window.hit=1'>Read</a></body></html>"
)
OWN_NAMES = re.compile(
    r"(?:articles|rejects|reports|stories|revisions|warc|\.winnow|ingest_date=[\d-]{10}|lock|commit"
    r"|[\w.-]+\.(?:parquet|json|json\.gz|html|toml))"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a hostile page under a hostile name, and the output made of it."""
    folder = tmp_path_factory.mktemp("hostile")
    pages = folder / "in"
    pages.mkdir()
    (pages / f"=a {STEERING}<b>.html").write_text(PAGE, "utf-8", "surrogatepass")
    (pages / "etc").symlink_to("/etc")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert run(["clean", "in", "--out", "out", "--quiet"]) in (0, 1)
        assert run(["report", "--out", "out", "--to", "report.html"]) == 0
        page = str(next(pages.glob("*.html")))
        assert run(["explain", page, "--html", "why.html"]) == 0
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def test_names_below_the_output_are_not_the_contents(folder: Path) -> None:
    names = {
        part
        for path in (folder / "out").rglob("*")
        for part in path.relative_to(folder / "out").parts
    }
    assert [name for name in names if not OWN_NAMES.fullmatch(name)] == []
    assert not any("cmd" in name or "passwd" in name for name in names)


@pytest.mark.parametrize("name", ["report.html", "why.html"])
def test_a_browser_runs_nothing_of_it(folder: Path, browser: Browser, name: str) -> None:
    browser.complaints.clear()
    browser.requests.clear()
    browser.session = ""
    browser.open(folder / name)
    assert browser.value("window.hit === undefined") is True
    policy = "document.querySelector('meta[http-equiv=Content-Security-Policy]').content"
    assert str(browser.value(policy)).startswith("default-src 'none'")
    assert "<script>window.hit" in str(browser.value("document.body.innerText")) or (
        name == "report.html"
    )
    assert browser.value("document.querySelectorAll('img, iframe, [onerror]').length") == 0
    assert browser.value("[...document.links].every(a => !a.href.startsWith('javascript'))") is True
    assert all(url.startswith(("file:", "about:")) for url in browser.requests)


@pytest.mark.parametrize(
    "call",
    [
        ["query", "select title, authors, source from articles", "--out", "out"],
        ["query", "select title, authors, source from articles", "--out", "out", "-f", "csv"],
        ["query", "select title, authors, source from articles", "--out", "out", "-f", "json"],
        ["stats", "--out", "out"],
        ["clean", "in", "--out", "again"],
        ["explain", "in", "--out", "out"],
    ],
    ids=lambda call: " ".join(call[:1] + call[-1:]),
)
def test_nothing_of_it_steers_a_terminal(folder: Path, call: list[str]) -> None:
    if call[0] == "explain":
        call = ["explain", str(next((folder / "in").glob("*.html")))]
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "200"}
    with subprocess.Popen(
        [sys.executable, "-m", "crawler", *call],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env=environment,
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            shown += piece
        process.wait()
    os.close(ours)
    text = shown.decode("utf-8")
    assert "\x1b]" not in text
    assert "\x1b[2J" not in text
    assert not re.search("[\x9b\u202e\x07]", text)


def test_a_spreadsheet_gets_no_formula(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    to = folder / "rows.csv"
    sql = "select title, authors[1] as author from articles"
    assert run(["query", sql, "--out", "out", "-f", "csv", "--to", str(to)]) == 0
    cells = re.findall(r'(?:^|,)"?(.)', to.read_text("utf-8"), re.MULTILINE)
    assert not {"=", "+", "@"} & set(cells)
