"""Removals: take them out of a text, put them back, show them.

apply(blocks, removals) -> text        replay(text, removals) -> all blocks' texts
render(text, removals)  -> what was kept and what was removed, in the page's order
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cleaners.model import Block, Removal

SEPARATOR: Final = "\n\n"
"""Between the blocks of a text; no block holds it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One block as it stood on the page; `removal` says why it is not in the text, if it is not."""

    text: str
    removal: Removal | None


def apply(blocks: Sequence[Block], removals: Sequence[Removal]) -> str:
    """The text that is left of blocks when the removals are taken out.

    >>> menu, body = Block(0, "Home"), Block(1, "It rained.")
    >>> apply([menu, body], [Removal("Home", "menu", "text", 0)])
    'It rained.'
    """
    removed = {removal.position for removal in removals}
    return SEPARATOR.join(block.text for block in blocks if block.index not in removed)


def replay(text: str, removals: Sequence[Removal]) -> tuple[str, ...]:
    """The texts of all blocks, kept and removed, in the page's order: the inverse of `apply`.

    >>> replay("It rained.", [Removal("Home", "menu", "text", 0)])
    ('Home', 'It rained.')
    """
    return tuple(shown.text for shown in render(text, removals))


def render(text: str, removals: Sequence[Removal]) -> tuple[Shown, ...]:
    """Kept and removed blocks in the page's order, for a terminal or a page to show.

    A removal whose position lies past the end, as after a cut text, comes last.
    """
    kept = iter(text.split(SEPARATOR) if text else ())
    shown: list[Shown] = []
    for removal in sorted(removals, key=lambda removal: removal.position):
        while len(shown) < removal.position:
            body = next(kept, None)
            if body is None:
                break
            shown.append(Shown(body, None))
        shown.append(Shown(removal.text, removal))
    shown.extend(Shown(body, None) for body in kept)
    return tuple(shown)
