"""Every setting with its type, default and help, read off the dataclasses: one source for all.

The commented file of `winnow init`, `winnow config` and the reference in docs/ come from here.
"""

import ast
import dataclasses
import inspect
import itertools
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from crawler.config.load import SECTIONS, TOP
from crawler.config.model import Settings, SiteSettings, StorySettings

PER_JOB: Mapping[str, type] = {"stories.NAME": StorySettings, "sites.NAME": SiteSettings}


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of winnow.toml; `default` as TOML, None when it has none."""

    section: str
    key: str
    kind: str
    default: str | None
    help: str

    @property
    def name(self) -> str:
        """Its dotted name."""
        return f"{self.section}.{self.key}" if self.section else self.key

    @property
    def variable(self) -> str | None:
        """The environment variable that overrides it; the keys of jobs have none."""
        if self.section in PER_JOB:
            return None
        return "WINNOW_" + self.name.replace(".", "_").upper()


def settings_of(section: str, kind: type) -> Iterator[Setting]:
    """The settings of one section, in the order of its dataclass."""
    helps, hints = attribute_docs(kind), get_type_hints(kind)
    for item in dataclasses.fields(kind):
        if section == "" and item.name not in TOP:
            continue
        yield Setting(
            section=section,
            key=item.name,
            kind=_word(hints[item.name]),
            default=toml_of(item.default) if item.default is not dataclasses.MISSING else None,
            help=helps.get(item.name, ""),
        )


def all_settings() -> tuple[Setting, ...]:
    """Every key that winnow.toml may hold, top level first."""
    sections: dict[str, type] = {"": Settings, **SECTIONS, **PER_JOB}
    return tuple(setting for name, kind in sections.items() for setting in settings_of(name, kind))


def attribute_docs(kind: type) -> dict[str, str]:
    """The string below each field of a class, on one line: its attribute docstring (PEP 258)."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef))
    docs: dict[str, str] = {}
    for field, below in itertools.pairwise(body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        ):
            docs[field.target.id] = " ".join(below.value.value.split())
    return docs


def toml_of(value: object) -> str | None:
    """A value as TOML writes it; None for no value.

    >>> toml_of(True), toml_of(("a", "b")), toml_of('say "hi"'), toml_of(2.0)
    ('true', '["a", "b"]', '"say \\\\"hi\\\\""', '2.0')
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(toml_of(item) or "" for item in value) + "]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + "".join(c if c >= " " else f"\\u{ord(c):04x}" for c in escaped) + '"'
    return repr(value)


def _word(kind: Any) -> str:
    choices = [choice for choice in get_args(kind) if choice is not NoneType]
    if NoneType in get_args(kind):
        return _word(choices[0])
    if get_origin(kind) is tuple:
        return "list of texts"
    names = {bool: "true or false", int: "whole number", float: "number", str: "text"}
    return names.get(kind, str(kind))
