"""Crawl-to-Parquet beside its two bounds: what bare Scrapy fetches, and what the cleaners clean.

    python -m benchmarks.crawl_speed --data ../shared/data/news/dev [--pages 1000] [--workers 2]

Serves the pages of a data set on loopback from a process of its own, each under many addresses
and with a comment at its end that makes its bytes its own, so that the archive has to keep it;
`--packed` serves them with gzip, as most sites do. Measures in rounds, one after the other: a plain
Scrapy spider that keeps nothing; the cleaning processes on the same pages from memory; a whole
crawl with frontier, archive and Parquet. Prints pages a second (medians of the rounds), the crawl's
share of the smaller bound, processor time a page, how long the event loop was held up, and memory.

The cleaning processes are as many in both. Where they are as many as the processors, the crawling
process competes with them, and its time a page comes off the share; `--workers` says how many.
Processor time does not depend on what else the machine does: the share that it allows, printed
beside, is what a quiet machine gives when all its processors are busy.
"""

import argparse
import asyncio
import gzip
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Response

from benchmarks.data import load
from benchmarks.loop import Lateness, spread, watching
from benchmarks.processor import family_seconds
from cleaners.model import Page
from cleaners.scale.local import CleaningPool
from crawler.model import CrawlJob, Manners
from crawler.run import crawl, reactor_loop

CONCURRENCY = 32
FLOOR = 0.85
"""Least share of the smaller bound that a crawl is to reach."""
MOST_HELD = 50.0
"""Milliseconds that no call may hold the event loop."""


def body_of(bodies: Sequence[bytes], number: int) -> bytes:
    """The body of page `number`: no two are the same."""
    return bodies[number % len(bodies)] + b"<!-- %d -->" % number


def serve(bodies: Sequence[bytes], pages: int, packed: bool, connection: Connection) -> None:
    """Serve page n under /n.html on a free port, which is sent back when all are made."""
    made = [body_of(bodies, number) for number in range(pages)] if packed else []
    made = [gzip.compress(body, 5) for body in made]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: a line a page would be measured, too."""

        def do_GET(self) -> None:
            name = self.path.rpartition("/")[2].removesuffix(".html")
            number = int(name) if name.isdigit() else pages
            body = b"" if number >= pages else made[number] if packed else body_of(bodies, number)
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html")
            if packed:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    connection.send(server.server_address[1])
    server.serve_forever()


class BareSpider(Spider):
    """Fetches and forgets."""

    name = "bare"

    def __init__(self, urls: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.urls = urls

    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            yield Request(url, dont_filter=True)

    def parse(self, _response: Response, **_: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Rate:
    """Pages a second by the clock; milliseconds of processor a page of this process, and of it with
    all below it."""

    speed: float
    own_ms: float
    all_ms: float


@dataclass(frozen=True, slots=True)
class Speeds:
    """Medians of the rounds; shares are those of one round each, as the machine changes meanwhile.

    `share` is of the smaller bound by the clock; `allowed` is what is left of the cleaning rate by
    processor time, where all processors are busy with both. `late` and `held` are milliseconds of
    the event loop: the 99th percentile, the worst.
    """

    fetching: Rate
    cleaning: Rate
    crawling: Rate
    share: float
    allowed: float
    late: tuple[float, float]
    held: tuple[float, float]
    peak_mb: float


class _Watch:
    """Clocks from its making on."""

    def __init__(self) -> None:
        self._own, self._all = time.process_time(), family_seconds()

    def rate(self, pages: int, seconds: float) -> Rate:
        own, all_seconds = time.process_time() - self._own, family_seconds() - self._all
        return Rate(pages / seconds, own * 1000 / pages, all_seconds * 1000 / pages)


def bare_speed(urls: Sequence[str]) -> Rate:
    """How Scrapy fetches with nothing of Winnow."""

    async def run() -> None:
        settings = {
            "CONCURRENT_REQUESTS": CONCURRENCY,
            "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
            "REMOTE_CONTROL_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
        }
        await AsyncCrawlerRunner(settings).crawl(BareSpider, urls=urls)

    watch, begun = _Watch(), time.perf_counter()
    asyncio.run_coroutine_threadsafe(run(), reactor_loop()).result()
    return watch.rate(len(urls), time.perf_counter() - begun)


def cleaning_speed(bodies: Sequence[bytes], urls: Sequence[str], workers: int) -> Rate:
    """How the cleaning processes clean the same pages from memory; their start counts as processor
    time alone."""
    watch = _Watch()
    with CleaningPool(workers=workers) as pool:
        warm = [Page(bodies[0], "warm", "http://warm.example/")] * workers
        list(pool.map(warm))
        begun = time.perf_counter()
        pages = (Page(body_of(bodies, n), url, url) for n, url in enumerate(urls))
        for _ in pool.map(pages):
            continue
        seconds = time.perf_counter() - begun
    return watch.rate(len(urls), seconds)


def crawling_speed(urls: Sequence[str], workers: int | None) -> tuple[Rate, Lateness]:
    """A crawl from the first request to the last durable row, and how the loop was held up."""
    manners = Manners(
        delay=0.0,
        jitter=0.0,
        per_host=CONCURRENCY,
        concurrency=CONCURRENCY,
        obey_robots=False,
        allow_private=True,
    )
    with tempfile.TemporaryDirectory(prefix="winnow-bench-") as out:
        job = CrawlJob(
            "pages", Path(out), urls=tuple(urls), limit=0, workers=workers, manners=manners
        )
        # Start-up is paid once a run, not once a page: a first run of one page takes it away.
        crawl(CrawlJob("pages", Path(out), urls=tuple(urls[:1]), workers=workers, manners=manners))
        watch = _Watch()
        with watching() as found:
            record = crawl(job)
        return watch.rate(record.fetched, record.seconds), found


@contextmanager
def served(bodies: Sequence[bytes], pages: int, *, packed: bool) -> Iterator[list[str]]:
    """The addresses of so many pages, served by a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(bodies, pages, packed, theirs), daemon=True)
    server.start()
    try:
        port = ours.recv()
        yield [f"http://127.0.0.1:{port}/{n}.html" for n in range(pages)]
    finally:
        server.terminate()
        server.join()


def measure(data: Path, *, pages: int, workers: int, rounds: int, packed: bool = False) -> Speeds:
    """All three in turn, round after round, on the same machine in the same minutes."""
    bodies = [item.html for item in load(data)]
    fetching, cleaning, crawling = [], [], []
    ticks = Lateness()
    with served(bodies, pages, packed=packed) as urls:
        for _ in range(rounds):
            fetching.append(bare_speed(urls))
            cleaning.append(cleaning_speed(bodies, urls, workers))
            rate, found = crawling_speed(urls, workers)
            crawling.append(rate)
            ticks.late += found.late
            ticks.held += found.held
    return Speeds(
        fetching=_middle(fetching),
        cleaning=_middle(cleaning),
        crawling=_middle(crawling),
        share=statistics.median(
            crawled.speed / min(fetched.speed, cleaned.speed)
            for fetched, cleaned, crawled in zip(fetching, cleaning, crawling, strict=True)
        ),
        allowed=statistics.median(
            cleaned.all_ms / crawled.all_ms
            for cleaned, crawled in zip(cleaning, crawling, strict=True)
        ),
        late=spread(ticks.late),
        held=spread(ticks.held),
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def _middle(rates: Sequence[Rate]) -> Rate:
    """The median of each figure."""
    return Rate(*(statistics.median(getattr(r, f.name) for r in rates) for f in fields(Rate)))


def lines(speeds: Speeds) -> list[str]:
    """The figures for a person."""
    fetch, clean, crawled = speeds.fetching, speeds.cleaning, speeds.crawling
    return [
        f"bare Scrapy fetches    {fetch.speed:8.1f} pages/s, {fetch.own_ms:.1f} ms of processor"
        " a page",
        f"the cleaners clean     {clean.speed:8.1f} pages/s, {clean.all_ms:.1f} ms",
        f"a crawl to Parquet     {crawled.speed:8.1f} pages/s, {crawled.all_ms:.1f} ms,"
        f" {crawled.own_ms:.1f} of them in the crawling process",
        f"share of the smaller   {speeds.share:8.0%} by the clock;"
        f" {speeds.allowed:.0%} by processor time, where all processors clean",
        f"event loop held up     {speeds.held[0]:8.1f} ms (p99), {speeds.held[1]:.0f} ms (worst)",
        f"           and late    {speeds.late[0]:8.1f} ms (p99), {speeds.late[1]:.0f} ms (worst)",
        f"memory of the crawler  {speeds.peak_mb:8.0f} MB (peak)",
    ]


def main() -> int:
    """Measure and print; exit code 1 below the floors."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--packed", action="store_true", help="serve pages with gzip")
    given = parser.parse_args()
    speeds = measure(
        given.data,
        pages=given.pages,
        workers=given.workers,
        rounds=given.rounds,
        packed=given.packed,
    )
    print("\n".join(lines(speeds)))
    return 0 if speeds.share >= FLOOR and speeds.held[1] <= MOST_HELD else 1


if __name__ == "__main__":
    raise SystemExit(main())
