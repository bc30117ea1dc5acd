"""The words of a text, as all comparisons of articles see them."""

import re
from collections.abc import Sequence

# A run of letters and digits; scripts without spaces count by character, so that a Japanese or
# Chinese text is as finely cut as an English one.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_FIRST_UNSPACED, _FIRST_TERSE = "\u3040", "\u0590"
# Letters from which on a word carries content. In alphabets that write vowels, shorter words are
# mostly articles and prepositions; from Hebrew on (Arabic, Hangul, Thai …) two letters are a word.
_CONTENT_LETTERS, _TERSE_LETTERS = 4, 2
_TERSE = re.compile(rf"[{_FIRST_TERSE}-\U0010ffff]")


def words(text: str) -> list[str]:
    """Lower-cased words in reading order; no punctuation, so typography does not matter.

    >>> words("“It’s 5 o'clock”, 東京")
    ['it', 's', '5', 'o', 'clock', '東', '京']
    """
    return _WORD.findall(text.lower())


def content(sequence: Sequence[str]) -> list[str]:
    """The words that carry content: two texts about different things share few pairs of them.

    >>> content(words("The ferry of 1947 is in the harbour"))
    ['ferry', '1947', 'harbour']
    """
    if not _TERSE.search("".join(sequence)):  # most texts: two questions a word instead of four
        return [word for word in sequence if len(word) >= _CONTENT_LETTERS or word.isdigit()]
    return [
        word
        for word in sequence
        if len(word) >= _CONTENT_LETTERS
        or (word[0] >= _FIRST_TERSE and len(word) >= _TERSE_LETTERS)
        or word[0] >= _FIRST_UNSPACED
        or word.isdigit()
    ]
