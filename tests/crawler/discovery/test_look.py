"""Links read by the worker that cleans a page are those that reading its bytes gives."""

import pickle
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from cleaners.clean import clean_and_observe
from cleaners.model import Article, Candidate, Outcome, Page
from crawler.discovery.found import Found, Source
from crawler.discovery.look import LinkLook
from crawler.discovery.read import read_page
from crawler.model import CrawlJob, Kind, Manners, Task, Visit
from crawler.spiders.pages import PagesSpider
from crawler.spiders.site import SiteSpider
from examples.newswire import Kind as Told
from examples.newswire.address import View, by_host
from examples.newswire.gold import webs
from examples.newswire.load import sites

FEED = b"""<rss version="2.0"><channel><title>Nord</title><item><title>A bridge is closed</title>
<link>http://nord.example/a/bridge-closed-1234</link><description>For a year.</description>
<pubDate>Fri, 01 May 2026 10:00:00 GMT</pubDate></item></channel></rss>"""
MENU = b"""<html><head><title>Nord</title></head><body><main>
<a href="/a/bridge-is-closed-for-a-year">
The bridge is closed for a year</a></main></body></html>"""
TASK = Task("f", "http://nord.example/news/", "nord.example", Kind.SECTION, 1.0, 0, 0, 0)


def seen(look: LinkLook, page: Page) -> tuple[Outcome, Found | None]:
    """What a worker makes of a page."""
    cleaned = clean_and_observe(page, reading=True)
    sight = pickle.loads(pickle.dumps(look))(page, cleaned.outcome, cleaned.document)
    return cleaned.outcome, Found.unpacked(sight) if sight is not None else None


def test_every_page_of_the_newswire_has_the_same_links() -> None:
    view, read, empty = View(by_host(sites())), 0, 0
    for web in webs().values():
        articles = list(islice(web.articles, 6))
        for path in (*articles, *web.odd, "/", *islice(web.sections, 2)):
            answer = web.answer(path, view)
            if answer.kind not in (Told.ARTICLE, Told.LISTING) and path not in web.odd:
                continue
            url = view.url(web.site, path)
            outcome, found = seen(LinkLook(source=True), Page(answer.body, url, url))
            assert found == read_page(answer.body, url), url
            _, asked = seen(LinkLook(source=False), Page(answer.body, url, url))
            assert asked == (found if isinstance(outcome, Article) else None)
            read += 1
            empty += not found.candidates
    assert read > 60
    assert empty < read / 2


def test_a_section_that_is_a_feed_is_read_as_one() -> None:
    page = Page(FEED, TASK.url, TASK.url)
    _, found = seen(LinkLook(source=True), page)
    assert found == read_page(FEED, TASK.url)
    assert [candidate.title for candidate in found.candidates] == ["A bridge is closed"]
    assert seen(LinkLook(source=False), page)[1] is None


def test_what_is_packed_comes_back_as_it_was() -> None:
    candidate = Candidate(
        "http://nord.example/a",
        "feed",
        title="Bridge \ud800",
        published=datetime(2026, 5, 1, tzinfo=UTC),
        why=("a", "b"),
    )
    found = Found((candidate, replace(candidate, url="b")), (Source("c", "feed"),), ("odd",))
    assert Found.unpacked(found.packed()) == found
    assert Found.unpacked(Found().packed()) == Found()


def job(spider: str) -> CrawlJob:
    urls = (TASK.url,)
    return CrawlJob(spider, Path("out"), urls=urls, manners=Manners(obey_nofollow=False))


def test_only_spiders_that_follow_links_have_them_read() -> None:
    site, pages = SiteSpider(job("site")), PagesSpider(job("pages"))
    page = replace(TASK, kind=Kind.PAGE)
    assert site.look(TASK) == LinkLook(source=True, follow_nofollow=True)
    assert site.look(page) == LinkLook(source=False, follow_nofollow=True)
    assert pages.look(page) is None


def test_a_page_that_its_worker_read_is_not_read_again() -> None:
    spider = SiteSpider(job("site"))
    visit = Visit(TASK, page=Page(MENU, TASK.url, TASK.url))
    own = spider.discover(visit)
    assert [lead.url for lead in own.leads if lead.kind is Kind.PAGE] == [
        "http://nord.example/a/bridge-is-closed-for-a-year"
    ]
    other = Found((Candidate("http://nord.example/b", "link"),))
    by_worker = spider.discover(replace(visit, links=other.packed()))
    pages = [lead.url for lead in by_worker.leads if lead.kind is Kind.PAGE]
    assert pages == ["http://nord.example/b"]
    dead = spider.discover(replace(visit, links=Found().packed()))
    assert [lead.url for lead in dead.leads if lead.kind is Kind.PAGE] == []
