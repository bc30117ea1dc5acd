"""Kept blocks that stand beside the article by what is around them: comments, newsletters, data.

The forest sees each block by itself; here a part of the page is judged as one.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cleaners.html.cards import cards
from cleaners.html.cues import NAME_BITS
from cleaners.html.document import Document
from cleaners.html.letters import Ints
from cleaners.html.typesize import small_type
from cleaners.html.wording import NAMES, Wording

BODY_BEFORE = 100
"""Words of body before a comment section; without them the section may be the page's article."""
KEPT_SHARE = 0.5
"""Share of a comment section's words from which it is no comment section, whatever it is called: a
paper's discussion. On the development pages this takes 1,450 words, none of a body."""
BOX_WORDS = 60
"""Words of text that a newsletter's box has at most; there are bodies in divisions so named."""
BOX_SHARE = 0.2
"""And at most this share of the body. On the development pages this takes 150 words, 17 of a body.
"""

_SAYS_SUBSCRIBE = NAMES.index("says_subscribe")


def beside(
    document: Document, keep: Sequence[bool] | npt.NDArray[np.bool_], text: Wording
) -> dict[int, str]:
    """Indices of kept blocks to remove, each with its rule's name."""
    kept = np.asarray(keep, dtype=bool)
    found = {
        int(index): "data"
        for index in np.flatnonzero(kept)
        if _is_data(document.blocks[index].text)
    }
    for first, last in _comment_sections(document, kept, text.words):
        found.update(dict.fromkeys(range(first, last), "comments"))
    for first, last in _newsletter_boxes(document, kept, text):
        found.update(dict.fromkeys(range(first, last), "newsletter"))
    found.update(cards(document, kept.tolist(), text))
    found.update(small_type(document, kept.tolist(), text))
    return {index: rule for index, rule in found.items() if kept[index]}


def _is_data(text: str) -> bool:
    """Whether a text is JSON that a page builder left to be read by its scripts."""
    return text.startswith(('{"', '[{"')) and text.endswith(("}", "]"))


def _comment_sections(
    document: Document, kept: npt.NDArray[np.bool_], words: npt.NDArray[np.float32]
) -> list[tuple[int, int]]:
    """Outermost divisions named after comments, behind the body and mostly not kept: blocks of."""
    named = _named(document, "comment")
    if not named:
        return []
    titles = np.array([block.tag == "h1" for block in document.blocks])
    body = np.concatenate(([0.0], np.cumsum(np.where(kept, words, 0.0))))
    every = np.concatenate(([0.0], np.cumsum(words)))
    heads: Ints = np.concatenate(([0], np.cumsum(titles)))
    found: list[tuple[int, int]] = []
    done = 0
    for first, last in named:
        if first < done or last <= first or heads[last] > heads[first]:
            continue
        inside = body[last] - body[first]
        if body[first] >= BODY_BEFORE and 0 < inside < KEPT_SHARE * (every[last] - every[first]):
            found.append((first, last))
            done = last
    return found


def _named(document: Document, name: str) -> list[tuple[int, int]]:
    """The blocks from first to before last of each division whose names give this cue, in order."""
    frames, bit = document.frames, NAME_BITS[name]
    return [
        (frames.first[number], frames.last[number])
        for number, cues in enumerate(frames.cues)
        if cues & bit
    ]


def _newsletter_boxes(
    document: Document, kept: npt.NDArray[np.bool_], text: Wording
) -> list[tuple[int, int]]:
    """Small divisions named after newsletters or sign-ups in which a word speaks of that."""
    named = _named(document, "newsletter")
    if not named:
        return []
    body = np.concatenate(([0.0], np.cumsum(np.where(kept, text.words, 0.0))))
    says = text.columns[:, _SAYS_SUBSCRIBE] > 0
    return [
        (first, last)
        for first, last in named
        if 0 < body[last] - body[first] <= min(BOX_WORDS, BOX_SHARE * body[-1])
        and says[first:last].any()
    ]
