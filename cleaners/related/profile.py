"""Stories from seeds: seeds of one story reinforce each other, seeds of several are told apart."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from cleaners.model import Seed, Story
from cleaners.related.gist import MAX_CHARS, NAME_MARK, Gist, name_forms, read_gist
from cleaners.related.match import FIELD_MARK, FOCUS_MARK, PAIR_MARK, target_of
from cleaners.related.rarity import rarity
from cleaners.related.score import RELATED, relevance
from cleaners.related.words import tokens

WORD_MARK = ""
MAX_TERMS = 600
MAX_NAMES = 40
MAX_PHRASES = 30
DEFAULT_LANGUAGE = "en"
_SPAN = re.compile(
    r"[^\W\d_a-z][\w'’]*"
    r"(?:(?:[ -]|\s(?:of|de|del|della|der|van|von|den|da|do|dos|la|le|al|el|bin|ibn|y|e)\s)"
    r"[^\W\d_a-z][\w'’]*)+"
)


def profile(seeds: Sequence[Seed]) -> tuple[Story, ...]:
    """The stories that the seeds tell, in the order of their first seeds; the order is stable."""
    groups: list[list[Seed]] = []
    for seed in seeds:
        if not seed.text.strip() and not (seed.title or "").strip():
            continue
        home = next((group for group in groups if _same_story(group, seed)), None)
        if home is None:
            groups.append([seed])
        else:
            home.append(seed)
    return tuple(story_of(group) for group in groups)


def _same_story(group: Sequence[Seed], seed: Seed) -> bool:
    """Whether the seed is about what any seed of the group is about, seen from either side."""
    for other in group:
        there, here = story_of([other]), story_of([seed])
        forward = relevance(
            there, target_of(there), _gist(seed), seed.published_at, _language(seed)
        )
        backward = relevance(
            here, target_of(here), _gist(other), other.published_at, _language(other)
        )
        if (forward.score + backward.score) / 2 >= RELATED:
            return True
    return False


def _language(seed: Seed) -> str:
    return seed.language or DEFAULT_LANGUAGE


def _gist(seed: Seed) -> Gist:
    return read_gist(seed.title, seed.text, _language(seed))


def story_of(seeds: Sequence[Seed]) -> Story:
    """The one story that all of the seeds tell; there must be a seed."""
    terms: defaultdict[str, float] = defaultdict(float)
    names: defaultdict[str, float] = defaultdict(float)
    phrases: defaultdict[str, float] = defaultdict(float)
    for seed in seeds:
        gist = _gist(seed)
        # The mean over the seeds: what only one of them says weighs less.
        for mark, kind in (
            (NAME_MARK, gist.names),
            (WORD_MARK, gist.words),
            (WORD_MARK, gist.numbers),  # their keys begin with #
            (FIELD_MARK, gist.fields),
            (FOCUS_MARK, gist.focus),
        ):
            for key, weight in kind.items():
                terms[mark + key] += weight / len(seeds)
        for first, second in gist.pairs:
            terms[f"{first}{PAIR_MARK}{second}"] += 1.0 / len(seeds)
        for name, weight in _names(seed).items():
            names[name] += weight / len(seeds)
        for phrase, weight in _phrases(seed).items():
            phrases[phrase] += weight / len(seeds)
    dates = sorted(_aware(seed.published_at) for seed in seeds if seed.published_at)
    ids = tuple(seed.seed_id for seed in seeds)
    return Story(
        story_id=hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()[:12],
        title=next((seed.title for seed in seeds if seed.title), "") or seeds[0].text[:80],
        seed_ids=ids,
        names=_top(names, MAX_NAMES),
        phrases=_top(phrases, MAX_PHRASES),
        terms=_trimmed(terms),
        languages=tuple(dict.fromkeys(_language(seed) for seed in seeds)),
        first_date=dates[0] if dates else None,
        last_date=dates[-1] if dates else None,
    )


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _top(weights: Mapping[str, float], count: int) -> dict[str, float]:
    best = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:count]
    return {key: round(weight, 4) for key, weight in best}


def _trimmed(terms: Mapping[str, float]) -> dict[str, float]:
    """Word pairs apart, as they are many and light."""
    pairs = {key: weight for key, weight in terms.items() if PAIR_MARK in key}
    rest = {key: weight for key, weight in terms.items() if PAIR_MARK not in key}
    return {**_top(rest, MAX_TERMS), **_top(pairs, 2 * MAX_TERMS)}


def _names(seed: Seed) -> dict[str, float]:
    """Names as they are written, weighted by how often and how rare: spans, and single names."""
    text, language = seed.text[:MAX_CHARS], _language(seed)
    named = name_forms(text, Counter(tokens(text)), tokens(seed.title or ""), language)
    found: Counter[str] = Counter()
    rest = text
    for match in _SPAN.finditer(text):
        span = " ".join(match[0].split())
        parts = [part.lower() for part in tokens(span)]
        if parts and all(part in named or len(part) < 4 for part in parts):
            found[span] += 1
            rest = rest.replace(match[0], " ", 1)
    for token in tokens(rest):
        if token.lower() in named and not token[0].islower():
            found[token] += 1
    return {
        name: count * max(rarity(part.lower(), language) for part in tokens(name))
        for name, count in found.items()
        if tokens(name)
    }


def _phrases(seed: Seed) -> dict[str, float]:
    """Neighbouring words of weight, two to four, that the seed says twice or as headline."""
    language = _language(seed)
    counted: Counter[str] = Counter()
    for text in (seed.title or "", seed.text[:MAX_CHARS]):
        for clause in re.split(r"[.,;:!?()\"“”„»«\n]+", text):
            run: list[str] = []
            for token in [*tokens(clause.lower()), ""]:
                if token and not token[0].isdigit() and rarity(token, language) > 0.8:
                    run.append(token)
                    continue
                if 2 <= len(run) <= 4:
                    counted[" ".join(run)] += 2 if text is seed.title else 1
                run = []
    return {
        phrase: count * sum(rarity(part, language) for part in phrase.split())
        for phrase, count in counted.items()
        if count > 1
    }
