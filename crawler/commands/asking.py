"""`winnow query`: rows to the terminal, a file, or JSON lines."""

import sys
from pathlib import Path
from typing import Literal

from cleaners.errors import InputError
from cleaners.store.dataset import Dataset
from cleaners.store.query import Format, query, render, rows_of
from crawler.commands.session import Session
from crawler.terminal import Column, one_line, safe


def answer(
    session: Session, sql: str, *, how: Literal["table", "csv", "json", "parquet"], to: Path | None
) -> None:
    """Ask and write the rows; raises InputError for a wrong query or no output."""
    if "://" not in session.settings.out and not session.out.is_dir():
        raise InputError(session.settings.out, "there is no output here")
    rows = query(Dataset.open(session.settings.out), sql)
    terminal = session.terminal
    if to is not None:
        to.write_bytes(render(rows, Format(how)))
        terminal.say(f"{rows.num_rows:,} rows written to {to}")
        terminal.record("summary", {"command": "query", "rows": rows.num_rows, "file": str(to)})
    elif terminal.json:
        for row in rows_of(rows):
            terminal.record("row", {"values": row})
    elif how == "table" and terminal.out.is_terminal:
        columns = [Column(name, share=1) for name in rows.column_names]
        shown = [["" if v is None else one_line(str(v), 200) for v in row.values()]
                 for row in rows.to_pylist()]  # fmt: skip
        terminal.table("", columns, shown)
        terminal.say(f"{rows.num_rows:,} rows")
    elif terminal.out.is_terminal and how != "parquet":
        sys.stdout.write(safe(render(rows, Format(how)).decode("utf-8")))
    else:
        sys.stdout.buffer.write(render(rows, Format(how)))
        sys.stdout.flush()
