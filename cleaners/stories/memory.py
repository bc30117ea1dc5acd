"""What linking has read of each text, kept beside the tables so that no text is read twice.

A cache: it is keyed by the state of what was read (`pool.states`) and made anew from articles/
wherever it is missing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from cleaners.dedup.agency import agency_of
from cleaners.dedup.exact import text_key
from cleaners.dedup.near import signature
from cleaners.dedup.words import words
from cleaners.errors import StoreDamaged
from cleaners.store.dataset import Dataset
from cleaners.store.journal import HIDDEN
from cleaners.store.parts import read_part
from cleaners.store.schema import ARTICLES, MINHASH_BYTES, comparable
from cleaners.stories.pool import Pool, states
from cleaners.stories.profile import KEYS, PROFILE_VERSION, read_profile

_FOLDER = f"{HIDDEN}/profiles"
_MOST_FILES = 8
_BATCH = 20_000
_READ = (
    "article_id", "title", "text", "language", "authors", "wire_agency", "minhash",
)  # fmt: skip
SCHEMA = pa.schema(
    [
        ("article_id", pa.string()),
        ("state", pa.int64()),
        ("keys", pa.binary(KEYS * 4)),
        ("weights", pa.binary(KEYS * 2)),
        ("kinds", pa.binary(KEYS)),
        ("minhash", pa.binary(MINHASH_BYTES)),
        ("text_key", pa.int64()),
        ("words", pa.int32()),
        ("agency", pa.string()),
    ],
    metadata={"winnow.profile_version": str(PROFILE_VERSION)},
)


@dataclass(frozen=True, slots=True, eq=False)
class Remembered:
    """Arrays with a row an article, in the order that was asked for."""

    keys: npt.NDArray[np.uint32]
    weights: npt.NDArray[np.float16]
    kinds: npt.NDArray[np.uint8]
    signatures: npt.NDArray[np.uint32]
    signed: npt.NDArray[np.bool_]
    text_keys: npt.NDArray[np.int64]
    words: npt.NDArray[np.int64]
    agencies: list[str | None]
    fresh: npt.NDArray[np.bool_]
    """Rows whose text had to be read this time."""


def remember(dataset: Dataset, pool: Pool) -> Remembered:
    """What is known of the texts of all articles, reading those that are not known yet."""
    wanted = {name: row for row, name in enumerate(pool.names())}
    count = len(wanted)
    result = Remembered(
        keys=np.zeros((count, KEYS), np.uint32),
        weights=np.zeros((count, KEYS), np.float16),
        kinds=np.zeros((count, KEYS), np.uint8),
        signatures=np.zeros((count, MINHASH_BYTES // 4), np.uint32),
        signed=np.zeros(count, np.bool_),
        text_keys=np.zeros(count, np.int64),
        words=np.zeros(count, np.int64),
        agencies=[None] * count,
        fresh=np.ones(count, np.bool_),
    )
    known = states(pool.table)
    files = dataset.disk.files(_FOLDER, ".parquet")
    kept = 0
    for file in files:
        try:
            for piece in read_part(dataset.disk, file.path):
                kept += _recall(result, piece, wanted, known)
        except StoreDamaged:
            dataset.disk.delete(file.path)
    missing = {name for name, row in wanted.items() if result.fresh[row]}
    fresh = result.fresh.copy()
    for number, table in enumerate(_read_new(dataset, missing, wanted, known)):
        _recall(result, table, wanted, known)
        _write(dataset, f"{_FOLDER}/{_next(files) + number:06d}.parquet", table)
    result.fresh[:] = fresh
    if len(files) > _MOST_FILES or sum(file.size for file in files) > 4 * 1_200 * max(count, 1_000):
        _merge(dataset, set(wanted))
    return result


def _next(files: Sequence[object]) -> int:
    names = [int(str(getattr(file, "path", "0")).rpartition("/")[2][:6]) for file in files]
    return max(names, default=-1) + 1


def _recall(result: Remembered, table: pa.Table, wanted: dict[str, int], known: list[int]) -> int:
    if (table.schema.metadata or {}).get(b"winnow.profile_version") != str(
        PROFILE_VERSION
    ).encode():
        return 0
    names, found = table["article_id"].to_pylist(), table["state"].to_pylist()
    at, rows = [], []
    for place, (name, state) in enumerate(zip(names, found, strict=True)):
        row = wanted.get(name)
        if row is None:
            continue
        if known[row] == state:
            at.append(place)
            rows.append(row)
        else:
            result.fresh[row] = True  # what came later counts: it has changed back since
    if not rows:
        return 0
    chosen = table.take(pa.array(at)).combine_chunks()
    result.keys[rows] = _matrix(chosen["keys"], np.uint32)
    result.weights[rows] = _matrix(chosen["weights"], np.float16)
    result.kinds[rows] = _matrix(chosen["kinds"], np.uint8)
    result.signed[rows] = chosen["minhash"].is_valid().to_numpy()
    blank = pa.scalar(bytes(MINHASH_BYTES), pa.binary(MINHASH_BYTES))
    result.signatures[rows] = _matrix(chosen["minhash"].fill_null(blank), np.uint32)
    result.text_keys[rows] = chosen["text_key"].to_numpy()
    result.words[rows] = chosen["words"].to_numpy()
    for row, agency in zip(rows, chosen["agency"].to_pylist(), strict=True):
        result.agencies[row] = agency
    result.fresh[rows] = False
    return len(rows)


def _matrix(column: pa.ChunkedArray, dtype: type) -> npt.NDArray[np.generic]:
    joined = b"".join(column.to_pylist())
    return np.frombuffer(joined, dtype).reshape(len(column), -1)


def _read_new(
    dataset: Dataset, missing: set[str], wanted: dict[str, int], known: list[int]
) -> Iterator[pa.Table]:
    """Tables of SCHEMA for the articles that are missing, some thousands each."""
    rows: list[tuple[object, ...]] = []
    for part in dataset.parts(ARTICLES) if missing else ():
        for piece in read_part(dataset.disk, part.path, _READ):
            chosen = piece.filter(pa.array([i in missing for i in piece["article_id"].to_pylist()]))
            signed = comparable(piece.schema)
            # Files of older schemas may lack columns.
            names = set(chosen.column_names)
            columns = [
                chosen[name].to_pylist() if name in names else [None] * len(chosen)
                for name in _READ
            ]
            for name, *values, minhash in zip(*columns, strict=True):
                state = known[wanted[name]]
                rows.append(_row(name, state, *values, minhash=minhash if signed else None))
                if len(rows) >= _BATCH:
                    yield _table(rows)
                    rows = []
    if rows:
        yield _table(rows)


def _row(
    name: str,
    state: int,
    title: str | None,
    text: str,
    language: str | None,
    authors: list[str] | None,
    wire_agency: str | None,
    *,
    minhash: bytes | None,
) -> tuple[object, ...]:
    profile, body = read_profile(title, text, language), words(text)
    return (
        name,
        state,
        profile.keys.tobytes(),
        profile.weights.tobytes(),
        profile.kinds.tobytes(),
        minhash if minhash is not None else signature(body),
        text_key(body),
        len(body),
        agency_of(text, given=wire_agency, authors=authors or ()),
    )


def _table(rows: list[tuple[object, ...]]) -> pa.Table:
    arrays = [
        pa.array(values, field.type)
        for values, field in zip(zip(*rows, strict=True), SCHEMA, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def _write(dataset: Dataset, path: str, table: pa.Table) -> None:
    dataset.disk.write(path, lambda sink: pq.write_table(table, sink, compression="zstd"))


def _merge(dataset: Dataset, wanted: set[str]) -> None:
    """One file for many, without what is no longer stored."""
    files = dataset.disk.files(_FOLDER, ".parquet")

    def fill(sink: object) -> None:
        with pq.ParquetWriter(sink, SCHEMA, compression="zstd") as writer:
            for file in files:
                for piece in read_part(dataset.disk, file.path):
                    names = piece["article_id"].to_pylist()
                    writer.write_table(piece.filter(pa.array([name in wanted for name in names])))

    dataset.disk.write(f"{_FOLDER}/{_next(files):06d}.parquet", fill)
    for file in files:
        dataset.disk.delete(file.path)
