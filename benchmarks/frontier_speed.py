"""How many URLs a second a frontier hands out and ends: SQLite beside PostgreSQL.

    python -m benchmarks.frontier_speed [--urls 20000] [--hosts 500] [--workers 1,2,4] [--links 5]

Each worker is a process with a connection of its own that does what a crawl does without the
network: leases a batch, settles it with links found on each page (most of them known), again. The
PostgreSQL is a fresh one in a temporary folder (Debian's package), without fsync. CPU time is what
to compare on a busy machine: that of a worker, and that of the server for each URL.
"""

import argparse
import multiprocessing
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from crawler.frontier.base import Frontier, Settlement
from crawler.frontier.opening import open_frontier
from crawler.model import CrawlJob, Lead, Task
from tests.crawler.frontier.server import Server, running

BATCH = 32
"""Tasks in flight of a crawl, and outcomes that its store flushes at once."""


def job_for(out: Path, address: str | None) -> CrawlJob:
    return CrawlJob("site", out, urls=("http://a.example/",), limit=0, frontier=address)


def url(number: int, hosts: int) -> str:
    return f"http://h{number % hosts}.example/news/{number}"


@dataclass(frozen=True, slots=True)
class Done:
    """What a worker did: tasks ended, its CPU seconds, from when to when by the system's clock."""

    tasks: int
    cpu: float
    began: float
    ended: float


def work(out: Path, address: str | None, urls: int, hosts: int, links: int, seed: int) -> Done:
    """Lease and settle until nothing is left."""
    chance = random.Random(seed)
    frontier = open_frontier(job_for(out, address), time.time())
    done = 0
    cpu, began = time.process_time(), time.time()
    try:
        while tasks := lease(frontier):
            found = [
                Settlement(
                    task,
                    status=200,
                    leads=tuple(Lead(url(chance.randrange(urls), hosts)) for _ in range(links)),
                )
                for task in tasks
            ]
            frontier.settle(found, now=time.time())
            done += len(tasks)
    finally:
        frontier.close()
    return Done(done, time.process_time() - cpu, began, time.time())


def lease(frontier: Frontier) -> tuple[Task, ...]:
    return frontier.lease(
        now=time.time(), limit=BATCH, busy={}, per_host=BATCH, pause=lambda delay: delay
    )


@dataclass(frozen=True, slots=True)
class Rate:
    """Tasks a second of all workers together; CPU ms a task of a worker, and of the server."""

    tasks: float
    worker: float
    server: float


def measure(
    server: Server, workers: int, urls: int, hosts: int, links: int, *, postgres: bool
) -> Rate:
    """Fill a frontier, then let the workers empty it."""
    address = server.schema() if postgres else None
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        frontier = open_frontier(job_for(out, address), time.time())
        for start in range(0, urls, 1_000):
            frontier.add([Lead(url(n, hosts)) for n in range(start, start + 1_000)], now=0.0)
        frontier.close()
        with multiprocessing.get_context("spawn").Pool(workers) as pool:
            before = server_cpu(server)
            calls = [(out, address, urls, hosts, links, seed) for seed in range(workers)]
            done = pool.starmap(work, calls)
            served = server_cpu(server) - before
    tasks = sum(one.tasks for one in done)
    if tasks < urls:
        raise RuntimeError(f"{tasks} of {urls} tasks were ended")
    seconds = max(one.ended for one in done) - min(one.began for one in done)
    cpu = sum(one.cpu for one in done)
    return Rate(tasks / seconds, 1000 * cpu / tasks, 1000 * served / tasks)


def server_cpu(server: Server) -> float:
    """CPU seconds of the server's processes that ran or run, as its first process sums them up."""
    first = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
    process = psutil.Process(first)
    own = process.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in process.children():
        times = child.cpu_times()
        total += times.user + times.system
    return float(total)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.frontier_speed", description=__doc__
    )
    parser.add_argument("--urls", type=int, default=20_000)
    parser.add_argument("--hosts", type=int, default=500)
    parser.add_argument("--links", type=int, default=5, help="found on each page")
    parser.add_argument("--workers", default="1,2,4")
    given = parser.parse_args(arguments)
    print("| frontier | workers | URLs/s | CPU ms a URL: worker | server |")
    print("|---|--:|--:|--:|--:|")
    with running() as server:
        for workers in map(int, given.workers.split(",")):
            for name, postgres in (("SQLite", False), ("PostgreSQL", True)):
                if not postgres and workers > 1:
                    continue  # it serves one crawl
                rate = measure(
                    server, workers, given.urls, given.hosts, given.links, postgres=postgres
                )
                served = f"{rate.server:.2f}" if postgres else ""
                told = f"{rate.tasks:,.0f} | {rate.worker:.2f} | {served}"
                print(f"| {name} | {workers} | {told} |", flush=True)


if __name__ == "__main__":
    main()
