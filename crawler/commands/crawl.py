"""`winnow related|site|pages|replay|reclean`: what fetches, and what works on the archive."""

from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.options import Config, Debug, Json, Out, Quiet, Verbose, Workers

if TYPE_CHECKING:
    from crawler.model import CrawlJob

Limit = Annotated[
    int | None,
    typer.Option("--limit", min=0, help="Pages fetched in this run; 0 for all.  [default: 1000]"),
]
AllowPrivate = Annotated[
    bool,
    typer.Option("--allow-private", help="Allow addresses of this machine and private networks."),
]
Browser = Annotated[
    bool, typer.Option("--browser", help="Render pages that need JavaScript (extra `browser`).")
]
Frontier = Annotated[
    str | None,
    typer.Option(
        "--frontier",
        metavar="URL",
        help="A frontier that workers share: postgresql://… (extra `postgres`).",
    ),
]
_PANEL = "Clean and fetch"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    examples = "**Examples**\n\n"
    app.command(
        rich_help_panel=_PANEL,
        epilog=examples + "`winnow related seeds/ --site https://news.example/ --limit 200`\n\n"
        "`winnow related story.txt --search gdelt,bing --dry-run`",
    )(related)
    app.command(rich_help_panel=_PANEL, epilog=examples + "`winnow site https://news.example/`")(
        site
    )
    app.command(
        rich_help_panel=_PANEL,
        epilog=examples + "`winnow pages https://news.example/a https://news.example/b`\n\n"
        "`winnow pages addresses.txt`",
    )(pages)
    app.command(
        rich_help_panel=_PANEL, epilog=examples + "`winnow replay CC-NEWS-20260301.warc.gz`"
    )(replay)
    app.command(rich_help_panel=_PANEL, epilog=examples + "`winnow reclean --out output`")(reclean)


def related(
    seeds: Annotated[
        list[str],
        typer.Argument(metavar="SEED", help="Files, folders or addresses about the story."),
    ],
    site: Annotated[
        list[str] | None,
        typer.Option("--site", metavar="URL", help="A site to look at; repeatable."),
    ] = None,
    feed: Annotated[
        list[str] | None, typer.Option("--feed", metavar="URL", help="A feed to read; repeatable.")
    ] = None,
    search: Annotated[
        str, typer.Option("--search", metavar="LIST", help="Services to ask: gdelt,bing,google.")
    ] = "",
    limit: Limit = None,
    min_relevance: Annotated[
        float | None,
        typer.Option("--min-relevance", min=0, max=1, help="Keep pages that score it."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show story, queries and sources; fetch nothing.")
    ] = False,
    out: Out = None,
    workers: Workers = None,
    browser: Browser = False,
    allow_private: AllowPrivate = False,
    frontier: Frontier = None,
    config: Config = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> int:
    """Fetch the coverage of a story: pages that sites, feeds and searches hold about the seeds."""
    from crawler.commands.crawling import run_job, show_plan
    from crawler.commands.session import begin
    from crawler.crawl_jobs import related_job, seeds_for

    session = begin(out=out, config=config, json=json, quiet=quiet, verbose=verbose, debug=debug)
    read = seeds_for(seeds, session.settings, session.out)
    for rejection in read.rejections:
        session.terminal.complain(
            f"{rejection.source}: {rejection.reason.value} ({rejection.detail})"
        )
    job = related_job(
        session.settings,
        read.seeds,
        sites=site or (),
        feeds=feed or (),
        search=[word.strip() for word in search.split(",") if word.strip()],
        limit=limit,
        min_relevance=min_relevance,
    )
    job = _flagged(job, workers, browser, allow_private, frontier)
    if dry_run:
        return show_plan(session.terminal, job, failed=bool(read.rejections))
    return max(run_job(session, job, found=True), 1 if read.rejections else 0)


def site(
    urls: Annotated[
        list[str], typer.Argument(metavar="URL", help="Front pages, sections, feeds or sitemaps.")
    ],
    limit: Limit = None,
    depth: Annotated[
        int | None, typer.Option("--depth", min=0, help="Links followed from the start page.")
    ] = None,
    out: Out = None,
    workers: Workers = None,
    browser: Browser = False,
    allow_private: AllowPrivate = False,
    frontier: Frontier = None,
    config: Config = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> int:
    """Fetch the articles of whole sites, newest first, by their sitemaps, feeds and links."""
    from crawler.commands.crawling import run_job
    from crawler.commands.session import begin
    from crawler.crawl_jobs import site_job

    session = begin(out=out, config=config, json=json, quiet=quiet, verbose=verbose, debug=debug)
    job = site_job(session.settings, urls, limit=limit, max_depth=depth)
    return run_job(session, _flagged(job, workers, browser, allow_private, frontier), found=True)


def pages(
    urls: Annotated[
        list[str],
        typer.Argument(metavar="URL|FILE", help="Addresses, or files with one a line."),
    ],
    out: Out = None,
    workers: Workers = None,
    browser: Browser = False,
    allow_private: AllowPrivate = False,
    frontier: Frontier = None,
    config: Config = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> int:
    """Fetch exactly these pages."""
    from crawler.commands.crawling import run_job
    from crawler.commands.session import begin
    from crawler.crawl_jobs import pages_job

    session = begin(out=out, config=config, json=json, quiet=quiet, verbose=verbose, debug=debug)
    job = pages_job(session.settings, urls)
    return run_job(session, _flagged(job, workers, browser, allow_private, frontier), found=True)


def replay(
    warcs: Annotated[list[str], typer.Argument(metavar="WARC", help="Archives, folders, globs.")],
    out: Out = None,
    workers: Workers = None,
    config: Config = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> int:
    """Clean the pages of WARC archives as if they had just been fetched."""
    from crawler.commands.crawling import run_job
    from crawler.commands.session import begin
    from crawler.crawl_jobs import replay_job

    session = begin(out=out, config=config, json=json, quiet=quiet, verbose=verbose, debug=debug)
    return run_job(session, _flagged(replay_job(session.settings, warcs), workers))


def reclean(
    out: Out = None,
    workers: Workers = None,
    config: Config = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> int:
    """Clean everything in the archive again with today's rules; nothing is fetched."""
    from crawler.commands.crawling import run_job
    from crawler.commands.session import begin
    from crawler.crawl_jobs import reclean_job

    session = begin(out=out, config=config, json=json, quiet=quiet, verbose=verbose, debug=debug)
    return run_job(session, _flagged(reclean_job(session.settings), workers))


def _flagged(
    job: "CrawlJob",
    workers: int | None,
    browser: bool = False,
    allow_private: bool = False,
    frontier: str | None = None,
) -> "CrawlJob":
    """The job with what flags of the command line add to it."""
    from dataclasses import replace

    manners = replace(job.manners, allow_private=job.manners.allow_private or allow_private)
    return replace(
        job,
        workers=workers or job.workers,
        browser=job.browser or browser,
        frontier=frontier or job.frontier,
        manners=manners,
    )
