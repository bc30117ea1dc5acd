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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cleaners.errors import ConfigError, InputError, WinnowError
from cleaners.model import Seed
from cleaners.store.dataset import Dataset
from crawler.commands.clean import show_cleaned
from crawler.commands.crawling import run_job
from crawler.commands.session import Session, begin
from crawler.config.model import SERVICES
from crawler.crawl_jobs import related_job, seeds_for
from crawler.jobs import CleanJob, clean_paths
from crawler.model import CrawlJob
from crawler.terminal import safe
from examples.newswire import serve
from examples.newswire.__main__ import DEFAULT_PORT
from examples.tables import show_output

SEEDS = Path(__file__).parent / "seeds"
PROXY_VARIABLES = ("http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY")
DEMO_DELAY = 0.02
"""Seconds between two requests to a demo site; its Crawl-delay still counts where it has one."""


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
    try:
        session = begin(out=given.out, config=None)
        if given.site or given.seeds:
            search = () if given.site else SERVICES
            web = Web(tuple(given.site), search)
            return run(session, given.seeds or [_shown_path(SEEDS)], web)
        with _demo(day=given.day, log=given.log, direct=given.direct) as web:
            return run(session, [_shown_path(SEEDS)], web)
    except (WinnowError, OSError) as error:
        print(f"make run: {safe(str(error))}", file=sys.stderr)
        return 2 if isinstance(error, ConfigError | InputError) else 1
    except KeyboardInterrupt:
        print("make run: interrupted; what was stored is kept, make run goes on", file=sys.stderr)
        return 130


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
