"""Memory of a long crawl: what a run holds after a tenth of its pages and at its end.

    python -m benchmarks.crawl_memory [--pages 20000] [--workers 2]

Serves a site without end on loopback from a process of its own: sitemaps that name so many small
articles, each with links to others. Crawls it with frontier, archive, cleaning and Parquet, and
prints the resident memory of the crawling process and of its workers on the way. Exit code 1 when
the crawling process has grown by more than the floor allows.
"""

import argparse
import multiprocessing
import os
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path

from crawler.model import CrawlJob, Manners, Progress
from crawler.run import crawl

MOST_A_PAGE = 1_000
"""Bytes. The index of what this run has stored takes 350 of them (tracemalloc, pages 2,000 to
3,000); when the blocks of every page were kept, too, a page took 4,000."""
WAVES = 20.0
"""Megabytes by which the memory goes up and down by itself: 10 over 3,000 pages."""
EARLY = 0.1
"""Share of the pages after which all that is bounded is thought to have its size."""
LINKS = 8
SITEMAP = 1_000
WORDS = (
    "harbour",
    "council",
    "bridge",
    "ferry",
    "storm",
    "market",
    "teacher",
    "winter",
    "station",
    "village",
    "engine",
    "letter",
    "budget",
    "orchard",
    "signal",
    "valley",
    "museum",
    "contract",
    "captain",
    "meadow",
    "library",
    "railway",
    "fishery",
)


@dataclass(frozen=True, slots=True)
class Sample:
    """Pages fetched so far, and megabytes resident: the crawling process, all its workers."""

    pages: int
    main: float
    workers: float


def article(number: int, pages: int) -> bytes:
    """A small article, other words for each number, with links to others."""
    chance = random.Random(number)
    body = "".join(
        f"<p>{' '.join(chance.choices(WORDS, k=40)).capitalize()} {chance.randrange(99_999)}.</p>"
        for _ in range(4)
    )
    title = f"{' '.join(chance.choices(WORDS, k=6)).capitalize()} {number}"
    links = "".join(
        f'<li><a href="/news/{n}.html">{" ".join(random.Random(n).choices(WORDS, k=6))}</a></li>'
        for n in (chance.randrange(pages) for _ in range(LINKS))
    )
    return (
        f'<html lang="en"><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}'
        f"</article><ul>{links}</ul></body></html>"
    ).encode()


def serve(pages: int, connection: Connection) -> None:
    """Serve the site on a free port, which is sent back."""

    place = ""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

        def do_GET(self) -> None:
            name = self.path.strip("/").removesuffix(".html").removesuffix(".xml")
            kind, _, number = name.partition("/")
            if kind == "news" and number.isdigit():
                self.reply(article(int(number), pages), "text/html")
            elif kind == "map" and number.isdigit():
                first = int(number) * SITEMAP
                last = min(first + SITEMAP, pages)
                self.reply(self.listed("url", "/news/{}.html", range(first, last)), "text/xml")
            elif kind == "robots.txt":
                self.reply(f"Sitemap: {place}/maps.xml\n".encode(), "text/plain")
            elif kind == "maps":
                count = -(-pages // SITEMAP)
                self.reply(self.listed("sitemap", "/map/{}.xml", range(count)), "text/xml")
            else:
                self.reply(b"<html><head><title>Front</title></head><p>Hello</html>", "text/html")

        def listed(self, element: str, form: str, numbers: Sequence[int]) -> bytes:
            root = "urlset" if element == "url" else "sitemapindex"
            items = "".join(
                f"<{element}><loc>{place}{form.format(n)}</loc></{element}>" for n in numbers
            )
            space = "http://www.sitemaps.org/schemas/sitemap/0.9"
            return f'<{root} xmlns="{space}">{items}</{root}>'.encode()

        def reply(self, body: bytes, media: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    place = f"http://127.0.0.1:{server.server_address[1]}"
    connection.send(place)
    server.serve_forever()


def resident_mb(process: int) -> float:
    """Resident memory of a process; 0 if it has gone."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_048_576


def children(process: int) -> list[int]:
    """Ids of a process's children and theirs."""
    found: list[int] = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            found += [child, *children(child)]
    return found


def measure(pages: int, workers: int) -> list[Sample]:
    """A crawl of so many pages, sampled twice a second."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(pages, theirs), daemon=True)
    server.start()
    samples: list[Sample] = []

    def watch(state: Progress) -> None:
        if state.fetched:
            mine = [child for child in children(os.getpid()) if child != server.pid]
            main, others = resident_mb(os.getpid()), sum(map(resident_mb, mine))
            samples.append(Sample(state.fetched, main, others))

    manners = Manners(delay=0.0, jitter=0.0, per_host=16, concurrency=16, allow_private=True)
    try:
        start = f"{ours.recv()}/"
        with tempfile.TemporaryDirectory(prefix="winnow-bench-") as out:
            job = CrawlJob(
                "site", Path(out), urls=(start,), limit=pages, workers=workers, manners=manners
            )
            record = crawl(job, watch=watch)
    finally:
        server.terminate()
        server.join()
    print(f"{record.ending}: {record.articles:,} articles of {record.fetched:,} pages")
    return samples


def main() -> int:
    """Measure and print; exit code 1 above the floor."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    samples = measure(given.pages, given.workers)
    for share in (EARLY, 0.25, 0.5, 0.75, 1.0):
        goal = share * samples[-1].pages
        sample = next(sample for sample in samples if sample.pages >= goal)
        print(f"{sample.pages:8,} pages {sample.main:8.0f} MB {sample.workers:8.0f} MB in workers")
    early = next(s for s in samples if s.pages >= EARLY * samples[-1].pages)
    growth, further = samples[-1].main - early.main, samples[-1].pages - early.pages
    most = WAVES + MOST_A_PAGE * further / 1_048_576
    print(
        f"the crawling process grew by {growth:.0f} MB in {further:,} pages (at most {most:.0f}),"
        f" {growth * 1_048_576 / max(further, 1):,.0f} bytes a page"
    )
    return 0 if growth <= most else 1


if __name__ == "__main__":
    raise SystemExit(main())
