"""Directories: links that say the same of one place or thing after the other, as pages for search
engines have them below or beside their body."""

from typing import Final

import numpy as np

from cleaners.text.reading import Reading, Verdict

_ENTRIES: Final = 12
"""Entries in a row that begin with the same two words. Of 918 pages ten have such lists, of 4,300
words, and no gold body has one; with eight entries some have. One page's gold says its 460 words
elsewhere."""
_WORDS: Final = (3, 14)


def judge_directories(reading: Reading, verdict: Verdict) -> None:
    """Mark the lists whose entries all begin alike."""
    known = reading.facts
    low, high = _WORDS
    fits = (known.words >= low) & (known.words <= high) & ~known.prose
    if np.count_nonzero(fits) < _ENTRIES:
        return
    seen = known.tokens
    first = seen.first_word[:-1]
    hashes = np.concatenate((seen.word, np.zeros(2, seen.word.dtype)))
    alike = (
        fits[1:]
        & fits[:-1]
        & (hashes[first[1:]] == hashes[first[:-1]])
        & (hashes[first[1:] + 1] == hashes[first[:-1] + 1])
    )
    edges = np.flatnonzero(np.diff(np.concatenate(([False], alike, [False])).astype(np.int8)))
    for start, end in edges.reshape(-1, 2).tolist():
        if end - start + 1 >= _ENTRIES:
            for line in range(start, end + 1):
                verdict.remove(line, "directory", 0.9)
