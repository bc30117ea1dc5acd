"""One writer at a time: a lock that the operating system drops when its holder dies.

POSIX record locks (fcntl): unlike flock they are not handed down to forked worker processes, which
would keep the output locked after the writer itself was killed.
"""

import fcntl
import hashlib
import os
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from cleaners.errors import StoreError, StoreLocked

_POLL_SECONDS = 0.02
# A record lock does not exclude its own process, and closing any handle on the file drops it.
_held: dict[str, int] = {}


class Lock:
    """Holds an output for one process, or shares it among processes that only append."""

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        self._path, self._shared = path, shared
        self._handle: int | None = None

    def acquire(self, *, wait: float = 0.0) -> None:
        """Take the lock, within `wait` seconds.

        Raises StoreLocked, with the holder's process id, if another keeps it longer.
        """
        key = str(self._path.absolute())
        if key in _held:
            raise StoreLocked(str(self._path), f"this process ({os.getpid()}) writes to it")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StoreError(str(self._path), f"cannot be locked: {error.strerror}") from error
        mode = fcntl.LOCK_SH if self._shared else fcntl.LOCK_EX
        until = time.monotonic() + wait
        while True:
            try:
                fcntl.lockf(handle, mode | fcntl.LOCK_NB)
                break
            except OSError as error:
                if time.monotonic() < until:
                    time.sleep(_POLL_SECONDS)
                    continue
                holder = os.read(handle, 32).decode("ascii", "replace").strip() or "unknown"
                os.close(handle)
                raise StoreLocked(
                    str(self._path.parent.parent), f"another process (pid {holder}) writes to it"
                ) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode("ascii"), 0)
        self._handle = handle
        _held[key] = handle

    def release(self) -> None:
        if self._handle is not None:
            _held.pop(str(self._path.absolute()), None)
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def holder(path: Path) -> str | None:
    """The process id that holds a lock, "unknown" if it does not say, None if it is free.

    Nothing is made or changed; a lock of this process itself is not seen.
    """
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.lockf(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return os.read(handle, 32).decode("ascii", "replace").strip() or "unknown"
    finally:
        os.close(handle)
    return None


def remote_lock_path(place: str) -> Path:
    """Where the lock of an object store's output lies: this machine's temporary folder.

    It excludes a second writer on this machine; machines are kept apart by the frontier they share.
    """
    digest = hashlib.sha256(place.encode("utf-8", "backslashreplace")).hexdigest()[:24]
    return Path(tempfile.gettempdir()) / f"winnow-locks-{os.getuid()}" / f"{digest}.lock"
