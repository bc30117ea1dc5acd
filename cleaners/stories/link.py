"""`winnow link`: duplicates, syndication and stories over all that is stored, into stories/."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cleaners.dedup.syndication import Kind, Link
from cleaners.store.dataset import Dataset
from cleaners.store.parts import fill_with
from cleaners.store.schema import STORIES
from cleaners.stories.cluster import cluster
from cleaners.stories.copies import find_copies
from cleaners.stories.memory import Remembered, remember
from cleaners.stories.naming import name_stories
from cleaners.stories.pairs import (
    SAME_STORY,
    Profiles,
    Similar,
    candidates,
    compare,
    weigh_by_rarity,
)
from cleaners.stories.pool import Pool, read_links, read_pool

I64 = npt.NDArray[np.int64]
_FILE = f"{STORIES.name}/stories.parquet"
# A story's middle is sought among its first so many articles; larger stories are rare and the
# middle of a sample will do for a headline.
_SAMPLE = 60


@dataclass(frozen=True, slots=True)
class LinkResult:
    """What linking found: articles in all and read anew, copies by kind, stories of two or more."""

    articles: int
    read: int
    exact: int
    near: int
    syndicated: int
    updates: int
    stories: int
    in_stories: int


def link(dataset: Dataset, *, now: datetime) -> LinkResult:
    """Link all stored articles; stories/ is replaced in one step.

    The result depends on which articles are stored, not on their order; story ids also on the
    links before, so that a story that grows keeps its id. Texts already known are not read again.
    Raises StoreLocked, StoreDamaged.
    """
    with dataset.exclusive():
        pool = read_pool(dataset)
        texts = remember(dataset, pool.table["article_id"], pool.table["text_sha256"])
        profiles = Profiles(
            keys=texts.keys,
            weights=weigh_by_rarity(texts.keys, texts.weights),
            kinds=texts.kinds,
            times=pool.times,
            languages=pool.languages,
        )
        rows = candidates(profiles)
        alike = Similar(rows, compare(profiles, rows))
        links = find_copies(dataset, pool, texts, alike)
        groups = _groups(profiles, alike, links)
        table, stories = _table(dataset, pool, texts, profiles, links, groups, now)
        dataset.disk.write(_FILE, fill_with(STORIES, table))
    kinds = Counter(found.kind for found in links)
    told = [size for size in Counter(groups.tolist()).values() if size > 1]
    return LinkResult(
        articles=len(pool),
        read=int(texts.fresh.sum()),
        exact=kinds[Kind.EXACT],
        near=kinds[Kind.NEAR],
        syndicated=kinds[Kind.SYNDICATED],
        updates=kinds[Kind.UPDATE],
        stories=stories,
        in_stories=sum(told),
    )


def _groups(profiles: Profiles, alike: Similar, links: list[Link]) -> I64:
    """The story of each row, named by a row; copies go where their origin goes."""
    copy = np.zeros(len(profiles), np.bool_)
    copy[[found.row for found in links]] = True
    own = ~copy[alike.rows].any(axis=1) if len(alike.rows) else np.zeros(0, np.bool_)
    groups = cluster(profiles, alike.rows[own], alike.scores[own], SAME_STORY)
    for found in links:
        groups[found.row] = groups[found.origin]
    return groups


def _members(groups: I64) -> list[I64]:
    order = np.argsort(groups, kind="stable")
    borders = np.flatnonzero(np.diff(groups[order])) + 1
    return list(np.split(order, borders)) if len(order) else []


def _closeness(profiles: Profiles, stories: list[I64]) -> npt.NDArray[np.float64]:
    """Mean similarity of each row to its story's (first) others; NaN where it is alone."""
    pairs = [
        np.stack(np.meshgrid(rows, rows[:_SAMPLE]), axis=-1).reshape(-1, 2)
        for rows in stories
        if len(rows) > 1
    ]
    total, count = np.zeros(len(profiles)), np.zeros(len(profiles))
    if pairs:
        rows = np.concatenate(pairs)
        rows = rows[rows[:, 0] != rows[:, 1]]
        np.add.at(total, rows[:, 0], compare(profiles, rows))
        np.add.at(count, rows[:, 0], 1)
    with np.errstate(invalid="ignore"):
        return total / count


def _table(
    dataset: Dataset,
    pool: Pool,
    texts: Remembered,
    profiles: Profiles,
    links: list[Link],
    groups: I64,
    now: datetime,
) -> tuple[pa.Table, int]:
    names, titles = pool.names(), pool.table["title"].to_pylist()
    domains = pool.table["domain"].to_pylist()
    stories = _members(groups)
    close = _closeness(profiles, stories)
    link_of = {found.row: found for found in links}
    earliest = [min(rows.tolist(), key=lambda row: (pool.times[row], row)) for rows in stories]
    before = read_links(dataset, ("article_id", "story_id"))
    story_ids = name_stories(
        [[names[row] for row in rows] for rows in stories],
        dict(zip(*(column.to_pylist() for column in before.columns), strict=True)),
        [names[row] for row in earliest],
    )
    columns: dict[str, list[Any]] = {column.name: [None] * len(pool) for column in STORIES.columns}
    columns["article_id"] = names
    columns["text_sha256"] = pool.table["text_sha256"].to_pylist()
    columns["agency"] = list(texts.agencies)
    columns["linked_at"] = [now.astimezone(UTC)] * len(pool)
    for rows, story_id in zip(stories, story_ids, strict=True):
        whole = rows.tolist()
        middle = min(whole, key=lambda row: (-np.nan_to_num(close[row]), pool.times[row], row))
        dates = [int(pool.published[row]) for row in whole if pool.published[row] >= 0]
        shared = {
            "story_id": story_id,
            "story_title": titles[middle],
            "story_first_at": min(dates, default=None),
            "story_last_at": max(dates, default=None),
            "story_domains": sorted({domains[row] for row in whole if domains[row]}),
            "story_articles": len(whole),
            "story_reports": sum(row not in link_of for row in whole),
        }
        for row in whole:
            for name, value in shared.items():
                columns[name][row] = value
            columns["story_score"][row] = None if np.isnan(close[row]) else float(close[row])
    for found in links:
        columns["duplicate_of"][found.row] = names[found.origin]
        columns["duplicate_kind"][found.row] = str(found.kind)
        columns["similarity"][found.row] = found.similarity
    arrays = [pa.array(columns[column.name], column.type) for column in STORIES.columns]
    return pa.Table.from_arrays(arrays, schema=STORIES.schema), sum(
        len(rows) > 1 for rows in stories
    )
