"""What is remembered of an article to tell its story by: its 128 weightiest keys, as numbers."""

from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt

from cleaners.related.gist import Gist, read_gist
from cleaners.related.words import number_key, tokens
from cleaners.stories.spelling import spelling_key

KEYS = 128
"""Keys kept of an article. Of 96, 128, 160 and 192, pair-F1 on held-out stories is .874, .901, .902
and .916; a million articles take 0.9 GB for every 128."""
WORD, NAME, NUMBER = 1, 2, 3
KIND = 3
"""The bits of a key's kind that are one of these."""
LEAD = 4
"""Set beside the kind of a key that stands in the title or the first LEAD_CHARS of the text."""
LEAD_CHARS = 500
"""News says first what happened: of 200 to 700 characters this many tell stories apart best."""
_READ_CHARS = 5_000
# Names first when the keys are more than are kept.
_NAME_FIRST = 1.3

PROFILE_VERSION = 2
"""Raised when keys or weights are made otherwise; stored profiles are then made anew."""


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Arrays of length KEYS, the weightiest first, zeros at the end: 32-bit hashes of the keys,
    their weights (rarity times log of occurrences), their kinds (0: none) and LEAD."""

    keys: npt.NDArray[np.uint32]
    weights: npt.NDArray[np.float16]
    kinds: npt.NDArray[np.uint8]


def read_profile(title: str | None, text: str, language: str | None) -> Profile:
    """The profile of an article; `language` is ISO 639-1."""
    weights = _merged(read_gist(title, text[:_READ_CHARS], language or "en"))
    lead = _keys_of(f"{title or ''}\n{text[:LEAD_CHARS]}")
    best = sorted(
        weights.items(),
        key=lambda item: (-item[1][1] * (_NAME_FIRST if item[1][0] == NAME else 1.0), item[0]),
    )[:KEYS]
    profile = Profile(
        np.zeros(KEYS, np.uint32), np.zeros(KEYS, np.float16), np.zeros(KEYS, np.uint8)
    )
    for place, (key, (kind, weight)) in enumerate(best):
        profile.keys[place] = crc32(key.encode("utf-8"))
        profile.weights[place] = weight
        profile.kinds[place] = kind | (LEAD if key in lead else 0)
    return profile


def _keys_of(text: str) -> set[str]:
    """The keys of all words and numbers of a text."""
    return {
        number_key(token) or "" if token[0].isdecimal() else spelling_key(token)
        for token in tokens(text)
    }


def _merged(gist: Gist) -> dict[str, tuple[int, float]]:
    merged: dict[str, tuple[int, float]] = {}
    for kind, part in ((NAME, gist.names), (WORD, gist.words), (NUMBER, gist.numbers)):
        for key, weight in part.items():
            name = key if kind == NUMBER else spelling_key(gist.shown.get(key, key))
            before = merged.get(name)
            if before is None:
                merged[name] = (kind, weight)
            else:
                together = (before[1] ** 2 + weight**2) ** 0.5
                merged[name] = (max(before[0], kind), together)
    return merged
