"""What `make run` does: clean the seeds, crawl their coverage, show what was found.

Without --seeds and --site it works on examples/seeds and the bundled newswire, which it serves on
the loopback address meanwhile. With them it works on the user's own documents and sites; for seeds
without sites it asks the search services.

The newswire is reached through its proxy, so that its pages keep their addresses from run to run
and a second run finds them as they were; --direct asks each site on a port of its own.
"""

import argparse
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from cleaners.errors import ConfigError, InputError, WinnowError
from cleaners.model import Article, Rejection, Seed
from cleaners.store.dataset import Dataset
from cleaners.store.schema import STORIES
from cleaners.text.count import count_words
from crawler.commands.clean import show_cleaned
from crawler.commands.crawling import run_job
from crawler.commands.session import Session, begin
from crawler.config.model import SERVICES
from crawler.crawl_jobs import related_job, seeds_for
from crawler.jobs import CleanJob, clean_paths
from crawler.model import CrawlJob
from crawler.terminal import Column, Terminal, one_line
from examples.newswire import serve
from examples.newswire.__main__ import DEFAULT_PORT

SEEDS = Path(__file__).parent / "seeds"
PROXY_VARIABLES = ("http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY")
DEMO_DELAY = 0.02
"""Seconds between two requests to a demo site; its Crawl-delay still counts where it has one."""
SITE_WIDTH, NARROW_COLUMNS = 25, 42
"""Characters of a table kept for addresses, and for dates, counts and rules with their gaps."""
SHOWN, SHOWN_A_REASON = 60, 8
"""Rows a table has at most, and those for one reason; the rest stands in the Parquet files."""


@dataclass(frozen=True, slots=True)
class Web:
    """Where to look, and how: sites to crawl, and what changes in the manners towards them."""

    sites: tuple[str, ...]
    search: tuple[str, ...] = ()
    demo: bool = False


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0: done; 1: done, but some inputs failed; 2: the call was wrong."""
    parser = argparse.ArgumentParser(prog="python -m examples.run", description=__doc__)
    parser.add_argument("--out", type=Path, default=None, help="output folder")
    parser.add_argument("--seeds", nargs="+", action="extend", help="files, folders or addresses")
    parser.add_argument("--site", action="append", default=[], help="a site to crawl; repeatable")
    parser.add_argument("--direct", action="store_true", help="demo sites by port, not by proxy")
    parser.add_argument("--day", type=int, choices=(1, 2), default=1, help="2: updates are out")
    parser.add_argument("--log", type=Path, help="access log of the demo sites, as JSON lines")
    given = parser.parse_args(arguments)
    session = begin(out=given.out, config=None)
    try:
        if given.site or given.seeds:
            search = () if given.site else SERVICES
            web = Web(tuple(given.site), search)
            return run(session, given.seeds or [_shown_path(SEEDS)], web)
        with _demo(day=given.day, log=given.log, direct=given.direct) as web:
            return run(session, [_shown_path(SEEDS)], web)
    except (ConfigError, InputError) as error:
        session.terminal.complain(f"make run: {error}")
        return 2
    except (WinnowError, OSError) as error:
        session.terminal.complain(f"make run: {error}")
        return 1


def run(session: Session, seeds: Sequence[str], web: Web) -> int:
    """Clean the seeds, crawl what is related to them, show what the output then holds."""
    terminal = session.terminal
    files = [name for name in seeds if "://" not in name]
    failed = 0
    if files:
        terminal.say(f"Cleaning {', '.join(files)}", style="bold")
        job = CleanJob(paths=tuple(files), out=session.out, config=session.settings.clean)
        summary = clean_paths(job)
        show_cleaned(terminal, summary)
        for rejection in summary.rejections:
            terminal.complain(f"{rejection.source}: {rejection.reason} ({rejection.detail})")
        failed = 1 if summary.rejections else 0
    read = seeds_for(seeds, session.settings, session.out)
    where = f"{len(web.sites)} sites" if web.sites else ", ".join(web.search)
    terminal.say(f"Crawling {where} for the seeds' story", style="bold")
    crawled = run_job(session, _job(session, read.seeds, web))
    show_output(terminal, Dataset.open(session.out))
    return max(failed, crawled)


def show_output(terminal: Terminal, dataset: Dataset) -> None:
    """Tables of all that is stored: articles, what was removed from them, what was rejected."""
    articles = sorted(dataset.articles(), key=_by_relevance)
    columns = [
        Column("title", share=5),
        Column("site", share=2),
        Column("date"),
        Column("words", "right"),
        Column("relevance", "right"),
    ]
    room = terminal.out.width - SITE_WIDTH - NARROW_COLUMNS
    rows = [_article_row(found, room) for found in articles[:SHOWN]]
    terminal.table("Articles", columns, rows)
    _say_rest(terminal, len(articles), "articles")
    columns = [
        Column("story", share=1),
        Column("articles", "right"),
        Column("independent", "right"),
        Column("sites", "right"),
    ]
    terminal.table("Stories", columns, _story_rows(dataset, terminal.out.width - NARROW_COLUMNS))
    rules: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for article in articles:
        for removal in article.removals:
            rules[removal.stage, removal.rule] += 1
            examples.setdefault((removal.stage, removal.rule), removal.text)
    columns = [Column("rule"), Column("blocks", "right"), Column("for example", share=1)]
    room = terminal.out.width - NARROW_COLUMNS
    rows = [
        (rule, f"{count:,}", one_line(examples[stage, rule], room))
        for (stage, rule), count in rules.most_common(20)
    ]
    terminal.table("Removed from them", columns, rows)
    columns = [Column("reason"), Column("address", share=3), Column("detail", share=2)]
    rejections = list(dataset.rejections())
    terminal.table("Rejected", columns, list(_reject_rows(rejections, terminal.out.width)))


def _story_rows(dataset: Dataset, room: int) -> list[tuple[str, ...]]:
    """Stories with more than one article, the largest first; wire copies are no reports."""
    names = ["story_id", "story_title", "story_articles", "story_reports", "story_domains"]
    table = dataset.scan(STORIES).to_table(columns=names)
    stories = {row["story_id"]: row for row in table.to_pylist()}
    largest = sorted(stories.values(), key=lambda row: (-row["story_articles"], row["story_id"]))
    return [
        (
            one_line(row["story_title"] or "", room),
            f"{row['story_articles']:,}",
            f"{row['story_reports']:,}",
            f"{len(row['story_domains'] or ()):,}",
        )
        for row in largest[:SHOWN]
        if row["story_articles"] > 1
    ]


def _reject_rows(rejections: Sequence[Rejection], width: int) -> Iterator[tuple[str, ...]]:
    """Some rejections of each reason, the rarest reason first."""
    room = (width - NARROW_COLUMNS) // 5
    by_reason: defaultdict[str, list[Rejection]] = defaultdict(list)
    for found in sorted(rejections, key=lambda rejection: rejection.source):
        by_reason[found.reason.value].append(found)
    for reason, alike in sorted(by_reason.items(), key=lambda pair: (len(pair[1]), pair[0])):
        for found in alike[:SHOWN_A_REASON]:
            detail = one_line(found.detail, 2 * room)
            yield reason, one_line(found.source, 3 * room), detail
        if len(alike) > SHOWN_A_REASON:
            yield reason, f"… and {len(alike) - SHOWN_A_REASON:,} more", ""


def _say_rest(terminal: Terminal, count: int, what: str) -> None:
    if count > SHOWN:
        terminal.say(f"… and {count - SHOWN:,} more {what}")


def _by_relevance(article: Article) -> tuple[bool, float, str]:
    """Seeds first, then by falling relevance."""
    score = _score(article)
    return score is not None, -(score or 0.0), article.source


def _score(article: Article) -> float | None:
    return article.discovery.score if article.discovery else None


def _article_row(article: Article, room: int) -> tuple[str, ...]:
    score, published = _score(article), article.published_at
    host = urlsplit(article.url or "").netloc.removeprefix("www.")
    return (
        one_line(article.title or article.text, room),
        one_line(host or Path(article.source).name, SITE_WIDTH),
        f"{published:%Y-%m-%d}" if published else "",
        f"{count_words(article.text):,}",
        f"{score:.2f}" if score is not None else "seed" if not host else "",
    )


def _job(session: Session, seeds: Sequence[Seed], web: Web) -> CrawlJob:
    found = related_job(session.settings, seeds, sites=web.sites, search=web.search)
    if not web.demo:
        return found
    manners = replace(found.manners, delay=DEMO_DELAY, jitter=0.0, allow_private=True)
    return replace(found, manners=manners)


@contextmanager
def _demo(*, day: int, log: Path | None, direct: bool) -> Iterator[Web]:
    """The newswire, running as long as the block does."""
    with serve(DEFAULT_PORT if direct else 0, log=log) as newswire:
        newswire.day = day
        if direct:
            yield Web(newswire.homes(), demo=True)
            return
        with _proxied(newswire.proxy):
            yield Web(newswire.homes(proxied=True), demo=True)


@contextmanager
def _proxied(proxy: str) -> Iterator[None]:
    """The demo's proxy as this process's, whatever proxies its environment names."""
    kept = {name: os.environ.pop(name) for name in PROXY_VARIABLES if name in os.environ}
    os.environ["http_proxy"] = proxy
    try:
        yield
    finally:
        del os.environ["http_proxy"]
        os.environ.update(kept)


def _shown_path(path: Path) -> str:
    """The path as it is seen from here, so that a seed's source is the same on every machine."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


if __name__ == "__main__":
    sys.exit(main())
