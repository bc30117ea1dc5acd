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


@dataclass(frozen=True, slots=True)
class _Work:
    """A function with its arguments, and who waits for what it gives; nobody for a `post`."""

    call: Callable[[], object]
    future: "asyncio.Future[Any] | None"
    told: Callable[[Exception], None] | None = None


class Lane:
    """Runs functions one after the other in a thread of its own.

    The results of functions that end close together reach the event loop in one step: waking it up
    costs more than most of the functions.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._queue: SimpleQueue[_Work | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._done: deque[tuple[_Work, object, BaseException | None]] = deque()
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
            self._loop = loop
            self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
            self._thread.start()
        self._queue.put(work)

    def _serve(self) -> None:
        while (work := self._queue.get()) is not None:
            result, error = _tried(work.call)
            if work.future is None and error is None:
                continue
            self._done.append((work, result, error))
            # While earlier results wait to be delivered, the loop has been called already.
            if len(self._done) == 1 and self._loop is not None:
                self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        while self._done:
            work, result, error = self._done.popleft()
            if work.future is None:
                if work.told is not None and isinstance(error, Exception):
                    work.told(error)
            elif work.future.cancelled():
                continue
            elif error is not None:
                work.future.set_exception(error)
            else:
                work.future.set_result(result)

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
