"""Crawl-to-Parquet beside its two bounds: what bare Scrapy fetches, and what the cleaners clean.

    python -m benchmarks.crawl_speed --data ../shared/data/news/dev [--pages 1000] [--workers 2]

Serves the pages of a data set on loopback from a process of its own, each under many addresses,
and measures in one run: a plain Scrapy spider that keeps nothing; the cleaning processes on the
same pages from memory; a whole crawl with frontier, archive and Parquet. Prints pages a second, the
crawl's share of the smaller bound, how late the event loop was, and memory.
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
from cleaners.model import Page
from cleaners.scale.local import CleaningPool
from crawler.model import CrawlJob, Manners
from crawler.run import crawl, reactor_loop

CONCURRENCY = 32
FLOOR = 0.85
"""Least share of the smaller bound that a crawl is to reach."""


@dataclass(frozen=True, slots=True)
class Speeds:
    """Pages a second; `lag` is by how many milliseconds the event loop was late: p99, worst."""

    fetching: float
    cleaning: float
    crawling: float
    lag: tuple[float, float]
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


def crawling_speed(urls: Sequence[str], workers: int) -> tuple[float, tuple[float, float]]:
    """Pages a second from the first request to the last durable row, and the loop's lateness."""
    late: list[float] = []

    async def watch() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0.01)
            late.append((time.perf_counter() - begun - 0.01) * 1000)

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
        probe = asyncio.run_coroutine_threadsafe(watch(), reactor_loop())
        record = crawl(job)
        probe.cancel()
    ordered = sorted(late)
    p99 = ordered[int(0.99 * (len(ordered) - 1))]
    return record.fetched / record.seconds, (p99, ordered[-1])


def measure(data: Path, *, pages: int, workers: int) -> Speeds:
    """All three, one after the other on the same machine in the same minute."""
    bodies = [item.html for item in load(data)]
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(bodies, theirs), daemon=True)
    server.start()
    try:
        port = ours.recv()
        urls = [f"http://127.0.0.1:{port}/{n}.html" for n in range(pages)]
        fetching = statistics.median(bare_speed(urls) for _ in range(3))
        cleaning = cleaning_speed(bodies, pages, workers)
        crawling, lag = crawling_speed(urls, workers)
    finally:
        server.terminate()
        server.join()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Speeds(fetching, cleaning, crawling, lag, peak)


def main() -> int:
    """Measure and print; exit code 1 below the floor."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=1_000)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    speeds = measure(given.data, pages=given.pages, workers=given.workers)
    print(f"bare Scrapy fetches    {speeds.fetching:8.1f} pages/s")
    print(f"the cleaners clean     {speeds.cleaning:8.1f} pages/s")
    print(
        f"a crawl to Parquet     {speeds.crawling:8.1f} pages/s, {speeds.share:.0%} of the smaller"
    )
    print(f"event loop late by     {speeds.lag[0]:8.1f} ms (p99), {speeds.lag[1]:.0f} ms (worst)")
    print(f"memory of the crawler  {speeds.peak_mb:8.0f} MB (peak)")
    return 0 if speeds.share >= FLOOR else 1


if __name__ == "__main__":
    raise SystemExit(main())
