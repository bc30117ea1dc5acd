"""Whether a fetched article tells the story: a score with its reasons, from the cleaned text.

Names say who and where, words and fields say what, dates say when; an article must agree in all.
The weights are a logistic regression (benchmarks/train_related.py) fitted on the tuning half of
benchmarks/related_stories.jsonl and on pieces of real news pages that belong together.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from math import exp, sqrt

from cleaners.model import Relevance, Story
from cleaners.related.gist import Gist, read_gist
from cleaners.related.match import Agreement, Target, agree, target_of

RELATED = 0.5
"""Articles from this score on are about the story. The biases below make this the best bar
on the tuning half. From one seed, in all languages, it gives precision .97 and recall .94 on the
held-out half (four of the five lost share one name with the seed and hardly a word), .997 and .97
on the demo newswire (benchmarks/related_eval.py); of 4,559 scores of real pages against these
stories one is over it. At .4 the held-out half has .96 and .96, the tuning half .94 and 1.00."""

LATE_COST = 2.0
"""What it costs to name nobody of the story before the last two thirds: then it is told in passing,
or by a teaser that was left in the text. Of 330 pairs of tellings 11 name nobody earlier."""
OTHER_FIELDS = 0.3
OTHER_FIELDS_COST = 2.5
"""What it costs to be about other fields of news. Of 600 pairs of tellings none agrees in less than
.32 of its fields, of 83 real pages halved 3 do; of the texts that share most names and tell another
event two thirds do."""
GAP_DAYS = 6.0
"""Days over which closeness in time falls to a third; the first day costs nothing. Of 3 to 20 days
this gave the best precision on the tuning half."""
ABSENT_COST = 4.0
"""What it costs not to have the name that dominates the story. An explainer on NATO scored .97 for
North Korea's part in Ukraine without a word of Korea; a telling with all the rest still passes."""
UNKNOWN_CLOSENESS = 0.5
UNKNOWN_FIELDS = 0.5  # for languages without rules

SAME_LANGUAGE: Mapping[str, float] = {
    "bias": -10.62,
    "names": 1.31,
    "focus": 1.99,
    "depth": -0.42,
    "deep_focus": 0.83,
    "deep_core": 0.05,
    "core": 1.29,
    "back": 0.67,
    "name_mass": 0.81,
    "words": 0.86,
    "core_words": 1.29,
    "word_mass": 0.92,
    "pairs": -0.26,
    "numbers": 0.90,
    "fields": 3.29,
    "close": 0.34,
    "close_core": 0.44,
    "close_mass": 0.84,
    "core_and_words": 0.82,
    "core_and_fields": 2.21,
}
OTHER_LANGUAGE: Mapping[str, float] = {
    "bias": -7.45,
    "focus": 0.57,
    "core": 0.78,
    "name_mass": 1.37,
    "numbers": 1.24,
    "fields": 2.19,
    "close": 0.44,
    "close_core": 0.20,
    "close_mass": 0.93,
    "core_and_fields": 1.68,
}


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
    language = language or own
    gist = read_gist(title, text, language)
    return relevance(story, target_of(story), gist, published, language)


def relevance(
    story: Story, target: Target, gist: Gist, published: datetime | None, language: str
) -> Relevance:
    """The score of a gist that is already read; for callers with many stories or many texts."""
    foreign = bool(story.languages) and language not in story.languages
    agreement = agree(target, gist, foreign=foreign)
    gap = gap_days(story, published)
    weights = OTHER_LANGUAGE if foreign else SAME_LANGUAGE
    seen = evidence(agreement, gap)
    raw = weights["bias"] - ABSENT_COST * agreement.absent
    raw -= LATE_COST * agreement.late
    if agreement.fields is not None and agreement.fields < OTHER_FIELDS:
        raw -= OTHER_FIELDS_COST
    raw += sum(w * seen[name] for name, w in weights.items() if name != "bias")
    return Relevance(round(1.0 / (1.0 + exp(-raw)), 4), reasons(agreement, gap, foreign))


def evidence(agreement: Agreement, gap: float | None) -> dict[str, float]:
    """What the weights are applied to, by name."""
    fields = UNKNOWN_FIELDS if agreement.fields is None else agreement.fields
    close = closeness(gap)
    name_mass = agreement.name_mass
    return {
        "names": agreement.names,
        "focus": agreement.focus,
        "depth": agreement.depth,
        "deep_focus": agreement.depth * agreement.focus,
        "deep_core": agreement.depth * agreement.core,
        "core": agreement.core,
        "back": agreement.back,
        "name_mass": name_mass,
        "words": agreement.words,
        "core_words": agreement.core_words,
        "word_mass": agreement.word_mass,
        "pairs": agreement.pairs,
        "numbers": agreement.numbers,
        "fields": fields,
        "close": close,
        "close_core": close * agreement.core,
        "close_mass": close * name_mass,
        "core_and_words": sqrt(agreement.core * agreement.words),
        "core_and_fields": sqrt(agreement.core * fields),
    }


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


def closeness(days: float | None) -> float:
    """1 for the same days, falling to 0; unknown gaps stand in the middle."""
    if days is None:
        return UNKNOWN_CLOSENESS
    return exp(-max(0.0, days - 1.0) / GAP_DAYS)


def reasons(agreement: Agreement, gap: float | None, foreign: bool) -> tuple[str, ...]:
    """The agreement in words for a person: names, words, numbers, time."""
    why = []
    if agreement.shared_names:
        why.append("names: " + ", ".join(agreement.shared_names))
    if agreement.shared_words and not foreign:
        why.append("words: " + ", ".join(agreement.shared_words))
    if agreement.shared_numbers:
        why.append("numbers: " + ", ".join(agreement.shared_numbers))
    if foreign:
        why.append("in another language")
    if gap is not None:
        why.append(in_days(gap))
    return tuple(why) if agreement.shared_names or agreement.shared_words else ("nothing shared",)


def in_days(gap: float) -> str:
    """A gap in words.

    >>> in_days(0.4), in_days(1.2), in_days(12)
    ('same days', '1 day apart', '12 days apart')
    """
    days = round(gap)
    return "same days" if gap < 1 else f"{days} day{'s' if days > 1 else ''} apart"
