"""The event loop is free while a crawl reads what is large."""

from pathlib import Path

from benchmarks.crawl_speed import MOST_HELD
from benchmarks.loop import spread, watching
from crawler.run import crawl
from tests.crawler.conftest import web
from tests.crawler.results import articles, job
from tests.crawler.web import Answer, Web

__all__ = ["web"]

XML = (("Content-Type", "application/xml"),)
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def test_no_call_holds_the_loop_for_long(web: Web, tmp_path: Path) -> None:
    urls = web.add_site("nord.example", 40)
    locs = "".join(f"<url><loc>http://nord.example/x/{n}</loc></url>" for n in range(20_000))
    web.pages["nord.example/map.xml"] = Answer(
        f'<urlset xmlns="{SPACE}">{locs}</urlset>'.encode(), headers=XML
    )
    rules = b"".join(b"Disallow: /never-%d\n" % n for n in range(20_000))
    maps = b"Sitemap: http://nord.example/sitemap.xml\nSitemap: http://nord.example/map.xml\n"
    web.pages["nord.example/robots.txt"] = b"User-agent: *\n" + rules + maps
    crawl(job("pages", tmp_path, urls[0]))  # what a process loads once, before its first request
    with watching() as found:
        record = crawl(job("site", tmp_path, "http://nord.example/", limit=300))
    assert record.ending == "limit-reached", (record.reasons, record.left, record.fetched)
    assert len(found.held) > 20
    assert spread(found.held)[1] < MOST_HELD
    assert set(articles(tmp_path)) <= set(urls)
