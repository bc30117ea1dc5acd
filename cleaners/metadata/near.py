"""The blocks around a page's headline, where by-lines and dates are shown."""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import compress, islice

from cleaners.metadata.sources import Surroundings
from cleaners.metadata.strings import comparable
from cleaners.model import Block, Discovery

# By-lines stand within this many blocks before and after the headline.
_BEFORE = 4
_AFTER = 14
_LAST = 3
_COPYRIGHT = re.compile(r"©|\(c\)|copyright\b", re.IGNORECASE)
_HEADINGS = 12
_LEVELS = ("h1", "h2", "h3", "h4")
_MIN_KEY = 8  # letters of a heading, fewer of which are in many titles
_MUCH = 0.4  # of a title: an h1 that is less of it may be the logo
_MOST = 0.6  # likewise: a lower heading may be a part's
_FOOT = 16  # blocks after the body among which a page may list who wrote it


def surroundings(
    blocks: Sequence[Block],
    kept: Sequence[bool] | None = None,
    *,
    titles: Sequence[str] = (),
    discovery: Discovery | None = None,
    fetched_at: datetime | None = None,
    ruled_dates: Sequence[str] = (),
    ruled_authors: Sequence[str] = (),
) -> Surroundings:
    """What metadata needs of a page's blocks; `kept` marks the body's, None before it is known.

    `titles`, as the page declares them, help to find the headline among its headings.
    """
    above, near = _near_headline(blocks, titles)
    body = list(compress(blocks, kept)) if kept is not None else []
    credits: tuple[str, ...] = ()
    if kept is not None:
        credits = tuple(
            b.text
            for b, keep in zip(blocks, kept, strict=True)
            if not keep and b.tag != "figcaption" and _is_credit(b.text)
        )[:20]
    return Surroundings(
        near_headline=near,
        above=above,
        headings=(*near, *_headings(blocks)),
        first_paragraph=next((b.text for b in body if b.tag in ("p", "line", "div")), None),
        last_paragraphs=tuple(b.text for b in body[-_LAST:]),
        credits=credits,
        closing=_closing(blocks, kept) if kept is not None else (),
        foot=_foot(blocks, kept) if kept is not None else (),
        discovery=discovery,
        fetched_at=fetched_at,
        ruled_dates=ruled_dates,
        ruled_authors=ruled_authors,
    )


def _closing(blocks: Sequence[Block], kept: Sequence[bool]) -> tuple[str, ...]:
    """Short paragraphs that are the body's last or follow it at once and may be names.

    Words that the body writes in small letters, too, are no name: "Book now".
    """
    last = max((i for i, keep in enumerate(kept) if keep), default=None)
    if last is None:
        return ()
    window = [b.text for b in blocks[last : last + 2] if b.tag == "p" and _may_sign(b.text)]
    body = " ".join(b.text for b in compress(blocks, kept)) if window else ""
    return tuple(text for text in window if not _is_said(text.lower().split(), body))


def _is_said(words: Sequence[str], body: str) -> bool:
    """Whether a text has all of some words in small letters, each as it stands between spaces."""
    if not all(word.islower() and word in body for word in words):
        return False
    return set(body.split()).issuperset(words)


def _may_sign(text: str) -> bool:
    """Whether a paragraph is two words or more with a capital in front, and short enough."""
    bare = text.lstrip(" ()–—-/")
    return len(text) <= 60 and " " in bare and bare[:1].isupper()


def _foot(blocks: Sequence[Block], kept: Sequence[bool]) -> tuple[str, ...]:
    last = max((i for i, keep in enumerate(kept) if keep), default=len(blocks))
    return tuple(b.text for b in blocks[last + 1 : last + 1 + _FOOT] if len(b.text) <= 80)


def _headings(blocks: Sequence[Block]) -> tuple[str, ...]:
    """The first headings: on some pages one that is no h1 element is the headline."""
    texts = (b.text for b in blocks if b.tag in _LEVELS and len(b.text) <= 200)
    return tuple(islice(texts, _HEADINGS))


def _is_credit(text: str) -> bool:
    return len(text) <= 30 or (len(text) <= 120 and _COPYRIGHT.match(text) is not None)


def _near_headline(blocks: Sequence[Block], titles: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """The short blocks around the headline, and how many of them stand above it."""
    place = _headline(blocks, titles)
    over, under = (
        tuple(b.text for b in window if b.tag != "h1" and len(b.text) <= 200)
        for window in (blocks[max(0, place - _BEFORE) : place], blocks[place : place + _AFTER])
    )
    return len(over), over + under


def _headline(blocks: Sequence[Block], titles: Sequence[str]) -> int:
    """Where the headline stands: the first heading that is of a declared title, an h1 if one is.

    A logo may be the only h1, and some pages have none.
    """
    headings = [i for i, block in enumerate(blocks) if block.tag in _LEVELS]
    first = [i for i in headings if blocks[i].tag == "h1"]
    known = [key for title in titles if len(key := comparable(title)) >= _MIN_KEY]
    for group, share in ((first, _MUCH), (headings, _MOST)):
        for place in group:
            key = comparable(blocks[place].text)
            if len(key) >= _MIN_KEY and any(_is_of(key, title, share) for title in known):
                return place
    return first[0] if first else 0


def _is_of(key: str, title: str, share: float) -> bool:
    return title in key or (key in title and len(key) >= share * len(title))
