"""The command line: `winnow COMMAND`. Each command imports what it needs when it runs.

Exit codes: 0 done; 1 done, but some inputs failed (each named); 2 the call itself was wrong.
"""

import difflib
import sys
from collections.abc import Sequence

import typer

from crawler.commands import clean, crawl, doctor, look, plan, setup, upkeep
from crawler.commands.options import asks_for_traceback

DONE, SOME_FAILED, WRONG_CALL, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(
    name="winnow",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "From a story to its coverage: news pages fetched, cleaned, explained, kept as Parquet.\n\n"
        "Start with  `winnow clean FOLDER`  for pages and texts that you have,\n"
        "or  `winnow related FOLDER --site URL`  to fetch what sites wrote about their story."
    ),
    epilog="Exit codes: 0 done, 1 done but some inputs failed, 2 the call was wrong.",
)
for group in (clean, crawl, look, plan, upkeep, doctor, setup):
    group.register(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"winnow {version('winnow-news')}")
        raise typer.Exit


@app.callback()
def root(
    _version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Options that go before a command."""


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script: runs a command and ends the process with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; every known error becomes one sentence."""
    try:
        result = app(args=list(arguments), prog_name="winnow", standalone_mode=False)
    except BrokenPipeError:
        sys.stderr.close()
        return DONE
    except Exception as error:
        if asks_for_traceback():
            raise
        return _tell(error)
    if result == INTERRUPTED:  # Typer makes this of Ctrl-C
        return _report("interrupted; what was stored is kept, the same command goes on", result)
    return result if isinstance(result, int) else DONE


def _tell(error: Exception) -> int:
    """The sentence and exit code for an exception that ended a command."""
    if isinstance(error, typer.Exit):
        return error.exit_code
    if isinstance(error, typer.Abort):
        return _report("aborted; nothing was changed", INTERRUPTED)
    if isinstance(error, typer.TyperException):
        return _report(_usage(error), WRONG_CALL)
    from cleaners.errors import ConfigError, InputError, MissingExtra, WinnowError

    if isinstance(error, ConfigError | InputError | MissingExtra):
        return _report(str(error), WRONG_CALL)
    if isinstance(error, WinnowError):
        return _report(str(error), SOME_FAILED)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return _report(f"{place}{error.strerror or error}", SOME_FAILED)
    kind = type(error).__name__
    return _report(
        f"an error in Winnow itself ({kind}: {error}); run it with --debug and report the trace",
        SOME_FAILED,
    )


def _usage(error: typer.TyperException) -> str:
    """A wrong call in one sentence, with what was probably meant."""
    message = error.format_message().strip().rstrip(".")
    option = getattr(error, "option_name", None)
    if isinstance(option, str) and (context := getattr(error, "ctx", None)) is not None:
        known = [name for param in context.command.params for name in param.opts]
        meant = difflib.get_close_matches(option, known, n=1)
        message = f"no option is called {option}"
        message += f"; did you mean {meant[0]}?" if meant else ""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "winnow"
    return f"{message} (see {path} --help)"


def _report(message: str, code: int) -> int:
    from crawler.terminal import one_line, open_terminal

    open_terminal().complain(f"winnow: {one_line(message)}")
    return code
