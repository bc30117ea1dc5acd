"""Whole runs of the related spider on an invented web."""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cleaners.model import Seed
from crawler.model import CrawlJob
from crawler.run import crawl
from tests.crawler.results import articles, job, reasons, rejections
from tests.crawler.web import Answer, Asked, Web

STORY, OTHERS = (
    tuple((entry["title"], entry["text"]) for entry in entries)
    for entries in json.loads(Path(__file__).with_name("story.json").read_text("utf-8")).values()
)


def page(title: str, text: str) -> bytes:
    paragraphs = "".join(
        f"<p>{sentence.strip()}.</p>" for sentence in text.split(".") if sentence.strip()
    )
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head><body><nav>'
        f'<a href="/">Home</a></nav><article><h1>{title}</h1>{paragraphs}</article></body></html>'
    ).encode()


def slug(title: str) -> str:
    return title.lower().replace(" ", "-")


def put(web: Web, host: str, stories: Sequence[tuple[str, str]]) -> list[str]:
    """A site whose feed lists the stories; their URLs."""
    urls = [f"http://{host}/{slug(title)}" for title, _ in stories]
    entries = ""
    for url, (title, text) in zip(urls, stories, strict=True):
        web.pages[url[7:]] = page(title, text)
        entries += f"<item><title>{title}</title><link>{url}</link></item>"
    channel = f"<channel><title>x</title>{entries}</channel>"
    feed = f'<?xml version="1.0"?><rss version="2.0">{channel}</rss>'
    web.pages[f"{host}/feed.xml"] = Answer(
        feed.encode(), headers=(("Content-Type", "application/rss+xml"),)
    )
    link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    web.pages[f"{host}/"] = f"<html><head>{link}</head><body><p>Front</p></body></html>".encode()
    return urls


def story_job(out: Path, *sites: str, **more: object) -> CrawlJob:
    seed = Seed("seed-1", *STORY[0])
    return replace(job("related", out, *sites), seeds=(seed,), **more)  # type: ignore[arg-type]


def test_the_storys_pages_are_kept_and_others_not_even_fetched(web: Web, tmp_path: Path) -> None:
    wanted = put(web, "north.example", [STORY[1], *OTHERS])[:1]
    wanted += put(web, "south.example", [*OTHERS, STORY[2]])[-1:]
    record = crawl(story_job(tmp_path, "http://north.example/", "http://south.example/"))
    assert set(articles(tmp_path)) == set(wanted)
    assert record.fetched <= 2.5 * len(wanted)
    for article in articles(tmp_path).values():
        found = article.discovery
        assert found is not None
        assert (found.method, found.seed_id) == ("feed", "seed-1")
        assert found.score is not None
        assert found.score >= 0.5
        assert found.reasons
    unfetched = [r for r in rejections(tmp_path).values() if r.reason == "not-related"]
    assert len(unfetched) == 4
    assert all("score" in rejection.detail for rejection in unfetched)
    assert all(web.count(rejection.source) == 0 for rejection in unfetched)


def test_a_headline_that_promises_too_much_is_told_after_the_fetch(
    web: Web, tmp_path: Path
) -> None:
    (url,) = put(
        web, "north.example", [("Port Kestrel orchard growers fear late frost", OTHERS[1][1])]
    )
    crawl(story_job(tmp_path, "http://north.example/"))
    rejection = rejections(tmp_path)[url]
    assert (rejection.stage, rejection.reason) == ("relate", "not-related")
    assert web.count(url) == 1


def test_a_title_that_comes_later_makes_up_for_an_address_without_words(
    web: Web, tmp_path: Path
) -> None:
    web.pages["north.example/a/17"] = page(*STORY[1])
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    web.pages["north.example/robots.txt"] = Answer(b"Sitemap: http://north.example/sitemap.xml")
    web.pages["north.example/sitemap.xml"] = Answer(
        f'<urlset xmlns="{space}"><url><loc>http://north.example/a/17</loc></url></urlset>'.encode(),
        headers=(("Content-Type", "application/xml"),),
    )
    web.pages["north.example/late.xml"] = Answer(
        f"<rss version='2.0'><channel><item><title>{STORY[1][0]}</title>"
        "<link>http://north.example/a/17</link></item></channel></rss>".encode(),
        after=0.5,
    )
    link = '<link rel="alternate" type="application/rss+xml" href="/late.xml">'
    web.pages["north.example/"] = f"<html><head>{link}</head><body>x</body></html>".encode()
    crawl(story_job(tmp_path, "http://north.example/"))
    assert set(articles(tmp_path)) == {"http://north.example/a/17"}
    assert "http://north.example/a/17" not in reasons(tmp_path)


def test_search_services_are_asked_and_a_broken_one_stops_nothing(web: Web, tmp_path: Path) -> None:
    (url,) = put(web, "north.example", [STORY[1]])
    asked: list[str] = []

    def gdelt(request: Asked) -> Answer:
        asked.append(parse_qs(urlsplit(request.url).query)["query"][0])
        found = {"articles": [{"url": url, "title": STORY[1][0], "seendate": "20260301T101500Z"}]}
        return Answer(json.dumps(found).encode(), headers=(("Content-Type", "application/json"),))

    class Anything(dict[str, object]):
        """Answers any query of the services."""

        def get(self, key: str, default: object = None) -> object:
            if key.startswith("gdelt.example/"):
                return gdelt
            return super().get(key, default)

    web.pages = Anything(web.pages)  # type: ignore[assignment]
    endpoints = (
        ("gdelt", "http://gdelt.example/doc"),
        ("bing", "http://bing.example/search"),
    )
    record = crawl(story_job(tmp_path, search=("gdelt", "bing"), endpoints=endpoints))
    assert asked
    assert "Kestrel" in asked[0]
    assert set(articles(tmp_path)) == {url}
    assert record.ending == "finished"
    assert {reasons(tmp_path)[a.url] for a in web.log if a.host == "bing.example"} == {"http-error"}
    times = sorted(at.at for at in web.log if at.host == "gdelt.example")
    assert all(b - a >= 4.9 for a, b in pairwise(times))


def test_links_of_good_pages_are_followed_within_the_depth(web: Web, tmp_path: Path) -> None:
    put(web, "north.example", [STORY[1]])
    first = f"north.example/{slug(STORY[1][0])}"
    next_url = f"http://south.example/{slug(STORY[2][0])}"
    body = web.pages[first]
    assert isinstance(body, bytes)
    box = f'<p>Read more: <a href="{next_url}">{STORY[2][0]}</a></p></article>'
    web.pages[first] = body.replace(b"</article>", box.encode())
    web.pages[next_url[7:]] = page(*STORY[2])
    crawl(story_job(tmp_path, "http://north.example/"))
    assert next_url in articles(tmp_path)
