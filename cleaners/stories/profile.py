"""What is remembered of an article to tell its story by: its 128 weightiest keys, as numbers."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log
from zlib import crc32

import numpy as np
import numpy.typing as npt

from cleaners.related.gist import MIN_LETTERS, TITLE_COUNT, name_forms, number_weight
from cleaners.related.rarity import COMMON_ZIPF, MAX_RARITY, rarity
from cleaners.related.words import number_key, tokens
from cleaners.stories.spelling import spelling_key

KEYS = 128
"""Keys kept of an article; a million articles take 0.9 GB for every 128. Of 96, 128, 192 and 256
the mean pair-F1 over four sets of real news is .82, .86, .85 and .85."""
WORD, NAME, NUMBER = 1, 2, 3
KIND = 3
"""The bits of a key's kind that are one of these."""
LEAD = 4
"""Set beside the kind of a key that stands in the title or the first LEAD_CHARS of the text."""
LEAD_CHARS = 500
"""News says first what happened: of 200 to 700 characters this many tell stories apart best."""
TITLE = 8
"""Set beside LEAD in the title, or in the first sentence of a text that has none."""
LEVEL_SHIFT, LEVELS = 4, 16
"""The high half of the byte: how rare the key is in its language, or how telling a number."""
_TITLE_CHARS = 120
# Background stands further down: of 2,000, 3,000 and 5,000 characters the second tells most.
_READ_CHARS = 3_000
_IN_TITLE, _IN_LEAD = 1.5, 1.3
_NUMBERS = 4.0  # the most that `number_weight` gives

PRIOR = 100.0
"""Articles that the frequency lists count for beside those at hand: a story's own names must not
become common words because the pool holds little else. Of 30, 100 and 300 the second is best."""
_WORDS_AN_ARTICLE = 300
_WITH_NUMBER = 0.02
# Rarer keys are not chosen before these: they seldom meet another article, and what two reports of
# one event share besides its names tells as much (.85 and .87 pair-F1 without and with it).
_RARE_ENOUGH = 2.5
# The keys in front look for other articles (`pairs`): the rarest, names first.
_NAME_FIRST = 1.3

PROFILE_VERSION = 6
"""Raised when keys, weights or signatures are made otherwise; stored ones are then made anew."""


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Arrays of length KEYS, the most telling first, zeros at the end: 32-bit hashes of the keys,
    their weights (log of occurrences, more in title and lead), their kinds (0: none) with LEAD,
    TITLE and level."""

    keys: npt.NDArray[np.uint32]
    weights: npt.NDArray[np.float16]
    kinds: npt.NDArray[np.uint8]


@dataclass(slots=True)
class _Key:
    """A key while it is counted."""

    kind: int
    level: int
    count: int = 0
    place: int = 0


def share(level: int, kind: int) -> float:
    """The share of all articles in which keys of this level are expected."""
    if kind == NUMBER:
        return _WITH_NUMBER
    zipf = COMMON_ZIPF - level * MAX_RARITY / (LEVELS - 1)
    return 1.0 - exp(-_WORDS_AN_ARTICLE * 10.0 ** (zipf - 9.0))


def telling(level: int) -> float:
    """What `number_weight` said of a number."""
    return level * _NUMBERS / (LEVELS - 1)


def idf(articles: float, having: float) -> float:
    """Inverse document frequency: 1 for what all of these articles have."""
    return 1.0 + log((articles + 1.0) / (having + 1.0))


def read_profile(title: str | None, text: str, language: str | None) -> Profile:
    """The profile of an article; `language` is ISO 639-1."""
    found = _count(title, text[:_READ_CHARS], language or "en")
    keyed = []
    for name, key in found.items():
        weight = (1.0 + log(key.count)) * _weight_of(key.place)
        background = idf(PRIOR, PRIOR * _share(key.level, key.kind))
        keyed.append((weight * min(background, _RARE_ENOUGH), name, key, weight, background))
    keyed.sort(key=lambda item: (-item[0], item[1]))
    best = keyed[:KEYS]
    best.sort(
        key=lambda item: (
            -item[3] * item[4] * (_NAME_FIRST if item[2].kind == NAME else 1.0),
            item[1],
        )
    )
    profile = Profile(
        np.zeros(KEYS, np.uint32), np.zeros(KEYS, np.float16), np.zeros(KEYS, np.uint8)
    )
    for position, (_, name, key, weight, _) in enumerate(best):
        profile.keys[position] = crc32(name.encode("utf-8"))
        profile.weights[position] = weight
        profile.kinds[position] = key.kind | key.place | key.level << LEVEL_SHIFT
    return profile


_share = lru_cache(maxsize=None)(share)


def _weight_of(place: int) -> float:
    if place & TITLE:
        return _IN_TITLE
    return _IN_LEAD if place else 1.0


def _count(title: str | None, text: str, language: str) -> dict[str, _Key]:
    """Keys by name. Words of the lead count twice, those of a title twice as much as others."""
    body, headline = Counter(tokens(text)), tokens(title or "")
    names = name_forms(text, body, headline, language)
    first = Counter(headline or tokens(text[:_TITLE_CHARS]))
    found: dict[str, _Key] = {}
    for words, times, place in (
        (body, 1, 0),
        (Counter(headline), TITLE_COUNT, 0),
        (Counter(tokens(text[:LEAD_CHARS])), 1, LEAD),
        (first, 0, LEAD | TITLE),
    ):
        for word, count in words.items():
            read = _read(word, language)
            if read is None:
                continue
            name, level, low = read
            kind = NUMBER if not low else NAME if low in names else WORD
            key = found.get(name)
            if key is None:
                key = found[name] = _Key(kind, level)
            elif kind != NUMBER:
                # Of several forms the most common one tells how rare the word is.
                key.kind, key.level = max(key.kind, kind), min(key.level, level)
            key.count += count * times
            key.place |= place
    return {name: key for name, key in found.items() if key.count}


@lru_cache(maxsize=200_000)
def _read(word: str, language: str) -> tuple[str, int, str] | None:
    """A word's key, level and lower case (empty for numbers); None if it says nothing."""
    if word[0].isdecimal():
        number = number_key(word)
        return None if number is None else (number, _level(number_weight(number), _NUMBERS), "")
    low = word.lower()
    if len(low) < MIN_LETTERS:
        return None
    return spelling_key(word), _level(rarity(low, language), MAX_RARITY), low


def _level(value: float, most: float) -> int:
    return round(min(value, most) / most * (LEVELS - 1))
