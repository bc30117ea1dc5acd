"""Cleaning in worker processes: a page that hangs or kills its worker is lost alone.

    pages ─map→ outcomes                 what is in memory: seeds
    page ─row→ ArticleRow or Rejection   what comes one by one: a crawl's answers
    files ─rows→ Arrow rows of outcomes  what lies on a disk: the workers read it themselves

Results of many come in the order of what was given, and no faster than they are taken.
"""

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

from cleaners.clean import Cleaned, clean_and_observe, warm_up
from cleaners.config import DEFAULT, CleanConfig
from cleaners.errors import ModelError
from cleaners.html.templates import Observation, Templates, learn
from cleaners.model import Outcome, Page, Reason, Stage
from cleaners.scale.lean import leave_pandas_out
from cleaners.scale.pages import (
    Batch,
    BatchAnswer,
    Finished,
    Judge,
    Look,
    PageQueue,
    clean_pages,
)
from cleaners.scale.portions import Answer, PortionCleaner, Work
from cleaners.scale.processes import (
    WorkerCrashedError,
    WorkerPool,
    WorkerStartError,
    WorkerTaskError,
    WorkerTimeoutError,
    beat,
)

RECYCLE_AFTER = 2_000
"""Tasks after which a worker is replaced: trafilatura's caches grow with the pages seen."""

CHUNK_BYTES = 256 * 1024
CHUNK_PAGES = 64
"""Small pages travel together: a round trip costs as much as cleaning a short text."""

WINDOW = 4
"""Tasks in flight per worker: enough that none waits, few enough that memory stays flat."""

LEARN_EVERY = 500
"""Observations that wait before they are folded into the templates; some 30 KB each."""

Pages = tuple[Page, ...]
Cleaneds = tuple[Cleaned, ...]
Task = Pages | Batch | Work
Done = Cleaneds | BatchAnswer | Answer

A = TypeVar("A", BatchAnswer, Answer)

_config: CleanConfig = DEFAULT
_templates: Templates | None = None
_judge: Judge | None = None
_portions = PortionCleaner()


def _set_up(config: CleanConfig, templates: Templates | None, judge: Judge | None) -> None:
    global _config, _templates, _judge, _portions  # a worker process has one set for life
    _config, _templates, _judge = config, templates, judge
    _portions = PortionCleaner(config, templates)
    leave_pandas_out()
    warm_up()


def _do(task: Task) -> Done:
    if isinstance(task, Work):
        return _portions.clean(task)
    if isinstance(task, Batch):
        return clean_pages(task, _judge, _config, _templates)
    done = []
    for number, page in enumerate(task):
        beat(number)
        done.append(clean_and_observe(page, config=_config, templates=_templates))
    return tuple(done)


class CleaningPool:
    """Cleans pages in worker processes; every page gives an Outcome, whatever befalls a worker."""

    def __init__(
        self,
        config: CleanConfig = DEFAULT,
        *,
        workers: int | None = None,
        templates: Templates | None = None,
        judge: Judge | None = None,
    ) -> None:
        """`judge` has the last word on articles that come one by one (`row`)."""
        self.workers = workers or os.cpu_count() or 1
        self._timeout = config.page_timeout
        self._templates = templates or Templates()
        self._seen: list[Observation] = []
        self._guard = threading.Lock()
        self._pool: WorkerPool[Task, Done] = WorkerPool(
            _do,
            workers=self.workers,
            initializer=_set_up,
            initargs=(config, templates, judge),
            recycle_after=RECYCLE_AFTER,
            preload=("cleaners.scale.local",),
        )
        self._queue = PageQueue(self._batch, workers=self.workers, reason_of=reason_of)

    # -- pages in memory ---------------------------------------------------------------------------

    def map(self, pages: Iterable[Page]) -> Iterator[Outcome]:
        """Outcomes in the order of the pages; takes pages no faster than they are cleaned."""
        pending: deque[_Pending] = deque()
        for chunk in _chunks(pages):
            pending.append(self._send(chunk))
            if len(pending) >= WINDOW * self.workers:
                yield from self._settle(pending.popleft())
        while pending:
            yield from self._settle(pending.popleft())

    def _send(self, chunk: Pages, *, tried: bool = False) -> "_Pending":
        return _Pending(chunk, self._pool.submit(chunk, timeout=self._timeout), tried)

    def _settle(self, sent: "_Pending") -> Iterator[Outcome]:
        """A chunk's outcomes; when its worker was lost, the page it was at alone pays.

        That page gets a second chance when the worker died: others may have killed it.
        """
        error = sent.future.exception()
        hopeless = isinstance(error, WorkerTimeoutError) or sent.tried
        if isinstance(error, WorkerTaskError) and not (hopeless and len(sent.pages) == 1):
            at = error.note or 0
            before, page, after = sent.pages[:at], sent.pages[at], sent.pages[at + 1 :]
            lost = _cleaned((page,), sent.future) if hopeless else ()
            first = [self._send(before)] if before else []
            first += [] if hopeless else [self._send((page,), tried=True)]
            last = [self._send(after)] if after else []
            for again in first:
                yield from self._settle(again)
            yield from (c.outcome for c in lost)
            for again in last:
                yield from self._settle(again)
            return
        cleaned = _cleaned(sent.pages, sent.future)
        self._learn_from(c.observation for c in cleaned)
        yield from (c.outcome for c in cleaned)

    # -- files -------------------------------------------------------------------------------------

    def work(self, work: Work) -> "Future[Answer]":
        """Clean portions of files; see `scale.files`, which knows what to do when a worker dies.

        The future ends with the answer, a WorkerTaskError, or ModelError when no worker can start.
        """
        return self._answered(work, Answer)

    # -- pages that come one by one ----------------------------------------------------------------

    def row(self, page: Page, look: Look | None = None) -> "Future[Finished]":
        """Clean one page: its row, made by a worker, or why it has none (`timeout`, `crashed`, …).

        `look` reads more of the page there. The future raises ModelError alone, when no worker can
        start.
        """
        return self._queue.put(page, look)

    def _batch(self, batch: Batch) -> "Future[BatchAnswer]":
        return self._answered(batch, BatchAnswer)

    def _answered(self, task: Batch | Work, kind: type[A]) -> "Future[A]":
        """The workers' answer to a task, when they have learned from it."""
        outer: Future[A] = Future()
        outer.set_running_or_notify_cancel()

        def deliver(inner: "Future[Done]") -> None:
            error = inner.exception()
            if isinstance(error, WorkerStartError):
                error = ModelError(str(error))
            if error is not None:
                outer.set_exception(error)
                return
            answer = inner.result()
            assert isinstance(answer, kind)
            self._learn_from(answer.seen)
            outer.set_result(answer)

        self._pool.submit(task, timeout=self._timeout).add_done_callback(deliver)
        return outer

    # -- what they teach ---------------------------------------------------------------------------

    def _learn_from(self, seen: Iterable[Observation | None]) -> None:
        with self._guard:
            self._seen += [one for one in seen if one is not None]
            if len(self._seen) >= LEARN_EVERY:
                self._learn()

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


@dataclass(frozen=True, slots=True)
class _Pending:
    pages: Pages
    future: "Future[Done]"
    tried: bool = False


def reason_of(error: BaseException) -> Reason:
    """The reason for which a page is rejected whose cleaning ended with this error."""
    if isinstance(error, WorkerTimeoutError):
        return Reason.TIMEOUT
    return Reason.CRASHED if isinstance(error, WorkerCrashedError) else Reason.INTERNAL_ERROR


def _cleaned(pages: Pages, future: "Future[Done]") -> Cleaneds:
    """What became of pages, for whatever end of their task. Raises ModelError."""
    error = future.exception()
    if isinstance(error, WorkerStartError):
        raise ModelError(str(error))
    if error is not None:
        return tuple(
            Cleaned(page.rejected(Stage.CLEAN, reason_of(error), str(error))) for page in pages
        )
    done = future.result()
    assert isinstance(done, tuple)
    return done


def _chunks(pages: Iterable[Page]) -> Iterator[Pages]:
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
