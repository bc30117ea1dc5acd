"""The rows of stories/: what was found, told of each article."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cleaners.dedup.syndication import Link
from cleaners.store.schema import STORIES
from cleaners.stories.likeness import compare
from cleaners.stories.pairs import Profiles
from cleaners.stories.pool import Pool

I64 = npt.NDArray[np.int64]
# A story's middle is sought by likeness to its first so many articles; larger stories are rare and
# the middle of a sample will do for a headline.
_SAMPLE = 60


@dataclass(frozen=True, slots=True, eq=False)
class Stories:
    """Rows of the pool by story, each story's earliest row, and each row's likeness to its story
    (NaN where it is alone)."""

    members: list[I64]
    earliest: list[int]
    close: npt.NDArray[np.float64]


def gather(pool: Pool, profiles: Profiles, groups: I64) -> Stories:
    """The stories that `groups` (a name for each row) make."""
    order = np.argsort(groups, kind="stable")
    borders = np.flatnonzero(np.diff(groups[order])) + 1
    members = list(np.split(order, borders)) if len(order) else []
    earliest = [int(rows[np.argmin(pool.times[rows])]) for rows in members]
    return Stories(members, earliest, _closeness(profiles, members))


def _closeness(profiles: Profiles, members: list[I64]) -> npt.NDArray[np.float64]:
    pairs = [
        np.stack(np.meshgrid(rows, rows[:_SAMPLE]), axis=-1).reshape(-1, 2)
        for rows in members
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


def stories_table(
    pool: Pool,
    stories: Stories,
    story_ids: Sequence[str],
    links: Sequence[Link],
    agencies: Sequence[str | None],
    now: datetime,
) -> pa.Table:
    """One row an article, in the pool's order."""
    count = len(pool)
    home = np.zeros(count, np.int64)
    for place, rows in enumerate(stories.members):
        home[rows] = place
    by_story = _story_columns(pool, stories, links)
    by_story["story_id"] = pa.array(story_ids, pa.string())
    columns = {name: values.take(pa.array(home)) for name, values in by_story.items()}
    columns["article_id"] = pool.table["article_id"]
    columns["text_sha256"] = pool.table["text_sha256"].fill_null("")
    columns["story_score"] = pa.array(stories.close, pa.float32(), from_pandas=True)
    columns["agency"] = pa.array(agencies, pa.string())
    columns["linked_at"] = pa.array([now.astimezone(UTC)] * count)
    link_at = np.full(count, -1, np.int64)
    link_at[[link.row for link in links]] = np.arange(len(links))
    at = pa.array(link_at, mask=link_at < 0)
    origins = pa.array([link.origin for link in links], pa.int64())
    columns["duplicate_of"] = pool.table["article_id"].take(origins).combine_chunks().take(at)
    columns["duplicate_kind"] = pa.array([str(link.kind) for link in links], pa.string()).take(at)
    columns["similarity"] = pa.array([link.similarity for link in links], pa.float32()).take(at)
    return pa.table(
        [columns[column.name].cast(column.type) for column in STORIES.columns],
        schema=STORIES.schema,
    )


def _story_columns(pool: Pool, stories: Stories, links: Sequence[Link]) -> dict[str, Any]:
    """Columns with a value a story."""
    copy = np.zeros(len(pool), np.bool_)
    copy[[link.row for link in links]] = True
    domains = pool.table["domain"].fill_null("").combine_chunks().dictionary_encode()
    codes, names = np.asarray(domains.indices), domains.dictionary.to_pylist()
    middles: list[int] = []
    first: list[int | None] = []
    last: list[int | None] = []
    sites: list[list[str]] = []
    likeness = np.nan_to_num(stories.close)
    titled = pool.table["title"].is_valid().to_numpy()
    for rows in stories.members:
        named = rows[titled[rows]] if titled[rows].any() else rows
        spoken = named[pool.languages[named] == np.bincount(pool.languages[named]).argmax()]
        best = np.lexsort((spoken, pool.times[spoken], -likeness[spoken]))[0]
        middles.append(int(spoken[best]))
        dates = pool.published[rows]
        dates = dates[dates >= 0]
        first.append(int(dates.min()) if len(dates) else None)
        last.append(int(dates.max()) if len(dates) else None)
        sites.append(sorted({names[code] for code in codes[rows].tolist()} - {""}))
    sizes = [len(rows) for rows in stories.members]
    reports = [int((~copy[rows]).sum()) for rows in stories.members]
    time = pa.timestamp("us", tz="UTC")
    return {
        "story_title": pool.table["title"].take(pa.array(middles, pa.int64())).combine_chunks(),
        "story_first_at": pa.array(first, pa.int64()).cast(time),
        "story_last_at": pa.array(last, pa.int64()).cast(time),
        "story_domains": pa.array(sites, pa.list_(pa.string())),
        "story_articles": pa.array(sizes, pa.int32()),
        "story_reports": pa.array(reports, pa.int32()),
    }
