"""`winnow explain|report|query|stats`: looking at what was kept, removed and stored."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from crawler.commands.options import Config, Debug, Json, Out, Quiet, Verbose

_PANEL = "Look at results"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        rich_help_panel=_PANEL,
        epilog="**Examples**\n\n`winnow explain page.html`\n\n"
        "`winnow explain https://news.example/story --html why.html`",
    )(explain)

    app.command(
        rich_help_panel=_PANEL,
        epilog="**Examples**\n\n`winnow report`\n\n`winnow report --out output --to page.html`",
    )(report)

    app.command(rich_help_panel=_PANEL, epilog="**Examples**\n\n`winnow stats --out output`")(stats)

    app.command(
        rich_help_panel=_PANEL,
        epilog="Tables: articles, rejects, stories, revisions, removed (one row a removed block)."
        "\n\n**Examples**\n\n"
        "`winnow query 'select domain, count(*) n from articles group by 1 order by n desc'`\n\n"
        "`winnow query 'from articles' --format csv --to articles.csv`",
    )(query)


def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="One SELECT, in DuckDB's SQL.")],
    how: Annotated[
        Literal["table", "csv", "json", "parquet"],
        typer.Option("--format", "-f", help="How rows are written."),
    ] = "table",
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Write to a file instead.")
    ] = None,
    out: Out = None,
    config: Config = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Ask what is stored in SQL; read-only, and nothing but the output can be reached."""
    from crawler.commands.asking import answer
    from crawler.commands.session import begin

    session = begin(out=out, config=config, json=json, quiet=quiet, debug=debug)
    answer(session, sql, how=how, to=to)
    return 0


def stats(
    out: Out = None,
    config: Config = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> int:
    """Print what is stored in figures: sites, languages, stories, rejections, removals."""
    from crawler.commands.figures import show_figures
    from crawler.commands.session import begin
    from crawler.jobs import utc_now
    from crawler.reporting import gathered

    session = begin(out=out, config=config, json=json, quiet=quiet, verbose=verbose, debug=debug)
    show_figures(session.terminal, gathered(session.settings.out, now=utc_now()))
    return 0


def report(
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="The page.  [default: OUT/reports/report.html]"),
    ] = None,
    name: Annotated[str, typer.Option("--title", help="A title for the page.")] = "",
    out: Out = None,
    config: Config = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> int:
    """Write one HTML page about all that is stored: coverage, sites, stories, removals."""
    from crawler.commands.session import begin
    from crawler.jobs import utc_now
    from crawler.reporting import write_report

    session = begin(out=out, config=config, json=json, quiet=quiet, verbose=verbose, debug=debug)
    path = write_report(session.settings.out, to=to, name=name, now=utc_now())
    session.terminal.record("summary", {"command": "report", "html": str(path)})
    session.terminal.say(f"report: {path}")
    return 0


def explain(
    name: Annotated[
        str,
        typer.Argument(
            metavar="FILE|URL", help="A file, file::member, -, or an address in the output."
        ),
    ],
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write an HTML page instead.")
    ] = None,
    out: Out = None,
    config: Config = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> int:
    """Show what was kept of a page, what was removed and by which rule, and who says what."""
    from cleaners.report.explain import explain as explained
    from crawler.commands.explaining import show_explanation
    from crawler.commands.session import begin
    from crawler.lookup import page_named

    session = begin(out=out, config=config, json=json, quiet=quiet, verbose=verbose, debug=debug)
    explanation = explained(page_named(name, session.out), config=session.settings.clean)
    if html is not None:
        from cleaners.report.explain_page import explain_page

        html.write_text(explain_page(explanation), encoding="utf-8", errors="replace")
        session.terminal.record("summary", {"command": "explain", "html": str(html)})
        session.terminal.say(f"written to {html}")
    else:
        show_explanation(session.terminal, explanation)
    return 0
