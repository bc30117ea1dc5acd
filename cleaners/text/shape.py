"""Features of lines by themselves: length, punctuation, case, function words, cues.

One row a line, whatever stands around it; the same for lines of plain text and blocks of HTML.
"""

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np

from cleaners.text import facts, lexicon, tokens
from cleaners.text.facts import Facts, Floats

_FIRST_FOR_RULES: Final = "notice"
_COUNTS: Final = (
    "words",
    "size",
    "chars",
    "word_length",
    "longest_word",
    "sentences",
    "stops",
    "stop_share",
    "capitalised",
    "all_caps",
    "numbers",
    "years",
    "clock",
    "digit_share",
    "upper_share",
    "commas",
    "colons",
    "quotes",
    "dashes",
    "brackets",
    "rules",
    "symbols",
    "terminals",
    "mark_share",
    "first_upper",
    "first_lower",
    "first_digit",
    "ends_sentence",
    "ends_colon",
    "ends_digit",
    "ends_ellipsis",
    "prose",
    "han",
    "covered",
    "cued_words",
)


@cache
def names() -> tuple[str, ...]:
    """The features' names, in the order of their columns."""
    return (*_COUNTS, *(f"cue_{kind}" for kind in _kinds()), "cue_leads")


def _kinds() -> tuple[str, ...]:
    """The kinds of cue that are features: all but those that rules alone read, which come last."""
    kinds = lexicon.lexicon().kinds
    return kinds[: kinds.index(_FIRST_FOR_RULES)]


def measure(texts: Sequence[str]) -> Floats:
    """Features of texts without line feeds, (n, len(names()))."""
    return table(facts.read([text.replace("\n", " ") for text in texts]))


def table(known: Facts) -> Floats:
    """Features of lines whose facts are known, (n, len(names()))."""
    rows = np.empty((len(names()), known.tokens.lines), dtype=np.float32)
    fill(known, rows)
    return rows.T


@cache
def rows_of(*features: str) -> tuple[int, ...]:
    """Where features stand among the rows that `fill` writes."""
    return tuple(map(names().index, features))


def fill(known: Facts, rows: Floats) -> int:
    """Write the features of lines as the first rows of a table; how many rows these are."""
    seen = known.tokens
    count = seen.lines
    words = known.words.astype(np.float32)
    some = np.maximum(words, 1)
    chars = np.maximum(known.chars, 1).astype(np.float32)
    kinds = known.kinds.astype(np.float32)
    letters = np.maximum(kinds[:, tokens.LOWER : tokens.HAN + 1].sum(axis=1), 1)
    digit = seen.word_kind == tokens.DIGIT
    year = digit & (seen.word_length == 4)
    line = seen.word_line

    def per_line(chosen: tokens.Flags) -> Floats:
        return np.bincount(line[chosen], minlength=count).astype(np.float32)

    longest = np.zeros(count, dtype=np.float32)
    filled = known.words > 0
    if filled.any():
        longest[filled] = np.maximum.reduceat(seen.word_length, seen.first_word[:-1][filled])
    stops = known.stops.astype(np.float32)
    marks = kinds[:, tokens.TERMINAL :].sum(axis=1)
    columns = (
        words,
        known.size,
        known.chars,
        letters / some,
        longest,
        _inner(known, tokens.TERMINAL, tokens.SPACE),
        stops,
        stops / some,
        per_line(seen.word_kind == tokens.UPPER) / some,
        per_line(seen.word_caps & (seen.word_length > 1)) / some,
        per_line(digit) / some,
        per_line(year),
        _inner(known, tokens.COLON, tokens.DIGIT),
        kinds[:, tokens.DIGIT] / chars,
        kinds[:, tokens.UPPER] / letters,
        kinds[:, tokens.COMMA] / some,
        kinds[:, tokens.COLON],
        kinds[:, tokens.QUOTE],
        kinds[:, tokens.DASH],
        kinds[:, tokens.BRACKET],
        kinds[:, tokens.RULE],
        kinds[:, tokens.SYMBOL],
        kinds[:, tokens.TERMINAL] / some,
        marks / chars,
        known.first == tokens.UPPER,
        known.first == tokens.LOWER,
        known.first == tokens.DIGIT,
        known.last == tokens.TERMINAL,
        known.last == tokens.COLON,
        known.last == tokens.DIGIT,
        _ellipsis(known),
        known.prose,
        kinds[:, tokens.HAN] / chars,
        known.covered / some,
        known.covered,
    )
    for number, column in enumerate(columns):
        rows[number] = column
    cued = len(columns) + len(_kinds())
    rows[len(columns) : cued] = known.cover.T[: len(_kinds())]
    rows[cued] = known.leading != 0
    return cued + 1


def _inner(known: Facts, first: int, second: int) -> Floats:
    """How often a character of one class is followed by one of another, in each line."""
    kind = known.tokens.kind
    pairs = (kind[:-1] == first) & (kind[1:] == second)
    found = known.tokens.line[:-1][pairs]
    return np.bincount(found, minlength=known.tokens.lines).astype(np.float32)


def _ellipsis(known: Facts) -> tokens.Flags:
    """Lines that end in two or more terminal marks, as cut-off teasers do."""
    kind, end = known.tokens.kind, known.tokens.end
    if not kind.size:
        return np.zeros(known.tokens.lines, dtype=np.bool_)
    last, before = kind[np.maximum(end - 1, 0)], kind[np.maximum(end - 2, 0)]
    ends: tokens.Flags = (last == tokens.TERMINAL) & (before == tokens.TERMINAL)
    return ends & (known.chars > 2)
