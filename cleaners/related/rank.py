"""Which candidates are worth a fetch: from title, snippet, words of the URL, and dates alone."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from math import exp, log, log1p
from urllib.parse import unquote, urlsplit

from cleaners.model import Candidate, Story
from cleaners.related.fields import fields, likeness
from cleaners.related.match import Target, target_of
from cleaners.related.rarity import rarity
from cleaners.related.score import closeness, gap_days, in_days
from cleaners.related.words import name_key, number_key, stem, tokens

WORTH_FETCHING = 0.25
"""Candidates from this score on are worth a fetch. On the demo newswire, where the weights were not
fitted, this finds .97 of a story's pages for 1.8 fetches a page, from one seed or two; at .2 it is
2.0 for no page more, at .3 1.75 (held-out half: .86, .88 and .82 of the pages for 1.6, 1.7 and 1.5
fetches; benchmarks/related_eval.py). It misses headlines that share no word with the story."""
UNKNOWN_SCORE = WORTH_FETCHING / 2
"""For a candidate of which nothing is known but an address without words; twice this if its date is
that of the story: then, and only then, it is worth a fetch."""
UNKNOWN_FIELDS = 0.2  # most headlines touch no field
BREADTH_WORDS = 40  # different words of a short seed; long stories know more words by chance
MAX_SNIPPET_WEIGHT = 0.5  # a word of the snippet says half of what one of the title says

HEADLINE: Mapping[str, float] = {
    "bias": -5.2,
    "share": 2.0,
    "mass": 1.8,
    "core": 1.0,
    "fields": 3.7,
    "numbers": 0.8,
    "close": 2.2,
    "breadth": -1.0,
}
"""A logistic regression like that of score.py, on headlines and dates; its bias is raised by 2.1,
as a page too many costs a fetch and a page too few is lost."""

_URL_DATE = re.compile(
    r"/((?:19|20)\d{2})[/-]?(0[1-9]|1[0-2])(?:[/-]?(0[1-9]|[12]\d|3[01]))?(?=[/-]|$)"
)


def rank(story: Story, candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates with `score` 0…1 and `why`, the best first; equal scores keep their order."""
    target = target_of(story)
    scored = [_scored(story, target, candidate) for candidate in candidates]
    return sorted(scored, key=lambda candidate: -(candidate.score or 0.0))


def _scored(story: Story, target: Target, candidate: Candidate) -> Candidate:
    seen, shown = clues(story, target, candidate)
    gap = gap_days(story, candidate.published or url_date(candidate.url))
    if not seen:
        score, why = UNKNOWN_SCORE * 2 * closeness(gap), ["no words to go by"]
    else:
        raw = HEADLINE["bias"]
        raw += sum(weight * seen[name] for name, weight in HEADLINE.items() if name != "bias")
        score = 1.0 / (1.0 + exp(-raw))
        why = ["title: " + ", ".join(shown)] if shown else ["no shared words"]
    if gap is not None:
        why.append(in_days(gap))
    return replace(candidate, score=round(score, 4), why=tuple(why))


def clues(
    story: Story, target: Target, candidate: Candidate
) -> tuple[dict[str, float], tuple[str, ...]]:
    """What the weights are applied to, by name, and the shared words; empty without any word."""
    language = candidate.language or (story.languages[0] if story.languages else "en")
    foreign = bool(story.languages) and language not in story.languages
    title = tokens(candidate.title or slug_words(candidate.url))
    snippet = tokens(candidate.snippet or "")
    total = mass = numbers = 0.0
    core: dict[str, float] = {}
    known: dict[str, float] = {}
    stems: dict[str, float] = {}
    for form, part in [
        *((form, 1.0) for form in dict.fromkeys(title)),
        *((form, MAX_SNIPPET_WEIGHT) for form in dict.fromkeys(snippet) if form not in title),
    ]:
        if form[0].isdecimal():
            number = number_key(form)
            if number is not None and number in target.numbers:
                numbers += part * target.numbers[number]
                known[form] = 1.0
            continue
        low = form.lower()
        weight = part * rarity(low, language) if len(low) > 1 else 0.0
        if weight <= 0.0:
            continue
        total += weight
        # Slugs and headlines in capitals do not show what is a name: every word may be one.
        name = name_key(low)
        word = "" if foreign else stem(low, language)
        stems[word or stem(low, language)] = weight
        if name in target.names:
            mass += min(weight, target.names[name])
            known[form] = weight
            core[name] = max(core.get(name, 0.0), part * target.core_names.get(name, 0.0))
        elif word in target.words:
            mass += min(weight, target.words[word])
            known[form] = weight
    if not total and not numbers:
        return {}, ()
    alike = likeness(target.fields, fields(stems, language))
    gap = gap_days(story, candidate.published or url_date(candidate.url))
    seen = {
        "share": mass / (total or 1.0),
        "mass": log1p(mass),
        "core": min(1.0, sum(core.values()) / (sum(target.core_names.values()) or 1.0) * 2),
        "fields": UNKNOWN_FIELDS if alike is None else alike,
        "numbers": log1p(numbers),
        "close": closeness(gap),
        "breadth": log(max(1, len(target.words)) / BREADTH_WORDS),
    }
    return seen, tuple(sorted(known, key=lambda form: (-known[form], form))[:5])


def slug_words(url: str) -> str:
    """The words of the URL's path.

    >>> slug_words("https://nord.example/news/2024/07/bridge-collapse-in-harrow-48213.html")
    'news bridge collapse in harrow'
    """
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    text = unquote(re.sub(r"\.[A-Za-z]{2,5}$", "", path), errors="replace")
    words = re.split(r"[\W_]+", text)
    return " ".join(word for word in words if word and not re.search(r"\d", word))


def url_date(url: str) -> datetime | None:
    """The day, or the middle of the month, that a URL's path names; None if it names none.

    >>> url_date("https://nord.example/2024/07/02/bridge").isoformat()
    '2024-07-02T00:00:00+00:00'
    """
    match = _URL_DATE.search(url)
    if not match:
        return None
    try:
        return datetime(int(match[1]), int(match[2]), int(match[3] or 15), tzinfo=UTC)
    except ValueError:
        return None
