"""Which candidates are worth a fetch: from title, snippet, words of the URL, and dates alone."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from cleaners.model import Candidate, Story
from cleaners.related.match import Target, target_of
from cleaners.related.rarity import rarity
from cleaners.related.score import gap_days, gap_weight
from cleaners.related.words import number_key, stem, tokens

WORTH_FETCHING = 0.2
"""Candidates from this score on are fetched."""
UNKNOWN_SCORE = 0.1
"""For a candidate of which nothing is known but an address without words."""
GAP_COST = 0.5  # the share of its score that a candidate loses at the largest gap

_URL_DATE = re.compile(
    r"/((?:19|20)\d{2})[/-]?(0[1-9]|1[0-2])(?:[/-]?(0[1-9]|[12]\d|3[01]))?(?=[/-]|$)"
)


def rank(story: Story, candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates with `score` 0…1 and `why`, the best first; equal scores keep their order."""
    target = target_of(story)
    scored = [_scored(story, target, candidate) for candidate in candidates]
    return sorted(scored, key=lambda candidate: -(candidate.score or 0.0))


def _scored(story: Story, target: Target, candidate: Candidate) -> Candidate:
    language = candidate.language or (story.languages[0] if story.languages else "en")
    title = candidate.title or slug_words(candidate.url)
    text = f"{title}\n{candidate.snippet or ''}"
    known: dict[str, float] = {}
    total = 0.0
    shown: dict[str, str] = {}
    for form in dict.fromkeys(tokens(text)):
        if form[0].isdigit():
            key = number_key(form)
            if key and key in target.numbers:
                known[key] = target.numbers[key]
                shown[key] = form
            continue
        low = form.lower()
        weight = rarity(low, language) if len(low) > 1 else 0.0
        if weight <= 0.0:
            continue
        key = stem(low, language)
        total += weight
        if key in target.names or key in target.words:
            known[key] = weight
            shown[key] = form
    if not total:
        return replace(candidate, score=UNKNOWN_SCORE, why=("no title",))
    share = sum(known.values()) / total
    names = any(key in target.names for key in known)
    score = min(1.0, share) * (1.0 if names else 0.5)
    gap = gap_days(story, candidate.published or url_date(candidate.url))
    score *= 1.0 - GAP_COST * gap_weight(gap)
    best = sorted(known, key=lambda key: (-known[key], key))[:5]
    why = ["title: " + ", ".join(shown[key] for key in best)] if best else ["no shared words"]
    if gap is not None:
        why.append("same days" if gap < 1 else f"{gap:.0f} days apart")
    return replace(candidate, score=round(score, 4), why=tuple(why))


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
