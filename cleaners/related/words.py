"""Words and numbers of a text as keys that inflected and re-spelled forms share."""

import re
import unicodedata
from functools import lru_cache

# Letters with their combining marks (Indic vowels are marks), or numbers with separators inside.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e31\u0e34-\u0e4e\u1000-\u109f"
TOKEN = re.compile(rf"(?:[^\W\d_]|[{_MARKS}])+|\d+(?:[.,\u00a0\u202f]\d+)*")

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_KANA_KANJI = re.compile(r"[\u30a0-\u30ff]{2,}|[\u3400-\u4dbf\u4e00-\u9fff]+|[A-Za-z]+|\d+")
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_PARTICLES = re.compile(
    r"(?:으로부터|에서는|에게서|이라고|라고|에서|에게|으로|까지|부터|이다|했다|한다"
    r"|은|는|이|가|을|를|의|에|로|와|과|도|만)$"
)
_ARABIC = re.compile(r"^(?:[وفبكل]?ال)(?=..)")
_ENGLISH_ENDING = re.compile(r"(?:(?<=[^s])s|ing|ed|ly|ment|ments|er|ers|ion|ions|ity|ness)$")

_SOUNDS = str.maketrans("czqwyj", "kskvii")
_DOUBLED = re.compile(r"(.)\1+")

NAME_LETTERS = 5
"""Letters kept of a name, so that Russia and Russian, Korea and Koreans, Путин and Путина agree."""

_LATIN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "e", "ё": "e",
        "ж": "zh", "з": "z", "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m",
        "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ў": "u", "ф": "f",
        "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "",
        "э": "e", "ю": "yu", "я": "ya", "ј": "i", "љ": "l", "њ": "n", "ћ": "c", "ђ": "d", "џ": "d",
        "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i",
        "κ": "k", "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s",
        "ς": "s", "τ": "t", "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",
        "ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "đ": "d", "ð": "d", "þ": "th", "œ": "oe",
    }
)  # fmt: skip
STEM_LETTERS = 6
"""Letters kept of a word in languages that inflect: cutting at five or six is what retrieval
without a stemmer settles on (McNamee and Mayfield 2004, 'Character n-gram tokenization for
European language text retrieval')."""


def tokens(text: str) -> list[str]:
    """The words and numbers of a text in order; Chinese and Japanese runs come as pairs of signs.

    >>> tokens("Korea's 10,000 troops")
    ['Korea', 's', '10,000', 'troops']
    >>> tokens("東京都知事")
    ['東京', '京都', '都知', '知事']
    """
    found: list[str] = TOKEN.findall(text)
    if not _SPACELESS.search(text):
        return found
    out: list[str] = []
    for token in found:
        if _SPACELESS.search(token):
            for run in _KANA_KANJI.findall(token):
                if _HAN.match(run) and len(run) > 2:
                    out.extend(run[i : i + 2] for i in range(len(run) - 1))
                else:
                    out.append(run)
        else:
            out.append(token)
    return out


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """The key of a lower-case word: its accents folded, its ending cut.

    >>> stem("involvement", "en"), stem("involved", "en")
    ('involv', 'involv')
    >>> stem("brückeneinsturz", "de"), stem("brücken", "de")
    ('brucke', 'brucke')
    """
    if _HANGUL.search(word):
        return _PARTICLES.sub("", word) if len(word) > 2 else word
    if not word.isascii():
        word = _ARABIC.sub("", word)
        word = unicodedata.normalize("NFKD", word.replace("ß", "ss").replace("ł", "l"))
        word = "".join(c for c in word if not unicodedata.combining(c))
    if language == "en" and len(word) > 4:
        cut = _ENGLISH_ENDING.sub("", word)
        word = cut if len(cut) >= 4 else word
        return word.rstrip("e")[: STEM_LETTERS + 2] or word
    if len(word) <= 4:
        return word
    if word.isascii():
        return word[:STEM_LETTERS] if len(word) > 5 else word[:4]
    # In Cyrillic and Greek the case stands in the last letter of short words, too.
    return word[: min(STEM_LETTERS, len(word) - 1)]


@lru_cache(maxsize=100_000)
def name_key(word: str) -> str:
    """The key of a name, the same in all languages: Latin letters, no accents, the first five.

    >>> [name_key(word) for word in ("ukraine", "ukrainian", "Україна".lower(), "ukrainische")]
    ['ukrai', 'ukrai', 'ukrai', 'ukrai']
    """
    if not word.isascii():
        word = word.translate(_LATIN)
        word = unicodedata.normalize("NFKD", word)
        word = "".join(c for c in word if not unicodedata.combining(c))
        if _HANGUL.search(unicodedata.normalize("NFC", word)):
            return stem(unicodedata.normalize("NFC", word), "ko")
        if not word.isascii():
            return _ARABIC.sub("", word)
    # Spellings of one sound: Zelensky and Selenskyj, Korvela and Corvela, Kharkiv and Charkiw.
    word = _DOUBLED.sub(r"\1", word.translate(_SOUNDS))
    return word[:NAME_LETTERS]


def number_key(token: str) -> str | None:
    """The number's key, the same for 10,000, 10.000 and 10 000; None for those that say nothing.

    >>> number_key("10,000"), number_key("10.000"), number_key("3.5"), number_key("7")
    ('#10000', '#10000', '#3.5', None)
    """
    bare = re.sub(r"[.,\u00a0\u202f](?=\d{3}(?!\d))", "", token).replace(",", ".")
    if len(bare) <= 2 and int(bare) <= 12:
        return None
    return f"#{bare[:12]}"


def is_year(key: str) -> bool:
    """Whether a number key is probably a year."""
    return bool(re.fullmatch(r"#(?:19|20)\d\d", key))
