"""What a text is about, as weighted keys: its names, its other words, its numbers, its word pairs.

Names are told by capitals inside sentences; in German, where every noun has one, by capitals
without an article before them; in scripts without case, by words that the list does not hold.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from math import log

from cleaners.related.fields import fields
from cleaners.related.rarity import is_listed, rarity
from cleaners.related.words import is_year, name_key, number_key, stem, tokens

MAX_CHARS = 8_000
"""Text beyond this is not read: news tells its story first, and it bounds the time (2 ms)."""
TITLE_COUNT = 2  # a title word counts as this many more occurrences
MIN_LETTERS = 2
MAX_FOCUS = 8
MIN_LEAD = 50  # words: of a brief item nearly all is its lead
NAME_MARK = "@"  # tells name keys from word keys where both stand together

# Bounded, so that lines of dashes and blanks alone cost no quadratic time.
_SENTENCE_START = re.compile(
    r"(?:^|[.!?…:;•]|\n)[\s\"'”’»)\]“„«‘(\[–—-]{0,40}([^\W\d_]+)", re.MULTILINE
)
# Numerals and dates of Chinese and Japanese, which no list holds in every combination.
_COUNT = re.compile(r"[一二三四五六七八九十百千万億年月日時分人円歳目第数]+")
_DETERMINED = re.compile(
    r"\b(?:der|die|das|den|dem|des|eine?[rsnm]?|im|am|zum|zur|beim|vom|ins|kein\w*|dies\w+|sein\w*|ihre?\w?"
    r"|mehrere|viele|alle|[a-zäöüß]+(?:e[nrsm]?|ige|iche))\s+([A-ZÄÖÜ]\w+)"
)
# Capitalised in English, and no names of a story.
NO_NAMES = frozenset(
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
    """Weighted keys of a text. Names have keys that languages share, words those of their own.

    `capital` are all words that begin with a capital somewhere, by their name key, and `stems` all
    words: so that a name of one text meets its like where the other shows it as a word.
    """

    names: Mapping[str, float]
    words: Mapping[str, float]
    numbers: Mapping[str, float]
    capital: Mapping[str, float]
    early: frozenset[str]  # those of `capital` in the headline and the first third of the text
    stems: Mapping[str, float]
    headline: Mapping[str, float]  # its words that are no names
    fields: Mapping[str, float]
    focus: Mapping[str, float]  # what it says most: @name or word -> share of the weight
    pairs: frozenset[tuple[str, str]]
    shown: Mapping[str, str]


def read_gist(title: str | None, text: str, language: str) -> Gist:
    """The gist of a title and text in one language (ISO 639-1)."""
    text = text[:MAX_CHARS]
    sequence = tokens(text)
    headline = tokens(title or "")
    counts = Counter(sequence)
    named = name_forms(text, counts, headline, language)
    occurrences = dict(counts)
    for form in headline:
        occurrences[form] = occurrences.get(form, 0) + TITLE_COUNT
    name_counts: dict[str, int] = {}
    stem_counts: dict[str, int] = {}
    rare: dict[str, float] = {}
    numbers: dict[str, float] = {}
    capital: dict[str, float] = {}
    shown: dict[str, str] = {}
    keys: dict[str, str] = {}
    plain: set[str] = set()
    name_stems: set[str] = set()
    # In the order of the text, so that the same text shows the same forms on every run.
    for form, count in occurrences.items():
        keyed = _keyed(form, language)
        if keyed is None:
            continue
        low, key, name, weight = keyed
        keys[form] = key
        if key not in rare:
            shown[key] = form
            stem_counts[key], rare[key] = count, weight
        else:
            stem_counts[key] += count
            # Of several forms the most common one tells how rare the word is.
            rare[key] = min(weight, rare[key])
        if not low:
            numbers[key] = weight
            continue
        is_name = low in named
        if name:
            capital[name] = max(weight, capital.get(name, 0.0))
            if is_name:
                if name not in name_counts:
                    shown[NAME_MARK + name] = form
                name_counts[name] = name_counts.get(name, 0) + count
                name_stems.add(key)
            else:
                shown.setdefault(NAME_MARK + name, form)
        if not is_name:
            plain.add(key)
    for number in numbers:
        del stem_counts[number]
    stems = {key: rare[key] * (1.0 + log(count)) for key, count in stem_counts.items()}
    names = {key: capital[key] * (1.0 + log(count)) for key, count in name_counts.items()}
    return Gist(
        names=names,
        words={key: weight for key, weight in stems.items() if key in plain},
        numbers=numbers,
        capital={**capital, **names},
        early=_early(headline, sequence, language),
        stems=stems,
        headline={
            keys[form]: rare[keys[form]]
            for form in headline
            if form in keys and keys[form] not in name_stems and keys[form] not in numbers
        },
        fields=fields(stems, language),
        focus=_focus(stem_counts, name_counts, rare, capital, name_stems),
        pairs=_pairs((headline, sequence), keys, rare, name_stems),
        shown=shown,
    )


@lru_cache(maxsize=200_000)
def _keyed(form: str, language: str) -> tuple[str, str, str, float] | None:
    """A form's lower case (empty for numbers), word key, name key (empty unless it has a capital)
    and weight; None if it says nothing. Remembered, as most forms of a text were met before."""
    if form[0].isdecimal():
        number = number_key(form)
        return None if number is None else ("", number, "", number_weight(number))
    low = form.lower()
    weight = rarity(low, language) if len(low) >= MIN_LETTERS else 0.0
    if weight <= 0.0:
        return None
    return low, stem(low, language), "" if form[0].islower() else name_key(low), weight


def _early(headline: list[str], sequence: list[str], language: str) -> frozenset[str]:
    lead = sequence[: max(MIN_LEAD, len(sequence) // 3)]
    keyed = (_keyed(form, language) for form in {*headline, *lead})
    return frozenset(key[2] for key in keyed if key and key[2])


def _focus(
    stem_counts: Mapping[str, int],
    name_counts: Mapping[str, int],
    rare: Mapping[str, float],
    capital: Mapping[str, float],
    name_stems: set[str],
) -> dict[str, float]:
    """The keys that are said most, rare ones before common ones; the weights add up to 1."""
    said = {NAME_MARK + key: capital[key] * count for key, count in name_counts.items()}
    said |= {k: rare[k] * count for k, count in stem_counts.items() if k not in name_stems}
    best = nsmallest(MAX_FOCUS, said.items(), key=lambda item: (-item[1], item[0]))
    total = sum(weight for _, weight in best)
    return {key: weight / total for key, weight in best}


def number_weight(key: str) -> float:
    """Years and round numbers stand in many stories, 1,847 in one."""
    if is_year(key):
        return 0.5
    digits = key.lstrip("#").replace(".", "")
    return 1.0 + 0.75 * min(4, len(digits.rstrip("0")))


def name_forms(
    text: str, counts: Mapping[str, int], headline: list[str], language: str
) -> frozenset[str]:
    """The lower-case words that are names by how the text writes them.

    Capitals of a headline are no evidence, as many write all its words so; but a word that stands
    in no list is taken for a name there, too.
    """
    low_counts: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    caseless: list[str] = []
    for form, count in counts.items():
        first = form[0]
        if first.isupper():
            capital[form.lower()] += count
        elif first.islower():
            low_counts[form] += count
        elif not first.isdecimal():
            caseless.append(form)
    starts = Counter(word.lower() for word in _SENTENCE_START.findall(text) if word[0].isupper())
    determined: Counter[str] = Counter()
    if language == "de":
        determined = Counter(word.lower() for word in _DETERMINED.findall(text))
    named = {
        form
        for form in caseless
        if len(form) > 1 and not _COUNT.fullmatch(form) and not is_listed(form, language)
    }
    for form in headline:
        if form[0].isupper():
            capital.setdefault(form.lower(), 0)
    for low, count in capital.items():
        if len(low) < MIN_LETTERS or low in NO_NAMES:
            continue
        inside = count - starts[low]
        if language == "de":
            if not determined[low] and not low_counts[low] and rarity(low, "de") > GERMAN_NAME:
                named.add(low)
        elif (inside > 0 and inside >= low_counts[low]) or (
            not low_counts[low] and not _is_derived(low, language)
        ):
            named.add(low)
    return frozenset(named)


GERMAN_NAME = 2.0
"""Rarity over which a German noun without an article is taken for a name (zipf under 4.5)."""


def _is_derived(low: str, language: str) -> bool:
    """Whether the word is listed, or made from one that is: onlookers, retrofitting."""
    return (
        is_listed(low, language)
        or is_listed(low.removesuffix("s"), language)
        or (language == "en" and low.endswith(("ing", "ers", "ists", "ly")))
    )


def _pairs(
    runs: tuple[list[str], list[str]],
    keys: Mapping[str, str],
    rare: Mapping[str, float],
    names: set[str],
) -> frozenset[tuple[str, str]]:
    """Neighbouring keys with common words between them left out, unless both are names.

    First name and family name together say no more than the names do.
    """
    out = set()
    for run in runs:
        before: str | None = None
        for form in run:
            key = keys.get(form)
            if key is None or rare.get(key, 1.0) < PAIR_RARITY:
                continue
            if before is not None and before != key and not (before in names and key in names):
                out.add((before, key))
            before = key
    return frozenset(out)


PAIR_RARITY = 0.8
"""Words under this rarity do not take part in pairs (zipf over 5.7: said, people, would)."""
