"""The reference pages: commands, settings, reasons."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cleaners.model import Reason, Stage
from crawler.config.fields import all_settings
from crawler.reference.reasons import REASONS

_MADE = "<!-- Made by `python -m crawler.reference`; change the code, not this page. -->\n"


def cli_page() -> str:
    """Every command with its arguments, options and examples."""
    import typer

    from crawler.cli import app

    group: Any = typer.main.get_command(app)
    parts = [
        "# Commands",
        _MADE,
        "Exit codes: 0 done; 1 done, but some inputs failed, each of them named; 2 the call itself "
        "was wrong; 130 interrupted. `winnow COMMAND --help` says the same as this page; "
        "`winnow --install-completion` completes commands and options in your shell.",
        "What `--json` prints is described in [json.md](json.md).",
    ]
    for name, command in group.commands.items():
        parts += _command(name, command)
    return "\n\n".join(parts) + "\n"


def _command(name: str, command: Any) -> list[str]:
    arguments = [p for p in command.params if type(p).__name__ == "TyperArgument"]
    options = [p for p in command.params if type(p).__name__ == "TyperOption"]
    usage = " ".join([f"winnow {name}", *(_usage(argument) for argument in arguments)])
    rows = [(f"`{_usage(argument)}`", argument.help or "") for argument in arguments]
    rows += [(f"`{_spelt(option)}`", option.help or "") for option in options]
    parts = [f"## {name}", (command.help or "").strip(), f"    {usage} [OPTIONS]"]
    if rows:
        parts.append(_table(("argument or option", "meaning"), rows))
    if command.epilog:
        parts.append(command.epilog.strip())
    return parts


def _usage(argument: Any) -> str:
    word = argument.metavar or argument.name.upper()
    return f"{word}…" if argument.nargs == -1 else word


def _spelt(option: Any) -> str:
    names = ", ".join(option.opts)
    if option.is_flag:
        return names
    kind = option.type_descriptor.annotation
    words = {int: "N", float: "X", str: "TEXT"}
    return f"{names} {option.metavar or words.get(kind, 'VALUE')}"


def config_page() -> str:
    """Every key of winnow.toml."""
    parts = [
        "# winnow.toml",
        _MADE,
        "`winnow init` writes a commented file with all of these; `winnow config` shows what is in "
        "force and where it comes from. A flag of a command goes before the environment, the "
        "environment before the file. The file is `winnow.toml` in the folder you call from, or "
        "`--config FILE`, or what `WINNOW_CONFIG` names. A key that is not known is an error that "
        "names its line.",
    ]
    sections: dict[str, list[tuple[str, ...]]] = {}
    for setting in all_settings():
        default = f"`{setting.default}`" if setting.default is not None else "–"
        variable = f"`{setting.variable}`" if setting.variable else "–"
        row = (f"`{setting.key}`", setting.kind, default, setting.help, variable)
        sections.setdefault(setting.section, []).append(row)
    heads = ("key", "type", "default", "meaning", "environment")
    for section, rows in sections.items():
        parts += [f"## [{section}]" if section else "## Top of the file", _table(heads, rows)]
    parts += [
        "## [search]",
        "`gdelt`, `bing` and `google` take an address that replaces the service's own, such as a "
        "mirror of yours.",
        "## Schedules",
        '`"every 15 minutes"`, `"every 6 hours"`, `"hourly"`, `"daily at 06:30"`, `"weekdays at '
        '07:00"`, `"mon at 07:00"`, `"@weekly"`, or the five fields of a crontab. The clock is '
        "that of the machine.",
    ]
    return "\n\n".join(parts) + "\n"


def reasons_page() -> str:
    """Every reason for a rejection."""
    rows = [(f"`{reason.value}`", *REASONS[reason]) for reason in Reason]
    stages = ", ".join(f"`{stage.value}`" for stage in Stage)
    parts = [
        "# Reasons for rejections",
        _MADE,
        "Every address and input that did not become an article is a row of `rejects/` with a "
        "`reason` out of this list, the `stage` where it fell out, and a `detail` in words.",
        _table(("reason", "what it means", "what to do"), rows),
        f"Stages, in the order of a page's way: {stages}.",
    ]
    return "\n\n".join(parts) + "\n"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


PAGES: Mapping[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "config.md": config_page,
    "reasons.md": reasons_page,
}
