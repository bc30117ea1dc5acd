"""On which line of a TOML file a key stands; tomllib tells values but not places."""

import re

_TABLE = re.compile(r"\s*+\[\[?([^\]\[]+)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*+([A-Za-z0-9_\-\"'. ]+)=")


def key_lines(text: str) -> dict[str, int]:
    """Line numbers, from 1, of every table and key by its dotted name; the first of each counts.

    >>> key_lines('out = "x"\\n[clean]\\nmin_words = 3\\n')
    {'out': 1, 'clean': 2, 'clean.min_words': 3}
    """
    lines: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#"):
            continue
        if found := _TABLE.match(line):
            table = _plain(found[1])
            parts = table.split(".")
            for depth in range(1, len(parts) + 1):
                lines.setdefault(".".join(parts[:depth]), number)
        elif found := _KEY.match(line):
            name = _plain(found[1])
            lines.setdefault(f"{table}.{name}" if table else name, number)
    return lines


def _plain(name: str) -> str:
    """A dotted name without quotes and spaces."""
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
