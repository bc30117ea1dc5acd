"""Tables of pages: JSON lines, JSON documents and Parquet files; each row is a page of its own.

A row's source is `path::N`, N counting lines or rows from 1. The first of the named columns that
holds something is taken; HTML before text.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import IO

from cleaners.model import Discovery, Page, Reason, Rejection, Stage

Read = Iterator[Page | Rejection]

HTML_COLUMNS = ("html", "raw_html", "html_content", "page_html", "body_html")
TEXT_COLUMNS = ("text", "content", "body", "raw_content", "maintext", "article", "raw_text")
URL_COLUMNS = ("url", "link", "source_url", "uri", "url_canonical")
TITLE_COLUMNS = ("title", "headline")
BATCH_ROWS = 256


def read_jsonl(file: IO[bytes], source: str, max_bytes: int) -> Read:
    """One page a line; a line that is no JSON object with text or HTML is a Rejection."""
    number = 0
    while line := file.readline(max_bytes + 1):
        number += 1
        name = f"{source}::{number}"
        if len(line) > max_bytes and not line.endswith(b"\n"):
            yield _rejected(name, Reason.TOO_LARGE, f"a line of more than {max_bytes:,} bytes")
            _skip_line(file, max_bytes)
        elif line.strip():
            yield _parse(line, name)
    if number == 0:
        yield _rejected(source, Reason.EMPTY, "no lines")


def read_json(content: bytes, source: str) -> Read:
    """A JSON document: one object is one page, a list of objects one each."""
    value = _decode(content)
    if isinstance(value, list):
        for number, row in enumerate(value, 1):
            yield _page(row, f"{source}::{number}")
    elif isinstance(value, str):
        yield _rejected(source, Reason.UNREADABLE, value)
    else:
        yield _page(value, source)


def read_parquet(file: IO[bytes], source: str, max_bytes: int) -> Read:
    """One page a row, read batch by batch; only the columns that are used are read."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(file)
        present = set(table.schema_arrow.names)
        wanted = [
            name
            for name in (*HTML_COLUMNS, *TEXT_COLUMNS, *URL_COLUMNS, *TITLE_COLUMNS)
            if name in present
        ]
        if not present & {*HTML_COLUMNS, *TEXT_COLUMNS}:
            known = ", ".join((HTML_COLUMNS[0], TEXT_COLUMNS[0]))
            detail = f"no column of text ({known}, …) among: {', '.join(sorted(present)[:12])}"
            yield _rejected(source, Reason.UNSUPPORTED, detail)
            return
        number = 0
        for batch in table.iter_batches(batch_size=BATCH_ROWS, columns=wanted):
            for row in batch.to_pylist():
                number += 1
                page = _page(row, f"{source}::{number}")
                if isinstance(page, Page) and len(page.content) > max_bytes:
                    yield _rejected(page.source, Reason.TOO_LARGE, f"over {max_bytes:,} bytes")
                else:
                    yield page
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        detail = f"broken Parquet: {str(error).splitlines()[0]}"
        yield _rejected(source, Reason.BROKEN_ARCHIVE, detail)


def _skip_line(file: IO[bytes], step: int) -> None:
    while (rest := file.readline(step)) and not rest.endswith(b"\n"):
        continue


def _parse(line: bytes, name: str) -> Page | Rejection:
    value = _decode(line)
    return (
        _rejected(name, Reason.UNREADABLE, value) if isinstance(value, str) else _page(value, name)
    )


def _decode(content: bytes) -> object:
    """The JSON value; a str that tells what is wrong when it is none (or is a bare string)."""
    try:
        value: object = json.loads(content)
    except (ValueError, RecursionError) as error:
        return f"not JSON: {type(error).__name__}: {str(error)[:120]}"
    return value if not isinstance(value, str) else "a JSON string, not an object"


def _page(row: object, name: str) -> Page | Rejection:
    if not isinstance(row, Mapping):
        return _rejected(name, Reason.UNSUPPORTED, f"a {type(row).__name__}, not an object")
    kind, content = _content(row)
    if content is None:
        fields = ", ".join(str(key) for key in list(row)[:12])
        return _rejected(name, Reason.UNSUPPORTED, f"no field of text or html among: {fields}")
    if not content.strip():
        return _rejected(name, Reason.EMPTY, "an empty field")
    url = _first(row, URL_COLUMNS, lambda value: value.startswith(("http://", "https://")))
    title = _first(row, TITLE_COLUMNS, bool)
    discovery = Discovery(method="archive", source=name, title=title) if title else None
    if kind == "html":
        return Page(content=content, source=name, url=url, kind="html", discovery=discovery)
    return Page(content=content, source=name, url=url, kind="text", discovery=discovery)


def _content(row: Mapping[object, object]) -> tuple[str, bytes | None]:
    empty = False
    for kind, columns in (("html", HTML_COLUMNS), ("text", TEXT_COLUMNS)):
        for column in columns:
            value = row.get(column)
            if isinstance(value, str):
                value = value.encode("utf-8", "replace")
                if kind == "html" and value:
                    value = (
                        b"\xef\xbb\xbf" + value
                    )  # a str's charset is known, whatever its meta says
            if isinstance(value, bytes):
                if value.strip():
                    return kind, value
                empty = True
    return "text", b"" if empty else None


def _first(
    row: Mapping[object, object], columns: tuple[str, ...], fits: Callable[[str], bool]
) -> str | None:
    for column in columns:
        value = row.get(column)
        if isinstance(value, str) and fits(value.strip()):
            return value.strip()
    return None


def _rejected(source: str, reason: Reason, detail: str) -> Rejection:
    return Rejection(source=source, url=None, stage=Stage.INPUT, reason=reason, detail=detail)
