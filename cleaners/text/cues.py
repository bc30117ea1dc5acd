"""The lexicon of chrome cues: which blocks open with or hold such a phrase.

Those of `cues.toml` are features of the line models as well (`lexicon`), those of `rule_cues.toml`
are read by rules alone. Matching is linear in the text: phrases are found by their first word
(start, lead, whole) or their longest word (any).
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_FILES = ("cues.toml", "rule_cues.toml")
# Only this many characters at either end are searched for `any` phrases: chrome blocks are short,
# and in a long paragraph the phrase that matters (an agency line, a licence) opens or closes it.
_ENDS = 200
# Scripts without spaces between words: phrases need no word border and are keyed by a character.
_NO_SPACES = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_NO_SPACE = re.compile(f"[{_NO_SPACES}]")
_FIRST = re.compile(rf"[\W_\d]*([{_NO_SPACES}]|[^\W_\d][^\W_{_NO_SPACES}]*)")
_WORD = re.compile(r"\w+")
_DELIMITED = re.compile(r"\s*(?:$|[:：|>»→›▸▶\-–—•/(\[,])")
_LETTER = re.compile(r"[^\W\d_]")

_Phrase = tuple[str, str, int]  # phrase, mode, column


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases by the word that finds them; `names` are the columns of the match table."""

    names: tuple[str, ...]
    openings: dict[str, tuple[_Phrase, ...]]
    inside: dict[str, tuple[_Phrase, ...]]
    anywhere: tuple[_Phrase, ...]


@cache
def lexicon() -> Lexicon:
    """The lexicon of the package, read once per process (some 4,000 phrases, 15 ms)."""
    table: dict[str, dict[str, dict[str, list[str]]]] = {}
    for file in _FILES:
        table |= tomllib.loads(Path(__file__).with_name(file).read_text("utf-8"))
    names = tuple(table)
    openings: dict[str, list[_Phrase]] = {}
    inside: dict[str, list[_Phrase]] = {}
    anywhere: list[_Phrase] = []
    for column, kind in enumerate(names):
        for mode, languages in table[kind].items():
            for phrase in sorted({fold(p) for phrases in languages.values() for p in phrases}):
                entry = (phrase, mode, column)
                if mode != "any":
                    first = _FIRST.match(phrase)
                    openings.setdefault(first[1] if first else phrase, []).append(entry)
                elif _NO_SPACE.search(phrase) or not _WORD.search(phrase):
                    anywhere.append(entry)
                else:
                    word = max(_WORD.findall(phrase), key=len)
                    inside.setdefault(word, []).append(entry)
    return Lexicon(
        names,
        {word: tuple(entries) for word, entries in openings.items()},
        {word: tuple(entries) for word, entries in inside.items()},
        tuple(anywhere),
    )


def cue_names() -> tuple[str, ...]:
    """The kinds of cue, in the order of the columns of `match_cues`."""
    return lexicon().names


def fold(text: str) -> str:
    """Lower case, plain apostrophes, single spaces: what phrases are compared in.

    >>> fold("Don’t  Miss")
    "don't miss"
    """
    return " ".join(text.lower().replace("’", "'").replace("\u00ad", "").split())


def match_cues(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Which cues each text shows: shape (len(texts), len(cue_names())).

    >>> table = match_cues(["Read also: A bridge opens", "He reads also at night"])
    >>> [name for name, hit in zip(cue_names(), table[0]) if hit], bool(table[1].any())
    (['related'], False)
    """
    words = lexicon()
    found = np.zeros((len(texts), len(words.names)), dtype=np.bool_)
    for row, text in enumerate(texts):
        for column in _columns(text, words):
            found[row, column] = True
    return found


def cues_of(text: str) -> frozenset[str]:
    """The names of the cues that one text shows."""
    words = lexicon()
    return frozenset(words.names[column] for column in _columns(text, words))


def _columns(text: str, words: Lexicon) -> set[int]:
    if len(text) > 2 * _ENDS:
        text = f"{text[:_ENDS]} … {text[-_ENDS:]}"
    text = fold(text)
    found = set()
    first = _FIRST.match(text)
    if first and (entries := words.openings.get(first[1])):
        start = first.start(1)
        for phrase, mode, column in entries:
            if text.startswith(phrase, start) and _fits(text, start + len(phrase), mode):
                found.add(column)
    for word in words.inside.keys() & set(_WORD.findall(text)):
        for phrase, _, column in words.inside[word]:
            if column not in found and _stands_in(phrase, text):
                found.add(column)
    if _NO_SPACE.search(text) or "©" in text:
        for phrase, _, column in words.anywhere:
            if phrase in text:
                found.add(column)
    return found


def _fits(text: str, end: int, mode: str) -> bool:
    if mode == "lead":
        return _DELIMITED.match(text, end) is not None
    if mode == "whole":
        return _LETTER.search(text, end) is None
    return _border(text, end)


def _stands_in(phrase: str, text: str) -> bool:
    at = text.find(phrase)
    while at >= 0:
        if (at == 0 or not phrase[0].isalnum() or not text[at - 1].isalnum()) and _border(
            text, at + len(phrase)
        ):
            return True
        at = text.find(phrase, at + 1)
    return False


def _border(text: str, end: int) -> bool:
    """Whether a word can end before `end`: no letter goes on, save in scripts without spaces."""
    return (
        end >= len(text)
        or not text[end].isalnum()
        or not text[end - 1].isalnum()
        or _NO_SPACE.match(text[end - 1]) is not None
    )
