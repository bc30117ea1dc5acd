"""Where models are read from: the package, unless a benchmark brings others."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.lib.npyio import NpzFile

from cleaners.errors import ModelError

_folder = Path(__file__).parent


def path(name: str) -> Path:
    """The file of a model, such as "blocks_first.npz"."""
    return _folder / name


def use(folder: Path) -> None:
    """Read models from another folder from now on, for pages that the package's have learned from.

    Call it before anything is cleaned: models that are loaded already stay.
    """
    global _folder  # one process cleans with one set of models
    _folder = folder


@contextmanager
def opened(file: Path, version: int | None = None) -> Iterator[NpzFile]:
    """The arrays of a model's .npz file while they are read; `version` is to be its `format`.

    Raises ModelError if the file is missing, damaged, of another version, or lacks what is read.
    """
    try:
        # np.load leaves a path open that is no archive; a file of our own is closed.
        with file.open("rb") as raw, np.load(raw, allow_pickle=False) as arrays:
            if version is not None and int(arrays["format"]) != version:
                raise ModelError(f"{file.name}: made for another version of Winnow")
            yield arrays
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ModelError(f"{file.name}: {error}") from error
