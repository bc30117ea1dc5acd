"""Blocking work beside the event loop: one thread a kind, so that each keeps its order."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Lane:
    """Runs functions one after the other in a thread of its own."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's result; the event loop goes on meanwhile."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, partial(function, *args, **kwargs))

    def close(self) -> None:
        """Finish what is queued, then end the thread."""
        self._pool.shutdown(wait=True)


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of a crawl."""

    frontier: Lane = field(default_factory=lambda: Lane("frontier"))
    archive: Lane = field(default_factory=lambda: Lane("archive"))
    store: Lane = field(default_factory=lambda: Lane("store"))
    parse: Lane = field(default_factory=lambda: Lane("parse"))

    def close(self) -> None:
        """End them all."""
        for lane in (self.parse, self.archive, self.store, self.frontier):
            lane.close()
