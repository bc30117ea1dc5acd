"""What names in the markup and words in the text hint at, as bit masks; the cues are cues.toml."""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache, reduce
from importlib.resources import files
from operator import or_

_CUES: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(
    files(__package__).joinpath("cues.toml").read_text("utf-8")
)

NAME_CUES = tuple(_CUES["names"])
OPENING_CUES = tuple(_CUES["openings"])
WORD_CUES = tuple(_CUES["words"])

NAME_BITS: Mapping[str, int] = {cue: 1 << bit for bit, cue in enumerate(NAME_CUES)}
OPENING_BITS: Mapping[str, int] = {cue: 1 << bit for bit, cue in enumerate(OPENING_CUES)}

_NAME_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


_GRAM = 2


class _Stems:
    """The cues of one section of cues.toml: words, and stems that stand anywhere in a word.

    Stems are found by their first two characters, so that a word is compared with a few only.
    """

    def __init__(self, section: str) -> None:
        self.whole: dict[str, int] = {}
        self.within: dict[str, list[tuple[str, int]]] = {}
        for bit, words in enumerate(_CUES[section].values()):
            for word in words:
                if word.startswith("="):
                    self.whole[word[1:]] = self.whole.get(word[1:], 0) | 1 << bit
                else:
                    self.within.setdefault(word[:_GRAM], []).append((word, 1 << bit))

    def match(self, word: str) -> int:
        """Bits of the cues that a word is or holds."""
        mask = self.whole.get(word, 0)
        within = self.within
        for start in range(len(word) - _GRAM + 1):
            if (stems := within.get(word[start : start + _GRAM])) is not None:
                for stem, bit in stems:
                    if word.startswith(stem, start):
                        mask |= bit
        return mask


_NAME_STEMS = _Stems("names")
WORD_STEMS = _Stems("words")


# The caches are bounded, and small beside a page; the same few thousand names and words recur.
@lru_cache(maxsize=1 << 14)
def _part_mask(part: str) -> int:
    return _NAME_STEMS.match(part.lower())


@lru_cache(maxsize=1 << 13)
def name_mask(names: str) -> int:
    """Bits of NAME_CUES that a string of class names, ids and roles hints at."""
    return reduce(or_, map(_part_mask, _NAME_PARTS.findall(names)), 0)


@lru_cache(maxsize=1 << 16)
def word_mask(word: str) -> int:
    """Bits of WORD_CUES for one lower-cased word."""
    return WORD_STEMS.match(word) if len(word) < 30 else 0


def _openings() -> dict[str, tuple[tuple[str, bool, int], ...]]:
    """Phrases by their first characters, so that a block is compared with a few only."""
    table: dict[str, list[tuple[str, bool, int]]] = {}
    for bit, phrases in enumerate(_CUES["openings"].values()):
        for phrase in phrases:
            text = phrase.removesuffix("*")
            table.setdefault(text[:_STARTS], []).append((text, phrase.endswith("*"), 1 << bit))
    return {start: tuple(phrases) for start, phrases in table.items()}


_STARTS = 4
_OPENINGS = _openings()
_SHORT_STARTS = tuple(sorted({len(start) for start in _OPENINGS} - {_STARTS}))


def opening_mask(text: str) -> int:
    """Bits of OPENING_CUES that the beginning of a lower-cased text shows."""
    phrases = _OPENINGS.get(text[:_STARTS], ())
    for size in _SHORT_STARTS:
        if (more := _OPENINGS.get(text[:size])) is not None:
            phrases += more
    mask = 0
    for phrase, open_end, bit in phrases:
        if text.startswith(phrase):
            end = len(phrase)
            if open_end or not text[end : end + 1].isalnum() or not phrase[-1].isalnum():
                mask |= bit
    return mask
