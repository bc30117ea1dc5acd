"""Blocking work beside the event loop: one thread a kind, so that each keeps its order."""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

logger = logging.getLogger("winnow.crawl")

P = ParamSpec("P")
T = TypeVar("T")


class Arrivals:
    """Hands what other threads have done to the event loop.

    What ends close together arrives in one step: waking the loop costs more than most of it.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: deque[Callable[[], None]] = deque()

    def put(self, arrival: Callable[[], None]) -> None:
        """Have the loop call this; from any thread."""
        self._waiting.append(arrival)
        # While earlier ones wait to be called, the loop has been woken already.
        if len(self._waiting) == 1:
            self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        while self._waiting:
            self._waiting.popleft()()


@dataclass(frozen=True, slots=True)
class _Work:
    """A function with its arguments, and who waits for what it gives; nobody for a `post`."""

    call: Callable[[], object]
    future: "asyncio.Future[Any] | None"
    told: Callable[[Exception], None] | None = None

    def ended(self, result: object, error: BaseException | None) -> None:
        """Tell whoever waits; on the loop."""
        if self.future is None:
            if self.told is not None and isinstance(error, Exception):
                self.told(error)
        elif not self.future.cancelled():
            if error is not None:
                self.future.set_exception(error)
            else:
                self.future.set_result(result)


class Lane:
    """Runs functions one after the other in a thread of its own."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._queue: SimpleQueue[_Work | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._arrivals: Arrivals | None = None
        self._closed = False

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's result; the event loop goes on meanwhile."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._put(loop, _Work(partial(function, *args, **kwargs), future))
        return await future

    def post(self, call: Callable[[], object], told: Callable[[Exception], None]) -> None:
        """Run a function when its turn comes, without waiting; `told` hears if it fails."""
        self._put(asyncio.get_running_loop(), _Work(call, None, told))

    def _put(self, loop: asyncio.AbstractEventLoop, work: _Work) -> None:
        if self._closed:
            raise RuntimeError(f"the {self._name} lane is closed")
        if self._thread is None:
            self._arrivals = Arrivals(loop)
            self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
            self._thread.start()
        self._queue.put(work)

    def _serve(self) -> None:
        while (work := self._queue.get()) is not None:
            result, error = _tried(work.call)
            if work.future is None and error is None:
                continue
            if self._arrivals is not None:
                self._arrivals.put(partial(work.ended, result, error))

    def close(self) -> None:
        """Finish what is queued, then end the thread."""
        self._closed = True
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()


def _tried(call: Callable[[], object]) -> tuple[object, BaseException | None]:
    """What a call gives or raises; whoever waits for it gets the one or the other."""
    try:
        return call(), None
    except BaseException as error:  # noqa: BLE001 - handed to the caller, whatever it is
        return None, error


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of a crawl."""

    state: Lane = field(default_factory=lambda: Lane("state"))
    """The frontier and the archive: what a page is noted in on its way takes one turn, not four."""
    store: Lane = field(default_factory=lambda: Lane("store"))
    parse: Lane = field(default_factory=lambda: Lane("parse"))

    def close(self) -> None:
        """End them all."""
        for lane in (self.parse, self.state, self.store):
            lane.close()
