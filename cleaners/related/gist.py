"""What a text is about, as weighted keys: its names, its other words, its numbers, its word pairs.

Names are told by capitals inside sentences; in German, where every noun has one, by capitals
without an article before them; in scripts without case, by words that the list does not hold.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from cleaners.related.rarity import MAX_RARITY, is_listed, rarity
from cleaners.related.words import is_year, number_key, stem, tokens

MAX_CHARS = 8_000
"""Text beyond this is not read: news tells its story first, and it bounds the time (2 ms)."""
TITLE_COUNT = 2  # a title word counts as this many more occurrences
MIN_LETTERS = 2

_SENTENCE_START = re.compile(r"(?:^|[.!?…:;•]|\n)[\s\"'”’»)\]“„«‘(\[–—-]*([^\W\d_]+)", re.MULTILINE)
_DETERMINED = re.compile(
    r"\b(?:der|die|das|den|dem|des|eine?[rsnm]?|im|am|zum|zur|beim|vom|ins|kein\w*|dies\w+|sein\w*|ihre?\w?"
    r"|mehrere|viele|alle|[a-zäöüß]+(?:e[nrsm]?|ige|iche))\s+([A-ZÄÖÜ]\w+)"
)
# Capitalised in English, and no names of a story.
_NO_NAMES = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december mr mrs ms dr sir lady lord president minister
    prime chief senator mayor governor general colonel captain professor the a an in on at but and
    he she it they we montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar
    märz mai juni juli oktober dezember lundi mardi mercredi jeudi vendredi samedi dimanche am pm
    gmt utc est
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Gist:
    """Weighted keys of a text; `shown` gives the spelling a person would know a key by."""

    names: Mapping[str, float]
    words: Mapping[str, float]
    numbers: Mapping[str, float]
    pairs: frozenset[tuple[str, str]]
    headline: frozenset[str]
    shown: Mapping[str, str]


def read_gist(title: str | None, text: str, language: str) -> Gist:
    """The gist of a title and text in one language (ISO 639-1)."""
    text = text[:MAX_CHARS]
    sequence = tokens(text)
    headline = tokens(title or "")
    counts = Counter(sequence)
    boost = Counter(headline)
    named = name_forms(text, counts, language)
    names: dict[str, float] = {}
    words: dict[str, float] = {}
    numbers: dict[str, float] = {}
    shown: dict[str, str] = {}
    total: Counter[str] = Counter()
    rare: dict[str, float] = {}
    kinds: dict[str, bool] = {}
    keys: dict[str, str] = {}
    for form in counts.keys() | boost.keys():
        occurrences = counts[form] + TITLE_COUNT * boost[form]
        if form[0].isdigit():
            key = number_key(form)
            if key is not None:
                numbers[key] = number_weight(key)
                keys[form] = shown[key] = key
            continue
        low = form.lower()
        if len(low) < MIN_LETTERS:
            continue
        weight = rarity(low, language)
        if weight <= 0.0:
            continue
        key = keys[form] = stem(low, language)
        total[key] += occurrences
        # Of several forms the most common one tells how rare the word is.
        rare[key] = min(weight, rare.get(key, MAX_RARITY))
        kinds[key] = kinds.get(key, False) or low in named
        if key not in shown or (low in named and form[0].isupper()):
            shown[key] = form
    for key, count in total.items():
        part = names if kinds[key] else words
        part[key] = rare[key] * (1.0 + log(count))
    return Gist(
        names=names,
        words=words,
        numbers=numbers,
        pairs=_pairs(sequence, headline, keys, rare),
        headline=frozenset(keys[form] for form in boost if form in keys),
        shown=shown,
    )


def number_weight(key: str) -> float:
    """Years and round numbers stand in many stories, 1,847 in one."""
    if is_year(key):
        return 0.5
    digits = key.lstrip("#").replace(".", "")
    return 1.0 + 0.75 * min(4, len(digits.rstrip("0")))


def name_forms(text: str, counts: Mapping[str, int], language: str) -> frozenset[str]:
    """The lower-case words that are names by how the text writes them."""
    low_counts: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    caseless: list[str] = []
    for form, count in counts.items():
        first = form[0]
        if first.isupper():
            capital[form.lower()] += count
        elif first.islower():
            low_counts[form] += count
        elif not first.isdigit():
            caseless.append(form)
    starts = Counter(word.lower() for word in _SENTENCE_START.findall(text) if word[0].isupper())
    determined: Counter[str] = Counter()
    if language == "de":
        determined = Counter(word.lower() for word in _DETERMINED.findall(text))
    named = {form for form in caseless if len(form) > 1 and not is_listed(form, language)}
    for low, count in capital.items():
        if len(low) < MIN_LETTERS or low in _NO_NAMES:
            continue
        inside = count - starts[low]
        if language == "de":
            if not determined[low] and not low_counts[low] and rarity(low, "de") > GERMAN_NAME:
                named.add(low)
        elif (inside > 0 and inside >= low_counts[low]) or (
            not low_counts[low] and not is_listed(low, language)
        ):
            named.add(low)
    return frozenset(named)


GERMAN_NAME = 2.0
"""Rarity over which a German noun without an article is taken for a name (zipf under 4.5)."""


def _pairs(
    sequence: list[str], headline: list[str], keys: Mapping[str, str], rare: Mapping[str, float]
) -> frozenset[tuple[str, str]]:
    """Neighbouring keys, common words between them left out; those that say something together."""
    out = set()
    for run in (headline, sequence):
        before: str | None = None
        for form in run:
            key = keys.get(form)
            if key is None:
                continue
            if rare.get(key, 1.0) < PAIR_RARITY:
                continue
            if before is not None and before != key:
                out.add((before, key))
            before = key
    return frozenset(out)


PAIR_RARITY = 0.8
"""Words under this rarity do not take part in pairs (zipf over 5.7: said, people, would)."""
