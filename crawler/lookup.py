"""A page that is stored already, by its address: where the archive holds it, and its bytes."""

import io
import os
from pathlib import Path

import pyarrow.dataset as pads

from cleaners.errors import InputError
from cleaners.inputs import read_inputs
from cleaners.model import Page, Rejection, WarcPosition
from cleaners.store.dataset import Dataset
from cleaners.store.schema import ARTICLES, REJECTS, Table
from cleaners.store.warc import archive_pages

_POSITION = ("warc_file", "warc_record_id", "warc_offset", "warc_length", "payload_digest")


def page_named(name: str, out: Path) -> Page:
    """The page of a file, of `-`, of an archive's member, or of an address that `out` holds.

    Of an archive or table that is named without a member it is the first. Raises InputError when
    there is none, or when what is there cannot be read.
    """
    if "://" in name:
        return stored_page(name, out)
    file, _, member = name.partition("::")
    if not member or os.path.lexists(name):
        file = name
    found = read_inputs([file])
    outcome = next((item for item in found if file == name or item.source == name), None)
    if outcome is None:
        raise InputError(name, f"there is no such member in {file}" if member else "it is empty")
    if isinstance(outcome, Rejection):
        raise InputError(name, f"{outcome.reason.value}: {outcome.detail}")
    return outcome


def stored_page(url: str, out: Path) -> Page:
    """The response that the archive in `out` holds for an address; raises InputError if none."""
    if not out.is_dir():
        raise InputError(str(out), "there is no output here; fetch the page with `winnow pages`")
    dataset = Dataset.open(out)
    for table in (ARTICLES, REJECTS):
        position = _position(dataset, table, url)
        if position is not None:
            return _read(out / "warc" / Path(position.file).name, position, url)
    raise InputError(url, f"not in the archive of {out}; fetch it with `winnow pages {url}`")


def _position(dataset: Dataset, table: Table, url: str) -> WarcPosition | None:
    if not dataset.parts(table):
        return None
    is_it = pads.field("url") == url
    for name in ("source", "url_requested"):
        is_it = is_it | (pads.field(name) == url)
    rows = dataset.scan(table).to_table(columns=list(_POSITION), filter=is_it).to_pylist()
    for row in rows:
        if row["warc_file"] is not None and row["warc_offset"] is not None:
            return WarcPosition(
                file=row["warc_file"],
                record_id=row["warc_record_id"] or "",
                offset=row["warc_offset"],
                length=row["warc_length"] or 0,
                payload_digest=row["payload_digest"] or "",
            )
    return None


def _read(path: Path, position: WarcPosition, url: str) -> Page:
    """The one record; for one that refers to an earlier one, the archive is read from its top."""
    try:
        with open(path, "rb") as file:
            file.seek(position.offset)
            record = file.read(position.length) if position.length else file.read()
    except OSError as error:
        raise InputError(str(path), (error.strerror or "cannot be read").lower()) from error
    for found in archive_pages(io.BytesIO(record)):
        if isinstance(found, Page):
            return found
    for found in archive_pages(*sorted(path.parent.glob("*.warc*"))):
        if isinstance(found, Page) and url in (found.url, found.source):
            return found
    raise InputError(url, f"its record in {path} does not read")
