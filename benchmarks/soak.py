"""A soak: crawls of the demo newswire for as long as asked, with faults and with kill -9.

    python -m benchmarks.soak --minutes 60

Two things take turns. **Endurance**: one process crawls the newswire again and again, each time
into a fresh output, and says after each round how much memory, how many descriptors, threads,
children and temporary files it holds; they have to stay flat. **Kills**: a crawl in a process of
its own is killed with SIGKILL at random moments and started again until it ends by itself; then
every article of the newswire must be in articles/ or rejects/ exactly once, and every row read.
Exit code 1 when a promise does not hold. `--rounds N` ends after N of each; tests use it.
"""

import argparse
import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from statistics import median

import psutil

from cleaners.store.dataset import Dataset
from crawler.model import CrawlJob, Manners
from crawler.run import crawl
from examples.newswire import Kind, Newswire, serve

_BYTES = ("memory", "tree")
WARM_ROUNDS = 3
"""Rounds before which caches may still fill."""
MAX_GROWTH = 0.10
"""Share by which memory may differ between the first warm rounds and the last ones."""
MAX_MORE = 4
"""Descriptors, threads or temporary files that may come on top between those."""
LIFETIMES = (0, 60)
"""Requests after which a crawl is killed: from its start-up on. A crawl makes about 230."""
KILLS_A_ROUND = 4
LOOK = 0.005
"""Seconds between two looks at how many requests there were."""
WEIGH = 0.25
"""Seconds between two looks at how much memory a crawl and its cleaning processes hold."""
SLOW_SITES = ("wireline",)
"""Sites with a Crawl-delay: they would make each round wait and show nothing."""
POLITE = Manners(delay=0.0, jitter=0.0, adaptive=False, allow_private=True, timeout=5.0)


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds after a round. Bytes of resident memory; counts for the rest."""

    memory: int
    descriptors: int
    threads: int
    children: int
    temporary: int
    tree: int = 0
    """The most that it held in the round together with its cleaning processes."""


@dataclass(slots=True)
class Soak:
    """What came of it."""

    held: list[Held] = field(default_factory=list)
    kills: int = 0
    kill_rounds: int = 0
    pages: int = 0
    """Articles stored by the endurance rounds."""
    broken: list[str] = field(default_factory=list)
    """Promises that did not hold, in words."""


def soak(
    *,
    seconds: float,
    rounds: int | None,
    faults: float,
    kills: int,
    chance: random.Random,
    folder: Path,
    tell: Callable[[Soak], None] = lambda _: None,
) -> Soak:
    """Endurance and `kills` of a crawl in turn until the time is over, or `rounds` are done.

    `tell` is called after each round with what is known until then.
    """
    found = Soak()
    end = time.monotonic() + seconds
    with serve(faults=faults, slow_for=0.3, retry_after=1) as newswire:
        for held in _endurance(newswire, folder / "endurance"):
            found.held.append(held)
            found.pages += len(_wanted(newswire))
            _killed_until_done(newswire, folder / "kills", chance, found, kills)
            newswire.forget_faults()
            tell(found)
            done = rounds is not None and len(found.held) >= rounds
            if done or time.monotonic() > end:
                break
    found.broken += judge(found.held)
    return found


def judge(held: Sequence[Held]) -> list[str]:
    """What grew between the first warm rounds and the last, in words; nothing if too few rounds."""
    warm = held[WARM_ROUNDS:]
    if len(warm) < 2:
        return []
    early, late = warm[: len(warm) // 2], warm[len(warm) // 2 :]
    grown = []
    for part in fields(Held):
        before = median(getattr(one, part.name) for one in early)
        after = median(getattr(one, part.name) for one in late)
        limit = before * (1 + MAX_GROWTH) if part.name in _BYTES else before + MAX_MORE
        if after > limit:
            grown.append(f"{part.name} grew from {before:,.0f} to {after:,.0f}")
    return grown


def check_output(out: Path, wanted: set[str]) -> list[str]:
    """What is wrong with an output after its last run, in words; reads every row of it."""
    dataset = Dataset.open(out)
    seen = Counter(article.source for article in dataset.articles())
    seen.update(rejection.source for rejection in dataset.rejections())
    wrong = [f"{url} is nowhere" for url in sorted(wanted - set(seen))]
    wrong += [f"{url} is there {count} times" for url, count in seen.items() if count > 1]
    left = [str(path) for path in out.rglob("*.tmp")]
    return wrong + [f"{path} was left behind" for path in left]


def _endurance(newswire: Newswire, out: Path) -> Iterator[Held]:
    """What one process holds after each of its rounds; it ends when the caller stops asking."""
    worker = _start(newswire, out, "--endless")
    try:
        assert worker.stdin is not None
        assert worker.stdout is not None
        while True:
            worker.stdin.write("go\n")
            worker.stdin.flush()
            tree = 0
            while not select.select([worker.stdout], [], [], WEIGH)[0]:
                tree = max(tree, _weigh(worker.pid))
            line = worker.stdout.readline()
            if not line:
                raise RuntimeError("the crawling process died on its own")
            yield Held(**{**json.loads(line), "tree": tree})
    finally:
        worker.kill()
        worker.communicate()


def _weigh(pid: int) -> int:
    """Bytes that a process and all below it hold; those that are just ending count for nothing."""
    weight = 0
    try:
        for process in [(top := psutil.Process(pid)), *top.children(recursive=True)]:
            weight += process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0
    return weight


def _killed_until_done(
    newswire: Newswire, out: Path, chance: random.Random, found: Soak, kills: int
) -> None:
    shutil.rmtree(out, ignore_errors=True)
    for _ in range(kills):
        last = len(newswire.requests) + chance.randint(*LIFETIMES)
        worker = _start(newswire, out)
        while worker.poll() is None:
            if len(newswire.requests) >= last:
                os.killpg(worker.pid, signal.SIGKILL)
                found.kills += 1
                break
            time.sleep(LOOK)
        worker.communicate()
    worker = _start(newswire, out)
    worker.communicate()
    found.kill_rounds += 1
    if worker.returncode != 0:
        found.broken.append(f"the crawl after the kills ended with {worker.returncode}")
    found.broken += check_output(out, _wanted(newswire))


def _wanted(newswire: Newswire) -> set[str]:
    return {
        page.url
        for page in newswire.gold(proxied=True)
        if page.kind is Kind.ARTICLE and page.site not in SLOW_SITES
    }


def _start(newswire: Newswire, out: Path, *more: str) -> "subprocess.Popen[str]":
    """A crawl in a process group of its own, so that its cleaning processes die with it."""
    # Of its own each, for a process that is killed cannot clean up behind itself.
    temporary = out.with_name(f"{out.name}-tmp")
    temporary.mkdir(parents=True, exist_ok=True)
    environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.soak", "--worker", str(out), *more],
        env={**environment, "http_proxy": newswire.proxy, "TMPDIR": str(temporary)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _crawl(out: Path) -> None:
    from examples.newswire.address import by_host
    from examples.newswire.load import sites

    origins = by_host(sites())
    urls = tuple(f"{url}/" for site, url in origins.items() if site not in SLOW_SITES)
    record = crawl(CrawlJob("site", out, urls=urls, limit=0, workers=1, manners=POLITE))
    if record.ending != "finished":
        raise RuntimeError(f"the crawl ended as {record.ending}: {record.error}")


def _work(out: Path, *, endless: bool) -> None:
    """The crawling process: one crawl, or one each time that a line comes in."""
    if not endless:
        _crawl(out)
        return
    for _ in sys.stdin:
        shutil.rmtree(out, ignore_errors=True)
        _crawl(out)
        me = psutil.Process()
        held = Held(
            memory=me.memory_info().rss,
            descriptors=me.num_fds(),
            threads=me.num_threads(),
            children=len(me.children(recursive=True)),
            temporary=len(os.listdir(tempfile.gettempdir())),
        )
        print(json.dumps(asdict(held)), flush=True)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rounds", type=int, help="end after so many rounds of each kind")
    parser.add_argument("--faults", type=float, default=0.3, help="share of URLs that fail once")
    parser.add_argument("--seed", type=int, default=1, help="of the moments of killing")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--endless", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.worker:
        _work(given.worker, endless=given.endless)
        return 0
    print(_HEADING, flush=True)
    with tempfile.TemporaryDirectory(prefix="winnow-soak-") as folder:
        found = soak(
            seconds=60 * given.minutes,
            rounds=given.rounds,
            faults=given.faults,
            kills=KILLS_A_ROUND,
            chance=random.Random(given.seed),
            folder=Path(folder),
            tell=_show_round,
        )
    print(f"{found.pages:,} pages; {found.kills} kills in {found.kill_rounds} crawls")
    for line in found.broken:
        print("BROKEN:", line)
    return 1 if found.broken else 0


_HEADING = (
    f"{'round':>5} {'MB':>7} {'tree MB':>7} {'fds':>4} {'threads':>7} {'children':>8} {'tmp':>4}"
)


def _show_round(found: Soak) -> None:
    held = found.held[-1]
    counts = f"{held.descriptors:4} {held.threads:7} {held.children:8} {held.temporary:4}"
    weights = f"{held.memory / 1e6:7.1f} {held.tree / 1e6:7.1f}"
    print(f"{len(found.held):5} {weights} {counts}  {len(found.broken)} broken", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
