"""Names and phrases of a text as a person would write them: for queries, dry runs and reasons."""

import re
from collections import Counter

from cleaners.model import Seed
from cleaners.related.gist import MAX_CHARS, NAME_MARK, NO_NAMES, PAIR_RARITY, Gist, name_forms
from cleaners.related.rarity import MAX_RARITY, rarity
from cleaners.related.words import name_key, tokens

TITLE_BONUS = 2  # occurrences that standing in the headline or the lead is worth
LEAD_CHARS = 300
MAX_PHRASE_WORDS = 4

# Bounded, so that a text of capitals and apostrophes alone costs no quadratic time.
_CAPITAL = r"[^\W\d_a-zà-öø-ÿа-яё][\w'’]{0,60}"
_BETWEEN = r"of|de|del|della|der|van|von|den|da|do|dos|la|le|al|el|bin|ibn|y|e"
_SPAN = re.compile(rf"{_CAPITAL}(?:(?:[ -]|\s(?:{_BETWEEN})\s){_CAPITAL})+")
_POSSESSIVE = re.compile(r"['’]s?$")
_CLAUSE = re.compile(r"[.,;:!?()\"“”„»«\n]+")


def names_of(seed: Seed, language: str) -> dict[str, float]:
    """Names as they are written -> how often times how rare; forms of one name are one.

    A name is a span of capitals whose words are names inside sentences, or a single such word.
    """
    text = seed.text[:MAX_CHARS]
    named = name_forms(text, Counter(tokens(text)), tokens(seed.title or ""), language)
    spelled: dict[tuple[str, ...], Counter[str]] = {}

    def count(name: str) -> None:
        parts = tokens(name)
        if parts:
            key = tuple(name_key(part.lower()) for part in parts)
            spelled.setdefault(key, Counter())[name] += 1

    def take(match: re.Match[str]) -> str:
        words = _POSSESSIVE.sub("", " ".join(match[0].split())).split()
        while words and (words[0].lower() in NO_NAMES or rarity(words[0].lower(), language) == 0):
            words = words[1:]  # "On Skerra", "President Xi"
        span = " ".join(words)
        parts = [part.lower() for part in tokens(span)]
        if len(words) > 1 and all(part in named or len(part) < 4 for part in parts):
            count(span)
            return " "
        return match[0]

    for token in tokens(_SPAN.sub(take, text)):
        if token.lower() in named and not token[0].islower():
            count(token)
    early = f"{seed.title or ''} {text[:LEAD_CHARS]}".lower()
    found: dict[str, float] = {}
    for forms in spelled.values():
        # The shortest of the usual forms is the plain one: North Korea, not North Korean.
        usual = [form for form, n in forms.items() if 3 * n >= forms.most_common(1)[0][1]]
        name = min(usual, key=lambda form: (len(form), form))
        rare = max(rarity(part.lower(), language) for part in tokens(name))
        bonus = TITLE_BONUS if name.lower() in early else 0
        found[name] = (forms.total() + bonus) * rare
    return found


def phrases_of(seed: Seed, gist: Gist, language: str) -> dict[str, float]:
    """Neighbouring words of weight, said twice or in the headline, and the text's key words."""
    counted: Counter[str] = Counter()
    for text, worth in ((seed.title or "", TITLE_BONUS), (seed.text[:MAX_CHARS], 1)):
        for clause in _CLAUSE.split(text):
            run: list[str] = []
            for token in [*tokens(clause.lower()), ""]:
                if token and not token[0].isdecimal() and rarity(token, language) > PAIR_RARITY:
                    run.append(token)
                    continue
                if 2 <= len(run) <= MAX_PHRASE_WORDS:
                    counted[" ".join(run)] += worth
                run = []
    found = {
        phrase: count * sum(rarity(part, language) for part in phrase.split())
        for phrase, count in counted.items()
        if count > 1
    }
    for key, share in gist.focus.items():
        if not key.startswith(NAME_MARK) and key in gist.shown:
            found.setdefault(gist.shown[key].lower(), share * MAX_RARITY)
    return found
