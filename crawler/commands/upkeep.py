"""`winnow link|compact`: what is done with an output as a whole."""

from typing import TYPE_CHECKING

import typer

from crawler.commands.options import Config, Debug, Json, Out, Quiet, Verbose

if TYPE_CHECKING:
    from cleaners.store.dataset import Dataset
    from crawler.commands.session import Session

_PANEL = "Look after an output"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(rich_help_panel=_PANEL, epilog="**Examples**\n\n`winnow link --out output`")(link)
    app.command(rich_help_panel=_PANEL, epilog="**Examples**\n\n`winnow compact --out output`")(
        compact
    )


def link(
    out: Out = None,
    config: Config = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> int:
    """Find duplicates, reprints, updates and stories over all that is stored."""
    from dataclasses import asdict

    from cleaners.stories.link import link as link_all
    from crawler.commands.session import begin
    from crawler.jobs import utc_now

    session = begin(out=out, config=config, json=json, quiet=quiet, verbose=verbose, debug=debug)
    result = link_all(_opened(session), now=utc_now())
    session.terminal.record("summary", {"command": "link", **asdict(result)})
    copies = result.exact + result.near + result.syndicated + result.updates
    session.terminal.say(
        f"{result.articles:,} articles: {result.stories:,} stories told by more than one, "
        f"{copies:,} copies ({result.exact:,} exact, {result.near:,} near, "
        f"{result.syndicated:,} syndicated, {result.updates:,} updates)"
    )
    return 0


def compact(
    out: Out = None,
    config: Config = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> int:
    """Merge the many small files of an output into few sorted ones; readers see no difference."""
    from dataclasses import asdict

    from cleaners.store.compact import compact as merge
    from crawler.commands.session import begin

    session = begin(out=out, config=config, json=json, quiet=quiet, verbose=verbose, debug=debug)
    result = merge(_opened(session))
    session.terminal.record("summary", {"command": "compact", **asdict(result)})
    session.terminal.say(
        f"{result.files_before:,} files merged into {result.files_after:,} in "
        f"{result.partitions:,} partitions; {result.bytes_before:,} bytes are now "
        f"{result.bytes_after:,}"
        if result.partitions
        else "nothing to merge"
    )
    return 0


def _opened(session: "Session") -> "Dataset":
    """The output, which must be there; raises InputError if it is not."""
    from cleaners.errors import InputError
    from cleaners.store.dataset import Dataset

    if "://" not in session.settings.out and not session.out.is_dir():
        raise InputError(session.settings.out, "there is no output here")
    return Dataset.open(session.settings.out)
