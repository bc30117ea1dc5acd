"""The words of a text, as all comparisons of articles see them."""

import re
from collections.abc import Sequence

# A run of letters and digits; scripts without spaces count by character, so that a Japanese or
# Chinese text is as finely cut as an English one.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
# ASCII signs that are no part of a word become spaces: on news texts, most of which have a few
# other signs, `translate` and `split` take two thirds of the time that the pattern alone takes.
_SPACED = {
    code: " " for code in range(128) if not (chr(code).isalnum() and chr(code) == chr(code).lower())
}
_SPACED_BYTES = bytes(_SPACED.get(code, chr(code)).encode("latin-1")[0] for code in range(256))
_MOSTLY_ASCII = 0.1
"""Bytes beyond one a letter, above which looking only at some words gains nothing."""
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
    lower = text.lower()
    if lower.isascii():
        return lower.translate(_SPACED).split()
    coded = lower.encode("utf-8", "surrogatepass")
    if len(coded) - len(lower) > len(lower) * _MOSTLY_ASCII:
        return _WORD.findall(lower)
    # Few letters beyond ASCII: what lies between two spaces is looked at only where it has some.
    found: list[str] = []
    for run in coded.translate(_SPACED_BYTES).decode("utf-8", "surrogatepass").split(" "):
        if not run.isascii():
            found += _WORD.findall(run)
        elif run:
            found.append(run)
    return found


def content(sequence: Sequence[str]) -> list[str]:
    """The words that carry content: two texts about different things share few pairs of them.

    >>> content(words("The ferry of 1947 is in the harbour"))
    ['ferry', '1947', 'harbour']
    """
    letters = "".join(sequence)
    # Most texts: two questions a word instead of four.
    if letters.isascii() or not _TERSE.search(letters):
        return [word for word in sequence if len(word) >= _CONTENT_LETTERS or word.isdigit()]
    return [
        word
        for word in sequence
        if len(word) >= _CONTENT_LETTERS
        or (word[0] >= _FIRST_TERSE and len(word) >= _TERSE_LETTERS)
        or word[0] >= _FIRST_UNSPACED
        or word.isdigit()
    ]
