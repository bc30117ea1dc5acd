"""What is known of legacy charsets: their labels, and how plausible bytes read in one of them."""

import re
from functools import cache
from unicodedata import category

# Labels of the WHATWG Encoding Standard (encoding.spec.whatwg.org) whose meaning differs from
# Python's, and those that Python does not know, to the Python codec that reads them.
LABELS: dict[str, str] = {
    "utf8": "utf-8",
    "utf-8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "x-unicode20utf8": "utf-8",
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    **dict.fromkeys(
        ("ascii", "us-ascii", "ansi_x3.4-1968", "latin1", "l1", "iso-8859-1", "iso8859-1"), "cp1252"
    ),
    **dict.fromkeys(("iso88591", "iso_8859-1", "iso-ir-100", "cp819", "ibm819"), "cp1252"),
    **{f"windows-{n}": f"cp{n}" for n in range(1250, 1259)},
    **{f"cp{n}": f"cp{n}" for n in range(1250, 1259)},
    **{f"x-cp{n}": f"cp{n}" for n in range(1250, 1259)},
    **{f"win-{n}": f"cp{n}" for n in range(1250, 1259)},
    **dict.fromkeys(("iso-8859-9", "iso8859-9", "latin5", "l5", "iso_8859-9"), "cp1254"),
    **dict.fromkeys(("iso-8859-11", "iso8859-11", "tis-620", "windows-874", "dos-874"), "cp874"),
    **{f"iso-8859-{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **{f"iso8859-{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    "iso-8859-8-i": "iso8859_8",
    "logical": "iso8859_8",
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "chinese", "x-gbk", "csgb2312"), "gb18030"),
    **dict.fromkeys(("gb18030", "gb_2312", "cp936", "ms936", "windows-936"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "cn-big5", "x-x-big5", "csbig5", "cp950"), "big5hkscs"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "ms932"), "cp932"),
    **dict.fromkeys(("windows-31j", "csshiftjis", "cp932"), "cp932"),
    **dict.fromkeys(("euc-jp", "x-euc-jp", "cseucpkdfmtjapanese", "eucjp"), "euc_jp"),
    **dict.fromkeys(("iso-2022-jp", "csiso2022jp"), "iso2022_jp"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "korean", "ksc5601", "cseuckr"), "cp949"),
    **dict.fromkeys(("ks_c_5601-1989", "windows-949", "cp949", "ms949", "uhc"), "cp949"),
    **dict.fromkeys(("koi8-r", "koi8", "koi", "koi8_r", "cskoi8r"), "koi8_r"),
    **dict.fromkeys(("koi8-u", "koi8-ru"), "koi8_u"),
    **dict.fromkeys(("macintosh", "mac", "x-mac-roman", "csmacintosh"), "mac_roman"),
    **dict.fromkeys(("ibm866", "cp866", "866", "csibm866"), "cp866"),
    "x-mac-cyrillic": "mac_cyrillic",
}

# Letters beyond ASCII that a language uses, lower case: the test of a Latin-script charset.
_LATIN: dict[str, str] = {
    "de": "äöüß",
    "fr": "éèàùâêîôûëïüçœæÿ",
    "es": "áéíóúüñ",
    "pt": "áàâãéêíóôõúüç",
    "it": "àèéìíòóùú",
    "nl": "ëéèïöüêáóí",
    "sv": "åäöé",
    "da": "æøåé",
    "no": "æøåéòô",
    "fi": "äöåšž",
    "is": "áðéíóúýþæö",
    "ca": "àçèéíïòóúü",
    "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "hu": "áéíóöőúüű",
    "ro": "ăâîșțşţ",
    "hr": "čćđšž",
    "sl": "čšž",
    "sq": "çë",
    "tr": "çğıöşüâîû",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "et": "äõöüšž",
    "vi": "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
    "\u0300\u0301\u0303\u0309\u0323",
    "cy": "âêîôûŵŷáéïö",
    "mt": "ċġħżàèìòù",
    "eo": "ĉĝĥĵŝŭ",
}
# The languages that each single-byte Latin charset was made for, most used first.
_WEST = ("de", "fr", "es", "pt", "it", "nl", "sv", "da", "no", "fi", "is", "ca", "sq", "et")
_LANGUAGES: dict[str, tuple[str, ...]] = {
    "cp1252": _WEST,
    "iso8859_15": _WEST,
    "mac_roman": _WEST,
    "cp1250": ("pl", "cs", "sk", "hu", "ro", "hr", "sl", "de", "sq"),
    "iso8859_2": ("pl", "cs", "sk", "hu", "ro", "hr", "sl", "de"),
    "iso8859_16": ("ro", "pl", "hr", "sl", "hu"),
    "cp1254": ("tr",),
    "cp1257": ("lt", "lv", "et", "pl"),
    "iso8859_13": ("lt", "lv", "et"),
    "iso8859_4": ("lt", "lv", "et"),
    "cp1258": ("vi",),
    "iso8859_3": ("mt", "eo"),
    "iso8859_10": ("is", "et", "lt"),
    "iso8859_14": ("cy",),
}
# Order breaks ties: the commoner charset of equals comes first.
CANDIDATES: tuple[str, ...] = (
    *("cp1252", "cp1251", "cp1250", "cp932", "gb18030", "euc_jp", "cp949", "big5hkscs"),
    *("cp1254", "cp1253", "cp1256", "cp1255", "cp1257", "cp1258", "cp874", "koi8_r", "koi8_u"),
    *("iso8859_2", "iso8859_15", "iso8859_5", "iso8859_7", "iso8859_6", "iso8859_8"),
    *("iso8859_13", "iso8859_4", "cp866", "mac_cyrillic", "mac_roman"),
)

_PUNCTUATION = frozenset(
    "«»„“”‚‘’‹›–—…•·€£¥§©®™°№¿¡´`×½¼¾²³ºª\u00a0\u00ad¶±†‡״׳،؛؟・。、「」（）！？：，％～《》"
)
# Signs that stand before no small letter: "®ena" is "Žena" read as what it is not.
_NO_OPENING = frozenset("®©¶¹¾¼½³²ªº")
_OPENING = "«„“”‘‚‹¿¡–—…\u00a0"  # before a word, and none of its letters
# The writing of languages without Latin letters, as `_by_script` names it.
_SCRIPTS = {
    **dict.fromkeys(("ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "tg", "mn"), "cyrillic"),
    **dict.fromkeys(("ar", "fa", "ur", "ps", "ckb"), "arabic"),
    "el": "greek",
    "he": "hebrew",
    "iw": "hebrew",
    "th": "thai",
    **dict.fromkeys(("ja", "zh", "ko"), "asian"),
}
_OTHER_SCRIPT = 0.1
"""What a reading loses that is in another writing than the page's own language."""
_FREQUENT = {
    "ja": "のにはをたがでてとしれさいるなもっからこうよりまだくんりアイスンルトラリードッシク",
    "zh": "的一是了在不有人这上大国中来我到个们说时要就出会也地年得对生以为能子和下自后作里用道"
    "們這國說時會後個來為對過發與學動開經現點長問間無沒實當體從關將",
}
_CYRILLIC = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ")
_CYRILLIC_VOWELS = frozenset("аеиоуыэюяёіїєъ")
_CYRILLIC_SOUTH = frozenset("абвгдежзийклмнопрстуфхцчшђјљњћџѓќѕў")
_ASCII_LETTER = re.compile("[A-Za-z]")
_OTHER_ALPHABET = re.compile("[\u0370-\u06ff\u0e00-\u0e7f]")
# A word is tried from its beginning alone: a run of letters costs its length once, not squared.
_WORDS = re.compile(r"(?:(?<![^\W\d_])[^\W\d_]*)?[^\x00-\x7f]+[^\W\d_]*")


def plausibility(sample: bytes, codec: str, language: str | None = None) -> float:
    """How well the sample's non-ASCII part reads in a charset: about 1 for text, 0 for garbage.

    `language` is what the page declares; its alphabet gives a small bonus. Bytes that the charset
    does not have count as garbage. 0.0 for codecs that do not exist.
    """
    try:
        text = sample.decode(codec, "replace")
    except LookupError:
        return 0.0
    words = _WORDS.findall(text)[:1500]
    high = [c for word in words for c in word if c > "\x7f"]
    if not high:
        return 0.0
    bad = sum(1 for c in high if c == "\ufffd" or "\x80" <= c < "\xa0" or "\ue000" <= c < "\uf8ff")
    by_script, script = _by_script(words, high)
    own = _SCRIPTS.get(language or "", script)
    by_script -= _OTHER_SCRIPT * (own != script)
    score = max(_by_alphabet(words, high, codec, language), by_script)
    return score - 4.0 * bad / len(high)


def _by_alphabet(words: list[str], high: list[str], codec: str, language: str | None) -> float:
    """The share of characters that the best language of a Latin charset uses, in sane places."""
    best = 0.0
    for code in _LANGUAGES.get(codec, ()):
        letters = _alphabet(code)
        fitting = sum(1 for c in high if c in letters or c in _PUNCTUATION)
        bonus = 0.1 if code == language else 0.0
        best = max(best, fitting / len(high) + bonus)
    return best - _disorder(words) if best else 0.0


@cache
def _alphabet(code: str) -> frozenset[str]:
    return frozenset(_LATIN[code] + _LATIN[code].upper())


def _by_script(words: list[str], high: list[str]) -> tuple[float, str]:
    """The share of characters that belong to the one script which most of them are in; and it."""
    total = len(high)
    vowels = sum(1 for c in high if c.lower() in _CYRILLIC_VOWELS)
    # two letters in five of Cyrillic text are vowels; Hebrew read as Cyrillic has one in eight
    real = 1 if vowels > 0.25 * total else 0
    cyrillic = real * sum(1 for c in high if c.lower() in _CYRILLIC or c in _PUNCTUATION)
    south = real * sum(1 for c in high if c.lower() in _CYRILLIC_SOUTH or c in _PUNCTUATION)
    greek = sum(1 for c in high if "\u0386" <= c <= "\u03ce" or c in _PUNCTUATION)
    hebrew = sum(1 for c in high if "\u05b0" <= c <= "\u05ea" or c in _PUNCTUATION)
    arabic = sum(1 for c in high if "\u0621" <= c <= "\u06d2" or c in _PUNCTUATION)
    thai = sum(1 for c in high if "\u0e01" <= c <= "\u0e5b" or c in _PUNCTUATION)
    marks = sum(1 for c in high if c in _PUNCTUATION)
    if marks == total:
        return 0.0, ""
    most, script = max(
        (max(cyrillic, south), "cyrillic"),
        (greek, "greek"),
        (hebrew, "hebrew"),
        (arabic, "arabic"),
        (thai, "thai"),
    )
    alphabetic = most / total - _disorder(words)
    hangul = sum(1 for c in high if "\uac00" <= c <= "\ud7a3" or c in _PUNCTUATION) / total
    kana = sum(1 for c in high if c in _FREQUENT["ja"]) / total
    hanzi = sum(1 for c in high if c in _FREQUENT["zh"]) / total
    rare = sum(1 for c in high if "\uff66" <= c <= "\uff9f" or "\u3400" <= c <= "\u4dbf") / total
    # in Japanese a third of all characters are these kana, in Chinese a seventh these characters
    asian = max(hangul, min(1.0, 3.5 * kana), min(1.0, 8.0 * hanzi)) - 2.0 * rare
    return max((alphabetic, script), (asian, "asian"))


def _disorder(words: list[str]) -> float:
    """The share of words no writer writes: capitals after small letters, a mark or another
    alphabet inside a word."""
    odd = 0
    for quoted in words:
        word = quoted.lstrip(_OPENING)
        if len(word) > 1:
            tail = word[1:]
            odd += (
                category(word[0])[0] == "M"
                or (word[0] in _NO_OPENING and tail[0].islower())
                or (word[0] == "’" and tail[0].islower() and not tail[0].isascii())
                or (tail != tail.lower() and word != word.upper())
                or any(not c.isalpha() and not _joins(c) for c in word[1:-1])
                or (
                    _ASCII_LETTER.search(word) is not None
                    and _OTHER_ALPHABET.search(word) is not None
                )
            )
    return odd / len(words) if words else 0.0


def _joins(char: str) -> bool:
    return char in "\u00ad’´`·\u200c\u200d" or category(char)[0] == "M"
