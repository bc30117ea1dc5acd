"""Cleaning in worker processes: a page that hangs or kills its worker is lost alone."""

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future

from cleaners.clean import Cleaned, clean_and_observe, warm_up
from cleaners.config import DEFAULT, CleanConfig
from cleaners.errors import ModelError
from cleaners.html.templates import Observation, Templates, learn
from cleaners.model import Outcome, Page, Reason, Stage
from cleaners.scale.processes import (
    WorkerCrashedError,
    WorkerPool,
    WorkerStartError,
    WorkerTimeoutError,
)

RECYCLE_AFTER = 2_000
"""Tasks after which a worker is replaced: trafilatura's caches grow with the pages seen."""

CHUNK_BYTES = 256 * 1024
CHUNK_PAGES = 64
"""Small pages travel together: a round trip costs as much as cleaning a short text."""

WINDOW = 4
"""Chunks in flight per worker: enough that none waits, few enough that memory stays flat."""

LEARN_EVERY = 500
"""Observations that wait before they are folded into the templates; some 30 KB each."""

_config: CleanConfig = DEFAULT
_templates: Templates | None = None


def _set_up(config: CleanConfig, templates: Templates | None) -> None:
    global _config, _templates  # a worker process has one configuration for life
    _config, _templates = config, templates
    warm_up()


def _clean_chunk(pages: tuple[Page, ...]) -> tuple[Cleaned, ...]:
    return tuple(clean_and_observe(page, config=_config, templates=_templates) for page in pages)


class CleaningPool:
    """Cleans pages in worker processes; every page gives an Outcome, whatever befalls a worker."""

    def __init__(
        self,
        config: CleanConfig = DEFAULT,
        *,
        workers: int | None = None,
        templates: Templates | None = None,
    ) -> None:
        self.workers = workers or os.cpu_count() or 1
        self._timeout = config.page_timeout
        self._templates = templates or Templates()
        self._seen: list[Observation] = []
        self._guard = threading.Lock()
        self._pool: WorkerPool[tuple[Page, ...], tuple[Cleaned, ...]] = WorkerPool(
            _clean_chunk,
            workers=self.workers,
            initializer=_set_up,
            initargs=(config, templates),
            recycle_after=RECYCLE_AFTER,
            preload=("cleaners.clean",),
        )

    def submit(self, page: Page) -> "Future[Outcome]":
        """Clean one page: `timeout` and `crashed` are Rejections.

        The future raises ModelError alone, when no worker can start.
        """
        outer: Future[Outcome] = Future()
        outer.set_running_or_notify_cancel()

        def deliver(inner: "Future[tuple[Cleaned, ...]]") -> None:
            if isinstance(error := inner.exception(), WorkerStartError):
                outer.set_exception(ModelError(str(error)))
                return
            outer.set_result(self._outcomes((page,), inner)[0])

        self._pool.submit((page,), timeout=self._timeout).add_done_callback(deliver)
        return outer

    def map(self, pages: Iterable[Page]) -> Iterator[Outcome]:
        """Outcomes in the order of the pages; takes pages no faster than they are cleaned."""
        pending: deque[tuple[tuple[Page, ...], Future[tuple[Cleaned, ...]]]] = deque()
        for chunk in _chunks(pages):
            pending.append((chunk, self._pool.submit(chunk, timeout=self._timeout)))
            if len(pending) >= WINDOW * self.workers:
                yield from self._settle(*pending.popleft())
        while pending:
            yield from self._settle(*pending.popleft())

    def _settle(
        self, chunk: tuple[Page, ...], future: "Future[tuple[Cleaned, ...]]"
    ) -> Iterator[Outcome]:
        """A chunk's outcomes; when its worker was lost, page by page so that one alone pays."""
        lost = isinstance(future.exception(), WorkerTimeoutError | WorkerCrashedError)
        if lost and len(chunk) > 1:
            singles = [(p, self._pool.submit((p,), timeout=self._timeout)) for p in chunk]
            for page, single in singles:
                yield from self._outcomes((page,), single)
        else:
            yield from self._outcomes(chunk, future)

    def _outcomes(
        self, pages: tuple[Page, ...], future: "Future[tuple[Cleaned, ...]]"
    ) -> tuple[Outcome, ...]:
        error = future.exception()
        if isinstance(error, WorkerStartError):
            raise ModelError(str(error))
        if error is not None:
            reason = _REASONS.get(type(error), Reason.INTERNAL_ERROR)
            return tuple(page.rejected(Stage.CLEAN, reason, str(error)) for page in pages)
        cleaned = future.result()
        with self._guard:
            self._seen += [c.observation for c in cleaned if c.observation is not None]
            if len(self._seen) >= LEARN_EVERY:
                self._learn()
        return tuple(c.outcome for c in cleaned)

    def _learn(self) -> None:
        self._templates = self._templates.merge(learn(self._seen))
        self._seen.clear()

    def learned(self) -> Templates:
        """The templates it was given, and what the pages cleaned since have taught."""
        with self._guard:
            self._learn()
            return self._templates

    @property
    def pids(self) -> tuple[int, ...]:
        """Process ids of the live workers."""
        return self._pool.pids

    def close(self, *, cancel: bool = False) -> None:
        """Finish (or, with `cancel`, drop) what is queued, then end the workers."""
        self._pool.close(cancel=cancel)

    def __enter__(self) -> "CleaningPool":
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.close(cancel=kind is not None)


_REASONS: dict[type[BaseException], Reason] = {
    WorkerTimeoutError: Reason.TIMEOUT,
    WorkerCrashedError: Reason.CRASHED,
}


def _chunks(pages: Iterable[Page]) -> Iterator[tuple[Page, ...]]:
    """Group pages so that a chunk holds at most CHUNK_PAGES or about CHUNK_BYTES."""
    chunk: list[Page] = []
    size = 0
    for page in pages:
        chunk.append(page)
        size += len(page.content)
        if size >= CHUNK_BYTES or len(chunk) >= CHUNK_PAGES:
            yield tuple(chunk)
            chunk, size = [], 0
    if chunk:
        yield tuple(chunk)
