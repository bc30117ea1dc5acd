"""The language of a text: by its script, else by its function words, else by py3langid's model.

Where the model decides, the declared language is its prior. It loads with the first text that
needs it (0.3 to 0.5 s).
"""

import re
from functools import cache

from cleaners import langmodel
from cleaners.text.lexicon import function_words

# Fewer letters than this say too little: a name or a label belongs to many languages.
MIN_LETTERS = 24
# The model reads so many characters of the start and of the middle of longer texts. Of the 129 news
# pages none changed its language between 300 and 2,400 characters in all, nor did any text of the
# dev pages that it decides; four times the text takes four times as long.
SAMPLE = 200
# Function words decide alone where they make up so much of a sample of so many words, and where
# the next language has so few of its own; a tenth of the model's time. They decide 1,492 of 1,600
# texts (the gold of all dev pages), all but one, which they get right, as the model does.
_WORDS = 40
_BEGINNING = 600  # characters in which they are counted
_COMMON = 0.15
_LEAD = 2.0
# Languages whose function words no unlisted neighbour shares.
_SURE = frozenset(("en", "de", "fr", "nl", "pl", "hu", "fi", "tr", "it", "es", "pt", "ro"))
# Letters that the unlisted neighbours of a language do not write (Slovak, beside Czech).
_OWN = {"cs": frozenset("ěřů")}
# How many times likelier a language becomes by being declared. Pages lie about it (a template's
# "en" on Turkish text), so a clear text overrules; near neighbours (no/da, hr/sr) it settles.
PRIOR = 12.0
# A script that one widely written news language owns decides alone from this share of letters.
_SHARE = 0.3

_SCRIPTS: tuple[tuple[str, str], ...] = (
    ("ja", "\u3040-\u30ff\uff66-\uff9f"),
    ("ko", "\uac00-\ud7af\u1100-\u11ff"),
    ("th", "\u0e00-\u0e7f"),
    ("lo", "\u0e80-\u0eff"),
    ("el", "\u0370-\u03ff\u1f00-\u1fff"),
    ("he", "\u0590-\u05ff"),
    ("hy", "\u0530-\u058f"),
    ("ka", "\u10a0-\u10ff"),
    ("bn", "\u0980-\u09ff"),
    ("pa", "\u0a00-\u0a7f"),
    ("gu", "\u0a80-\u0aff"),
    ("or", "\u0b00-\u0b7f"),
    ("ta", "\u0b80-\u0bff"),
    ("te", "\u0c00-\u0c7f"),
    ("kn", "\u0c80-\u0cff"),
    ("ml", "\u0d00-\u0d7f"),
    ("si", "\u0d80-\u0dff"),
    ("my", "\u1000-\u109f"),
    ("km", "\u1780-\u17ff"),
    ("am", "\u1200-\u137f"),
    ("zh", "\u3400-\u4dbf\u4e00-\u9fff"),
)
_SCRIPT_RUNS = tuple((code, re.compile(f"[{letters}]")) for code, letters in _SCRIPTS)
_ANY_SCRIPT = re.compile("[" + "".join(letters for _, letters in _SCRIPTS) + "]")
_TAG = re.compile(r"\s*([A-Za-z]{2})(?![A-Za-z])")
# Chinese and Japanese say in one character what others say in two or three letters.
_DENSE = {"zh": 3, "ja": 3, "ko": 2}
_SAME = {"nb": "no", "iw": "he", "in": "id", "ji": "yi", "mo": "ro", "sh": "sr", "cn": "zh"}
# Languages that share a script which otherwise decides: the declared one is believed.
_SHARED = {"he": {"yi"}, "bn": {"as"}, "am": {"ti"}, "zh": {"ja"}}


def detect(text: str, declared: str | None = None) -> tuple[str | None, float | None]:
    """ISO 639-1 code and a certainty from 0 to 1; (None, None) where the text is too short to tell.

    `declared` is a tag as pages give it ("pt-BR", "en_US"): a prior, not a verdict.

    >>> detect("Der Hafen von Altwasser ist wieder geöffnet, teilte die Stadt am Montag mit.")[0]
    'de'
    >>> detect("OK")
    (None, None)
    """
    sample = _sample(text)
    scripted = _ANY_SCRIPT.search(sample) is not None
    if not scripted and (by_words := _by_words(text)) is not None:
        return by_words
    letters = sum(map(str.isalpha, sample))
    prior = base_code(declared)
    by_script = _by_script(sample, letters) if scripted else None
    if letters * _DENSE.get(by_script[0] if by_script else "", 1) < MIN_LETTERS:
        return None, None
    if by_script is not None:
        code, share = by_script
        if prior in _SHARED.get(code, ()):
            code = prior or code
        return code, round(share, 4)
    weights: dict[str, float] = {}
    for code, weight in langmodel.model().rank(sample).items():
        code = _SAME.get(code, code)
        weights[code] = weights.get(code, 0.0) + weight
    if prior in weights:
        weights[prior] *= PRIOR
    best = max(weights, key=lambda code: weights[code])
    return best, round(weights[best] / sum(weights.values()), 4)


def base_code(tag: str | None) -> str | None:
    """The language part of a language tag, or None where it has none.

    >>> base_code("pt-BR"), base_code("nb_NO"), base_code("x")
    ('pt', 'no', None)
    """
    match = _TAG.match(tag or "")
    if not match:
        return None
    code = match[1].lower()
    return _SAME.get(code, code)


def load() -> None:
    """Load the model now rather than with the first text."""
    langmodel.model()


def _sample(text: str) -> str:
    if len(text) <= 2 * SAMPLE:
        return text
    middle = len(text) // 2
    return f"{text[:SAMPLE]} {text[middle : middle + SAMPLE]}"


@cache
def _owners() -> dict[str, tuple[tuple[str, float], ...]]:
    """The languages of each function word of the lexicon, and its vote for each of them."""
    found: dict[str, tuple[str, ...]] = {}
    for code, words in function_words().items():
        for word in words:
            found[word] = (*found.get(word, ()), code)
    return {
        word: tuple((code, 1.0 / len(codes)) for code in codes) for word, codes in found.items()
    }


def _by_words(text: str) -> tuple[str, float] | None:
    """The language whose function words a text is full of, and its share of such words."""
    words = text[:_BEGINNING].lower().split()[:-1]
    if len(words) < _WORDS:
        return None
    votes: dict[str, float] = {}
    hits = 0
    for owners in filter(None, map(_owners().get, words)):
        hits += 1
        for code, vote in owners:
            votes[code] = votes.get(code, 0.0) + vote
    if hits < _COMMON * len(words):
        return None
    first, *rest = sorted(votes, key=lambda code: (-votes[code], code))[:2]
    if first not in _SURE and not (_OWN.get(first, frozenset()) & set(text[:_BEGINNING])):
        return None
    if rest and votes[first] < _LEAD * votes[rest[0]]:
        return None
    return first, round(votes[first] / sum(votes.values()), 4)


def _by_script(sample: str, letters: int) -> tuple[str, float] | None:
    """The language that owns the text's script, and its share of the letters."""
    if letters == 0 or len(_ANY_SCRIPT.findall(sample)) < _SHARE * letters:
        return None
    counts = {code: len(run.findall(sample)) for code, run in _SCRIPT_RUNS}
    if counts["ja"] > 0.05 * letters:  # kana stands among kanji, which count as Chinese
        counts["ja"] += counts["zh"]
    best = max(counts, key=lambda code: counts[code])
    return (best, min(1.0, counts[best] / letters)) if counts[best] >= _SHARE * letters else None
