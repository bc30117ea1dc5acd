"""The arguments of `scrapy crawl SPIDER -a …` as a CrawlJob."""

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

from cleaners.errors import ConfigError
from crawler.model import CrawlJob, Manners

_NUMBERS = {"limit": int, "max_depth": int, "min_relevance": float, "workers": int}
_KNOWN = {"urls", "sites", "feeds", "seeds", "search", "warcs", "out", "frontier", *_NUMBERS}


def words(text: str | None) -> tuple[str, ...]:
    """The parts of a list given as `a,b c`; a file that is named gives its lines."""
    if not text:
        return ()
    if "://" not in text and "," not in text and Path(text).is_file():
        lines = Path(text).read_text("utf-8").splitlines()
        return tuple(line.strip() for line in lines if line.strip() and line[0] != "#")
    return tuple(part for part in text.replace(",", " ").split() if part)


def job_of(spider: str, arguments: Mapping[str, Any], settings: BaseSettings) -> CrawlJob:
    """The job that arguments and settings describe. Raises ConfigError for unknown ones."""
    for name in arguments:
        if name not in _KNOWN:
            raise ConfigError(f"{spider} has no argument {name!r}", key=name)
    manners = _manners(settings)
    try:
        numbers = {k: kind(arguments[k]) for k, kind in _NUMBERS.items() if k in arguments}
    except ValueError as error:
        raise ConfigError(f"not a number: {error}") from error
    job = CrawlJob(
        spider=spider,
        out=Path(arguments.get("out") or settings.get("WINNOW_OUT") or "output"),
        urls=(*words(arguments.get("urls")), *words(arguments.get("sites"))),
        feeds=words(arguments.get("feeds")),
        search=words(arguments.get("search")),
        warcs=tuple(Path(path) for path in words(arguments.get("warcs"))),
        frontier=arguments.get("frontier"),
        manners=manners,
        **numbers,
    )
    seeds = words(arguments.get("seeds"))
    if not seeds:
        return job
    from crawler.seeds import read_seeds  # reading seeds loads the cleaners

    return replace(job, seeds=read_seeds(seeds).seeds)


def _manners(settings: BaseSettings) -> Manners:
    """Manners from WINNOW_MANNERS, with Scrapy's own names for what has one."""
    given = dict(settings.getdict("WINNOW_MANNERS"))
    known = {field.name for field in fields(Manners)}
    for name in given:
        if name not in known:
            raise ConfigError(f"WINNOW_MANNERS has no {name!r}", key=name)
    given.setdefault("user_agent", settings.get("USER_AGENT"))
    given.setdefault("timeout", settings.getfloat("DOWNLOAD_TIMEOUT"))
    given.setdefault("max_bytes", settings.getint("DOWNLOAD_MAXSIZE"))
    given.setdefault("concurrency", settings.getint("CONCURRENT_REQUESTS"))
    return Manners(**given)
