"""From the paths that were named to the files to read: folders, globs, links and all that is odd.

The order is that of the arguments, and within a folder that of the sorted relative paths, so the
same call reads the same files in the same order everywhere.
"""

import glob
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cleaners.errors import InputError
from cleaners.model import Reason, Rejection, Stage

STDIN = "-"
_ASSET_FOLDERS = ("_files", ".files", "_Dateien", "_fichiers", "_archivos")
"""What browsers call the folder of pictures and scripts that they save beside `page.html`."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read: where it lies, its source as the user knows it, its size in bytes.

    `modified`: when it was last changed, in nanoseconds since 1970; 0 where that is not known.
    """

    path: str
    source: str
    size: int
    modified: int = 0


def find_files(
    paths: Sequence[str], *, exclude: str | None = None, follow_links: bool = False
) -> Iterator[FoundFile | Rejection]:
    """Every file under the named paths, once; what cannot be entered or read is a Rejection.

    Hidden files and folders (`.git`, `.DS_Store`) and the asset folders that browsers save beside
    a page are passed over. `exclude` is a folder to leave out, such as the output. A symbolic link
    inside a folder is followed only while it stays inside, or with `follow_links`.
    A path may be an address in an object store. Raises `InputError`, before anything is read, when
    a named path or glob is not there.
    """
    named = [name for path in paths for name in _expand(path, exclude)]
    skip = os.path.realpath(exclude) if exclude else None
    seen: set[str] = set()
    return _walk_all(named, skip, seen, follow_links)


def _expand(path: str, exclude: str | None) -> Sequence[str | Iterator[FoundFile]]:
    """What an argument names: itself, what its glob matches, or the files of an object store."""
    if path == STDIN or os.path.lexists(path):
        return [path]
    if "://" in path:
        from cleaners.inputs.remote import find_remote, is_remote

        if is_remote(path):
            return [find_remote(path, exclude=exclude)]
    if glob.has_magic(path):
        matches = sorted(glob.glob(path, recursive=True))
        if not matches:
            raise InputError(path, "no file matches this pattern")
        return matches
    raise InputError(path, "there is no such file or folder")


def _walk_all(
    named: Sequence[str | Iterator[FoundFile]],
    skip: str | None,
    seen: set[str],
    follow_links: bool,
) -> Iterator[FoundFile | Rejection]:
    for path in named:
        if not isinstance(path, str):
            yield from path
        elif path == STDIN:
            yield FoundFile(STDIN, STDIN, 0)
        elif os.path.isdir(path):
            real = os.path.realpath(path)
            if real not in seen:
                seen.add(real)
                bounds = _Bounds(root=real, skip=skip, seen=seen, follow_links=follow_links)
                yield from _walk_folder(path, (real,), bounds)
        else:
            yield from _one_file(path, os.path.realpath(path), seen)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """What limits a walk: the folder it began in, the one it leaves out, and where it has been."""

    root: str
    skip: str | None
    seen: set[str]
    follow_links: bool


def _walk_folder(
    folder: str, ancestors: tuple[str, ...], bounds: _Bounds
) -> Iterator[FoundFile | Rejection]:
    """The files of a folder and of those in it; `ancestors` are the real paths down to here."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield _rejected(folder, Reason.UNREADABLE, f"the folder cannot be listed: {_cause(error)}")
        return
    names = {entry.name for entry in entries}
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = os.path.join(folder, entry.name)
        link = entry.is_symlink()
        # A file's real path costs more than all else that the walk does for it.
        real = os.path.realpath(path) if link else os.path.join(ancestors[-1], entry.name)
        if real == bounds.skip:
            continue
        if link and (refusal := _refuse_link(path, real, ancestors, bounds)):
            yield refusal
        elif entry.is_dir():
            if real in bounds.seen or _holds_assets(entry.name, names):
                continue
            bounds.seen.add(real)
            yield from _walk_folder(path, (*ancestors, real), bounds)
        else:
            yield from _one_file(path, real, bounds.seen)


def _refuse_link(
    path: str, real: str, ancestors: tuple[str, ...], bounds: _Bounds
) -> Rejection | None:
    """Why a symbolic link is not followed, or None when it may be."""
    if real in ancestors or os.path.realpath(os.path.dirname(path)).startswith(real + os.sep):
        return _rejected(path, Reason.LINK_LOOP, "a link to a folder that holds it")
    if not os.path.exists(path):
        return _rejected(path, Reason.UNREADABLE, "a link that leads nowhere, or in a circle")
    inside = real == bounds.root or real.startswith(bounds.root.rstrip(os.sep) + os.sep)
    if not inside and not bounds.follow_links:
        detail = "a link that leads out of the folder; name its target, or use --follow-links"
        return _rejected(path, Reason.UNREADABLE, detail)
    return None


def _one_file(path: str, real: str, seen: set[str]) -> Iterator[FoundFile | Rejection]:
    if real in seen:
        return
    seen.add(real)
    try:
        status = os.stat(path)
    except OSError as error:
        yield _rejected(path, Reason.UNREADABLE, _cause(error))
        return
    if not stat.S_ISREG(status.st_mode):
        yield _rejected(path, Reason.UNREADABLE, "a device, pipe or socket, not a file")
        return
    yield FoundFile(path, path, status.st_size, status.st_mtime_ns)


def _holds_assets(name: str, siblings: set[str]) -> bool:
    """Whether a folder is what a browser saved beside a page of the same name."""
    for ending in _ASSET_FOLDERS:
        if name.endswith(ending):
            stem = name.removesuffix(ending)
            return f"{stem}.html" in siblings or f"{stem}.htm" in siblings
    return False


def _rejected(path: str, reason: Reason, detail: str) -> Rejection:
    return Rejection(source=path, url=None, stage=Stage.INPUT, reason=reason, detail=detail)


def _cause(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
