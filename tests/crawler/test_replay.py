"""A replay of the archive gives what the live crawl gave, without a request."""

from dataclasses import replace
from pathlib import Path

import pytest

from cleaners.model import Seed
from cleaners.store.dataset import Dataset
from cleaners.store.schema import ARTICLES
from crawler.model import CrawlJob
from crawler.run import crawl
from tests.crawler.results import QUICK, articles, job, reasons
from tests.crawler.web import Answer, Web, article_page, title_of

OF_THE_RUN = {"run_id", "cleaned_at", "ingest_date"}


def rows(out: Path) -> list[dict[str, object]]:
    """All articles with all columns, but for those that name the run."""
    table = Dataset.open(out).scan(ARTICLES).to_table()
    found = [
        {name: value for name, value in row.items() if name not in OF_THE_RUN}
        for row in table.to_pylist()
    ]
    return sorted(found, key=lambda row: str(row["article_id"]))


def replay(out: Path, archive: Path) -> CrawlJob:
    warcs = tuple(sorted((archive / "warc").glob("*.warc.gz")))
    return CrawlJob("replay", out, warcs=warcs, workers=1, manners=QUICK)


def test_a_replayed_site_gives_equal_rows(web: Web, tmp_path: Path) -> None:
    urls = web.add_site("nord.example", 5)
    web.pages["nord.example/same"] = web.pages[urls[0][7:]]
    web.pages["nord.example/gone"] = Answer(b"", 302, (("Location", urls[1]),))
    live = tmp_path / "live"
    record = crawl(job("site", live, "http://nord.example/"))
    crawl(job("pages", live, "http://nord.example/same", "http://nord.example/gone"))
    web.log.clear()
    again = crawl(replay(tmp_path / "replayed", live))
    assert web.log == []
    assert (record.articles, again.ending) == (5, "finished")
    assert rows(tmp_path / "replayed") == rows(live)


def test_a_replayed_story_keeps_why_each_page_is_there(web: Web, tmp_path: Path) -> None:
    urls = web.add_site("nord.example", 6, links="front")
    seed = Seed("s1", title_of(2), article_text(2))
    live = tmp_path / "live"
    crawl(replace(job("related", live, "http://nord.example/"), seeds=(seed,), min_relevance=0.6))
    assert urls[2] in articles(live)
    found = articles(live)[urls[2]].discovery
    assert found is not None
    assert found.score is not None
    assert (found.seed_id, found.score >= 0.6, bool(found.reasons)) == ("s1", True, True)
    crawl(replay(tmp_path / "replayed", live))
    assert rows(tmp_path / "replayed") == rows(live)
    of_story = {k: v for k, v in reasons(tmp_path / "replayed").items() if v == "not-related"}
    assert of_story.items() <= reasons(live).items()


def article_text(number: int) -> str:
    page = article_page(number).decode()
    return "\n\n".join(part.partition("</p>")[0] for part in page.split("<p>")[1:])


def test_cleaning_again_replaces_rows_in_place(web: Web, tmp_path: Path) -> None:
    crawl(job("pages", tmp_path, *web.add_site("nord.example", 3)))
    before = rows(tmp_path)
    record = crawl(replay(tmp_path, tmp_path))
    assert (record.articles, record.rejected) == (3, 0)
    assert rows(tmp_path) == before


def test_pages_that_changed_come_back_in_order(web: Web, tmp_path: Path) -> None:
    live = tmp_path / "live"
    (url,) = web.add_site("nord.example", 1)
    for version in (1, 2):
        web.pages[url[7:]] = article_page(0, version=version)
        crawl(job("pages", live, url))
    crawl(replay(tmp_path / "replayed", live))
    assert rows(tmp_path / "replayed") == rows(live)
    assert rows(live)[0]["revision"] == 2


@pytest.mark.parametrize("content", [b"", b"not an archive", b"\x1f\x8b\x08broken"])
def test_an_archive_that_is_none_is_a_rejection(tmp_path: Path, web: Web, content: bytes) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    record = crawl(CrawlJob("replay", tmp_path / "out", warcs=(path,), manners=QUICK))
    assert (record.ending, record.articles) == ("finished", 0)
    assert set(reasons(tmp_path / "out")) <= {str(path)}
