"""One key for a name however it is spelled: Corvela, Корвела, Corvéla, Korvelas."""

import re
import unicodedata
from functools import lru_cache

# ISO 9 and BGN/PCGN mixed, towards what newspapers print; "-" is a letter that is not written.
_LATIN = """
a b v g d e e zh s i i k l m n o p r s t u f h ts ch sh sch - i - e yu ya i i e g u
"""
_CYRILLIC = str.maketrans(
    dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў", _LATIN.split(), strict=True))
)
_GREEK = str.maketrans(
    dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", "avgdesitiklmnkoprsstifhpo", strict=True))
)
_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "đ": "d", "ı": "i", "-": ""})
# Sounds that languages write differently; the key is not for reading.
_SOUNDS = (
    ("ph", "f"), ("ck", "k"), ("kh", "h"), ("c", "k"), ("q", "k"), ("w", "v"), ("y", "i"),
    ("x", "ks"), ("z", "s"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1")
_LETTERS_KEPT = 6


@lru_cache(maxsize=200_000)
def spelling_key(word: str) -> str:
    """The first letters of a word, its accents, alphabet and ending taken away.

    >>> spelling_key("Corvela") == spelling_key("Корвелы") == spelling_key("Korvelas")
    True
    >>> spelling_key("Lomvik"), spelling_key("Hjelm"), spelling_key("東京")
    ('lomvi', 'hjel', '東京')
    """
    low = word.lower().translate(_CYRILLIC).translate(_GREEK).translate(_LETTERS)
    if not low.isascii():
        low = "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c))
    for written, sound in _SOUNDS:
        low = low.replace(written, sound)
    low = _DOUBLED.sub(r"\1", low)
    # Endings stand last: long words are cut, short ones lose a letter (Korsha, Korshe).
    return low[: min(_LETTERS_KEPT, max(4, len(low) - 1))] if len(low) > 4 else low
