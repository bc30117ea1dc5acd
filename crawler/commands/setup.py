"""`winnow init|config`: the settings file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.options import Config, Debug, Json, Quiet

if TYPE_CHECKING:
    from crawler.config.template import Answers

_PANEL = "Set up"
_Many = list[str] | None


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        rich_help_panel=_PANEL,
        epilog="**Examples**\n\n`winnow init`\n\n"
        "`winnow init --story ferry --seed seeds/ --site https://news.example/`",
    )(init)
    app.command("config", rich_help_panel=_PANEL, epilog="**Examples**\n\n`winnow config --all`")(
        show_config
    )


def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")] = Path(
        "winnow.toml"
    ),
    story: Annotated[str, typer.Option("--story", help="A name for the story.")] = "",
    seed: Annotated[
        _Many, typer.Option("--seed", metavar="PATH|URL", help="A document about it; repeatable.")
    ] = None,
    site: Annotated[
        _Many, typer.Option("--site", metavar="URL", help="A site to look at; repeatable.")
    ] = None,
    feed: Annotated[
        _Many, typer.Option("--feed", metavar="URL", help="A feed to read; repeatable.")
    ] = None,
    search: Annotated[
        str, typer.Option("--search", metavar="LIST", help="Services to ask: gdelt,bing,google.")
    ] = "",
    schedule: Annotated[
        str, typer.Option("--schedule", help='When to look: "every 6 hours", "daily at 06:30".')
    ] = "",
    contact: Annotated[
        str, typer.Option("--contact", help="Address or URL that sites can write to.")
    ] = "",
    out: Annotated[str, typer.Option("--out", "-o", metavar="DIR", help="For results.")] = "output",
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Write a commented winnow.toml; asks for what to follow when called without options."""
    from cleaners.errors import ConfigError
    from crawler.commands.options import note_debug
    from crawler.config import load_settings
    from crawler.config.template import Answers, write_template
    from crawler.terminal import open_terminal

    note_debug(debug)
    if file.exists() and not force:
        raise ConfigError("is there already; use --force to replace it", file=str(file))
    answers = Answers(
        name=story or "my-story",
        seeds=tuple(seed or ()),
        sites=tuple(site or ()),
        feeds=tuple(feed or ()),
        search=_split(search),
        schedule=schedule,
        out=out,
        contact=contact,
    )
    if not (seed or site or feed or search or story) and sys.stdin.isatty():
        answers = _ask(answers)
    text = write_template(answers)
    draft = file.with_name(f".{file.name}.tmp")
    try:
        draft.write_text(text, encoding="utf-8")
        settings = load_settings(draft, {})
        draft.replace(file)
    except ConfigError as error:
        raise ConfigError(str(error).removeprefix(f"{draft}:"), key=error.key) from error
    finally:
        draft.unlink(missing_ok=True)
    terminal = open_terminal(json=json, quiet=quiet)
    jobs = [job.name for job in settings.jobs]
    terminal.record("summary", {"command": "init", "file": str(file), "jobs": jobs})
    terminal.say(f"{file} written")
    if jobs:
        terminal.say(f"now: winnow run {jobs[0]}   or, when due: winnow watch")
    else:
        terminal.say(f"next: open {file}, name your seeds and sites, then: winnow run NAME")
    return 0


def show_config(
    everything: Annotated[bool, typer.Option("--all", help="Defaults, too.")] = False,
    config: Config = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Show the settings in force and where each comes from: file and line, variable or default."""
    from crawler.commands.session import begin
    from crawler.commands.showing import show_settings

    session = begin(out=None, config=config, json=json, quiet=quiet, debug=debug)
    show_settings(session.terminal, session.settings, everything=everything)
    return 0


def _ask(answers: "Answers") -> "Answers":
    """The questions, one by one; an empty answer leaves an example in the file."""
    from dataclasses import replace

    name = typer.prompt("A short name for the story", default=answers.name)
    seeds = typer.prompt("Documents about it (files, folders or URLs, comma-separated)", default="")
    sites = typer.prompt("Sites to look at (URLs, comma-separated)", default="")
    search = typer.prompt("Search services (gdelt, bing, google; comma-separated)", default="")
    schedule = typer.prompt("When to look (e.g. every 6 hours; empty: by hand)", default="")
    contact = typer.prompt("An address that sites can write to", default="")
    return replace(
        answers,
        name=name,
        seeds=_split(seeds),
        sites=_split(sites),
        search=_split(search),
        schedule=schedule,
        contact=contact,
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
