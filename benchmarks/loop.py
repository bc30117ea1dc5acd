"""How long the event loop of a crawl is held up: by its own work, and by whatever else.

A ticker on the loop sleeps and looks at two clocks. How late it wakes, by the wall clock, is what a
host sees; on a busy machine most of it is waiting for a processor. What the loop's thread computed
meanwhile, by the thread's own clock, is what the crawler did to itself: no one call on the loop
can have held it up for longer.
"""

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field

from crawler.run import reactor_loop

TICK = 0.01


@dataclass(slots=True)
class Lateness:
    """Milliseconds a tick: `late` by the wall clock, `held` by the processor time of the loop."""

    late: list[float] = field(default_factory=list)
    held: list[float] = field(default_factory=list)


def spread(values: list[float]) -> tuple[float, float]:
    """The 99th percentile and the worst; zeros for no values."""
    ordered = sorted(values) or [0.0]
    return ordered[int(0.99 * (len(ordered) - 1))], ordered[-1]


@contextmanager
def watching() -> Iterator[Lateness]:
    """Watch the crawler's loop while the block runs in another thread."""
    found = Lateness()

    async def tick() -> None:
        while True:
            wall, computed = time.perf_counter(), time.thread_time()
            await asyncio.sleep(TICK)
            found.late.append((time.perf_counter() - wall - TICK) * 1000)
            found.held.append((time.thread_time() - computed) * 1000)

    probe: Future[None] = asyncio.run_coroutine_threadsafe(tick(), reactor_loop())
    try:
        yield found
    finally:
        probe.cancel()
