"""Crawl-to-Parquet beside its two bounds: what bare Scrapy fetches, and what the cleaners clean.

    python -m benchmarks.crawl_speed --data ../shared/data/news/dev [--pages 1000] [--workers 2]

Serves the pages of a data set on loopback from a process of its own, each under many addresses,
and measures in rounds, one after the other: a plain Scrapy spider that keeps nothing; the cleaning
processes on the same pages from memory; a whole crawl with frontier, archive and Parquet. Prints
pages a second (medians of the rounds), the crawl's share of the smaller bound, the processor time
of the crawling process, how long the event loop was held up, and memory.

The cleaning processes are as many in both. Where they are as many as the processors, the crawling
process competes with them, and its time a page comes off the share; `--workers` says how many.
"""

import argparse
import asyncio
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Response

from benchmarks.data import load
from benchmarks.loop import Lateness, spread, watching
from cleaners.model import Page
from cleaners.scale.local import CleaningPool
from crawler.model import CrawlJob, Manners
from crawler.run import crawl, reactor_loop

CONCURRENCY = 32
FLOOR = 0.85
"""Least share of the smaller bound that a crawl is to reach."""
MOST_HELD = 50.0
"""Milliseconds that no call may hold the event loop."""


@dataclass(frozen=True, slots=True)
class Speeds:
    """Pages a second, medians of the rounds; `cpu_ms` is of the crawling process, a page.

    `late` and `held` are milliseconds of the event loop: the 99th percentile, the worst.
    """

    fetching: float
    cleaning: float
    crawling: float
    cpu_ms: float
    late: tuple[float, float]
    held: tuple[float, float]
    peak_mb: float

    @property
    def share(self) -> float:
        return self.crawling / min(self.fetching, self.cleaning)


def serve(bodies: Sequence[bytes], connection: Connection) -> None:
    """Serve body n mod len under /n.html on a free port, which is sent back."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: a line a page would be measured, too."""

        def do_GET(self) -> None:
            name = self.path.rpartition("/")[2].removesuffix(".html")
            body = bodies[int(name) % len(bodies)] if name.isdigit() else b""
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html")
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


def bare_speed(urls: Sequence[str]) -> float:
    """Pages a second that Scrapy fetches with nothing of Winnow."""

    async def run() -> float:
        settings = {
            "CONCURRENT_REQUESTS": CONCURRENCY,
            "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
            "REMOTE_CONTROL_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
        }
        begun = time.perf_counter()
        await AsyncCrawlerRunner(settings).crawl(BareSpider, urls=urls)
        return len(urls) / (time.perf_counter() - begun)

    return asyncio.run_coroutine_threadsafe(run(), reactor_loop()).result()


def cleaning_speed(bodies: Sequence[bytes], count: int, workers: int) -> float:
    """Pages a second that the cleaning processes clean from memory."""
    with CleaningPool(workers=workers) as pool:
        warm = [Page(bodies[0], "warm", "http://warm.example/")] * workers
        list(pool.map(warm))
        begun = time.perf_counter()
        pages = (
            Page(bodies[n % len(bodies)], str(n), f"http://a.example/{n}") for n in range(count)
        )
        for _ in pool.map(pages):
            continue
        return count / (time.perf_counter() - begun)


def crawling_speed(urls: Sequence[str], workers: int) -> tuple[float, float, Lateness]:
    """Pages a second from the first request to the last durable row, milliseconds of processor a
    page, and how the loop was held up."""
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
        begun = time.process_time()
        with watching() as found:
            record = crawl(job)
        computed = (time.process_time() - begun) * 1000
    return record.fetched / record.seconds, computed / record.fetched, found


def measure(data: Path, *, pages: int, workers: int, rounds: int) -> Speeds:
    """All three in turn, round after round, on the same machine in the same minutes."""
    bodies = [item.html for item in load(data)]
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(bodies, theirs), daemon=True)
    server.start()
    fetching, cleaning, crawling, computed = [], [], [], []
    all_ticks = Lateness()
    try:
        port = ours.recv()
        urls = [f"http://127.0.0.1:{port}/{n}.html" for n in range(pages)]
        for _ in range(rounds):
            fetching.append(bare_speed(urls))
            cleaning.append(cleaning_speed(bodies, pages, workers))
            speed, cpu_ms, ticks = crawling_speed(urls, workers)
            crawling.append(speed)
            computed.append(cpu_ms)
            all_ticks.late += ticks.late
            all_ticks.held += ticks.held
    finally:
        server.terminate()
        server.join()
    return Speeds(
        fetching=statistics.median(fetching),
        cleaning=statistics.median(cleaning),
        crawling=statistics.median(crawling),
        cpu_ms=statistics.median(computed),
        late=spread(all_ticks.late),
        held=spread(all_ticks.held),
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def lines(speeds: Speeds) -> list[str]:
    """The figures for a person."""
    return [
        f"bare Scrapy fetches    {speeds.fetching:8.1f} pages/s",
        f"the cleaners clean     {speeds.cleaning:8.1f} pages/s",
        f"a crawl to Parquet     {speeds.crawling:8.1f} pages/s, {speeds.share:.0%} of the smaller",
        f"processor time         {speeds.cpu_ms:8.1f} ms a page in the crawling process",
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
    given = parser.parse_args()
    speeds = measure(given.data, pages=given.pages, workers=given.workers, rounds=given.rounds)
    print("\n".join(lines(speeds)))
    return 0 if speeds.share >= FLOOR and speeds.held[1] <= MOST_HELD else 1


if __name__ == "__main__":
    raise SystemExit(main())
