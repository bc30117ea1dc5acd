"""Which stored articles repeat which: found by signature and story, verified by their words."""

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from cleaners.dedup.families import families, link_family
from cleaners.dedup.lsh import candidate_pairs, may_be_copies, pairs_of_equal, unpack
from cleaners.dedup.near import NEAR, Shingles, similarity
from cleaners.dedup.syndication import Copy, Kind, Link
from cleaners.store.dataset import Dataset
from cleaners.store.identity import domain_of, family
from cleaners.stories.cluster import parts
from cleaners.stories.likeness import Similar
from cleaners.stories.memory import Remembered
from cleaners.stories.pool import Pool, read_links, read_shingles

I64 = npt.NDArray[np.int64]
# Articles that are this alike may be copies too changed for their signatures.
_ALIKE_IN_STORY = 0.3


def find_copies(
    dataset: Dataset, pool: Pool, texts: Remembered, alike: Similar, *, anew: bool = False
) -> list[Link]:
    """Links of all articles that repeat another one, by row.

    Families without a new or changed article keep the links they have (not if all are wanted
    `anew`); the texts of the others' members are read.
    """
    names = pool.names()
    changed = texts.fresh | _changed(dataset, pool) | anew
    before = _links_before(dataset, names, changed)
    worded = np.flatnonzero(texts.words > 0)  # texts of signs alone are equal by chance
    rows = np.concatenate(
        (
            unpack(pairs_of_equal(texts.text_keys[worded].astype(np.uint64), worded)),
            candidate_pairs(texts.signatures, texts.signed),
            alike.rows[alike.scores >= _ALIKE_IN_STORY],
        )
    )
    rows = rows[may_be_copies(texts.signatures, texts.signed, rows)]
    touched = _touched(len(pool), rows, before, changed)
    rows = rows[touched[rows[:, 0]]]
    shingled = read_shingles(dataset, {names[row]: int(row) for row in np.unique(rows)})
    judge = _Judge(texts.text_keys, shingled)
    verified = [(one, other) for one, other in rows.tolist() if judge(one, other) >= NEAR]
    links = [link for link in before if not touched[link.row]]
    copies = _Copies(pool, texts)
    for members in families(verified):
        links += link_family([copies.read(row, names[row]) for row in members], judge)
    return sorted(links, key=lambda link: link.row)


def _changed(dataset: Dataset, pool: Pool) -> npt.NDArray[np.bool_]:
    """Rows that were not linked yet, or with another text."""
    linked = read_links(dataset, ("article_id", "text_sha256"))
    known = dict(zip(*(column.to_pylist() for column in linked.columns), strict=True))
    pairs = zip(pool.names(), pool.table["text_sha256"].to_pylist(), strict=True)
    return np.array([known.get(name) != digest for name, digest in pairs], np.bool_)


def _touched(
    count: int, rows: I64, before: list[Link], changed: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Rows that candidates or links connect with a changed one."""
    linked = np.array([(link.row, link.origin) for link in before], np.int64).reshape(-1, 2)
    label = parts(count, np.concatenate((rows, linked)))
    stirred = np.zeros(count, np.bool_)
    stirred[label[changed]] = True
    return np.asarray(stirred[label], np.bool_)


def _links_before(dataset: Dataset, names: list[str], changed: npt.NDArray[np.bool_]) -> list[Link]:
    """The links that stories/ has; rows whose origin is stored no more are noted as changed."""
    columns = ("article_id", "duplicate_of", "duplicate_kind", "similarity")
    table = read_links(dataset, columns)
    table = table.filter(pc.is_valid(table["duplicate_of"]))
    row_of = {name: row for row, name in enumerate(names)} if table.num_rows else {}
    links = []
    for name, origin, kind, alike in zip(
        *(column.to_pylist() for column in table.columns), strict=True
    ):
        row = row_of.get(name)
        if row is not None and origin in row_of:
            links.append(Link(row, row_of[origin], Kind(kind), alike))
        elif row is not None:
            changed[row] = True
    return links


class _Judge:
    """Similarity of two rows, each pair computed once."""

    def __init__(self, text_keys: I64, shingled: dict[int, Shingles]) -> None:
        self._keys, self._shingled = text_keys, shingled
        self._known: dict[tuple[int, int], float] = {}

    def __call__(self, one: int, other: int) -> float:
        if self._keys[one] == self._keys[other]:
            return 1.0
        pair = (one, other) if one < other else (other, one)
        if pair not in self._known:
            self._known[pair] = similarity(self._shingled[one], self._shingled[other])
        return self._known[pair]


class _Copies:
    """Rows of the pool as `Copy` values."""

    def __init__(self, pool: Pool, texts: Remembered) -> None:
        self._pool, self._texts = pool, texts
        self._domains = pool.table["domain"].combine_chunks()
        self._publishers = pool.table["publisher"].combine_chunks()
        self._canonicals = pool.table["url_canonical"].combine_chunks()

    def read(self, row: int, name: str) -> Copy:
        published = int(self._pool.published[row])
        domain = self._domains[row].as_py()
        return Copy(
            row=row,
            article_id=name,
            domain=domain,
            publisher=self._publishers[row].as_py(),
            agency=self._texts.agencies[row],
            credits=_other_site(domain, self._canonicals[row].as_py()),
            published=published if published >= 0 else None,
            fetched=int(self._pool.times[row]),
            words=int(self._texts.words[row]),
            text_key=int(self._texts.text_keys[row]),
        )


def _other_site(domain: str | None, canonical: str | None) -> str | None:
    """The site of a canonical address, if it is not the page's own."""
    named = domain_of(canonical)
    return named if domain and family(named) != family(domain) else None
