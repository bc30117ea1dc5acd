"""Checks of an output: its tables, archive, frontier and records. Nothing is changed."""

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from cleaners.errors import StoreDamaged
from cleaners.store import damage
from cleaners.store.dataset import Dataset
from cleaners.store.disk import LocalDisk
from cleaners.store.journal import HIDDEN
from cleaners.store.lock import holder
from cleaners.store.parts import read_part
from cleaners.store.schema import ARTICLES, REJECTS, STORIES, TABLES, VERSION, version_of
from cleaners.store.warc_writer import broken_tail
from crawler import urls
from crawler.doctor.machine import check_space
from crawler.doctor.model import Finding, Repair, broken, good, note, weak
from crawler.frontier.statements import SCHEMA_VERSION

AHEAD = timedelta(days=1)
"""Times of fetching this far in the future are no matter of time zones: the clock was wrong."""
NAMED = 3
"""Files that a line names before it says how many more there are."""
FRONTIER = "state.sqlite"


def check_output(dataset: Dataset, *, now: datetime, deep: bool = False) -> Iterator[Finding]:
    """All that can be wrong with an output. `deep` reads every page of every file.

    Those that need a folder of this machine are left out for an object store.
    """
    root = dataset.disk.root if isinstance(dataset.disk, LocalDisk) else None
    if root is not None:
        yield from _access(root)
        yield check_space("room for the output", root)
        yield from _lock(dataset, root)
    yield from _parts(dataset, deep=deep)
    yield from _rows(dataset, now, root)
    if root is not None:
        yield from _archive(root, deep=deep)
        yield from _frontier(root / FRONTIER)
        yield from _stored(dataset, root / FRONTIER)
        yield _records(root)
        yield from _set_aside(root)


def _access(root: Path) -> Iterator[Finding]:
    """Whether this user may write there; as root only a read-only disk refuses."""
    frozen = bool(os.statvfs(root).f_flag & os.ST_RDONLY)
    folders = [root, *(p for p in root.iterdir() if p.is_dir())]
    closed = [p for p in folders if not os.access(p, os.R_OK | os.W_OK | os.X_OK)]
    if frozen or closed:
        found = f"{root} is on a read-only disk" if frozen else f"no right to {_some(closed, root)}"
        yield weak("access", found, "a run needs to write there: chown or chmod, or another --out")
    else:
        yield good("access", "may be read and written")


def _lock(dataset: Dataset, root: Path) -> Iterator[Finding]:
    """Who is at work, and what was left by who is not any more."""
    pid = holder(root / HIDDEN / "lock")
    if pid is not None:
        yield note("lock", f"process {pid} writes to it now", "look again when it has ended")
        return
    left = [path for path in root.rglob(".*.tmp") if path.is_file()]
    left += [
        path for name in ("txn", "spool") for path in (root / HIDDEN / name).rglob("*.parquet")
    ]
    if dataset.unfinished() or left:
        files = f"; left behind: {_some(left, root)}" if left else ""
        found = f"the last run did not close{files}"
        mend = "nothing is lost; the next command puts it right, and so does --repair"
        yield weak("interrupted run", found, mend, Repair.TABLES)
    else:
        yield good("interrupted run", "none: what was begun was ended")


def _parts(dataset: Dataset, *, deep: bool) -> Iterator[Finding]:
    """Files of the tables that do not read, or that another version wrote."""
    damaged = list(damage.check(dataset.disk, deep=deep))
    for one in damaged:
        yield broken(
            "damaged part",
            f"{one.path}: {one.cause}",
            "--repair sets it aside; `winnow reclean` makes its rows anew from the archive",
            Repair.TABLES,
            one.path,
        )
    names = {one.path for one in damaged}
    newer, strange, count = [], [], 0
    for table in TABLES:
        for part in dataset.parts(table):
            if part.path in names:
                continue
            count += 1
            with dataset.disk.filesystem.open_input_file(part.path) as source:
                written = version_of(pq.read_schema(source))
            if written is None:
                strange.append(part.path)
            elif written > VERSION:
                newer.append(part.path)
    if newer:
        found = f"schema newer than {VERSION}: {_some(newer)}"
        yield broken("schema", found, "a newer Winnow wrote them: install that one")
    if strange:
        mend = "move them out of the table's folder; readers take them for rows of it"
        yield weak("schema", f"not written by Winnow: {_some(strange)}", mend)
    if not (damaged or newer or strange):
        how = "read through" if deep else "open"
        yield good("tables", f"all {count:,} files {how}, of a known schema")


def _rows(dataset: Dataset, now: datetime, root: Path | None) -> Iterator[Finding]:
    """Whether the tables agree with each other, the archive, and the clock."""
    try:
        articles = _columns(
            dataset, ARTICLES.name, ("article_id", "url", "warc_file", "fetched_at")
        )
        rejects = _columns(dataset, REJECTS.name, ("source",))
        linked = set(_columns(dataset, STORIES.name, ("article_id",))["article_id"])
    except StoreDamaged:
        return  # told of already
    ids = articles["article_id"]
    doubled = len(ids) - len(set(ids))
    both = len({url for url in articles["url"] if url} & set(rejects["source"]))
    if doubled or both:
        found = f"{doubled:,} articles stand twice, {both:,} are rejected as well"
        yield weak("rows", found, "--repair keeps the latest of each", Repair.TABLES)
    else:
        yield good(
            "rows", f"{len(ids):,} articles and {len(rejects['source']):,} rejects, once each"
        )
    if linked:
        late, gone = len(set(ids) - linked), len(linked - set(ids))
        if late or gone:
            found = f"{late:,} articles are not in it, {gone:,} of it are no more"
            yield note("stories", found, "`winnow link` makes the table anew")
        else:
            yield good("stories", f"one row for each of {len(linked):,} articles")
    ahead = [moment for moment in articles["fetched_at"] if moment and moment > now + AHEAD]
    if ahead:
        found = f"{len(ahead):,} articles were fetched after now, the last {max(ahead):%Y-%m-%d}"
        yield weak("times", found, "set the clock; pages are due by it, and rows say when")
    if root is not None:
        named = {name for name in articles["warc_file"] if name}
        missing = sorted(name for name in named if not (root / "warc" / name).is_file())
        if missing:
            found = f"rows point into {_some(missing)}, not in warc/"
            yield weak("archive", found, "copy it here: without it these pages cannot be recleaned")


def _columns(dataset: Dataset, table: str, names: tuple[str, ...]) -> dict[str, list[Any]]:
    """Columns of a table as lists; a column that an older file lacks is None there."""
    found: dict[str, list[Any]] = {name: [] for name in names}
    for part in dataset.disk.files(table, ".parquet"):
        for piece in read_part(dataset.disk, part.path, names):
            for name in names:
                there = name in piece.column_names
                found[name] += piece[name].to_pylist() if there else [None] * piece.num_rows
    return found


def _archive(root: Path, *, deep: bool) -> Iterator[Finding]:
    """Archives cut short by a crash; the newest of each worker alone unless `deep`."""
    files = sorted((root / "warc").glob("*.warc.gz"))
    newest = {path.name.rpartition("-")[0]: path for path in files}
    looked_at = files if deep else list(newest.values())
    whole = True
    for path in looked_at:
        try:
            tail = broken_tail(path)
        except OSError as error:
            whole = False
            yield broken(
                "archive", f"{path.name}: {error.strerror}", "check its rights and the disk"
            )
            continue
        if tail:
            whole = False
            found = f"{path.name}: its last {tail:,} bytes are no whole record"
            if path is newest[path.name.rpartition("-")[0]]:
                mend = "a kill leaves this; the next run cuts them off, and so does --repair"
                yield weak("archive", found, mend, Repair.ARCHIVE, path.name)
            else:
                mend = "damaged within: copy it from a backup; what stands before still reads"
                yield broken("archive", found, mend)
    if whole and files:
        yield good("archive", f"{len(files):,} files; {len(looked_at):,} read through, all whole")


def _frontier(path: Path) -> Iterator[Finding]:
    """The SQLite file of the crawl, opened read-only."""
    if not path.exists():
        return
    mend = "--repair sets it aside: articles stay, URLs are found and asked anew"
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?{_how(path)}", uri=True, timeout=2.0)
        try:
            said = [row[0] for row in db.execute("PRAGMA quick_check(3)")]
            (written,) = db.execute("PRAGMA user_version").fetchone()
            states = dict(db.execute("SELECT state, count(*) FROM urls GROUP BY state"))
        finally:
            db.close()
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            yield note("frontier", "locked by a run at work", "look again when it has ended")
        else:
            yield broken("frontier", f"{path.name}: {error}", mend, Repair.FRONTIER)
        return
    except sqlite3.DatabaseError as error:
        yield broken("frontier", f"{path.name}: {error}", mend, Repair.FRONTIER)
        return
    if said != ["ok"]:
        yield broken("frontier", f"{path.name}: {said[0]}", mend, Repair.FRONTIER)
    elif written > SCHEMA_VERSION:
        found = f"{path.name} is of version {written}, not {SCHEMA_VERSION}"
        yield broken("frontier", found, "a newer Winnow wrote it: install that one")
    else:
        done = states.pop("done", 0)
        waiting = ", ".join(f"{count:,} {name}" for name, count in sorted(states.items()))
        yield good("frontier", f"whole; {done:,} URLs done{', ' if waiting else ''}{waiting}")


_ARTICLES_BY_URL = """
SELECT url, fingerprint FROM urls
WHERE state = 'done' AND kind = 'page' AND reason IS NULL AND status = 200
"""


def _stored(dataset: Dataset, path: Path) -> Iterator[Finding]:
    """Whether what the crawl acknowledged is in the tables: a part may be missing from a copy."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{_how(path)}", uri=True)) as db:
            told = {fingerprint: url for url, fingerprint in db.execute(_ARTICLES_BY_URL)}
        articles = _columns(dataset, ARTICLES.name, ("url", "url_requested"))
        rejects = _columns(dataset, REJECTS.name, ("source",))
    except (sqlite3.DatabaseError, StoreDamaged):
        return  # told of already
    for url in {*articles["url"], *articles["url_requested"], *rejects["source"]} - {None}:
        told.pop(urls.fingerprint(url), None)
    if told:
        found = (
            f"{len(told):,} pages of the frontier are in no table: {_some(sorted(told.values()))}"
        )
        mend = "copy the missing parts here, or make them anew from the archive: `winnow reclean`"
        yield weak("stored", found, mend)
    else:
        yield good("stored", "every page that became an article is in a table")


def _how(path: Path) -> str:
    """Without a log beside it the file is all there is, and nothing need be made beside it."""
    log = path.with_name(f"{path.name}-wal")
    return "mode=ro" if log.exists() and log.stat().st_size else "immutable=1"


def _records(root: Path) -> Finding:
    """Run records and the memory of `watch`: small JSON files."""
    files = [*sorted((root / "reports").glob("run-*.json")), *root.glob("watch.json")]
    bad = []
    for path in files:
        try:
            json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            bad.append(path)
    if bad:
        mend = "delete them; they are passed over, and only figures of past runs are lost"
        return weak("run records", f"do not read: {_some(bad, root)}", mend)
    return good("run records", f"{len(files):,}, all of them read")


def _set_aside(root: Path) -> Iterator[Finding]:
    parts = sorted((root / damage.FOLDER).rglob("*.damaged"))
    if parts:
        mend = "delete them once `winnow reclean` has made their rows anew"
        yield note("set aside", _some(parts, root), mend)


def _some(paths: Sequence[Path | str], root: Path | None = None) -> str:
    """The first few names, and how many more there are."""
    names = [
        path.relative_to(root).as_posix() if root and isinstance(path, Path) else str(path)
        for path in paths[:NAMED]
    ]
    more = len(paths) - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more else "")
