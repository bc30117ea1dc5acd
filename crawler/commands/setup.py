"""`winnow init|config`: the settings file."""

import typer


def register(app: typer.Typer) -> None:
    """Add the commands."""
