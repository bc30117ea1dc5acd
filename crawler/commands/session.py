"""What every command begins with: its settings and its terminal."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from crawler.commands.options import note_debug
from crawler.config import Settings, find_settings, load_settings
from crawler.terminal import Terminal, open_terminal


@dataclass(frozen=True, slots=True)
class Session:
    """Settings, terminal and output folder of one command."""

    settings: Settings
    terminal: Terminal

    @property
    def out(self) -> Path:
        """The output folder; one that is an address (s3://…) is in the settings alone."""
        return Path(self.settings.out)


def begin(
    *,
    out: str | Path | None,
    config: Path | None,
    json: bool = False,
    quiet: bool = False,
    verbose: bool = False,
    debug: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Session:
    """Read the settings, open the terminal; raises ConfigError for what is wrong in winnow.toml."""
    note_debug(debug)
    variables = os.environ if environment is None else environment
    settings = load_settings(find_settings(config, variables, Path()), variables)
    if settings.clean.rules_file:
        from cleaners.html.siterules import load_site_rules

        load_site_rules(settings.clean.rules_file)  # a wrong rule is told now, not for each page
    terminal = open_terminal(json=json, quiet=quiet, verbose=verbose)
    for warning in settings.warnings:
        terminal.complain(f"warning: {warning}")
    if settings.file:
        terminal.detail(f"settings: {settings.file}")
    return Session(settings.with_out(str(out) if out else None), terminal)
