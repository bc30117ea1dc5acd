"""Of what a page says twice, one stays: copies for another screen, boxes, whole bodies."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cleaners.gbm import Floats
from cleaners.html.layout import Layout
from cleaners.html.wording import Wording

MIN_WORDS = 4
"""Words from which a text that comes again is a copy; shorter ones ("Yes.", "Score") recur."""
COPY_WORDS = 200
"""Words from which a block that other blocks say piece by piece is a copy of them: some pages hold
the whole body a second time as one run of text. Shorter ones are left to the model (pull quotes):
taking those as well costs .0016 of word F1 on WCXB articles."""
COPY_SHARE = 0.8
"""Least share of such a block's runs of three words that the other blocks have."""


def repeated(
    keep: Sequence[bool] | npt.NDArray[np.bool_], scores: Floats, layout: Layout, text: Wording
) -> frozenset[int]:
    """Indices of kept blocks that say again what another kept block says.

    Of equal texts the surest stays, of equally sure ones the first. Equal texts under one parent
    all stay: a refrain, a questionnaire, a table.
    """
    kept = np.flatnonzero(np.asarray(keep))
    dropped: set[int] = set()
    stays: dict[str, int] = {}
    parent = layout.above[:, 1]
    for index in sorted(map(int, kept), key=lambda i: (-round(float(scores[i]), 2), i)):
        if text.words[index] < MIN_WORDS:
            continue
        other = stays.setdefault(text.lowered[index], index)
        if other != index and parent[other] != parent[index]:
            dropped.add(index)
    for index in map(int, kept):
        if text.words[index] >= COPY_WORDS and index not in dropped:
            others = [int(other) for other in kept if other != index and other not in dropped]
            if _is_said_by(index, others, text):
                dropped.add(index)
    return frozenset(dropped)


def _is_said_by(index: int, others: Sequence[int], text: Wording) -> bool:
    """Whether shorter blocks of `others` together say what block `index` says."""
    teller = np.zeros(len(text.words), dtype=bool)
    teller[list(others)] = True
    teller &= text.words < text.words[index]
    size = max(1, len(text.vocabulary))
    runs = (text.ids[:-2] * size + text.ids[1:-1]) * size + text.ids[2:]
    owner = text.owner[2:]
    whole = text.owner[:-2] == owner
    told = set(runs[whole & (owner == index)].tolist())
    said = told.intersection(runs[whole & teller[owner]].tolist())
    return len(said) >= COPY_SHARE * len(told)
