"""Where models are read from: the package, unless a benchmark brings others."""

from pathlib import Path

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
