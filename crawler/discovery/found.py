"""What reading a feed, sitemap, page or search answer gives: articles, further sources, notes."""

import pickle
import re
from dataclasses import dataclass, field, fields
from datetime import datetime
from itertools import starmap
from operator import attrgetter
from typing import Literal

from cleaners.model import Candidate
from crawler.urls import desktop_form

_VARIANT = re.compile(r"(?:/|\.|\b)(?:amp|m|mobile?)(?:/|\.|$)|[?&](?:amp|outputtype|view)\b", re.I)
SourceKind = Literal["feed", "sitemap", "page"]


@dataclass(frozen=True, slots=True)
class Source:
    """A place that may list articles and is not read yet.

    `kind` page means a section, a list of articles or its next page. `modified` is when its parent
    says it last changed. `guessed` sources come from convention, so a 404 is no failure.
    """

    url: str
    kind: SourceKind
    title: str | None = None
    modified: datetime | None = None
    guessed: bool = False


_CANDIDATE = attrgetter(*(field.name for field in fields(Candidate)))
_SOURCE = attrgetter(*(field.name for field in fields(Source)))


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates in the order of their source, further sources, and what was odd about it.

    A broken source gives what it holds and a note; notes are short and made for a person.
    """

    candidates: tuple[Candidate, ...] = ()
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def packed(self) -> bytes:
        """For the way between processes: a page's hundred links travel as tuples, which is a tenth
        of what as many objects take."""
        cells = (
            list(map(_CANDIDATE, self.candidates)),
            list(map(_SOURCE, self.sources)),
            self.notes,
        )
        return pickle.dumps(cells, pickle.HIGHEST_PROTOCOL)

    @classmethod
    def unpacked(cls, packed: bytes) -> "Found":
        """What `packed` wrote, in a process of the same program."""
        candidates, sources, notes = pickle.loads(packed)
        return cls(tuple(starmap(Candidate, candidates)), tuple(starmap(Source, sources)), notes)


@dataclass(slots=True)
class Gathering:
    """Collects a `Found` while its source is read: each URL once, and never more than `limit`."""

    limit: int
    candidates: dict[str, Candidate] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def full(self) -> bool:
        return len(self.candidates) + len(self.sources) >= self.limit

    def add(self, item: Candidate | Source) -> None:
        """Keep the item unless its URL was seen; at the limit, note that once and drop it."""
        if self.full:
            self.note(f"stopped at {self.limit} entries")
        elif isinstance(item, Candidate):
            # The AMP or mobile form of a page that is already listed is the same article.
            if not (_VARIANT.search(item.url) and desktop_form(item.url) in self.candidates):
                self.candidates.setdefault(item.url, item)
        else:
            self.sources.setdefault(item.url, item)

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def found(self) -> Found:
        return Found(
            tuple(self.candidates.values()), tuple(self.sources.values()), tuple(self.notes)
        )
