"""Groups of articles whose mean likeness is high: average-link agglomeration, part by part.

The result is a function of the set of articles alone: pairs are merged best first, ties by row.
Source: Sokal and Michener 1958 (UPGMA); average link is what resists the chains of follow-ups that
make one story of a week's news under single link. A group asks less of one that is much smaller
(`EASE`): its mean is over many pairs, and reactions and analyses are less alike to a large story's
articles than two reports are to each other, while two groups of one size are most often two events
of one affair.
"""

import numpy as np
import numpy.typing as npt

from cleaners.stories.likeness import SAME_STORY, compare
from cleaners.stories.pairs import F32, I64, Profiles

# By how much the bar falls each time that one group is twice as large as the other, at most so
# often. Chosen with the threshold: DESIGN, "Stories".
EASE, _MOST_DOUBLINGS = 0.025, 4.0
# Larger parts are first cut at higher similarities, until each is small enough to be compared all
# with all (a dense part of 1,500 rows takes 9 MB and under two seconds).
_LARGEST = 1_500
_CUT_STEP = 0.02
_BATCH_PAIRS = 200_000
# The similarity of a group that has gone into another one, and of a group to itself.
_GONE = -9.0


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
    # No two groups have a mean above the lowest bar without a pair above it.
    lowest = threshold - EASE * _MOST_DOUBLINGS
    _cluster_at(profiles, rows, scores, threshold, lowest, groups)
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
        for place, home in enumerate(average_link(table, threshold, EASE)):
            groups[members[place]] = members[home]


def average_link(table: F32, threshold: float, ease: float = 0.0) -> list[int]:
    """The group of each row of a symmetric table of similarities (diagonal below 0).

    Two groups are merged while their mean similarity, with `ease` for each doubling from the
    smaller one's size to the larger one's, is at least the threshold.
    """
    count = len(table)
    table = table.astype(np.float64)
    doublings = np.zeros(count)  # log2 of each group's size
    sizes = np.ones(count)
    home = list(range(count))

    def eased(rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        apart = np.abs(doublings[rows, None] - doublings)
        return np.asarray(table[rows] + ease * np.minimum(apart, _MOST_DOUBLINGS))

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
        merged[[one, other]] = _GONE
        merged[table[one] <= _GONE] = _GONE
        table[one], table[:, one] = merged, merged
        table[other], table[:, other] = _GONE, _GONE
        sizes[one] += sizes[other]
        doublings[one] = np.log2(sizes[one])
        home = [one if place == other else place for place in home]
        stale = np.flatnonzero((best == one) | (best == other))
        stale = np.union1d(stale, [one, other])
        theirs = eased(stale)
        best[stale] = theirs.argmax(axis=1)
        peak[stale] = theirs[np.arange(len(stale)), best[stale]]
        own = eased(np.array([one]))[0]
        better = np.flatnonzero(own > peak)
        best[better], peak[better] = one, own[better]
    return home
