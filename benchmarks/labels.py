"""Which blocks of a page are body, by aligning their words with the gold text's, in order."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.metrics import words
from cleaners.html.document import Document

_BODY_SHARE = 0.5  # of a block's words in the alignment, from which it is body
_TWIN_WORDS = 4  # a block of at least so many words that says what a body block says is no example


@dataclass(frozen=True, slots=True)
class Labels:
    """Per block: share of its words that are body, and whether it says what a body block says."""

    share: tuple[float, ...]
    twin: tuple[bool, ...]

    @property
    def body(self) -> tuple[bool, ...]:
        return tuple(share >= _BODY_SHARE for share in self.share)


def common(left: Sequence[str], right: Sequence[str]) -> list[int]:
    """Indices in `left` of a longest common subsequence with `right`.

    Bit-parallel (Hyyrö 2004, "Bit-parallel LCS-length computation revisited"): one big integer
    holds a row of the dynamic programme; rows are kept to walk back.
    """
    where: dict[str, int] = {}
    for position, word in enumerate(right):
        where[word] = where.get(word, 0) | 1 << position
    full = (1 << len(right)) - 1
    row = full
    rows = [row]
    for word in left:
        match = where.get(word, 0)
        both = row & match
        row = ((row + both) | (row - both)) & full
        rows.append(row)
    found: list[int] = []
    column = len(right) - 1
    for index in range(len(left) - 1, -1, -1):
        if column < 0:
            break
        # A zero bit at `column` means that the prefix up to it is longer by one there.
        below = rows[index] & ((2 << column) - 1)
        now = rows[index + 1] & ((2 << column) - 1)
        if now.bit_count() == below.bit_count():
            continue  # the row adds nothing here: this word is not needed
        match = where.get(left[index], 0) & ((2 << column) - 1)
        column = match.bit_length() - 2
        found.append(index)
    found.reverse()
    return found


def label(document: Document, gold: str) -> Labels:
    """Labels of a page's blocks against its gold body."""
    texts = [words(block.text) for block in document.blocks]
    flat = [word for text in texts for word in text]
    owner = [number for number, text in enumerate(texts) for _ in text]
    hits = [0] * len(texts)
    for index in common(flat, words(gold)):
        hits[owner[index]] += 1
    share = tuple(hit / max(1, len(text)) for hit, text in zip(hits, texts, strict=True))
    said = {tuple(text) for text, part in zip(texts, share, strict=True) if part >= _BODY_SHARE}
    twin = tuple(
        part < _BODY_SHARE and len(text) >= _TWIN_WORDS and tuple(text) in said
        for text, part in zip(texts, share, strict=True)
    )
    return Labels(share, twin)
