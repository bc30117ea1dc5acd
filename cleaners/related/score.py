"""Whether a fetched article tells the story: a score with its reasons, from the cleaned text."""

from datetime import UTC, datetime
from math import exp, log

from cleaners.model import Relevance, Story
from cleaners.related.gist import Gist, read_gist
from cleaners.related.match import Agreement, Target, agree, target_of

RELATED = 0.5
"""Articles from this score on are about the story."""

BIAS = -5.0
WEIGHTS = {
    "names": 3.0,
    "core": 3.0,
    "foreign": -1.0,
    "words": 4.0,
    "headline": 1.5,
    "pairs": 0.8,
    "numbers": 0.3,
    "gap": -0.5,
}
GAP_DAYS = (3.0, 120.0)
"""A gap up to the first is none, from the second on it counts in full; by logarithm between."""


def score_article(
    story: Story,
    title: str | None,
    text: str,
    *,
    published: datetime | None = None,
    language: str | None = None,
) -> Relevance:
    """How surely the article is about the story. About 1 ms for 5,000 characters.

    `language` is ISO 639-1; without one the story's own is taken. A naive `published` is UTC.
    """
    own = story.languages[0] if story.languages else "en"
    gist = read_gist(title, text, language or own)
    return relevance(story, target_of(story), gist, published)


def relevance(story: Story, target: Target, gist: Gist, published: datetime | None) -> Relevance:
    """The score of a gist that is already read; for callers with many stories or many texts."""
    agreement = agree(target, gist)
    gap = gap_days(story, published)
    raw = BIAS + WEIGHTS["gap"] * gap_weight(gap)
    for name in ("names", "core", "foreign", "words", "headline", "pairs", "numbers"):
        raw += WEIGHTS[name] * getattr(agreement, name)
    return Relevance(round(1.0 / (1.0 + exp(-raw)), 4), reasons(agreement, gap))


def gap_days(story: Story, published: datetime | None) -> float | None:
    """Days between the article and the story's span of dates; None if either is unknown."""
    if published is None or story.first_date is None or story.last_date is None:
        return None
    when = published if published.tzinfo else published.replace(tzinfo=UTC)
    if when < story.first_date:
        return (story.first_date - when).total_seconds() / 86_400
    if when > story.last_date:
        return (when - story.last_date).total_seconds() / 86_400
    return 0.0


def gap_weight(days: float | None) -> float:
    """0…1: how much a gap speaks against an article; unknown gaps do not."""
    near, far = GAP_DAYS
    if days is None or days <= near:
        return 0.0
    return min(1.0, log(days / near) / log(far / near))


def reasons(agreement: Agreement, gap: float | None) -> tuple[str, ...]:
    """The agreement in words, the weightiest first."""
    why = []
    if agreement.shared_names:
        why.append("names: " + ", ".join(agreement.shared_names))
    if agreement.shared_words:
        why.append("words: " + ", ".join(agreement.shared_words))
    if agreement.shared_numbers:
        why.append("numbers: " + ", ".join(agreement.shared_numbers))
    if gap is not None:
        why.append("same days" if gap < 1 else f"{gap:.0f} days apart")
    return tuple(why)
