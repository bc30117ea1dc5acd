"""Where the tables lie: a local folder or any filesystem of pyarrow, crash-safe on both.

A whole file appears or nothing does. On a local disk: written under a hidden name, fsync, rename,
fsync of the folder. An object store shows an object only once it is complete, which gives the same.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol
from urllib.parse import quote, unquote, urlsplit

import pyarrow as pa
import pyarrow.fs as pafs

from cleaners.errors import MissingExtra, StoreError

Steps = Callable[[str], None]
"""Called with the name of each effect just before it happens; tests make it kill the process."""


def no_steps(_: str) -> None:
    """The seam as it is in use: nothing."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of the output: its path below the output's root, with slashes, and its bytes."""

    path: str
    size: int


class Disk(Protocol):
    """The effects that the store has on a disk; paths are relative, with slashes."""

    @property
    def place(self) -> str:
        """The root, for messages."""
        ...

    @property
    def filesystem(self) -> Any:
        """A pyarrow filesystem that is rooted at the output."""
        ...

    def files(self, folder: str, suffix: str) -> list[Stored]:
        """Files below a folder, hidden ones left out, ordered by path."""
        ...

    def write(self, path: str, fill: Callable[[Any], None]) -> None:
        """Make a file by `fill(sink)`; it is there, whole and durable, on return, or not at all."""
        ...

    def move(self, source: str, target: str) -> None:
        """Put a file in place of another (or of none), in one step for readers of the target."""
        ...

    def delete(self, path: str) -> None:
        """Take a file away; no error if it is gone."""
        ...

    def exists(self, path: str) -> bool: ...

    def sweep(self, folder: str) -> None:
        """Take away what an interrupted `write` below a folder has left."""
        ...


class LocalDisk:
    """A folder of this machine."""

    def __init__(self, root: Path, steps: Steps = no_steps) -> None:
        self.root, self._steps = root, steps

    @property
    def place(self) -> str:
        return str(self.root)

    @property
    def filesystem(self) -> Any:
        return pafs.SubTreeFileSystem(str(self.root.absolute()), pafs.LocalFileSystem())

    def files(self, folder: str, suffix: str) -> list[Stored]:
        return [
            Stored(path.relative_to(self.root).as_posix(), path.stat().st_size)
            for path in sorted(self._walk(self.root / folder))
            if path.name.endswith(suffix) and not path.name.startswith(".")
        ]

    def _walk(self, folder: Path) -> Iterator[Path]:
        with suppress(FileNotFoundError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if not entry.name.startswith("."):
                        yield from self._walk(Path(entry.path))
                elif entry.is_file():
                    yield Path(entry.path)

    def write(self, path: str, fill: Callable[[Any], None]) -> None:
        target = self.root / path
        hidden = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        try:
            self._make(target.parent)
            self._steps(f"write {path}")
            with hidden.open("wb") as sink:
                fill(sink)
                self._flush(sink)
            self._steps(f"rename {path}")
            hidden.replace(target)
            self._sync_folder(target.parent)
        except OSError as error:
            with suppress(OSError):
                hidden.unlink(missing_ok=True)
            raise StoreError(
                str(target), f"cannot be written: {error.strerror or error}"
            ) from error
        self._steps(f"written {path}")

    def _flush(self, sink: IO[bytes]) -> None:
        sink.flush()
        os.fsync(sink.fileno())

    def _make(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir()
        self._sync_folder(folder.parent)

    @staticmethod
    def _sync_folder(folder: Path) -> None:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def move(self, source: str, target: str) -> None:
        self._steps(f"move {target}")
        try:
            self._make((self.root / target).parent)
            (self.root / source).replace(self.root / target)
            self._sync_folder((self.root / target).parent)
        except OSError as error:
            raise StoreError(str(self.root / target), f"cannot be replaced: {error}") from error

    def delete(self, path: str) -> None:
        self._steps(f"delete {path}")
        with suppress(FileNotFoundError):
            (self.root / path).unlink()

    def exists(self, path: str) -> bool:
        return (self.root / path).exists()

    def sweep(self, folder: str) -> None:
        for path in self._walk(self.root / folder):
            if path.name.startswith(".") and path.name.endswith(".tmp"):
                path.unlink(missing_ok=True)


_WITHOUT_FOLDERS = frozenset({"s3", "gcs"})


class ObjectDisk:
    """An object store (or another remote filesystem): no rename, but whole objects or none."""

    def __init__(self, place: str, filesystem: Any, steps: Steps = no_steps) -> None:
        self._place, self._fs, self._steps = place, filesystem, steps

    @property
    def place(self) -> str:
        return self._place

    @property
    def filesystem(self) -> Any:
        return self._fs

    def _wrap(self, path: str, error: OSError) -> StoreError:
        return StoreError(f"{self._place}/{path}", _cause(error))

    def files(self, folder: str, suffix: str) -> list[Stored]:
        chosen = pafs.FileSelector(folder, recursive=True, allow_not_found=True)
        try:
            infos = self._fs.get_file_info(chosen)
        except OSError as error:
            raise self._wrap(folder, error) from error
        found = [
            Stored(info.path, info.size)
            for info in infos
            if info.type == pafs.FileType.File
            and info.path.endswith(suffix)
            and not any(part.startswith(".") for part in info.path[len(folder) :].split("/"))
        ]
        return sorted(found, key=lambda stored: stored.path)

    def write(self, path: str, fill: Callable[[Any], None]) -> None:
        self._steps(f"write {path}")
        whole = pa.BufferOutputStream()
        fill(whole)
        try:
            self._make_folder_of(path)
            with self._fs.open_output_stream(path) as sink:
                sink.write(whole.getvalue())
        except OSError as error:
            raise self._wrap(path, error) from error
        self._steps(f"written {path}")

    def _make_folder_of(self, path: str) -> None:
        """Where there are folders; in an object store each would be some requests and an object."""
        if self._fs.base_fs.type_name not in _WITHOUT_FOLDERS:
            self._fs.create_dir(path.rpartition("/")[0], recursive=True)

    def move(self, source: str, target: str) -> None:
        self._steps(f"move {target}")
        try:
            self._make_folder_of(target)
            self._fs.copy_file(source, target)
        except OSError as error:
            raise self._wrap(target, error) from error
        self.delete(source)

    def delete(self, path: str) -> None:
        self._steps(f"delete {path}")
        try:
            self._fs.delete_file(path)
        except FileNotFoundError:
            return
        except OSError as error:
            if self.exists(path):
                raise self._wrap(path, error) from error

    def exists(self, path: str) -> bool:
        try:
            found: bool = self._fs.get_file_info(path).type == pafs.FileType.File
        except OSError as error:
            raise self._wrap(path, error) from error
        return found

    def sweep(self, folder: str) -> None:
        """Nothing: an object that was not completed was never there."""


def _cause(error: OSError) -> str:
    """What a store says of an error, or what to do about it where it is known."""
    text = str(error)
    if "OAuth2 access token" in text:
        return (
            "no credentials for Google Cloud Storage; run `gcloud auth application-default login` "
            "or set GOOGLE_APPLICATION_CREDENTIALS"
        )
    return text


def _scheme(out: str) -> str:
    parts = urlsplit(out)
    # One letter is a Windows drive, not a scheme.
    return parts.scheme if "://" in out and len(parts.scheme) > 1 else ""


def _without_secrets(text: str) -> str:
    """A text without the key and secret that an address in it may carry.

    >>> _without_secrets("s3://KEY:SECRET@bucket/out?x=1")
    's3://bucket/out?x=1'
    """
    return re.sub(r"//[^@/\s]*:[^@/\s]*@", "//", text)


def open_disk(out: str | Path, steps: Steps = no_steps) -> LocalDisk | ObjectDisk:
    """The disk that an output names: a path, file://, s3://, gs://, or what fsspec has installed.

    Raises MissingExtra if support for it is not installed, StoreError if it cannot be reached.
    """
    text = str(out)
    scheme = _scheme(text)
    if scheme in ("", "file"):
        return LocalDisk(Path(unquote(urlsplit(text).path) if scheme else text), steps)
    place = _without_secrets(text).partition("?")[0].rstrip("/")
    try:
        filesystem, root = pafs.FileSystem.from_uri(_with_a_limit(_spelt(text), scheme))
        filesystem = _patient(filesystem)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ImportError):
        filesystem, root = _by_fsspec(text, scheme)
    except (OSError, ValueError) as error:
        cause = _without_secrets(str(error).replace(text, place).partition("\n")[0])
        raise StoreError(place, f"cannot be opened: {cause}") from error
    return ObjectDisk(place, pafs.SubTreeFileSystem(root, filesystem), steps)


# A request that a busy store turns away (500, 503) is made so often, with growing pauses (15 s in
# all): where every other one fails one in 64 is left, of three attempts one in eight.
_S3_ATTEMPTS = 6
# Without credentials pyarrow would ask Google's metadata service for 15 minutes.
_GS_SECONDS = 20


def _patient(filesystem: Any) -> Any:
    """An S3 file system that tries longer than pyarrow's default and puts small objects by one
    request instead of three; any other as it is."""
    if filesystem.type_name != "s3":
        return filesystem
    options = filesystem.__reduce__()[1][0] | {"allow_delayed_open": True}
    return pafs.S3FileSystem(
        **options, retry_strategy=pafs.AwsStandardS3RetryStrategy(max_attempts=_S3_ATTEMPTS)
    )


def _spelt(out: str) -> str:
    """An address with what no address may hold (spaces, letters with accents) written out.

    >>> _spelt("s3://bucket/my news/é")
    's3://bucket/my%20news/%C3%A9'
    """
    return quote(out, safe="%/:?#[]@!$&'()*+,;=~-._")


def _with_a_limit(out: str, scheme: str) -> str:
    if scheme not in ("gs", "gcs") or "retry_limit_seconds=" in out:
        return out
    return f"{out}{'&' if '?' in out else '?'}retry_limit_seconds={_GS_SECONDS}"


def _by_fsspec(out: str, scheme: str) -> tuple[Any, str]:
    place = _without_secrets(out).partition("?")[0]
    try:
        from fsspec.core import url_to_fs

        filesystem, root = url_to_fs(out)
    except ImportError as error:
        if scheme == "s3":
            raise MissingExtra("s3", f"an output at {scheme}:// ({error})") from error
        raise StoreError(place, f"cannot be opened: {error}") from error
    except (ValueError, OSError) as error:
        raise StoreError(place, _without_secrets(f"cannot be opened: {error}")) from error
    return pafs.PyFileSystem(pafs.FSSpecHandler(filesystem)), root
