"""Files of any number and size through a pool of workers, in their order, none lost.

    files ─group→ Work ─worker→ Answer ─→ Batch(rows, files that are done with)

When a worker dies or is killed for taking too long, the page that it was at is rejected (`crashed`
after a second try, `timeout` at once) and all others of its work are done again.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field

import pyarrow as pa

from cleaners.inputs import FoundFile, holds_many
from cleaners.model import Rejection, Stage
from cleaners.scale.batch import outcomes_table
from cleaners.scale.local import WINDOW, CleaningPool, reason_of
from cleaners.scale.portions import PORTION_ITEMS, Answer, Place, Portion, Work, from_stream
from cleaners.scale.processes import WorkerCrashedError, WorkerTaskError

GROUP_BYTES = 1024 * 1024
GROUP_FILES = 64
"""Small files travel together: a round trip costs as much as cleaning a short text, and answers of
a quarter of the size take twice as much of the parent's time (.63 for .34 ms a page)."""

LANE_BLOCK = 4 * PORTION_ITEMS
"""Items in a row that belong to one lane of a file that several machines share."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One share of a file's items, 0 ≤ number < of: the whole file for 0 of 1."""

    number: int = 0
    of: int = 1

    def next(self, start: int) -> int:
        """The first item of this lane from `start` on."""
        block, inside = divmod(start, LANE_BLOCK)
        wait = (self.number - block) % self.of
        return start if wait == 0 else start - inside + wait * LANE_BLOCK


WHOLE = Lane()


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of OUTCOMES, and how far each file that they are from has come with them."""

    rows: pa.Table
    done: tuple["Progress", ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """All items of a file below `items` are in the rows given so far; `ended`: it has no more."""

    found: FoundFile
    items: int
    ended: bool


@dataclass(frozen=True, slots=True)
class _Ticket:
    """Work that was sent; `tried`: the worker that had it before died."""

    work: Work
    future: "Future[Answer]"
    tried: bool = False


@dataclass(slots=True)
class _Known:
    """What is known of the files on their way."""

    lane: Lane
    ahead: dict[FoundFile, bool] = field(default_factory=dict)
    """Files of many items, whose portions are sent before it is known whether there are more;
    true once they have ended."""

    def end(self, found: FoundFile) -> None:
        if found in self.ahead:
            self.ahead[found] = True


def clean_files(
    pool: CleaningPool,
    files: Iterable[FoundFile | Rejection],
    *,
    lane: Lane = WHOLE,
    skip: Callable[[FoundFile], int] = lambda _: 0,
) -> Iterator[Batch]:
    """The rows of all files in their order; takes files no faster than they are cleaned.

    `skip` says how many items of a file are not wanted because they are done. A Rejection among the
    files (what could not be entered) becomes a row. Raises ModelError when no worker can start.
    """
    known = _Known(lane)
    pending: deque[_Ticket | Rejection] = deque()
    for work in _works(files, known, skip):
        pending.append(work if isinstance(work, Rejection) else _send(pool, work))
        while len(pending) >= WINDOW * pool.workers:
            yield from _settle(pool, pending, known)
    while pending:
        yield from _settle(pool, pending, known)


def _works(
    files: Iterable[FoundFile | Rejection], known: _Known, skip: Callable[[FoundFile], int]
) -> Iterator[Work | Rejection]:
    """Small files together; a file of many items by itself, until it is known to have ended."""
    group: list[Portion] = []
    size = 0
    for item in files:
        alone = isinstance(item, Rejection) or holds_many(item)
        if group and (alone or size >= GROUP_BYTES or len(group) >= GROUP_FILES):
            yield Work(tuple(group))
            group, size = [], 0
        if isinstance(item, Rejection):
            yield item
        elif alone:
            yield from _ahead(item, known, skip(item))
        else:
            group.append(_portion(item, known.lane, skip(item)))
            size += item.size
    if group:
        yield Work(tuple(group))


def _ahead(found: FoundFile, known: _Known, start: int) -> Iterator[Work]:
    known.ahead[found] = False
    while not known.ahead[found]:
        portion = _portion(found, known.lane, start)
        yield Work((portion,))
        start = portion.stop


def _portion(found: FoundFile, lane: Lane, start: int) -> Portion:
    first = lane.next(start)
    return Portion(found, first, first - first % PORTION_ITEMS + PORTION_ITEMS)


def _send(pool: CleaningPool, work: Work, *, tried: bool = False) -> _Ticket:
    return _Ticket(work, pool.work(work), tried)


def _settle(
    pool: CleaningPool, pending: deque[_Ticket | Rejection], known: _Known
) -> Iterator[Batch]:
    """The rows of the first ticket; what it leaves to do goes to the front."""
    first = pending.popleft()
    if isinstance(first, Rejection):
        yield Batch(outcomes_table([first]), ())
        return
    try:
        answer = first.future.result()
    except WorkerTaskError as error:
        if all(known.ahead.get(portion.found) for portion in first.work.portions):
            return  # sent ahead, and the file is known to have ended before
        again, refusal = _after_loss(first, error)
        pending.extendleft(_send(pool, work, tried=tried) for work, tried in reversed(again))
        if refusal is not None:
            found, rejection = refusal
            known.end(found)
            yield Batch(outcomes_table([rejection]), ())
        return
    done: list[Progress] = []
    left = first.work.portions[len(answer.items) :]
    for portion, items in zip(first.work.portions, answer.items, strict=False):
        ended = items < portion.stop - portion.start
        done.append(Progress(portion.found, portion.start + items, ended=ended))
        if ended:
            known.end(portion.found)
        elif portion.found not in known.ahead and portion.stop % PORTION_ITEMS == 0:
            left = (_portion(portion.found, known.lane, portion.stop), *left)
    if left:
        pending.appendleft(_send(pool, Work(left)))
    yield Batch(from_stream(answer.rows), tuple(done))


def _after_loss(
    ticket: _Ticket, error: WorkerTaskError
) -> tuple[list[tuple[Work, bool]], tuple[FoundFile, Rejection] | None]:
    """What to do again when a worker was lost (true: for the second time); a file to give up."""
    portions, verdict = ticket.work.portions, ticket.work.verdict
    place = Place.from_note(error.note) if error.note is not None else Place(0, 0, reading=True)
    portion, item = portions[place.portion], place.item
    hopeless = ticket.tried or not isinstance(error, WorkerCrashedError)
    before, rest = portions[: place.portion], portions[place.portion + 1 :]
    if portion.start < item:
        before = (*before, Portion(portion.found, portion.start, item))
    refusal = None
    middle: tuple[Work, bool] | None = None
    if not place.reading and verdict is None:
        alone = (Portion(portion.found, item, item + 1),)
        told = (reason_of(error), str(error))
        middle = (Work(alone, told), False) if hopeless else (Work(alone), True)
        if item + 1 < portion.stop:
            rest = (Portion(portion.found, item + 1, portion.stop), *rest)
    elif not hopeless:
        middle = (
            Work((Portion(portion.found, max(item, portion.start), portion.stop),), verdict),
            True,
        )
    else:
        detail = f"{error}, while item {item + 1} of the file was read"
        rejection = Rejection(portion.found.source, None, Stage.INPUT, reason_of(error), detail)
        refusal = (portion.found, rejection)
    again = [(Work(before, verdict), False)] if before else []
    again += [middle] if middle else []
    again += [(Work(rest, verdict), False)] if rest else []
    return again, refusal
