"""The main job from end to end: seeds and a web in, the story's coverage as Parquet out.

One run of `python -m examples.run`, as `make run` calls it, on a newswire of its own; then a second
one on the same output, and one on the newswire's second day.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean
from urllib.parse import urlsplit

import duckdb
import pandas
import polars
import pyarrow.dataset
import pytest

from benchmarks.metrics import overlap
from examples.newswire import GoldPage, Kind, gold, serve
from examples.newswire.address import View, by_host, untracked
from examples.newswire.load import sites

ROOT = Path(__file__).parent.parent
STORY = "sable-radar"
MIN_RECALL = MIN_PRECISION = 0.95
MAX_FETCHES = 2.5
"""Pages fetched a page of the story, as titles are known in advance."""
MIN_BODY_F1 = 0.95
MIN_TITLES = 0.9
"""A page of FONT elements alone, without any metadata, may keep its site's name."""
ODDITIES = (
    Kind.LIVE_BLOG,
    Kind.CHALLENGE,
    Kind.CONSENT_WALL,
    Kind.SOFT_404,
    Kind.VIDEO,
    Kind.SHELL,
    Kind.GONE,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("end-to-end"),
]


@dataclass(frozen=True, slots=True)
class Flow:
    """What one `make run` left: its output folder, its words and the sites' access log."""

    out: Path
    said: str
    log: tuple[Mapping[str, object], ...]
    articles: Mapping[str, Mapping[str, object]]
    """Rows of articles/ by source, seeds and pages alike."""
    rejects: Mapping[str, Mapping[str, object]]

    @property
    def found(self) -> set[str]:
        """Addresses of the stored pages."""
        return {source for source in self.articles if "://" in source}


def rows(out: Path, table: str) -> dict[str, Mapping[str, object]]:
    parts = sorted(str(part) for part in (out / table).rglob("*.parquet"))
    if not parts:
        return {}
    found = pyarrow.dataset.dataset(parts).to_table().to_pylist()
    by_source = {str(row["source"]): row for row in found}
    assert len(by_source) == len(found), f"a source stands twice in {table}"
    return by_source


def make_run(out: Path, log: Path, *, day: int = 1) -> Flow:
    """`make run` on the demo; the log is that of this run alone."""
    command = [sys.executable, "-m", "examples.run", "--out", str(out), "--log", str(log)]
    done = subprocess.run(
        [*command, "--day", str(day)],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "160"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    lines = tuple(json.loads(line) for line in log.read_text("utf-8").splitlines())
    articles, rejects = rows(out, "articles"), rows(out, "rejects")
    return Flow(out, done.stdout + done.stderr, lines, articles, rejects)


def fetch_pages(urls: list[str], out: Path, proxy: str) -> None:
    """`winnow pages`: pages asked for by name are fetched whether they are due or not."""
    environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    code = "import sys; from crawler.cli import main; main(sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", code, "pages", *urls, "--out", str(out)],
        cwd=ROOT,
        env={**environment, "http_proxy": proxy},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("end-to-end")


@pytest.fixture(scope="module")
def first(folder: Path) -> Flow:
    return make_run(folder / "output", folder / "first.jsonl")


@pytest.fixture(scope="module")
def second(folder: Path, first: Flow) -> Flow:
    return make_run(folder / "output", folder / "second.jsonl")


@pytest.fixture(scope="module")
def next_day(folder: Path, second: Flow) -> Flow:
    return make_run(folder / "output", folder / "third.jsonl", day=2)


def pages(kind: Kind = Kind.ARTICLE, *, day: int = 1) -> dict[str, GoldPage]:
    view = View(by_host(sites()), day)
    return {page.url: page for page in gold(view) if page.kind is kind}


def coverage(*, day: int = 1) -> dict[str, GoldPage]:
    return {url: page for url, page in pages(day=day).items() if page.story == STORY}


def test_the_storys_pages_are_found_and_no_others(first: Flow) -> None:
    wanted = set(coverage())
    assert len(first.found & wanted) >= MIN_RECALL * len(wanted), wanted - first.found
    assert len(first.found & wanted) >= MIN_PRECISION * len(first.found), first.found - wanted


def test_few_pages_are_fetched_for_it(first: Flow) -> None:
    articles = pages()
    asked = {f"http://{line['host']}{untracked(str(line['path']))}" for line in first.log}
    assert len(asked & set(articles)) <= MAX_FETCHES * len(coverage())


def test_bodies_are_the_golds(first: Flow) -> None:
    wanted = coverage()
    scores = {
        url: overlap(wanted[url].body, str(first.articles[url]["text"])).f1
        for url in first.found & set(wanted)
    }
    assert mean(scores.values()) >= MIN_BODY_F1, scores


def test_titles_and_languages_are_the_golds(first: Flow) -> None:
    wanted = coverage()
    found = {url: first.articles[url] for url in first.found & set(wanted)}
    assert mean(row["title"] == wanted[url].title for url, row in found.items()) >= MIN_TITLES
    assert {url for url, row in found.items() if row["language"] != wanted[url].language} == set()


def test_every_stored_page_says_why_it_is_there(first: Flow) -> None:
    for url in first.found:
        row = first.articles[url]
        assert row["discovery_method"]
        assert row["seed_id"]
        assert isinstance(row["relevance_score"], float)
        assert row["relevance_reasons"]
        assert row["warc_file"]


def test_every_url_that_was_seen_has_one_outcome(first: Flow) -> None:
    outcomes = Counter(untracked(url) for url in [*first.found, *first.rejects])
    seen = set(pages())
    for kind in ODDITIES:
        seen |= set(pages(kind))
    assert {url: outcomes[url] for url in seen if outcomes[url] != 1} == {}


def test_pages_that_are_no_articles_are_not_stored(first: Flow) -> None:
    stored = {url for kind in (*ODDITIES, Kind.LISTING, Kind.DENIED) for url in pages(kind)}
    assert first.found & stored == set()


def test_the_sites_wishes_are_heeded(first: Flow) -> None:
    paths = [str(line["path"]) for line in first.log]
    assert [path for path in paths if path.startswith(("/private/", "/search"))] == []
    asked = [float(str(line["time"])) for line in first.log if line["site"] == "wireline"]
    pauses = [later - sooner for sooner, later in pairwise(asked[1:])]
    assert mean(pauses) >= 0.95, "Crawl-delay: 1"
    assert min(pauses) >= 0.7, "the log's times waver with the machine's load"
    hosts = {urlsplit(url).hostname for url in first.found}
    for host in hosts:
        mine = [str(line["path"]) for line in first.log if line["host"] == host]
        assert mine[0] == "/robots.txt"


def test_the_seeds_are_articles_without_their_chrome(first: Flow) -> None:
    seeds = {source: row for source, row in first.articles.items() if "://" not in source}
    assert len(seeds) == 4
    for row in seeds.values():
        for chrome in ("Skip to content", "You might also like", "other stories that may", "Menu"):
            assert chrome.lower() not in str(row["text"]).lower()
    texts = " ".join(str(row["text"]) for row in seeds.values())
    assert "pensioners who stopped pickling" not in texts
    assert "a cow: our correspondent" not in texts
    assert "And whoever is short of money and rich in cliffs will have taken note." in texts


def test_it_prints_what_it_found(first: Flow) -> None:
    for heading in ("Articles", "Removed", "Rejected", "relevance", "not-related"):
        assert heading in first.said
    for page in coverage().values():
        if page.language == "en":
            assert page.title[:20] in first.said


def test_a_second_run_adds_no_row(first: Flow, second: Flow) -> None:
    assert set(second.articles) == set(first.articles)
    assert set(second.rejects) == set(first.rejects)
    texts = {source: row["text_sha256"] for source, row in first.articles.items()}
    assert {source: row["text_sha256"] for source, row in second.articles.items()} == texts


def test_a_second_run_downloads_no_article_again(first: Flow, second: Flow) -> None:
    articles = pages()
    again = [
        line
        for line in second.log
        if line["status"] == 200 and f"http://{line['host']}{line['path']}" in articles
    ]
    assert again == []


def test_the_next_day_brings_what_is_new(second: Flow, next_day: Flow) -> None:
    assert next_day.found >= set(coverage(day=2)) - set(coverage())
    assert set(second.articles) <= set(next_day.articles)


def test_an_update_replaces_the_row_and_keeps_the_revision(next_day: Flow) -> None:
    wanted = coverage(day=2)
    grown = [url for url, page in wanted.items() if page.modified_at != page.published_at]
    assert grown
    with serve() as newswire:
        newswire.day = 2
        fetch_pages(grown, next_day.out, newswire.proxy)
    now = rows(next_day.out, "articles")
    assert set(now) == set(next_day.articles)
    for url in grown:
        assert wanted[url].body.split("\n\n")[-1] in str(now[url]["text"]), url
    assert set(rows(next_day.out, "revisions")) == set(grown)


def test_readers_take_the_articles_from_a_glob(first: Flow) -> None:
    glob = f"{first.out}/articles/**/*.parquet"
    count = len(rows(first.out, "articles"))
    assert count >= len(first.articles)
    counted = duckdb.sql(f"select count(*) from read_parquet('{glob}')")
    assert counted is not None
    assert counted.fetchall() == [(count,)]
    assert polars.read_parquet(glob).height == count
    assert len(pandas.read_parquet(first.out / "articles")) == count
    assert (
        pyarrow.dataset.dataset(first.out / "articles", partitioning="hive").count_rows() == count
    )


def test_every_spider_loads_and_starts_under_scrapy(folder: Path, first: Flow) -> None:
    scrapy = [sys.executable, "-m", "scrapy"]
    listed = subprocess.run([*scrapy, "list"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(listed.stdout.split()) >= {"pages", "related", "replay", "site"}
    archives = ",".join(str(file) for file in sorted((first.out / "warc").glob("*.warc.gz")))
    given = {
        "replay": [f"warcs={archives}"],
        "pages": ["urls=http://127.0.0.1:9/none"],
        "site": ["urls=http://127.0.0.1:9/"],
        "related": ["seeds=examples/seeds", "sites=http://127.0.0.1:9/"],
    }
    for spider, arguments in given.items():
        out = folder / f"scrapy-{spider}"
        options = [word for argument in arguments for word in ("-a", argument)]
        done = subprocess.run(
            [*scrapy, "crawl", spider, *options, "-a", f"out={out}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        assert "Traceback" not in done.stderr, done.stderr[-2000:]
    assert set(rows(folder / "scrapy-replay", "articles")) >= first.found
    assert set(rows(folder / "scrapy-pages", "rejects")) == {"http://127.0.0.1:9/none"}
