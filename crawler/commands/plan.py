"""`winnow run|watch|schedule`: the jobs of winnow.toml, by hand or when they are due."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from crawler.commands.options import Config, Debug, Json, Out, Quiet, Verbose

if TYPE_CHECKING:
    from crawler.config import Settings
    from crawler.schedule.units import Timed

_PANEL = "Follow on a schedule"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    examples = "**Examples**\n\n"
    app.command(
        rich_help_panel=_PANEL, epilog=examples + "`winnow run ferry`\n\n`winnow run --all`"
    )(run)
    app.command(
        rich_help_panel=_PANEL,
        epilog=examples + "`winnow watch`\n\n`winnow watch --log watch.jsonl --now`",
    )(watch)
    app.command(
        rich_help_panel=_PANEL,
        epilog=examples + "`winnow schedule cron | crontab -`\n\n"
        "`winnow schedule systemd --to ~/.config/systemd/user`",
    )(schedule)


def run(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Stories and sites of winnow.toml.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    out: Out = None,
    config: Config = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> int:
    """Run stories and sites of winnow.toml now."""
    from cleaners.errors import ConfigError
    from crawler.commands.crawling import run_job
    from crawler.commands.session import begin
    from crawler.crawl_jobs import job_of
    from crawler.jobs import utc_now
    from crawler.reporting import write_report

    session = begin(out=out, config=config, json=json, quiet=quiet, verbose=verbose, debug=debug)
    settings = session.settings
    chosen = [settings.job(name) for name in names or ()] or (
        list(settings.jobs) if everything else []
    )
    if not chosen:
        known = ", ".join(job.name for job in settings.jobs) or "none; `winnow init` writes one"
        raise ConfigError(f"name what to run, or --all; there is: {known}", file=settings.file)
    codes = []
    for job in chosen:
        session.terminal.say(f"{job.kind} {job.name}", style="bold")
        codes.append(run_job(session, job_of(settings, job), found=True))
    if settings.watch.report:
        write_report(settings.out, now=utc_now())
    return max(codes)


def watch(
    log: Annotated[
        Path | None, typer.Option("--log", metavar="FILE", help="Append the log to a file.")
    ] = None,
    now: Annotated[bool, typer.Option("--now", help="Run every job once, then when due.")] = False,
    health: Annotated[
        str | None,
        typer.Option("--health", metavar="HOST:PORT", help="Address of the health page."),
    ] = None,
    out: Out = None,
    config: Config = None,
    debug: Debug = False,
) -> int:
    """Run the jobs of winnow.toml when they are due; the log is JSON lines. SIGTERM ends it."""
    from crawler.commands.session import begin
    from crawler.schedule.service import serve

    session = begin(out=out, config=config, quiet=True, debug=debug)
    address = session.settings.watch.health if health is None else health
    return serve(session.settings, log_file=log, run_now=now, health=address)


def schedule(
    kind: Annotated[
        Literal["cron", "systemd"], typer.Argument(help="What to print.", show_default=False)
    ],
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="Write systemd units to a folder.")
    ] = None,
    out: Out = None,
    config: Config = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Print cron lines or systemd units that run the jobs of winnow.toml without `winnow watch`."""
    from crawler.commands.session import begin
    from crawler.schedule.units import cron_lines, systemd_units

    session = begin(out=out, config=config, json=json, debug=debug)
    jobs = _timed(session.settings)
    if kind == "cron":
        text = cron_lines(jobs, log=str(Path.cwd() / "winnow-cron.log"))
        session.terminal.record("crontab", {"text": text})
        if not json:
            typer.echo(text, nl=False)
        return 0
    for name, text in systemd_units(jobs):
        session.terminal.record("unit", {"file": name, "text": text})
        if to is not None:
            to.mkdir(parents=True, exist_ok=True)
            (to / name).write_text(text, encoding="utf-8")
            session.terminal.say(f"written: {to / name}")
        elif not json:
            typer.echo(f"# {name}\n{text}")
    if to is not None:
        timers = " ".join(name for name, _ in systemd_units(jobs) if name.endswith(".timer"))
        session.terminal.say(f"now: systemctl --user daemon-reload; enable --now {timers}")
    return 0


def _timed(settings: "Settings") -> "list[Timed]":
    """The jobs that have a schedule, with the command of each; raises ConfigError if none has."""
    import sys

    from cleaners.errors import ConfigError
    from crawler.schedule.units import Timed
    from crawler.schedule.when import parse_schedule

    jobs = [
        Timed(
            name=job.name,
            schedule=parse_schedule(job.schedule),
            command=(
                *(sys.executable, "-m", "crawler", "run", job.name, "--quiet"),
                *("--config", str(Path(settings.file or "winnow.toml").absolute())),
                *("--out", str(Path(settings.out).absolute())),
            ),
            folder=str(Path.cwd()),
            out=str(Path(settings.out).absolute()),
        )
        for job in settings.jobs
        if job.schedule
    ]
    if not jobs:
        place = settings.file or "winnow.toml (`winnow init` writes one)"
        raise ConfigError("no story or site has a schedule", file=place)
    return jobs
