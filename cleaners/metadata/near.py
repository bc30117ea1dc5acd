"""The blocks around a page's headline, where by-lines and dates are shown."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from cleaners.metadata.read import Surroundings
from cleaners.model import Block, Discovery

# By-lines stand within this many blocks before and after the headline.
_BEFORE = 4
_AFTER = 14
_LAST = 3
_HEADINGS = 12
_FOOT = 16  # blocks after the body among which a page may list who wrote it


def surroundings(
    blocks: Sequence[Block],
    kept: Sequence[bool] | None = None,
    *,
    discovery: Discovery | None = None,
    fetched_at: datetime | None = None,
    ruled_dates: Sequence[str] = (),
    ruled_authors: Sequence[str] = (),
) -> Surroundings:
    """What metadata needs of a page's blocks; `kept` marks the body's, None before it is known."""
    near = _near_headline(blocks)
    body = [b for b, keep in zip(blocks, kept, strict=True) if keep] if kept is not None else []
    credits: tuple[str, ...] = ()
    if kept is not None:
        credits = tuple(
            b.text
            for b, keep in zip(blocks, kept, strict=True)
            if not keep and len(b.text) <= 120 and (b.tag == "figcaption" or _is_credit(b.text))
        )[:20]
    return Surroundings(
        near_headline=near,
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
    """Short paragraphs that are the body's last or follow it at once."""
    last = max((i for i, keep in enumerate(kept) if keep), default=None)
    if last is None:
        return ()
    window = blocks[last : last + 2]
    return tuple(b.text for b in window if len(b.text) <= 60 and b.tag == "p")


def _foot(blocks: Sequence[Block], kept: Sequence[bool]) -> tuple[str, ...]:
    last = max((i for i, keep in enumerate(kept) if keep), default=len(blocks))
    return tuple(b.text for b in blocks[last + 1 : last + 1 + _FOOT] if len(b.text) <= 80)


def _headings(blocks: Sequence[Block]) -> tuple[str, ...]:
    """The first headings: on some pages one that is no h1 element is the headline."""
    texts = (b.text for b in blocks if b.tag in ("h1", "h2", "h3", "h4") and len(b.text) <= 200)
    return tuple(islice(texts, _HEADINGS))


def _is_credit(text: str) -> bool:
    return text.startswith(("©", "(c)")) or len(text) <= 30


def _near_headline(blocks: Sequence[Block]) -> tuple[str, ...]:
    place = next((i for i, block in enumerate(blocks) if block.tag == "h1"), 0)
    window = blocks[max(0, place - _BEFORE) : place + _AFTER]
    return tuple(b.text for b in window if b.tag != "h1" and len(b.text) <= 200)
