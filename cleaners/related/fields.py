"""Which fields of news a text touches: fire, court, shipping, sport, … (rules in fields.toml).

Fields say what happens where names say to whom. They hold where words do not: "the bridge
collapsed" and "a span gave way" share none, and translations share none at all.
"""

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from math import sqrt

from cleaners.related.words import stem, tokens


@cache
def _openers(language: str) -> Mapping[str, tuple[str, ...]]:
    """Stem -> the fields that it opens; empty for languages without rules."""
    rules = tomllib.loads((files("cleaners.related") / "fields.toml").read_text("utf-8"))
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for name, languages in rules.items():
        for token in tokens(languages.get(language, "").lower()):
            if len(token) > 1:
                found[stem(token, language)][name] = None
    return {key: tuple(names) for key, names in found.items()}


def fields(stems: Mapping[str, float], language: str) -> dict[str, float]:
    """Field -> weight, from the weights of the text's stems; empty if the language has no rules."""
    openers = _openers(language)
    found: defaultdict[str, float] = defaultdict(float)
    for key in stems.keys() & openers.keys():
        opened = openers[key]
        for name in opened:
            found[name] += stems[key] / len(opened)
    return dict(found)


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float | None:
    """Cosine of two field profiles, 0…1; None if either is empty, as that says nothing."""
    if not one or not other:
        return None
    shared = sum(weight * other[name] for name, weight in one.items() if name in other)
    squares = sum(w * w for w in one.values()) * sum(w * w for w in other.values())
    return shared / sqrt(squares)
