"""How rare a word is in its language, from the frequency lists that the wordfreq package carries.

The lists replace the fitted IDF that a small pool of articles cannot give (Speer 2022, wordfreq;
Exquisite Corpus). The only importer of wordfreq; it is loaded on first use, not on import.
"""

from collections.abc import Mapping
from functools import lru_cache

COMMON_ZIPF = 6.5
"""Zipf value (log10 of occurrences in 10^9 words) from which a word says nothing: the, and, was."""
UNKNOWN_ZIPF = 2.5
"""Taken for words that the lists do not hold; they hold all of 10^-6 and more, which is zipf 3."""
MAX_RARITY = COMMON_ZIPF - UNKNOWN_ZIPF

# The same written language under another code, or its nearest relative with a list.
_LISTED_AS = {"no": "nb", "nn": "nb", "sr": "sh", "hr": "sh", "bs": "sh", "iw": "he", "tl": "fil"}


@lru_cache(maxsize=16)
def _zipf(language: str) -> Mapping[str, float]:
    from math import log10

    import wordfreq

    language = _LISTED_AS.get(language, language)
    if language not in wordfreq.available_languages():
        return {}
    frequencies = wordfreq.get_frequency_dict(language, "small")
    return {word: log10(frequency) + 9.0 for word, frequency in frequencies.items()}


@lru_cache(maxsize=100_000)
def rarity(word: str, language: str) -> float:
    """0 for words that say nothing to `MAX_RARITY` for words not listed; `word` in lower case.

    In a language without a list all words count alike, at half of that.
    """
    listed = _zipf(language)
    if not listed:
        return MAX_RARITY / 2
    return max(0.0, COMMON_ZIPF - listed.get(word, UNKNOWN_ZIPF))


def is_listed(word: str, language: str) -> bool:
    """Whether the language's list holds the word."""
    return word in _zipf(language)
