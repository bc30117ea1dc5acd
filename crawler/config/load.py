"""From winnow.toml and the environment to checked Settings; errors name file, line and key."""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from cleaners.config import CleanConfig
from cleaners.errors import ConfigError
from crawler.config.lines import key_lines
from crawler.config.model import (
    SERVICES,
    CrawlSettings,
    JobSettings,
    NotifySettings,
    Origin,
    Settings,
    SiteSettings,
    StorySettings,
    WatchSettings,
)
from crawler.config.values import convert, parse
from crawler.model import Manners

FILE_NAME = "winnow.toml"
PREFIX = "WINNOW_"
SECTIONS: Mapping[str, type] = {
    "clean": CleanConfig,
    "politeness": Manners,
    "crawl": CrawlSettings,
    "watch": WatchSettings,
    "notify": NotifySettings,
}
TOP: Mapping[str, type] = {"out": str, "workers": int}
_JOB_TABLES: Mapping[str, type[StorySettings] | type[SiteSettings]] = {
    "stories": StorySettings,
    "sites": SiteSettings,
}
_RESERVED = frozenset({"WINNOW_CONFIG", "WINNOW_PURE"})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Source:
    """The file that is read, for its error messages."""

    file: str | None
    lines: Mapping[str, int]

    def error(self, message: str, key: str) -> ConfigError:
        return ConfigError(message, file=self.file, line=self.lines.get(key), key=key)


def find_settings(chosen: Path | None, environment: Mapping[str, str], folder: Path) -> Path | None:
    """The file to read: the one chosen, that of WINNOW_CONFIG, or winnow.toml in `folder`."""
    named = chosen or (
        Path(environment["WINNOW_CONFIG"]) if environment.get("WINNOW_CONFIG") else None
    )
    if named is not None:
        if not named.is_file():
            raise ConfigError("there is no such file; `winnow init` writes one", file=str(named))
        return named
    here = folder / FILE_NAME
    return here if here.is_file() else None


def load_settings(path: Path | None, environment: Mapping[str, str]) -> Settings:
    """Settings of a file (None for none) with the environment's WINNOW_* laid over it.

    Raises `ConfigError` with file, line and key for the first thing that is wrong.
    """
    text = _read(path) if path else ""
    source = _Source(str(path) if path else None, key_lines(text))
    tables = _parse_toml(text, source)
    known = [*TOP, *SECTIONS, *_JOB_TABLES, "search"]
    for key in tables:
        if key not in known:
            raise source.error(f"unknown key {key!r}{_meant(key, known)}", key)
    origins: dict[str, Origin] = {}
    overrides, warnings = _overrides(environment)
    top = {
        key: _value(key, kind, tables.get(key), overrides, source, origins)
        for key, kind in TOP.items()
    }
    sections: dict[str, object] = {
        name: _section(name, kind, tables.get(name, {}), overrides, source, origins)
        for name, kind in SECTIONS.items()
    }
    given: dict[str, Any] = {
        key: value for key, value in {**top, **sections}.items() if value is not None
    }
    return Settings(
        **given,
        jobs=_jobs(tables, source),
        endpoints=_endpoints(tables.get("search", {}), source),
        file=source.file,
        origins=origins,
        warnings=warnings,
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", file=str(path)) from error


def _parse_toml(text: str, source: _Source) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        message = re.sub(r" \(at .*\)$", "", str(error))
        line = int(found[1]) if found else None
        raise ConfigError(f"not TOML: {message}", file=source.file, line=line) from error


def _overrides(
    environment: Mapping[str, str],
) -> tuple[dict[str, tuple[str, str]], tuple[str, ...]]:
    """Dotted key -> (variable, text) of what the environment sets, and what it sets in vain."""
    names = {PREFIX + key.upper(): key for key in TOP}
    for section, kind in SECTIONS.items():
        for item in fields(kind):
            names[f"{PREFIX}{section}_{item.name}".upper()] = f"{section}.{item.name}"
    overrides = {names[name]: (name, text) for name, text in environment.items() if name in names}
    strange = [
        name
        for name in sorted(environment)
        if name.startswith(PREFIX) and name not in names and name not in _RESERVED
    ]
    warnings = tuple(f"{name} sets nothing{_meant(name, list(names))}" for name in strange)
    return overrides, warnings


def _value(
    key: str,
    kind: Any,
    value: object,
    overrides: Mapping[str, tuple[str, str]],
    source: _Source,
    origins: dict[str, Origin],
) -> object:
    """A setting's value by precedence: environment, file, default (None)."""
    if key in overrides:
        variable, text = overrides[key]
        try:
            origins[key] = Origin(variable)
            return parse(text, kind)
        except ValueError as error:
            raise ConfigError(f"{error}", file=variable, key=key) from error
    if value is None:
        return None
    try:
        converted = convert(value, kind)
    except ValueError as error:
        raise source.error(f"{key}: {error}", key) from error
    line = source.lines.get(key)
    origins[key] = Origin(f"{source.file}:{line}" if line else str(source.file))
    return converted


def _section(
    name: str,
    kind: type[T],
    table: object,
    overrides: Mapping[str, tuple[str, str]],
    source: _Source,
    origins: dict[str, Origin],
) -> T:
    """A section as its dataclass; unknown keys and wrong values are errors at their line."""
    if not isinstance(table, dict):
        raise source.error(f"{name} is a section: write [{name}] and its keys below", name)
    hints = get_type_hints(kind)
    known = [item.name for item in fields(kind)]  # type: ignore[arg-type]
    for key in table:
        if key not in known:
            raise source.error(
                f"unknown key {key!r} in [{name}]{_meant(key, known)}", f"{name}.{key}"
            )
    values = {}
    for key in known:
        value = _value(f"{name}.{key}", hints[key], table.get(key), overrides, source, origins)
        if value is not None:
            values[key] = value
    try:
        return kind(**values)
    except ConfigError as error:
        key = f"{name}.{error.key}"
        origin = origins.get(key)
        if origin is not None and origin.place.startswith(PREFIX):
            raise ConfigError(str(error), file=origin.place, key=key) from error
        at = key if key in source.lines else name
        raise source.error(f"[{name}] {error}", at) from error


def _jobs(tables: Mapping[str, Any], source: _Source) -> tuple[JobSettings, ...]:
    jobs: list[JobSettings] = []
    for plural, kind in _JOB_TABLES.items():
        named = tables.get(plural, {})
        if not isinstance(named, dict) or not all(isinstance(t, dict) for t in named.values()):
            raise source.error(f"write [{plural}.NAME] and the keys below it", plural)
        for name, table in named.items():
            if not name.isprintable() or not name.strip():
                raise source.error("a name is one line of text", plural)
            if any(job.name == name for job in jobs):
                raise source.error(f"the name {name!r} is used twice", f"{plural}.{name}")
            work = _section(f"{plural}.{name}", kind, table, {}, source, {})
            if work.schedule is not None:
                _check_schedule(work.schedule, f"{plural}.{name}.schedule", source)
            jobs.append(JobSettings(name, work))
    return tuple(jobs)


def _check_schedule(text: str, key: str, source: _Source) -> None:
    from crawler.schedule.when import parse_schedule

    try:
        parse_schedule(text)
    except ValueError as error:
        raise source.error(f"{key}: {error}", key) from error


def _endpoints(table: object, source: _Source) -> tuple[tuple[str, str], ...]:
    if not isinstance(table, dict):
        raise source.error("search is a section: write [search] and its keys below", "search")
    for service, address in table.items():
        if service not in SERVICES:
            meant = _meant(service, list(SERVICES))
            raise source.error(f"unknown key {service!r} in [search]{meant}", f"search.{service}")
        if not isinstance(address, str) or not address.startswith(("http://", "https://")):
            raise source.error(f"search.{service}: not an http(s) address", f"search.{service}")
    return tuple(sorted(table.items()))


def _meant(word: str, known: list[str]) -> str:
    """The part of an error that guesses what was meant."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else f"; known: {', '.join(known[:20])}"
