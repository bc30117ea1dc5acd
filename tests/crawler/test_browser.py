"""Pages that need JavaScript, rendered by the machine's own Chromium."""

from dataclasses import replace
from pathlib import Path

import pytest

from crawler.model import CrawlJob
from crawler.run import crawl
from tests.crawler.results import QUICK, articles, job, reasons
from tests.crawler.web import Answer, Asked, Web, article_page

SHELL = (
    b"<!doctype html><html><head><title>Desk</title></head><body><div id='root'></div>"
    b"<noscript>You need to enable JavaScript to run this app.</noscript>"
    b"<script src='/static/app.js'></script></body></html>"
)
MANNERS = replace(QUICK, timeout=30.0)


def shell_site(web: Web) -> str:
    """A page whose article comes by a script; its URL."""
    inner = article_page(3).decode().partition("<body>")[2].partition("</body>")[0]
    quoted = inner.replace("\\", "\\\\").replace("`", "\\`")
    web.pages["nord.example/app/a-story"] = SHELL
    web.pages["nord.example/static/app.js"] = Answer(
        f"document.getElementById('root').innerHTML = `{quoted}`;"
        "fetch('http://169.254.169.254/latest/');"
        "new Image().src = '/pixel.png';".encode(),
        headers=(("Content-Type", "text/javascript"),),
    )
    return "http://nord.example/app/a-story"


def test_a_shell_is_rejected_by_default(web: Web, tmp_path: Path) -> None:
    url = shell_site(web)
    crawl(job("pages", tmp_path, url))
    assert reasons(tmp_path) == {url: "needs-javascript"}
    assert web.count("http://nord.example/static/app.js") == 0


@pytest.mark.slow
def test_a_shell_is_rendered_when_asked_and_replays_alike(web: Web, tmp_path: Path) -> None:
    url = shell_site(web)
    record = crawl(job("pages", tmp_path / "live", url, manners=MANNERS, browser=True))
    assert (record.ending, record.articles) == ("finished", 1)
    live = articles(tmp_path / "live")[url]
    assert len(live.text.split()) > 100
    hosts = {asked.host for asked in web.log}
    assert hosts == {"nord.example"}, "nothing private was asked"
    assert web.count("http://nord.example/pixel.png") == 0
    warcs = tuple((tmp_path / "live" / "warc").glob("*.gz"))
    crawl(CrawlJob("replay", tmp_path / "again", warcs=warcs, manners=QUICK))
    assert articles(tmp_path / "again")[url].text == live.text
    assert reasons(tmp_path / "again") == {}


@pytest.mark.slow
def test_a_page_that_never_ends_loading_is_given_up(web: Web, tmp_path: Path) -> None:
    url = shell_site(web)

    def slow(asked: Asked) -> Answer:
        return Answer(b"", after=6.0)

    web.pages["nord.example/static/app.js"] = slow
    manners = replace(QUICK, timeout=2.0)
    record = crawl(job("pages", tmp_path, url, manners=manners, browser=True))
    assert (record.ending, reasons(tmp_path)) == ("finished", {url: "needs-javascript"})
