"""Checks of the machine: Python, packages, models, workers, disk, clock, browser, database."""

import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from urllib.request import getproxies

from packaging.requirements import Requirement

from cleaners.config import CleanConfig
from cleaners.errors import WinnowError
from cleaners.html import backend as html
from cleaners.metadata import backend as metadata
from cleaners.model import Article, Page
from cleaners.store import backend as store
from cleaners.text import backend as text
from crawler.doctor.model import Finding, broken, good, note, weak
from crawler.redact import redact

PACKAGE = "winnow-news"
OLDEST_PYTHON = (3, 11)
LOW_DISK, NO_DISK = 1_000_000_000, 50_000_000
"""Bytes free: an archive file is begun anew at 256 MB; a run of a thousand pages takes some 50."""
LOW_DESCRIPTORS = 512
"""Open files that a crawl of a hundred hosts with workers and archive needs, doubled."""
LOW_MEMORY = 1_500_000_000
"""Bytes available: the crawler takes 250 MB, each worker 200 to 400."""
FOR_USERS = {
    "postgres": "a frontier that many workers share",
    "s3": "outputs in object stores",
    "browser": "pages that are empty without JavaScript",
    "ray": "cleaning on a cluster",
}
"""Extras that change what Winnow can do; the others are for its developers."""
_SAMPLE = "The ferry to Brack Island sailed again on Tuesday, said the harbour council. " * 6


def check_machine(*, frontier: str | None, now: datetime, browser: bool) -> Iterator[Finding]:
    """Everything that does not need an output. `frontier`: a PostgreSQL address to try."""
    yield _python()
    yield from _packages()
    yield _cleaning()
    yield _compiled()
    yield _memory()
    yield _descriptors()
    yield check_space("temporary files", Path(tempfile.gettempdir()))
    yield _clock(now)
    yield from _proxies(getproxies())
    yield _chromium(wanted=browser)
    if frontier is not None:
        yield _database(frontier)


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        oldest = ".".join(map(str, OLDEST_PYTHON))
        return broken("Python", found, f"install Python {oldest} or newer")
    return good("Python", found)


def _packages() -> Iterator[Finding]:
    """What pyproject.toml asks for against what is installed."""
    try:
        asked = [Requirement(line) for line in distribution(PACKAGE).requires or ()]
    except PackageNotFoundError:
        yield note(
            "packages", f"{PACKAGE} itself is not installed, only its source", "pip install ."
        )
        return
    core = [one for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})]
    wrong = [said for one in core if (said := _unmet(one)) is not None]
    if wrong:
        yield broken("packages", "; ".join(wrong), f"pip install --upgrade {PACKAGE}")
    else:
        yield good("packages", f"all {len(core)} installed, none too old or too new")
    for extra, use in FOR_USERS.items():
        own = [
            one
            for one in asked
            if one not in core and one.marker and one.marker.evaluate({"extra": extra})
        ]
        missing = [said for one in own if (said := _unmet(one)) is not None]
        if missing:
            mend = f"for {use}: pip install '{PACKAGE}[{extra}]'"
            yield note(f"extra {extra}", "; ".join(missing), mend)
        else:
            yield good(f"extra {extra}", "installed")


def _unmet(asked: Requirement) -> str | None:
    """What is wrong with one package, or None."""
    try:
        found = version(asked.name)
    except PackageNotFoundError:
        return f"{asked.name} is not installed"
    if not asked.specifier.contains(found, prereleases=True):
        return f"{asked.name} is {found}, needed is {asked.specifier}"
    return None


def _cleaning() -> Finding:
    """A page cleaned in a worker process: models, libraries and processes work together."""
    from cleaners.scale.local import CleaningPool

    page = Page(_SAMPLE.encode(), source="doctor", kind="text")
    begun = datetime.now(UTC)
    try:
        with CleaningPool(CleanConfig(), workers=1) as pool:
            outcome = next(pool.map([page]))
    except (WinnowError, OSError) as error:
        return broken("cleaning", str(error), f"pip install --force-reinstall {PACKAGE}")
    seconds = (datetime.now(UTC) - begun).total_seconds()
    if not isinstance(outcome, Article):
        said = f"{outcome.reason}: {outcome.detail}"
        return broken("cleaning", said, "free memory, or reinstall if there is plenty")
    return good("cleaning", f"a worker started and cleaned a text in {seconds:.1f} s")


def _compiled() -> Finding:
    """Whether the parts of cleaning that can be compiled are."""
    if all(part.COMPILED for part in (html, metadata, store, text)):
        return good("compiled parts", "used")
    if os.environ.get("WINNOW_PURE"):
        return note("compiled parts", "left out", "unset WINNOW_PURE: cleaning is faster with them")
    mend = "install a C compiler and Python's headers, then Winnow again: cleaning is faster"
    return note("compiled parts", "not there, Python does their work", mend)


def _memory() -> Finding:
    """Of Linux; elsewhere the processors alone are told."""
    processors = os.cpu_count() or 1
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        available = next(int(line.split()[1]) * 1024 for line in lines if "MemAvailable" in line)
    except (OSError, StopIteration, ValueError):
        return good("memory", f"{processors} processors; free memory is not known here")
    found = f"{available / 1e9:.1f} GB free, {processors} processors"
    if available < LOW_MEMORY:
        return weak("memory", found, "set --workers 1, or close what takes it")
    return good("memory", found)


def _descriptors() -> Finding:
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit < LOW_DESCRIPTORS:
        return weak("open files", f"{limit} at most", "ulimit -n 4096")
    return good("open files", f"{limit:,} at most")


def check_space(check: str, folder: Path) -> Finding:
    """Whether a folder's disk has room; the nearest folder that exists stands for one to come."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    found = f"{free / 1e9:.1f} GB free at {folder}"
    if free < NO_DISK:
        return broken(check, found, "make room, then run the same command again")
    if free < LOW_DISK:
        return weak(check, found, "make room before a long run")
    return good(check, found)


def _clock(now: datetime) -> Finding:
    """A clock that is behind the files of its own program is wrong; due dates depend on it."""
    made = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    found = now.strftime("%Y-%m-%d %H:%M UTC")
    if now < made:
        return broken("clock", f"{found}, before Winnow was installed", "set the clock")
    return good("clock", found)


def _proxies(proxies: Mapping[str, str]) -> Iterator[Finding]:
    for scheme in ("http", "https", "all"):
        if scheme in proxies:
            yield note(f"proxy for {scheme}", redact(proxies[scheme]), "all fetches go through it")


def _chromium(*, wanted: bool) -> Finding:
    from crawler.browser import find_chromium

    path = find_chromium()
    if path is None:
        state = broken if wanted else note
        return state("Chromium", "none found", "install one to render pages with --browser")
    return good("Chromium", path)


def _database(address: str) -> Finding:
    """A PostgreSQL server that a crawl is to share; nothing is made in it."""
    check, mend = "PostgreSQL", "check address, password and that the server takes connections"
    try:
        from crawler.frontier.session import Session

        session = Session(address)
        row = session.run("SELECT current_setting('server_version')").fetchone()
        session.close("SELECT 1")
    except WinnowError as error:
        return broken(check, redact(str(error)), mend)
    return good(check, f"version {row[0] if row else 'unknown'} answers at {session.name}")
