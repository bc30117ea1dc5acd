"""Blocks that repeat over the pages of one host: its template, learned from the pages themselves.

    Document ─observe→ Observation ─learn→ Templates ─chrome→ blocks to remove

A value does not depend on the order of the observations, nor a merger on which value comes first:
of each host it keeps a sample of the pages, those of the smallest digests (a KMV sketch, Bar-Yossef
et al. 2002), each with its day, and for each fingerprint of a block on which of them it stood. So
its size is bounded by the hosts, however many pages each has.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import combinations
from typing import Any, TypeVar
from urllib.parse import urlsplit

from cleaners.html.document import Document

MIN_STORIES = 3
"""Different stories of a host on which a block must stand before it is the host's template."""
MIN_STORIES_PROSE = 6
"""The same for a block that reads like body: follow-up stories repeat paragraphs of background."""
MIN_SHARE = 0.1
"""Least share of the host's known pages; of many pages, three may quote the same sentence."""
MIN_SHARE_PROSE = 0.3
PROSE_WORDS = 20
"""Words from which a block reads like body: a story's standfirst is the blurb of its teaser on
other pages. At 25, the demo's newswire lost a standfirst so; at 20 it loses no sentence, and of
165 words of chrome per 1,000 that one page alone leaves, templates take 36."""
MEMORY_DAYS = 60
"""Days after which a block that was not seen again is forgotten: sites are redesigned."""
WELL_KNOWN = 16
"""Pages of a host from which what was seen once is not worth a place on disk."""
KEPT_PAGES = 64
"""Pages remembered of each host; enough to tell shares of a tenth. When the blocks of all pages
were kept for as long as a run took, 20,000 small pages of one host had 106,000 of them: 900 bytes
a page, and every new portion of pages went through them all."""

_NUMBER = re.compile(r"\d+")
_LEVELS = 3  # divisions of the path that belong to a block's fingerprint

VERSION = 1


@dataclass(frozen=True, slots=True, order=True)
class Sight:
    """One page that was seen: digests of its address, title and longest paragraph; and the day."""

    page: int
    day: int
    title: int
    lead: int


@dataclass(frozen=True, slots=True)
class Observation:
    """What one page teaches: its host, and the fingerprints of its blocks."""

    host: str
    sight: Sight
    prints: frozenset[int]


Sights = tuple[Sight, ...]
Key = TypeVar("Key", str, tuple[str, int])


@dataclass(frozen=True, slots=True)
class Templates:
    """What is known of hosts: the pages of each, and those on which each fingerprint stood."""

    hosts: Mapping[str, Sights] = field(default_factory=dict)
    prints: Mapping[tuple[str, int], Sights] = field(default_factory=dict)

    def merge(self, other: "Templates") -> "Templates":
        """Both together, forgetting what the later of both has not seen for MEMORY_DAYS."""
        return _bounded(_join(self.hosts, other.hosts), _join(self.prints, other.prints))

    def chrome(self, document: Document, url: str | None) -> frozenset[int]:
        """Indices of the blocks that are the template of the host of `url`."""
        host = host_of(url)
        known = self.hosts.get(host)
        if known is None or len(known) < MIN_STORIES:
            return frozenset()
        marks = ((block.index, print_of(document, block.index)) for block in document.blocks)
        return frozenset(
            index
            for index, mark in marks
            if (sights := self.prints.get((host, mark)))
            and _repeats(sights, known, document.blocks[index].text)
        )

    def pruned(self) -> "Templates":
        """Without what stood on one page only of a host that is known well: it is no template."""
        well = {host for host, sights in self.hosts.items() if len(sights) >= WELL_KNOWN}
        kept = {
            key: sights
            for key, sights in self.prints.items()
            if len(sights) > 1 or key[0] not in well
        }
        return Templates(self.hosts, kept)

    def dumps(self) -> str:
        """JSON text; equal values give equal text."""
        return json.dumps(
            {
                "version": VERSION,
                "hosts": {host: _rows(self.hosts[host]) for host in sorted(self.hosts)},
                "prints": [[*key, _rows(self.prints[key])] for key in sorted(self.prints)],
            }
        )


def loads(text: str) -> Templates:
    """The value that `Templates.dumps` wrote; anything else is no knowledge: an empty value."""
    try:
        data = json.loads(text)
        if data["version"] != VERSION:
            return Templates()
        return _bounded(
            {str(host): _sights(rows) for host, rows in data["hosts"].items()},
            {(str(host), int(mark)): _sights(rows) for host, mark, rows in data["prints"]},
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return Templates()


def observe(
    document: Document, keep: Sequence[bool], *, url: str, title: str | None, day: int
) -> Observation:
    """What a page teaches; `day` is the day it was fetched, in days since 1970-01-01.

    `keep` says which blocks were found to be body; the longest of them tells its story apart.
    """
    kept = (block.text for block, good in zip(document.blocks, keep, strict=True) if good)
    folded = " ".join((title or "").lower().split())
    sight = Sight(
        page=_digest(url),
        day=day,
        title=_digest(folded or url),
        lead=_digest(max(kept, key=len, default=url)),
    )
    prints = frozenset(print_of(document, block.index) for block in document.blocks)
    return Observation(host_of(url), sight, prints)


def learn(observations: Iterable[Observation]) -> Templates:
    """What the pages teach together; their order does not matter, nor does a page seen twice."""
    hosts: dict[str, list[Sight]] = {}
    prints: dict[tuple[str, int], list[Sight]] = {}
    for seen in observations:
        hosts.setdefault(seen.host, []).append(seen.sight)
        for mark in seen.prints:
            prints.setdefault((seen.host, mark), []).append(seen.sight)
    return _bounded(hosts, prints)


def host_of(url: str | None) -> str:
    """The host of an address without `www.`; empty if there is none.

    >>> host_of("https://www.harbour-post.example/a")
    'harbour-post.example'
    """
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def print_of(document: Document, index: int) -> int:
    """A block's fingerprint: its text, numbers aside, and the tags around it."""
    frames = document.frames
    number = document.frame[index]
    path = []
    for _ in range(_LEVELS):
        path.append(frames.tags[number])
        number = frames.parent[number]
    text = _NUMBER.sub("0", document.blocks[index].text.lower())
    return _digest("/".join(path) + "\n" + text)


def _digest(text: str) -> int:
    data = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=7).digest(), "big")


def _repeats(sights: Sights, host: Sights, text: str) -> bool:
    prose = len(text.split()) >= PROSE_WORDS
    stories = MIN_STORIES_PROSE if prose else MIN_STORIES
    share = MIN_SHARE_PROSE if prose else MIN_SHARE
    return len(sights) >= share * len(host) and _stories(sights) >= stories


def _bound(sights: Sights) -> int:
    return sights[-1].page if len(sights) == KEPT_PAGES else 1 << 62


def _stories(sights: Sights) -> int:
    """Pages, counting as one those that share a title or their longest paragraph: one story."""
    story = list(range(len(sights)))
    for one, two in combinations(range(len(sights)), 2):
        if sights[one].title == sights[two].title or sights[one].lead == sights[two].lead:
            old, new = story[two], story[one]
            story = [new if number == old else number for number in story]
    return len(set(story))


def _join(one: Mapping[Key, Sights], two: Mapping[Key, Sights]) -> dict[Key, Sights]:
    joined = dict(one)
    for key, sights in two.items():
        joined[key] = joined.get(key, ()) + sights
    return joined


def _bounded(
    hosts: Mapping[str, Sequence[Sight]], prints: Mapping[tuple[str, int], Sequence[Sight]]
) -> Templates:
    """Each page once, none older than MEMORY_DAYS before its host's latest, KEPT_PAGES of them."""
    oldest = {host: max(sight.day for sight in seen) - MEMORY_DAYS for host, seen in hosts.items()}
    sample = {host: _fresh(seen, oldest[host]) for host, seen in hosts.items()}
    # Blocks of other pages would add up without end, and no share could be told of them.
    bounds = {host: _bound(sights) for host, sights in sample.items()}
    kept = {
        key: _fresh([sight for sight in seen if sight.page <= bounds[key[0]]], oldest[key[0]])
        for key, seen in prints.items()
    }
    return Templates(sample, {key: sights for key, sights in kept.items() if sights})


def _fresh(seen: Sequence[Sight], oldest: int) -> Sights:
    # Sorted by page, then day: of a page seen twice, the latest sight stays.
    latest = {sight.page: sight for sight in sorted(seen) if sight.day >= oldest}
    return tuple(sorted(latest.values())[:KEPT_PAGES])


def _rows(sights: Sights) -> list[list[int]]:
    return [[sight.page, sight.day, sight.title, sight.lead] for sight in sights]


def _sights(rows: Any) -> Sights:
    return tuple(Sight(*map(int, row)) for row in rows)
