"""From pairs of copies to what each article is a copy of."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from cleaners.dedup.near import NEAR
from cleaners.dedup.syndication import Copy, Link, kind_of, origin_order


def link_family(copies: Sequence[Copy], alike: Callable[[int, int], float]) -> list[Link]:
    """Links of one connected family: each copy to the origin that it repeats most.

    `alike` gives the similarity of two rows. Copies are taken in the order of their likelihood to
    be an origin; one that repeats none of the origins before it is an origin itself, so a chain of
    small changes never makes unlike texts copies of each other.
    """
    links: list[Link] = []
    origins: list[Copy] = []
    for copy in origin_order(copies):
        best: tuple[float, Copy] | None = None
        for origin in origins:
            found = alike(copy.row, origin.row)
            if found >= NEAR and (best is None or found > best[0]):
                best = (found, origin)
        if best is None:
            origins.append(copy)
        else:
            links.append(Link(copy.row, best[1].row, kind_of(copy, best[1]), best[0]))
    return links


def families(pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Connected rows, each family sorted, families by their first row."""
    home: dict[int, int] = {}

    def root(row: int) -> int:
        while home.setdefault(row, row) != row:
            home[row] = home[home[row]]
            row = home[row]
        return row

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        home[high] = low
    found: dict[int, list[int]] = defaultdict(list)
    for row in sorted(home):
        found[root(row)].append(row)
    return [rows for _, rows in sorted(found.items())]
