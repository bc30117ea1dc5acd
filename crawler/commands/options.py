"""Options that several commands take, spelt and described once."""

from pathlib import Path
from typing import Annotated

import typer

_state = {"debug": False}


def note_debug(wanted: bool) -> None:
    """Remember whether the running command was called with --debug."""
    _state["debug"] = wanted


def asks_for_traceback() -> bool:
    """Whether the running command was called with --debug."""
    return _state["debug"]


_OUTPUT = "Output"

Out = Annotated[
    str | None,
    typer.Option("--out", "-o", metavar="DIR", help="Where results go.  [default: output]"),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="Print JSON lines for machines.", rich_help_panel=_OUTPUT),
]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="Print failures only.", rich_help_panel=_OUTPUT),
]
Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="Say more of what is done.", rich_help_panel=_OUTPUT),
]
Debug = Annotated[
    bool,
    typer.Option(
        "--debug",
        help="Show the whole trace of an error.",
        rich_help_panel=_OUTPUT,
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Settings to use.  [default: winnow.toml here, if there is one]",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Cleaning processes.  [default: one per processor]"),
]
