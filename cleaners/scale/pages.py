"""Pages that come one by one, cleaned several at once; their articles come back as Arrow rows.

    page ─┐                                                             ┌→ ArticleRow or Rejection
    page ─┼─ waiting ─Batch→ worker: clean, judge, look, rows ─Answer→ ─┼→ …
    page ─┘                                                             └→ …

While pages wait, a task takes several: waking a worker, this process and whoever waits for an
answer costs more than a page's row. A page that comes alone goes alone.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial

from cleaners.clean import clean_and_observe
from cleaners.config import CleanConfig
from cleaners.errors import ModelError
from cleaners.html.document import Document
from cleaners.html.templates import Observation, Templates
from cleaners.model import Article, Discovery, Outcome, Page, Reason, Rejection, Stage
from cleaners.scale.batch import articles_from_message, articles_message
from cleaners.scale.processes import WorkerTaskError, WorkerTimeoutError, beat
from cleaners.store.made import ArticleRow

BATCH_PAGES = 32
"""Pages of one task, at most. Columns and messages cost a task alike, and after pages of cleaning
no cache holds what makes them: rows and taking them in take .20 ms a page with 16, .16 with these;
with more, a page would wait for most of a second."""
BATCH_BYTES = 8_000_000
AHEAD = 2
"""Tasks that a worker has: the one it is at and the next, so that it never waits."""

Judge = Callable[[Article], Outcome]
"""Has a say in what is kept; it must pickle, since the workers ask it."""
Look = Callable[[Page, Outcome, Document | None], bytes | None]
"""Reads what else somebody wants of a page, where its tree is; it must pickle. No document comes
with pages that are no HTML, or for which cleaning had no use."""
Ended = ArticleRow | Rejection
SHA = "text_sha256"


@dataclass(frozen=True, slots=True)
class Batch:
    """Pages for one worker."""

    pages: tuple[Page, ...]
    looks: tuple[Look | None, ...] = ()
    """One a page, or none at all."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of a page, and what its look saw: None without a look, or when its worker died."""

    end: Ended
    sight: bytes | None = None


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What became of the pages of a batch, in their order: a rejection, or a row of the stream."""

    rejections: tuple[Rejection | None, ...]
    discoveries: tuple[Discovery | None, ...]
    """One a row."""
    rows: bytes
    seen: tuple[Observation, ...] = ()
    sights: tuple[bytes | None, ...] = ()
    """One a page."""

    def ends(self, pages: Sequence[Page]) -> list[Ended]:
        """The answer page by page."""
        table = articles_from_message(self.rows)
        made = iter(zip(table["article_id"].to_pylist(), table[SHA].to_pylist(), strict=True))
        ends: list[Ended] = []
        row = 0
        for page, rejection in zip(pages, self.rejections, strict=True):
            if rejection is not None:
                ends.append(rejection)
                continue
            key, sha = next(made)
            ends.append(
                ArticleRow(
                    table=table,
                    row=row,
                    article_id=key,
                    text_sha256=sha,
                    source=page.source,
                    url=page.url,
                    fetch=page.fetch,
                    discovery=self.discoveries[row],
                    bytes=len(self.rows) // table.num_rows,
                )
            )
            row += 1
        return ends


def clean_pages(
    batch: Batch, judge: Judge | None, config: CleanConfig, templates: Templates | None
) -> BatchAnswer:
    """What a worker does with a batch."""
    outcomes: list[Outcome] = []
    seen: list[Observation] = []
    sights: list[bytes | None] = []
    looks = batch.looks or (None,) * len(batch.pages)
    for number, (page, look) in enumerate(zip(batch.pages, looks, strict=True)):
        beat(number)
        cleaned = clean_and_observe(
            page, config=config, templates=templates, reading=look is not None
        )
        outcome = cleaned.outcome
        if judge is not None and isinstance(outcome, Article):
            outcome = judge(outcome)
        outcomes.append(outcome)
        sights.append(look(page, outcome, cleaned.document) if look else None)
        if cleaned.observation is not None:
            seen.append(cleaned.observation)
    made = answered(outcomes, config_digest=config.digest)
    return replace(made, seen=tuple(seen), sights=tuple(sights))


def answered(outcomes: Iterable[Outcome], *, config_digest: str) -> BatchAnswer:
    """Outcomes as a worker's answer."""
    ends, rows = articles_message(tuple(outcomes), config_digest=config_digest)
    return BatchAnswer(
        rejections=tuple(end if isinstance(end, Rejection) else None for end in ends),
        discoveries=tuple(end.discovery for end in ends if isinstance(end, Article)),
        rows=rows,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A page that somebody waits for; `alone` since a worker died on it."""

    page: Page
    look: Look | None
    future: "Future[Finished]"
    alone: bool = False


Send = Callable[[Batch], "Future[BatchAnswer]"]
"""Hands a batch to the workers. The future ends with the answer, a WorkerTaskError or ModelError;
raises RuntimeError once they are being ended."""


class PageQueue:
    """Gives pages to workers; each one's future ends, whatever befalls a worker."""

    def __init__(
        self, send: Send, *, workers: int, reason_of: Callable[[BaseException], Reason]
    ) -> None:
        self._send, self._reason_of = send, reason_of
        self._most = AHEAD * workers
        self._sent = 0
        self._waiting: deque[_Asked] = deque()
        self._guard = threading.Lock()

    def put(self, page: Page, look: Look | None = None) -> "Future[Finished]":
        """Clean a page; the future raises ModelError alone, when no worker can start."""
        future: Future[Finished] = Future()
        future.set_running_or_notify_cancel()
        with self._guard:
            self._waiting.append(_Asked(page, look, future))
        self._send_waiting()
        return future

    def _send_waiting(self) -> None:
        while True:
            with self._guard:
                if not self._waiting or self._sent >= self._most:
                    return
                asked = self._taken()
                self._sent += 1
            try:
                answer = self._send(_batch(asked))
            except RuntimeError as error:  # the workers are being ended
                self._over(asked, error)
            else:
                answer.add_done_callback(partial(self._done, asked))

    def _taken(self) -> tuple[_Asked, ...]:
        """The next batch: each task that may be sent gets its share of what waits."""
        share = -(-len(self._waiting) // (self._most - self._sent))
        taken: list[_Asked] = []
        size = 0
        while self._waiting and len(taken) < min(share, BATCH_PAGES) and size < BATCH_BYTES:
            if self._waiting[0].alone and taken:
                break
            taken.append(self._waiting.popleft())
            size += len(taken[-1].page.content)
            if taken[-1].alone:
                break
        return tuple(taken)

    def _done(self, asked: tuple[_Asked, ...], answer: "Future[BatchAnswer]") -> None:
        error = answer.exception()
        if isinstance(error, WorkerTaskError):
            self._lost(asked, error)
        elif error is not None:
            self._over(asked, error)
            return
        else:
            made = answer.result()
            ends = made.ends([one.page for one in asked])
            for one, end, sight in zip(asked, ends, made.sights, strict=True):
                one.future.set_result(Finished(end, sight))
        with self._guard:
            self._sent -= 1
        self._send_waiting()

    def _lost(self, asked: tuple[_Asked, ...], error: WorkerTaskError) -> None:
        """The page that the worker was at pays, if it has had its second chance; others wait again.

        It gets one when the worker died, for others may have killed it.
        """
        at = min(error.note or 0, len(asked) - 1)
        again = [*asked[:at], replace(asked[at], alone=True), *asked[at + 1 :]]
        if asked[at].alone or isinstance(error, WorkerTimeoutError):
            del again[at]
            asked[at].future.set_result(self._rejected(asked[at].page, error))
        with self._guard:
            self._waiting.extendleft(reversed(again))

    def _over(self, asked: tuple[_Asked, ...], error: BaseException) -> None:
        """No worker takes anything any more: nothing may wait for ever."""
        with self._guard:
            left = (*asked, *self._waiting)
            self._waiting.clear()
            self._sent -= 1
        for one in left:
            if isinstance(error, ModelError):
                one.future.set_exception(error)
            else:
                one.future.set_result(self._rejected(one.page, error))

    def _rejected(self, page: Page, error: BaseException) -> Finished:
        return Finished(page.rejected(Stage.CLEAN, self._reason_of(error), str(error)))


def _batch(asked: Sequence[_Asked]) -> Batch:
    looks = tuple(one.look for one in asked)
    return Batch(tuple(one.page for one in asked), looks if any(looks) else ())
