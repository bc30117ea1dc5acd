"""`winnow watch|run|schedule`: jobs that run when they are due."""

import typer


def register(app: typer.Typer) -> None:
    """Add the commands."""
