"""`winnow doctor`: what is wrong with this machine or an output, and how to mend it."""

from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.options import Config, Debug, Json, Quiet

if TYPE_CHECKING:
    from crawler.doctor.model import Finding
    from crawler.terminal import Terminal

_PANEL = "Look after an output"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        rich_help_panel=_PANEL,
        epilog="Exit codes: 0 nothing is wrong, 1 something is to be mended, 2 the call was wrong."
        "\n\n**Examples**\n\n`winnow doctor`\n\n`winnow doctor output --repair`",
    )(doctor)


def doctor(
    out: Annotated[
        str | None, typer.Argument(metavar="[OUT]", help="An output to look at as well.")
    ] = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend what can be mended without losing anything.")
    ] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Read every file through, not only what opens it.")
    ] = False,
    frontier: Annotated[
        str | None,
        typer.Option(
            "--frontier", metavar="URL", help="A PostgreSQL server to try.  [default: of settings]"
        ),
    ] = None,
    config: Config = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Check this machine, and an output if one is named; --repair mends what is safe to mend."""
    from cleaners.errors import InputError
    from cleaners.store.dataset import Dataset
    from crawler.commands.session import begin
    from crawler.doctor.machine import check_machine
    from crawler.doctor.mending import mend
    from crawler.doctor.output import check_output
    from crawler.jobs import utc_now

    session = begin(out=out, config=config, json=json, quiet=quiet, debug=debug)
    if repair and out is None:
        raise InputError("--repair", "name the output that is to be repaired")
    now, settings = utc_now(), session.settings
    address = frontier or settings.crawl.frontier
    machine = list(check_machine(frontier=address, now=now, browser=settings.crawl.browser))
    _show(session.terminal, "machine", machine)
    if out is None:
        return int(any(finding.wrong for finding in machine))
    if "://" not in settings.out and not session.out.is_dir():
        raise InputError(settings.out, "there is no output here")
    dataset = Dataset.open(settings.out)
    found = list(check_output(dataset, now=now, deep=deep))
    if repair and any(finding.repair for finding in found):
        for line in mend(dataset, found):
            session.terminal.record("repair", {"done": line})
            session.terminal.say(line)
        found = list(check_output(dataset, now=now, deep=deep))
    _show(session.terminal, f"output {settings.out}", found)
    return int(any(finding.wrong for finding in (*machine, *found)))


def _show(terminal: "Terminal", title: str, findings: "list[Finding]") -> None:
    """The table for people, a line each for machines, and what is wrong whatever is asked for."""
    from crawler.terminal import Column

    for finding in findings:
        terminal.record(
            "finding",
            {
                "about": title.partition(" ")[0],
                "check": finding.check,
                "state": finding.state.value,
                "found": finding.found,
                "mend": finding.mend,
                "repairable": finding.repair is not None,
            },
        )
        if terminal.quiet and finding.wrong:
            terminal.complain(f"{finding.check}: {finding.found}; {finding.mend}")
    columns = (Column("check"), Column("", style="bold"), Column("found", share=3))
    rows = [(one.check, one.state.value, one.found) for one in findings]
    terminal.table(title, columns, rows)
    for one in findings:
        if one.mend and one.wrong:
            terminal.say(f"{one.check}: {one.found}", style="bold")
            terminal.say(f"    {one.mend}")
        elif one.mend:
            terminal.say(f"{one.check}: {one.mend}", style="dim")
