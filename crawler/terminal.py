"""What people see: consoles, tables that fit, progress, and untrusted text made harmless."""

import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC: titles, links, clipboard
    r"|\x1b[PX^_][^\x1b\x9c]*(?:\x1b\\|\x9c)?"  # DCS, SOS, PM, APC
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor, screen
    r"|\x1b[ -/]*[0-~]?"
)
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def safe(text: str) -> str:
    """Text from outside without what steers a terminal: escape sequences, controls, bidi marks.

    Tabs and line ends stay (ECMA-48; Trojan Source for the bidi marks).

    >>> safe("a\\x1b[31mred\\x1b]0;title\\x07 \\u202eb")
    'ared b'
    """
    return _CONTROLS.sub("", _ESCAPES.sub("", text))


def one_line(text: str, width: int = 0) -> str:
    """`safe` text on one line, cut to `width` characters where that is given."""
    line = " ".join(safe(text).split())
    return line if not width or len(line) <= width else line[: width - 1].rstrip() + "…"


Justify = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a printed table; `share` is its part of the width that is left over."""

    title: str
    justify: Justify = "left"
    share: int = 0
    style: str = ""


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a command speaks: results to `out`, everything about its work to `err`."""

    out: "Console"
    err: "Console"
    json: bool = False
    quiet: bool = False
    verbose: bool = False

    @property
    def interactive(self) -> bool:
        """Whether someone watches: a progress display is of use."""
        return self.err.is_terminal and not self.quiet and not self.json

    def say(self, line: str, style: str = "") -> None:
        """A line about the work; silent with --quiet and --json."""
        if not self.quiet and not self.json:
            self.err.print(safe(line), style=style, markup=False, highlight=False, soft_wrap=True)

    def detail(self, line: str) -> None:
        """A line only for --verbose."""
        if self.verbose:
            self.say(line, style="dim")

    def complain(self, line: str) -> None:
        """A line that is shown whatever is asked for: an input failed, a source is down."""
        self.err.print(safe(line), style="yellow", markup=False, highlight=False, soft_wrap=True)

    def record(self, kind: str, values: Mapping[str, object]) -> None:
        """One line of JSON on standard output, when --json asks for it."""
        if self.json:
            line = json.dumps({"type": kind, **values}, ensure_ascii=True, default=str)
            sys.stdout.write(line + "\n")

    def table(self, title: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """A table no wider than the terminal; nothing with --quiet or --json, or without rows."""
        if self.json or self.quiet or not rows:
            return
        from rich import box
        from rich.table import Table
        from rich.text import Text

        table = Table(
            title=title,
            title_justify="left",
            title_style="bold",
            box=box.SIMPLE_HEAD if self.out.is_terminal else box.ASCII2,
            expand=any(column.share for column in columns) and self.out.is_terminal,
            pad_edge=False,
        )
        for column in columns:
            table.add_column(
                column.title,
                justify=column.justify,
                ratio=column.share or None,
                no_wrap=not column.share,  # Rich takes width from the columns that may wrap first
                overflow="ellipsis",
                style=column.style,
            )
        for row in rows:
            table.add_row(*(Text(one_line(c), no_wrap=True, overflow="ellipsis") for c in row))
        self.out.print(table)

    def progress(self) -> "Progress":
        """A bar with share done, rate and time left; it shows nothing unless someone watches."""
        from rich.progress import (
            BarColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        return Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[count]}"),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[note]}"),
            console=self.err,
            disable=not self.interactive,
            transient=True,
        )


def open_terminal(
    *, json: bool = False, quiet: bool = False, verbose: bool = False, color: bool | None = None
) -> Terminal:
    """The terminal of this process; colours follow NO_COLOR, FORCE_COLOR and whether it is one."""
    from rich.console import Console

    plain = color is False or bool(os.environ.get("NO_COLOR"))
    width = None if sys.stdout.isatty() else int(os.environ.get("COLUMNS") or 120)
    return Terminal(
        out=Console(no_color=plain, width=width, highlight=False, markup=False, emoji=False),
        err=Console(stderr=True, no_color=plain, highlight=False, markup=False, emoji=False),
        json=json,
        quiet=quiet,
        verbose=verbose,
    )
