"""Worker processes that may be killed at any moment, by themselves or by others.

Each worker has a pipe of its own. Pools that share one pipe or lock between workers hang when a
worker is killed while it holds the lock; here a dead worker costs the one task that it had. What a
worker is at within its task stands in shared memory (`beat`), so that it can be told afterwards.
"""

import contextlib
import logging
import multiprocessing
import os
import queue
import signal
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

logger = logging.getLogger("winnow.clean")

T = TypeVar("T")
R = TypeVar("R")

START_SLOW = 60.0
"""Seconds a new worker may take to import and load its models before the log says so: 2 to 4 on an
idle machine. The tasks wait meanwhile: a busy machine or a slow disk is not their fault."""
START_TIMEOUT = 600.0
"""Seconds after which a worker that is still not there is given up, and with it the pool if no
other has come up: every task would wait for ever."""


class WorkerTaskError(RuntimeError):
    """Set on a task's future when the function raised; the message names the exception.

    `note` is the last that the task said with `beat`; None if it said nothing.
    """

    def __init__(self, what: str, note: int | None = None) -> None:
        super().__init__(what)
        self.note = note


class WorkerTimeoutError(WorkerTaskError):
    """Set on a task's future when the task gave no sign for too long; its worker was killed."""


class WorkerCrashedError(WorkerTaskError):
    """Set on a task's future when its worker died; the message names the signal or exit code."""


class WorkerStartError(Exception):
    """Set on every future when the initializer raised or never ended: no worker will come up."""


_FAILED_IMPORT = 1  # how Python ends a process whose program raised
_UNGUARDED = (
    "worker processes import the script that starts them, and this one starts work when it is"
    ' imported: put that under  if __name__ == "__main__":'
)


@dataclass(frozen=True, slots=True)
class _Task(Generic[T, R]):
    item: T
    timeout: float
    future: "Future[R]"


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    pulse: Any
    ready: bool = False
    task: _Task[Any, Any] | None = None
    deadline: float = 0.0
    done: int = 0
    began: float = 0.0

    def note(self) -> int | None:
        """The last that the worker said of its task."""
        said = int(self.pulse[0])
        return said if said != _SILENT else None


_SILENT = -1
_pulse: Any = None


def beat(note: int) -> None:
    """Say, within a task, what is begun now (a number below 2**53): its time counts from here.

    Costs no message; nothing outside of a worker process.
    """
    if _pulse is not None:
        _pulse[0], _pulse[1] = note, time.monotonic()


def _serve(
    pipe: Connection,
    pulse: Any,
    function: Callable[[Any], Any],
    initializer: Callable[..., None] | None,
    initargs: tuple[object, ...],
) -> None:
    """A worker's life: initialise, then answer items until the other end is closed."""
    global _pulse  # a worker process has one pulse for life
    _pulse = pulse
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to handle
    with contextlib.suppress(EOFError, OSError):  # the parent is gone: nobody to tell
        try:
            if initializer is not None:
                initializer(*initargs)
        except Exception as error:  # noqa: BLE001 - the boundary: the parent decides what it means
            pipe.send(_told(error))
            return
        pipe.send(None)
        while True:
            item = pipe.recv()
            try:
                answer: tuple[bool, object] = (True, function(item))
            except Exception as error:  # noqa: BLE001 - likewise
                answer = (False, _told(error))
            pipe.send(answer)


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


class WorkerPool(Generic[T, R]):
    """Runs `function(item)` in worker processes; every submitted item's future gets an end.

    `function`, `initializer` and items must pickle. A worker is replaced after `recycle_after`
    tasks, so that leaks of the libraries below cannot add up. Use as a context manager, or close().
    """

    def __init__(
        self,
        function: Callable[[T], R],
        *,
        workers: int,
        initializer: Callable[..., None] | None = None,
        initargs: tuple[object, ...] = (),
        recycle_after: int | None = None,
        preload: tuple[str, ...] = (),
    ) -> None:
        if workers < 1:
            raise ValueError("workers must be at least 1")
        if getattr(multiprocessing.current_process(), "_inheriting", False):
            raise WorkerStartError(_UNGUARDED)
        self._function, self._initializer, self._initargs = function, initializer, initargs
        self._count, self._recycle_after = workers, recycle_after
        self._context = _context()
        if preload:
            self._context.set_forkserver_preload(list(preload))
        self._inbox: queue.SimpleQueue[_Task[T, R] | None] = queue.SimpleQueue()
        self._waiting: deque[_Task[T, R]] = deque()
        self._workers: list[_Worker] = []
        self._wake_reader, self._wake_writer = os.pipe()
        self._closing = False
        self._broken: WorkerStartError | None = None
        self._thread = threading.Thread(target=self._pump, name="worker-pool", daemon=True)
        self._thread.start()

    def submit(self, item: T, *, timeout: float) -> "Future[R]":
        """Queue an item; `timeout` is in seconds from the moment a worker gets it or last beats.

        The future ends with the result, WorkerTaskError or a kind of it, or WorkerStartError.
        """
        if self._closing:
            raise RuntimeError("the pool is closed")
        future: Future[R] = Future()
        self._inbox.put(_Task(item, timeout, future))
        os.write(self._wake_writer, b"x")
        return future

    def close(self, *, cancel: bool = False) -> None:
        """Finish (or, with `cancel`, drop) what is queued, then end the workers."""
        if self._closing:
            return
        self._closing = True
        self._inbox.put(None)
        if cancel:
            for worker in self._workers:
                worker.process.kill()
        os.write(self._wake_writer, b"x")
        self._thread.join()
        os.close(self._wake_reader)
        os.close(self._wake_writer)

    def __enter__(self) -> "WorkerPool[T, R]":
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.close(cancel=kind is not None)

    @property
    def pids(self) -> tuple[int, ...]:
        """Process ids of the live workers."""
        return tuple(w.process.pid for w in self._workers if w.process.pid is not None)

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        pulse = self._context.RawArray("d", [_SILENT, 0.0])
        process = self._context.Process(
            target=_serve,
            args=(theirs, pulse, self._function, self._initializer, self._initargs),
            daemon=True,
        )
        process.start()
        theirs.close()
        began = time.monotonic()
        return _Worker(process, ours, pulse, deadline=began + START_SLOW, began=began)

    def _pump(self) -> None:
        """The one thread that talks to the workers: hands out tasks, takes answers, buries dead."""
        finishing = False
        while True:
            while not self._inbox.empty():
                task = self._inbox.get()
                if task is None:
                    finishing = True
                elif task.future.set_running_or_notify_cancel():
                    self._waiting.append(task)
            if self._broken is not None:
                self._break(str(self._broken))
            busy = sum(worker.task is not None for worker in self._workers)
            if finishing and not self._waiting and not busy:
                break
            while len(self._workers) < min(self._count, busy + len(self._waiting)):
                try:
                    self._workers.append(self._start())
                except OSError as error:  # no memory, no descriptors, no temporary folder
                    self._break(f"no process can be started: {error}")
            for worker in self._workers:
                if worker.ready and worker.task is None and self._waiting:
                    self._give(worker, self._waiting.popleft())
            self._wait()
        for worker in self._workers:
            self._retire(worker)

    def _break(self, cause: str) -> None:
        """End all that waits: no worker will come up."""
        self._broken = self._broken or WorkerStartError(cause)
        while self._waiting:
            self._waiting.popleft().future.set_exception(self._broken)

    def _give(self, worker: _Worker, task: _Task[T, R]) -> None:
        worker.task, worker.deadline = task, time.monotonic() + task.timeout
        worker.pulse[0], worker.pulse[1] = _SILENT, 0.0
        # A worker that died meanwhile is noticed by its sentinel.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            worker.pipe.send(task.item)

    def _wait(self) -> None:
        active = [w for w in self._workers if w.task is not None or not w.ready]
        limit = min((w.deadline for w in active), default=None)
        handles: list[Any] = [self._wake_reader]
        handles += [w.pipe for w in self._workers]
        timeout = None if limit is None else max(0.0, limit - time.monotonic())
        signalled = wait(handles, timeout)
        if self._wake_reader in signalled:
            os.read(self._wake_reader, 65536)
        for worker in list(self._workers):
            if worker.pipe in signalled:
                self._hear(worker)
            elif (worker.task or not worker.ready) and time.monotonic() > worker.deadline:
                self._overdue(worker)

    def _overdue(self, worker: _Worker) -> None:
        """Kill a worker, unless its task has begun with something new since it was given."""
        if worker.task is None:
            self._late(worker)
            return
        worker.deadline = max(worker.deadline, worker.pulse[1] + worker.task.timeout)
        if time.monotonic() > worker.deadline:
            what = f"took over {worker.task.timeout:g} s"
            self._bury(worker, WorkerTimeoutError(what, worker.note()))

    def _late(self, worker: _Worker) -> None:
        """Wait on for a worker that is slow to start; in the end, do without it."""
        limit = worker.began + START_TIMEOUT
        if time.monotonic() <= limit:
            logger.warning("a worker is not ready after %g s; its tasks wait", START_SLOW)
            worker.deadline = limit
            return
        self._workers.remove(worker)
        worker.process.kill()
        self._retire(worker)
        if not any(other.ready for other in self._workers):
            self._break(f"no worker was ready within {START_TIMEOUT:g} s")

    def _hear(self, worker: _Worker) -> None:
        try:
            answer = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join(timeout=5)
            note = worker.note() if worker.task else None
            code = worker.process.exitcode
            if not worker.ready and code == _FAILED_IMPORT:
                self._break("worker processes fail as they start; what they said stands above")
            self._bury(worker, WorkerCrashedError(_cause(code), note))
            return
        if not worker.ready:
            worker.ready = answer is None
            if not worker.ready:
                self._workers.remove(worker)
                self._retire(worker)
                self._break(str(answer))
            return
        task, worker.task, worker.done = worker.task, None, worker.done + 1
        if self._recycle_after is not None and worker.done >= self._recycle_after:
            self._workers.remove(worker)
            self._retire(worker)
        if task is not None:
            succeeded, value = answer
            if succeeded:
                task.future.set_result(value)
            else:
                task.future.set_exception(WorkerTaskError(str(value), worker.note()))

    def _bury(self, worker: _Worker, error: Exception) -> None:
        self._workers.remove(worker)
        worker.process.kill()
        self._retire(worker)
        if worker.task is not None:
            worker.task.future.set_exception(error)
        elif not worker.ready and self._waiting:
            # It never came up: fail one task rather than start workers forever.
            self._waiting.popleft().future.set_exception(error)

    def _retire(self, worker: _Worker) -> None:
        worker.pipe.close()
        worker.process.join(timeout=5)
        if worker.process.exitcode is None:
            worker.process.kill()
            worker.process.join()
        worker.process.close()


def _context() -> Any:
    """Fork server where it can listen: its socket's path may have 107 characters, and Python adds
    some 45 to the temporary folder's. Elsewhere new interpreters, which take longer to start."""
    method = "forkserver" if len(os.fsencode(tempfile.gettempdir())) <= _LONGEST_FOLDER else "spawn"
    return multiprocessing.get_context(method)


_LONGEST_FOLDER = 60


def _cause(exitcode: int | None) -> str:
    """What ended a process, in words.

    >>> _cause(-9)
    'killed by SIGKILL'
    >>> _cause(3)
    'exited with code 3'
    """
    if exitcode is not None and exitcode < 0:
        return f"killed by {signal.Signals(-exitcode).name}"
    return f"exited with code {exitcode}"
