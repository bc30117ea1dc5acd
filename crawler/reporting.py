"""The report of an output as a file."""

import os
from datetime import datetime
from pathlib import Path

from cleaners.errors import InputError
from cleaners.report.data import ReportData
from cleaners.report.gather import gather
from cleaners.report.render import render_report
from cleaners.store.dataset import Dataset


def gathered(out: str, *, name: str = "", now: datetime) -> ReportData:
    """The figures and lists of an output (a folder or an address); raises InputError if none."""
    remote = "://" in out
    if not remote and not Path(out).is_dir():
        raise InputError(out, "there is no output here; `winnow clean` or `related` makes one")
    title = name or (out.rstrip("/").rsplit("/", 1)[-1] if remote else Path(out).resolve().name)
    return gather(Dataset.open(out), name=title, now=now)


def write_report(out: str, *, to: Path | None = None, name: str = "", now: datetime) -> Path:
    """Write the page to `to`, or OUT/reports/report.html, whole or not at all; returns its path.

    Raises InputError when there is no output to report on, OSError when it cannot be written.
    """
    page = render_report(gathered(out, name=name, now=now))
    if to is None and "://" in out:
        raise InputError(out, "say with --to where the page is to go")
    path = to or Path(out) / "reports" / "report.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        hidden.write_text(page, encoding="utf-8", errors="replace")
        os.replace(hidden, path)
    finally:
        hidden.unlink(missing_ok=True)
    return path
