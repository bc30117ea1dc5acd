"""Models that an evaluation keeps for the next one, and whether they still hold.

Beside each model stands a mark with a digest of the sources that it and what it saw were made with.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

PROJECT = Path(__file__).parents[1]
_READING = (
    *("cleaners/decode.py", "cleaners/charsets.py", "cleaners/gbm", "benchmarks/boost.py"),
    *("benchmarks/data.py", "benchmarks/pages.py", "benchmarks/labels.py", "benchmarks/folds.py"),
    "benchmarks/metrics.py",
)
PAGES = (*_READING, "cleaners/html", "cleaners/metadata")
"""What pages are read with, as paths from the project's root."""
LINES = (*_READING, "cleaners/text", "benchmarks/renders.py", "benchmarks/peers.py")
"""The same for lines of plain text."""
_SOURCES = frozenset({".py", ".pyx", ".pxd", ".toml"})


def grow_once(
    name: str,
    made_of: Sequence[str],
    folders: Sequence[Path],
    grow: Callable[[], None],
    *,
    project: Path = PROJECT,
) -> None:
    """Have models grown into these folders, unless all hold them, made of the same sources."""
    digest = _digest(project, made_of)
    marks = [folder / f"{name}.done" for folder in folders]
    if not all(mark.exists() and mark.read_text("ascii") == digest for mark in marks):
        grow()
        for mark in marks:
            mark.write_text(digest, "ascii")


def _digest(project: Path, parts: Sequence[str]) -> str:
    told = hashlib.sha256()
    for part in parts:
        top = project / part
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.suffix in _SOURCES:
                told.update(path.read_bytes())
    return told.hexdigest()
