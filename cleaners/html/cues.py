"""What names in the markup and words in the text hint at, as bit masks; the cues are cues.toml."""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

_CUES: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(
    files(__package__).joinpath("cues.toml").read_text("utf-8")
)

NAME_CUES = tuple(_CUES["names"])
OPENING_CUES = tuple(_CUES["openings"])
WORD_CUES = tuple(_CUES["words"])

NAME_BITS: Mapping[str, int] = {cue: 1 << bit for bit, cue in enumerate(NAME_CUES)}
OPENING_BITS: Mapping[str, int] = {cue: 1 << bit for bit, cue in enumerate(OPENING_CUES)}

_NAME_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def _stems(section: str) -> tuple[tuple[str, bool, int], ...]:
    return tuple(
        (word.removeprefix("="), word.startswith("="), 1 << bit)
        for bit, words in enumerate(_CUES[section].values())
        for word in words
    )


_NAME_STEMS = _stems("names")
_WORD_STEMS = _stems("words")


def _match(word: str, stems: tuple[tuple[str, bool, int], ...]) -> int:
    mask = 0
    for stem, whole, bit in stems:
        if (word == stem) if whole else (stem in word):
            mask |= bit
    return mask


# The caches are bounded, and small beside a page; the same few thousand names and words recur.
@lru_cache(maxsize=1 << 14)
def _part_mask(part: str) -> int:
    return _match(part, _NAME_STEMS)


@lru_cache(maxsize=1 << 13)
def name_mask(names: str) -> int:
    """Bits of NAME_CUES that a string of class names, ids and roles hints at."""
    mask = 0
    for part in _NAME_PARTS.findall(names):
        mask |= _part_mask(part.lower())
    return mask


@lru_cache(maxsize=1 << 16)
def word_mask(word: str) -> int:
    """Bits of WORD_CUES for one lower-cased word."""
    return _match(word, _WORD_STEMS) if len(word) < 30 else 0


def _openings() -> dict[str, tuple[tuple[str, bool, int], ...]]:
    """Phrases by their first two characters, so that a block is compared with a few only."""
    table: dict[str, list[tuple[str, bool, int]]] = {}
    for bit, phrases in enumerate(_CUES["openings"].values()):
        for phrase in phrases:
            text = phrase.removesuffix("*")
            table.setdefault(text[:2], []).append((text, phrase.endswith("*"), 1 << bit))
    return {start: tuple(phrases) for start, phrases in table.items()}


_OPENINGS = _openings()


def opening_mask(text: str) -> int:
    """Bits of OPENING_CUES that the beginning of a lower-cased text shows."""
    mask = 0
    for phrase, open_end, bit in _OPENINGS.get(text[:2], ()):
        if text.startswith(phrase):
            end = len(phrase)
            if open_end or not text[end : end + 1].isalnum() or not phrase[-1].isalnum():
                mask |= bit
    return mask
