"""Groups of articles whose mean likeness is high: average-link agglomeration, part by part.

The result is a function of the set of articles alone: pairs are merged best first, ties by row.
Source: Sokal and Michener 1958 (UPGMA); average link is what resists the chains of follow-ups that
make one story of a week's news under single link.
"""

import numpy as np
import numpy.typing as npt

from cleaners.stories.likeness import SAME_STORY, compare
from cleaners.stories.pairs import F32, I64, Profiles

# Pairs under this share of the threshold cannot bring two groups together in practice.
_LINK_SHARE = 0.8
# Larger parts are first cut at higher similarities, until each is small enough to be compared all
# with all (a dense part of 1,500 rows takes 9 MB and under two seconds).
_LARGEST = 1_500
_CUT_STEP = 0.02
_BATCH_PAIRS = 200_000


def parts(count: int, rows: I64) -> npt.NDArray[np.int64]:
    """The connected part of each of `count` rows, named by its smallest row."""
    label = np.arange(count)
    one, other = rows[:, 0], rows[:, 1]
    while True:
        low = np.minimum(label[one], label[other])
        before = label.copy()
        np.minimum.at(label, one, low)
        np.minimum.at(label, other, low)
        np.minimum.at(label, before[one], low)
        np.minimum.at(label, before[other], low)
        label = label[label]
        if np.array_equal(label, before):
            return label


def cluster(profiles: Profiles, rows: I64, scores: F32, threshold: float = SAME_STORY) -> I64:
    """The group of each row, named by its smallest row."""
    groups = np.arange(len(profiles), dtype=np.int64)
    _cluster_at(profiles, rows, scores, threshold, threshold * _LINK_SHARE, groups)
    return groups


def _cluster_at(
    profiles: Profiles, rows: I64, scores: F32, threshold: float, cut: float, groups: I64
) -> None:
    chosen = scores >= cut
    rows, scores = rows[chosen], scores[chosen]
    if not len(rows):
        return
    involved, place = np.unique(rows, return_inverse=True)
    local = place.reshape(rows.shape)
    label = parts(len(involved), local)
    order = np.argsort(label, kind="stable")
    starts = np.flatnonzero(np.concatenate(([True], np.diff(label[order]) != 0)))
    edge_order = np.argsort(label[local[:, 0]], kind="stable")
    edge_labels = label[local[edge_order, 0]]
    small: list[I64] = []
    for members in np.split(order, starts[1:]):
        if len(members) <= _LARGEST:
            small.append(involved[np.sort(members)])
            continue
        name = label[members[0]]
        low, high = np.searchsorted(edge_labels, [name, name + 1])
        inside = edge_order[low:high]
        _cluster_at(profiles, rows[inside], scores[inside], threshold, cut + _CUT_STEP, groups)
    _agglomerate(profiles, small, threshold, groups)


def _agglomerate(profiles: Profiles, families: list[I64], threshold: float, groups: I64) -> None:
    """Group each family of rows by average link; many small ones are compared in one go."""
    batch: list[I64] = []
    pairs = 0
    for members in families:
        batch.append(members)
        pairs += len(members) * (len(members) - 1) // 2
        if pairs >= _BATCH_PAIRS:
            _agglomerate_batch(profiles, batch, threshold, groups)
            batch, pairs = [], 0
    _agglomerate_batch(profiles, batch, threshold, groups)


def _agglomerate_batch(
    profiles: Profiles, families: list[I64], threshold: float, groups: I64
) -> None:
    uppers = [np.triu_indices(len(members), 1) for members in families]
    pairs = [
        np.stack((members[upper[0]], members[upper[1]]), axis=1)
        for members, upper in zip(families, uppers, strict=True)
    ]
    scores = compare(profiles, np.concatenate([np.zeros((0, 2), np.int64), *pairs]))
    start = 0
    for members, upper in zip(families, uppers, strict=True):
        own = scores[start : start + len(upper[0])]
        start += len(own)
        table = np.full((len(members), len(members)), -1.0, np.float32)
        table[upper] = own
        table[upper[1], upper[0]] = own
        for place, home in enumerate(average_link(table, threshold)):
            groups[members[place]] = members[home]


def average_link(table: F32, threshold: float) -> list[int]:
    """The group of each row of a symmetric table of similarities (diagonal below 0)."""
    count = len(table)
    table = table.astype(np.float64)
    sizes = np.ones(count)
    home = list(range(count))
    best = table.argmax(axis=1) if count else np.zeros(0, np.int64)
    peak = table[np.arange(count), best] if count else np.zeros(0)
    while count > 1:
        one = int(peak.argmax())
        if peak[one] < threshold:
            break
        other = int(best[one])
        one, other = min(one, other), max(one, other)
        merged = (table[one] * sizes[one] + table[other] * sizes[other]) / (
            sizes[one] + sizes[other]
        )
        merged[[one, other]] = -1.0
        merged[table[one] < -0.5] = -1.0
        table[one], table[:, one] = merged, merged
        table[other], table[:, other] = -1.0, -1.0
        sizes[one] += sizes[other]
        home = [one if place == other else place for place in home]
        stale = np.flatnonzero((best == one) | (best == other))
        stale = np.union1d(stale, [one, other])
        best[stale] = table[stale].argmax(axis=1)
        peak[stale] = table[stale, best[stale]]
        better = np.flatnonzero(table[one] > peak)
        best[better], peak[better] = one, table[one, better]
    return home
