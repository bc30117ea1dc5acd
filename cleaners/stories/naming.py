"""Story ids that stay: a story keeps its id as long as most of its articles keep together."""

from collections import Counter
from collections.abc import Mapping, Sequence


def name_stories(
    groups: Sequence[Sequence[str]], before: Mapping[str, str], first: Sequence[str]
) -> list[str]:
    """The id of each group of article ids.

    `before` has the story ids that articles had; `first` each group's earliest article. A group
    takes the id that most of its articles had, if no other group has more of them; a new story is
    named after its earliest article.
    """
    claims: list[tuple[int, str, int]] = []
    for place, group in enumerate(groups):
        had = Counter(before[name] for name in group if name in before)
        claims += [(-count, story, place) for story, count in had.items()]
    names: list[str | None] = [None] * len(groups)
    taken: set[str] = set()
    # Most articles first; ties go to the older name, then to the group with the earliest article.
    for _, story, place in sorted(claims, key=lambda c: (c[0], c[1], first[c[2]])):
        if names[place] is None and story not in taken:
            names[place] = story
            taken.add(story)
    return [_named(name, first[place], taken) for place, name in enumerate(names)]


def _named(name: str | None, first: str, taken: set[str]) -> str:
    if name is not None:
        return name
    fresh = first[:16]
    if fresh in taken:
        # Its earliest article once gave another story its name.
        fresh = first[16:]
    taken.add(fresh)
    return fresh
