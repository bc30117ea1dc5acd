"""The report of an output as a file."""

import os
from datetime import datetime
from pathlib import Path

from cleaners.errors import InputError
from cleaners.report.gather import gather
from cleaners.report.render import render_report
from cleaners.store.dataset import Dataset


def write_report(out: Path, *, to: Path | None = None, name: str = "", now: datetime) -> Path:
    """Write the page to `to`, or OUT/reports/report.html, whole or not at all; returns its path.

    Raises InputError when there is no output to report on, OSError when it cannot be written.
    """
    if not out.is_dir():
        raise InputError(str(out), "there is no output here; `winnow clean` or `related` makes one")
    data = gather(Dataset.open(out), name=name or out.resolve().name, now=now)
    path = to or out / "reports" / "report.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        hidden.write_text(render_report(data), encoding="utf-8", errors="replace")
        os.replace(hidden, path)
    finally:
        hidden.unlink(missing_ok=True)
    return path
