"""`winnow link`: duplicates, syndication and stories over all that is stored, into stories/."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from cleaners.dedup.syndication import Kind, Link
from cleaners.store.dataset import Dataset
from cleaners.store.journal import HIDDEN
from cleaners.store.parts import fill_with
from cleaners.store.schema import STORIES
from cleaners.stories.cluster import cluster
from cleaners.stories.copies import find_copies
from cleaners.stories.likeness import Similar, compare
from cleaners.stories.memory import remember
from cleaners.stories.naming import name_stories
from cleaners.stories.pairs import Profiles, candidates, weigh_by_rarity
from cleaners.stories.pool import Pool, read_links, read_pool
from cleaners.stories.table import Stories, gather, stories_table

I64 = npt.NDArray[np.int64]
_FILE = f"{STORIES.name}/stories.parquet"
_AT_WORK = f"{HIDDEN}/linking"


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
        # A run that was cut off may have remembered what it did not come to write down.
        unsure = dataset.disk.exists(_AT_WORK)
        dataset.disk.write(_AT_WORK, lambda sink: sink.write(b"linking"))
        pool = read_pool(dataset)
        texts = remember(dataset, pool)
        profiles = Profiles(
            keys=texts.keys,
            weights=weigh_by_rarity(texts.keys, texts.weights, texts.kinds),
            kinds=texts.kinds,
            times=pool.times,
            dated=pool.dated,
            languages=pool.languages,
            sites=pool.sites,
        )
        rows = candidates(profiles)
        alike = Similar(rows, compare(profiles, rows))
        links = find_copies(dataset, pool, texts, alike, anew=unsure)
        groups = _groups(profiles, alike, links)
        stories = gather(pool, profiles, groups)
        names = _names(dataset, pool, stories)
        table = stories_table(pool, stories, names, links, texts.agencies, now)
        dataset.disk.write(_FILE, fill_with(STORIES, table))
        dataset.disk.delete(_AT_WORK)
    kinds = Counter(found.kind for found in links)
    told = [len(rows) for rows in stories.members if len(rows) > 1]
    return LinkResult(
        articles=len(pool),
        read=int(texts.fresh.sum()),
        exact=kinds[Kind.EXACT],
        near=kinds[Kind.NEAR],
        syndicated=kinds[Kind.SYNDICATED],
        updates=kinds[Kind.UPDATE],
        stories=len(told),
        in_stories=sum(told),
    )


def _groups(profiles: Profiles, alike: Similar, links: list[Link]) -> I64:
    """The story of each row, named by a row; copies go where their origin goes."""
    copy = np.zeros(len(profiles), np.bool_)
    copy[[found.row for found in links]] = True
    own = ~copy[alike.rows].any(axis=1) if len(alike.rows) else np.zeros(0, np.bool_)
    groups = cluster(profiles, alike.rows[own], alike.scores[own])
    for found in links:
        groups[found.row] = groups[found.origin]
    return groups


def _names(dataset: Dataset, pool: Pool, stories: Stories) -> list[str]:
    names = pool.names()
    before = read_links(dataset, ("article_id", "story_id"))
    return name_stories(
        [[names[row] for row in rows.tolist()] for rows in stories.members],
        dict(zip(*(column.to_pylist() for column in before.columns), strict=True)),
        [names[row] for row in stories.earliest],
    )
