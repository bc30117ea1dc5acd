"""All stored articles as linking sees them: ordered by id, columns as arrays, no text."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cleaners.dedup.near import Shingles, shingles
from cleaners.dedup.words import words
from cleaners.store.dataset import Dataset
from cleaners.store.parts import read_part
from cleaners.store.schema import ARTICLES, STORIES

_COLUMNS = (
    "article_id", "text_sha256", "domain", "publisher", "title", "language", "authors",
    "wire_agency", "url_canonical", "published_at", "fetched_at", "cleaned_at",
)  # fmt: skip
_TOLD = ("text_sha256", "title", "language", "wire_agency", "domain", "publisher", "url_canonical")


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """`table` has _COLUMNS of all articles, ordered by article_id; the arrays go with its rows.

    Times are in microseconds; `published` is -1 where it is not known, `times` then says when the
    article was fetched, or cleaned; the latter says nothing of it: `dated` is off.
    """

    table: pa.Table
    published: npt.NDArray[np.int64]
    times: npt.NDArray[np.int64]
    dated: npt.NDArray[np.bool_]
    languages: npt.NDArray[np.int32]
    sites: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def names(self) -> list[str]:
        """The article ids."""
        names: list[str] = self.table["article_id"].to_pylist()
        return names


def read_pool(dataset: Dataset) -> Pool:
    """Everything but the texts."""
    pieces = [
        piece
        for part in dataset.parts(ARTICLES)
        for piece in read_part(dataset.disk, part.path, _COLUMNS)
    ]
    # The first piece says which columns there are; files of older schemas may lack some.
    pieces.insert(0, ARTICLES.schema.empty_table().select(_COLUMNS))
    table = pa.concat_tables(pieces, promote_options="permissive").sort_by("article_id")
    published = _microseconds(table["published_at"])
    other = pc.coalesce(table["fetched_at"], table["cleaned_at"])
    return Pool(
        table=table,
        published=published,
        times=np.where(published >= 0, published, _microseconds(other)),
        dated=(published >= 0) | (_microseconds(table["fetched_at"]) >= 0),
        languages=_codes(table["language"].fill_null("")),
        sites=_codes(table["domain"]),
    )


def states(table: pa.Table) -> list[int]:
    """63 bits for each article that change with whatever linking reads of it: its text, and what
    cleaning it anew may say otherwise of it (title, names, agency, language, date, site)."""
    columns = [pc.cast(table[name], pa.string()) for name in _TOLD]
    columns.append(pc.binary_join(table["authors"], "\x1e"))
    columns.append(pc.cast(pc.cast(table["published_at"], pa.int64()), pa.string()))
    told = pc.binary_join_element_wise(
        *columns, "\x1f", null_handling="replace", null_replacement="\x00"
    )
    digests = (blake2b(text.encode("utf-8"), digest_size=8).digest() for text in told.to_pylist())
    return [int.from_bytes(digest, "little") >> 1 for digest in digests]


def _codes(column: pa.ChunkedArray) -> npt.NDArray[np.int32]:
    """A number for each value, -1 for none."""
    encoded = pc.dictionary_encode(column).combine_chunks()
    codes = encoded.indices if len(column) else pa.array([], pa.int32())
    return np.asarray(pc.fill_null(codes, -1).to_numpy(zero_copy_only=False), np.int32)


def _microseconds(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    return np.asarray(column.cast(pa.int64()).fill_null(-1).to_numpy(), np.int64)


def read_shingles(dataset: Dataset, wanted: dict[str, int]) -> dict[int, Shingles]:
    """Row → words and pairs of the texts of these articles (id → row)."""
    found: dict[int, Shingles] = {}
    ids = pa.array(wanted, pa.string())
    for part in dataset.parts(ARTICLES) if wanted else ():
        for piece in read_part(dataset.disk, part.path, ("article_id", "text")):
            chosen = piece.filter(pc.is_in(piece["article_id"], ids))
            for name, text in zip(*(column.to_pylist() for column in chosen.columns), strict=True):
                found[wanted[name]] = shingles(words(text))
    return found


def read_links(dataset: Dataset, columns: Sequence[str]) -> pa.Table:
    """What stories/ says so far."""
    pieces = [
        piece
        for part in dataset.parts(STORIES)
        for piece in read_part(dataset.disk, part.path, columns)
    ]
    return pa.concat_tables(pieces) if pieces else STORIES.schema.empty_table().select(columns)
