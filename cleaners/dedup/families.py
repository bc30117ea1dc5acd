"""From pairs of copies to what each article is a copy of."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from cleaners.dedup.near import NEAR
from cleaners.dedup.syndication import Copy, Link, kind_of, origin_order


def link_family(copies: Sequence[Copy], alike: Callable[[int, int], float]) -> list[Link]:
    """Links of one connected family: each copy to the origin that it repeats most.

    `alike` gives the similarity of two rows. Copies are taken in the order of their likelihood to
    be an origin; one that repeats none of the origins before it is an origin itself, so a chain of
    small changes never makes unlike texts copies of each other. A page that holds several unlike
    ones (a morning's briefing, a week in review) repeats none, and none repeats it.
    """
    links: list[Link] = []
    origins: list[Copy] = []
    gathered = _collections(copies, alike)
    for copy in origin_order([copy for copy in copies if copy.row not in gathered]):
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


# A text that holds another one and more is so much longer at least.
_LONGER = 1.5
# Two unlike texts of a collection share less than this: halves of one article do in .75 of cases
# (and nobody cuts them so), unrelated articles .10 in the middle, .18 in nine of ten cases.
_UNLIKE = 0.2
_ASKED = 24
"""Shorter copies of a text that are looked at; a text of thousands of copies needs no more."""


def _collections(copies: Sequence[Copy], alike: Callable[[int, int], float]) -> set[int]:
    """Rows of copies that hold several texts which are unlike each other."""
    found: set[int] = set()
    texts = {copy.text_key: copy for copy in copies}
    shorter = sorted(texts.values(), key=lambda copy: (copy.words, copy.text_key))
    asked: dict[int, bool] = {}
    for copy in copies:
        if copy.text_key not in asked:
            parts = [part for part in shorter if part.words * _LONGER <= copy.words][:_ASKED]
            held = [part.row for part in parts if alike(copy.row, part.row) >= NEAR]
            asked[copy.text_key] = any(alike(held[0], row) < _UNLIKE for row in held[1:])
        if asked[copy.text_key]:
            found.add(copy.row)
    return found


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
