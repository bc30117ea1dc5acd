"""How long a text is, in words that weigh alike in every script."""

import re
import string
from typing import Final

_UNSPACED: Final = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD: Final = re.compile(rf"[^\W_{_UNSPACED}]+")
_CHARACTER: Final = re.compile(rf"[{_UNSPACED}]")

CHARACTERS_A_WORD: Final = 2
"""Chinese and Japanese news take about two characters for what English says in one word."""


_BEGINNINGS: Final = frozenset(string.ascii_letters + string.digits)
_ENOUGH: Final = 12
"""Characters for each word that is asked for: more than nearly all news has, so a beginning will
do; of a text whose beginning does not, all words are counted, which takes twenty times as long."""


def has_words(text: str, least: int) -> bool:
    """Whether a text has at least so many words, by its beginning if that will do.

    >>> has_words("one two three " * 1000, 2000), has_words("one two", 3)
    (True, False)
    """
    beginning = text[: least * _ENOUGH]
    # What white space parts has a word of its own if it begins with one.
    if sum(part[0] in _BEGINNINGS for part in beginning.split()) > least:
        return True
    return len(_WORD.findall(beginning)) > least or count_words(text) >= least


def count_words(text: str) -> int:
    """Words of a text; scripts without spaces count two characters as one.

    >>> count_words("It's 5 o'clock"), count_words("東京都 2026")
    (5, 2)
    """
    return len(_WORD.findall(text)) + len(_CHARACTER.findall(text)) // CHARACTERS_A_WORD
