"""`winnow explain|report|query|stats`: looking at what was kept, removed and stored."""

import typer


def register(app: typer.Typer) -> None:
    """Add the commands."""
