"""What an output holds, small enough for memory: 60 bytes an article, rebuilt from Parquet alone.

Kept as sorted arrays (what lies on disk) and a dict on top (what this run has added).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cleaners.store.identity import source_key

U8 = npt.NDArray[np.uint8]
U64 = npt.NDArray[np.uint64]

ARTICLE_COLUMNS = ("article_id", "text_sha256", "revision", "fetched_at", "source", "url")
REJECT_COLUMNS = ("source", "stage", "reason", "http_status")

_HEX = np.zeros(256, np.uint8)
_HEX[[ord(c) for c in "0123456789"]] = range(10)
_HEX[[ord(c) for c in "abcdef"]] = range(10, 16)


@dataclass(frozen=True, slots=True)
class Entry:
    """The stored state of an article: its part, the first 16 bytes of its text's digest, …"""

    part: str
    text: bytes
    revision: int
    fetched_us: int


@dataclass(frozen=True, slots=True)
class RejectEntry:
    """The stored state of a reject: its part and a digest of what it says."""

    part: str
    outcome: int


def outcome_key(stage: str, reason: str, status: int | None) -> int:
    """Names what a reject says, so that the same again is known as the same."""
    return source_key(f"{stage} {reason} {status}")


def from_hex(column: pa.ChunkedArray, digits: int) -> U8:
    """A column of hex strings as an array of shape (rows, digits / 2); malformed ones as zeros."""
    texts = column.cast(pa.string()).combine_chunks()
    joined = "".join(
        text if text is not None and len(text) >= digits else "0" * digits
        for text in (t[:digits] if t else None for t in texts.to_pylist())
    )
    codes = _HEX[np.frombuffer(joined.encode("ascii", "replace"), np.uint8)]
    pairs = codes.reshape(len(texts), digits // 2, 2)
    return np.asarray((pairs[:, :, 0] << 4) | pairs[:, :, 1], np.uint8)


def _keys(columns: Sequence[pa.ChunkedArray]) -> U64:
    texts = pc.unique(pa.chunked_array([c for column in columns for c in column.chunks]))
    values = {source_key(text) for text in texts.to_pylist() if text is not None}
    return np.fromiter(values, np.uint64, len(values))


@dataclass(slots=True)
class ArticleIndex:
    """article_id → Entry, and which sources and URLs have become articles."""

    parts: list[str] = field(default_factory=list)
    _ids: U8 = field(default_factory=lambda: np.zeros((0, 16), np.uint8))
    _texts: U8 = field(default_factory=lambda: np.zeros((0, 16), np.uint8))
    _lead: U64 = field(default_factory=lambda: np.zeros(0, np.uint64))
    _numbers: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 3), np.int64))
    _sources: U64 = field(default_factory=lambda: np.zeros(0, np.uint64))
    _new: dict[bytes, Entry] = field(default_factory=dict)
    _new_sources: set[int] = field(default_factory=set)

    def load(self, parts: Sequence[tuple[str, pa.Table]]) -> None:
        """Add what lies in some files: tables of ARTICLE_COLUMNS."""
        if not parts:
            return
        ids, texts, numbers, sources = [self._ids], [self._texts], [self._numbers], [self._sources]
        for path, table in parts:
            self.parts.append(path)
            ids.append(from_hex(table["article_id"], 32))
            texts.append(from_hex(table["text_sha256"], 32))
            numbers.append(_numbers_of(table, len(self.parts) - 1))
            sources.append(
                _keys([table["source"].cast(pa.string()), table["url"].cast(pa.string())])
            )
        all_ids = np.concatenate(ids)
        lead = np.ascontiguousarray(all_ids[:, :8]).view(np.uint64).ravel()
        order = np.argsort(lead, kind="stable")
        self._ids, self._lead = all_ids[order], lead[order]
        self._texts = np.concatenate(texts)[order]
        self._numbers = np.concatenate(numbers)[order]
        self._sources = np.unique(np.concatenate(sources))

    def get(self, article_id: str) -> Entry | None:
        """What is stored of an article, or None."""
        return self._new.get(bytes.fromhex(article_id)) or self.on_disk(article_id)

    def on_disk(self, article_id: str) -> Entry | None:
        """What the loaded files hold of an article, whatever this run has added."""
        if not len(self._lead):
            return None
        key = bytes.fromhex(article_id)
        lead = np.frombuffer(key[:8], np.uint64)[0]
        at = int(np.searchsorted(self._lead, lead))
        while at < len(self._lead) and self._lead[at] == lead:
            if self._ids[at].tobytes() == key:
                part, revision, fetched = (int(number) for number in self._numbers[at])
                return Entry(self.parts[part], self._texts[at].tobytes(), revision, fetched)
            at += 1
        return None

    def put(self, article_id: str, entry: Entry, *names: str | None) -> None:
        """Note what this run stores, and the source and URL it stands for."""
        self._new[bytes.fromhex(article_id)] = entry
        self._new_sources.update(source_key(name) for name in names if name is not None)

    def has_source(self, source: str) -> bool:
        """Whether an article came from this source or URL."""
        return self.has_key(source_key(source))

    def has_key(self, key: int) -> bool:
        return key in self._new_sources or _contains(self._sources, key)

    def doubles(self) -> dict[str, set[str]]:
        """Part → ids in it that a later fetch or revision in another part replaces.

        Only writers that cannot see each other (machines on one object store) make such rows.
        """
        groups: dict[str, list[int]] = {}
        for at in np.flatnonzero(self._lead[1:] == self._lead[:-1]):
            for place in (int(at), int(at) + 1):
                groups.setdefault(self._ids[place].tobytes().hex(), []).append(place)
        found: dict[str, set[str]] = {}
        for name, places in groups.items():
            *losers, best = sorted(set(places), key=self._age)
            for place in losers:
                if self._numbers[place][0] != self._numbers[best][0]:
                    found.setdefault(self.parts[self._numbers[place][0]], set()).add(name)
        return found

    def _age(self, place: int) -> tuple[int, int, bytes]:
        _, revision, fetched = (int(number) for number in self._numbers[place])
        return fetched, revision, self._texts[place].tobytes()

    def __len__(self) -> int:
        return len(self._lead)


def _numbers_of(table: pa.Table, part: int) -> npt.NDArray[np.int64]:
    numbers = np.zeros((table.num_rows, 3), np.int64)
    numbers[:, 0] = part
    numbers[:, 1] = table["revision"].to_numpy()
    numbers[:, 2] = table["fetched_at"].cast(pa.int64()).fill_null(0).to_numpy()
    return numbers


def _contains(ordered: U64, key: int) -> bool:
    at = int(np.searchsorted(ordered, np.uint64(key)))
    return at < len(ordered) and int(ordered[at]) == key


@dataclass(slots=True)
class RejectIndex:
    """source → RejectEntry."""

    _entries: dict[int, RejectEntry] = field(default_factory=dict)

    def load(self, path: str, table: pa.Table) -> None:
        """Add what lies in a file: a table of REJECT_COLUMNS."""
        columns = (table[name].to_pylist() for name in REJECT_COLUMNS)
        for source, stage, reason, status in zip(*columns, strict=True):
            entry = RejectEntry(path, outcome_key(stage, reason, status))
            self._entries[source_key(source)] = entry

    def get(self, key: int) -> RejectEntry | None:
        return self._entries.get(key)

    def put(self, key: int, entry: RejectEntry) -> None:
        self._entries[key] = entry

    def drop(self, key: int) -> RejectEntry | None:
        return self._entries.pop(key, None)

    def items(self) -> list[tuple[int, RejectEntry]]:
        return list(self._entries.items())
