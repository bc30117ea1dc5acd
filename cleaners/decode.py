"""Bytes to text: the charset by evidence, not by whoever claims it loudest.

Order: byte-order mark; valid UTF-8 (long multi-byte text is never that by chance); the header's,
the meta element's and the XML declaration's label where the bytes agree with it; then the
candidate that reads most plausibly among the legacy charsets and bs4's detector's guess. Labels
mean what the WHATWG Encoding Standard says ("iso-8859-1" is windows-1252). Never raises.
The only importer of bs4's detector.
"""

import codecs
import re
from functools import cache

from cleaners.charsets import CANDIDATES, LABELS, plausibility
from cleaners.model import Decoded
from cleaners.text.fixes import mend_mojibake

# The HTML standard looks for a declaration in the first 1,024 bytes; real pages put it later.
_HEAD = 8192
# The detector and the plausibility test read this much: enough to decide, bounded in time.
_SAMPLE = 20_000
# A declared charset stands at once when its text reads this plausibly (right ones do), and against
# the best other candidate while it reads hardly worse (a page may hold names of many languages).
_CREDIBLE = 0.96
_HARDLY_WORSE = 0.04
_POSSIBLE = 0.8  # below, a charset is not even nearly the right one
# Stray bytes in otherwise valid UTF-8: at least this many good sequences for each bad one.
_GOOD_PER_BAD = 8
# Lines of mojibake before a page counts as mojibake: one may be a quotation or a code sample.
_MOJIBAKE_LINES = 3
_TRAIL = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_MOJIBAKE = re.compile(
    f"[ÃÂÐÑ]{_TRAIL}|â€|(?:[Ä-ß]{_TRAIL}){{3}}|(?:[à-ï]{_TRAIL}{{2}}){{2}}|Å¡"
    "|(?:[РС][\x80-\xbf\u0402-\u040f\u0452-\u045f‚„…†‡€‰‹‘’“”•–—™›№]){3}"
)
# Without one of these there is none; looking for them takes a tenth of the pattern's time, and for
# a single character a tenth of that again: so both characters of a pair are looked for first, its
# last before "Р", which looks like a space to that search.
_MARKS = ("Ã", "â€", "Ð", "Â", "Рµ", "Å¡")
# Commonest letters of Hebrew, Arabic, Greek, Thai, Japanese, Chinese and Korean, and of Cyrillic
# twice garbled, which may have none of those. Looked for where the bytes are by more than a
# sixteenth more than the characters, which they are in no sound page of Latin letters.
_ALL_MARKS = (
    *(*_MARKS, "×™", "×\x99", "Ø§", "Î±", "à¸", "ã\x81", "ï¼", "ì\x9d", "ì\x9e", "ì—"),
    *("Р\xa0Вµ", "Р’Вµ"),
)
_DENSE = 16
_ASCII = re.compile(rb"[\x00-\x7f]")
_PIECE = 1 << 14  # bytes looked through at once
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]+)", re.I)
_META = re.compile(rb"<meta[^>]{0,500}?charset\s*+=\s*+[\"']?\s*+([\w.:+-]+)")  # lower case
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:+-]+)", re.I)
_LANG = re.compile(rb"<html[^>]{0,1000}?\slang\s*=\s*[\"']?([A-Za-z]{2})", re.I)
_ISO_2022_JP = re.compile(rb"\x1b(?:\$[@B]|\([BJ])")


def decode(content: bytes, content_type: str | None = None) -> Decoded:
    """The text of a page's bytes; `content_type` is the HTTP header's value.

    Flags: `charset-lie` (bytes contradict every label), `charset-damaged` (some bytes were
    replaced), `mojibake-mended` (text had been garbled before it was served).

    >>> decode("Größe".encode("latin-1"), "text/html; charset=utf-8").text
    'Größe'
    """
    for bom, charset in _BOMS:
        if content.startswith(bom):
            marked = content[len(bom) :]
            if charset != "utf-8" or _damaged_utf8(marked) is not None:
                return _read(marked, charset, "bom", ())
            content = marked  # a template's file with a mark, and text of another charset in it
    claims = _claims(content, content_type)
    try:
        chars, garbled = _look_through(content)
    except UnicodeDecodeError:
        return _decode_legacy(content, claims)
    if b"\x1b" in content and _ISO_2022_JP.search(content):
        return _read(content, "iso2022_jp", claims.get("iso2022_jp", "detected"), ())
    if b"\x00" in content[:64] and (wide := _wide(content)):
        return _read(content, wide, "detected", ())
    is_ascii = chars == len(content)
    source = claims.get("utf-8", "default" if is_ascii else "detected")
    lies = ("charset-lie",) if claims and "utf-8" not in claims and not is_ascii else ()
    if garbled:
        return _mend(content.decode("utf-8"), "utf-8", source, lies)
    return Decoded(content, chars, "utf-8", source, lies)


def _look_through(content: bytes) -> tuple[int, bool]:
    """How many characters UTF-8 has, and whether it can hold mojibake; UnicodeDecodeError if it is
    none.

    It is read in pieces: many are ASCII and need no reading, and the others stay in the processor's
    cache. One emoji makes of a page of 2 MB a string of 8, which takes twenty times as long.
    """
    chars, garbled, start = 0, False, 0
    while start < len(content):
        cut = _ASCII.search(content, start + _PIECE)  # never within a character or a pair of marks
        end = cut.start() if cut else len(content)
        piece = content[start:end]
        if piece.isascii():
            chars += len(piece)
        else:
            text = piece.decode("utf-8")
            chars += len(text)
            dense = _DENSE * (len(piece) - len(text)) > len(text)
            garbled = garbled or _may_be_garbled(text, _ALL_MARKS if dense else _MARKS)
        start = end
    return chars, garbled


def _may_be_garbled(text: str, marks: tuple[str, ...]) -> bool:
    return not text.isascii() and any(
        all(map(text.__contains__, reversed(mark))) and mark in text for mark in marks
    )


def _claims(content: bytes, content_type: str | None) -> dict[str, str]:
    """Python codec -> who claims it (header before meta before xml)."""
    found: dict[str, str] = {}
    head = content[:_HEAD]
    header = _HEADER.search(content_type[:1000]) if content_type else None
    meta, xml = _META.search(head.lower()), _XML.match(head)
    for source, label in (
        ("header", header[1] if header else None),
        ("meta", meta[1].decode("ascii", "replace") if meta else None),
        ("xml", xml[1].decode("ascii", "replace") if xml else None),
    ):
        codec = _codec(label)
        if codec is not None:
            found.setdefault(codec, source)
    return found


@cache
def _codec(label: str | None) -> str | None:
    """The Python codec of a charset label, or None: WHATWG aliases first, then Python's own."""
    if not label or len(label) > 40:
        return None
    label = label.strip().lower()
    if label in LABELS:
        return LABELS[label]
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return None
    # codecs such as "rot13" and "zlib" are no charsets; _is_text_encoding is CPython's own mark
    is_charset = getattr(info, "_is_text_encoding", False) and info.name not in _NO_CHARSETS
    return info.name if is_charset else None


# Ways of writing text that Python counts among its charsets, and no page is served in (WHATWG).
_NO_CHARSETS = frozenset(
    {"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "utf-7"}
)


def _decode_legacy(content: bytes, claims: dict[str, str]) -> Decoded:
    """Bytes that are no valid UTF-8: damaged UTF-8, or a legacy charset."""
    if (damaged := _damaged_utf8(content)) is not None:
        flags = ("charset-damaged",)
        return _mend(damaged, "utf-8", claims.get("utf-8", "detected"), flags)
    if wide := _wide(content):
        return _read(content, wide, claims.get(wide, "detected"), ())
    sample = _around_high_bytes(content)
    match = _LANG.search(content[:_HEAD])
    language = match[1].decode("ascii").lower() if match else None
    scores = {codec: plausibility(sample, codec, language) for codec in claims if codec != "utf-8"}
    credited = _credited(claims, scores, sample, language)
    for codec, source in credited.items():
        if scores.get(codec, 0.0) >= _CREDIBLE:
            return _read(content, codec, source, () if codec in claims else ("charset-lie",))
    for codec in CANDIDATES:
        if codec not in scores:
            scores[codec] = plausibility(sample, codec, language)
    detected = _detected(sample)
    if detected is not None and detected not in scores:
        scores[detected] = plausibility(sample, detected, language)
    for codec in credited:
        if codec in scores:
            scores[codec] += _HARDLY_WORSE
    best = max(scores, key=lambda codec: (round(scores[codec], 3), codec == detected))
    lies = ("charset-lie",) if claims and best not in claims else ()
    if scores[best] <= 0.0:
        return _read(content, "cp1252", "default", lies)
    return _read(content, best, claims.get(best, "detected"), lies)


# Standards and what Windows made of them: alike but for a few letters, and the one is served as the
# other, so that a label counts between them only where both read equally well.
_TWINS = {
    "cp1252": "iso8859_15",
    "iso8859_2": "cp1250",
    "cp1250": "iso8859_2",
    "iso8859_7": "cp1253",
    "cp1253": "iso8859_7",
    "iso8859_13": "cp1257",
    "iso8859_8": "cp1255",
}


def _credited(
    claims: dict[str, str], scores: dict[str, float], sample: bytes, language: str | None
) -> dict[str, str]:
    """The claims, a charset's twin in its place where that reads better; scores both."""
    credited: dict[str, str] = {}
    for codec, source in claims.items():
        twin = _TWINS.get(codec)
        if twin is not None and twin not in scores:
            scores[twin] = plausibility(sample, twin, language)
        if twin is not None and scores[twin] > scores[codec] >= _POSSIBLE:
            credited.setdefault(twin, claims.get(twin, "detected"))
        else:
            credited.setdefault(codec, source)
    return credited


def _damaged_utf8(content: bytes) -> str | None:
    """The text where the bytes are UTF-8 save for a few broken places, else None."""
    text = content.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - bad - len(re.findall(rb"[\x00-\x7f]", content))
    return text if good >= _GOOD_PER_BAD * bad else None


def _wide(content: bytes) -> str | None:
    """UTF-16 without a byte-order mark shows NULs at every other place of its markup."""
    head = content[:64]
    if head.count(0) < len(head) // 4:
        return None
    return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"


def _around_high_bytes(content: bytes) -> bytes:
    """Lines of the content that hold bytes above 127, up to the sample's size."""
    lines, size = [], 0
    for line in content.splitlines():
        if not line.isascii():
            lines.append(line[:_SAMPLE])
            size += len(lines[-1]) + 1
            if size >= _SAMPLE:
                break
    return _LONG_WORD.sub(_shortened, b"\n".join(lines)[:_SAMPLE])


# The detector's pattern takes quadratic time on a run of letters; no word of a language is longer.
_LONG_WORD = re.compile(rb"[A-Za-z]{60,}+")


def _shortened(match: re.Match[bytes]) -> bytes:
    return match[0][:60]


def _detected(sample: bytes) -> str | None:
    """What bs4's detector says of the sample, as a Python codec."""
    from bs4.dammit import EncodingDetector

    found = EncodingDetector(sample, is_html=False, exclude_encodings=["utf-8", "ascii"])
    return next((codec for name in found.encodings if (codec := _codec(name))), None)


def _read(content: bytes, codec: str, source: str, flags: tuple[str, ...]) -> Decoded:
    try:
        text = content.decode(codec)
    except (UnicodeError, LookupError):
        text = content.decode(codec, "replace")
        flags = (*flags, "charset-damaged")
    return _mend(text, codec, source, flags)


def _mend(text: str, codec: str, source: str, flags: tuple[str, ...]) -> Decoded:
    """Undo mojibake where the page is full of it; one odd line stays as it is."""
    lines = text.split("\n")
    found = {
        number: len(_MOJIBAKE.findall(line))
        for number, line in enumerate(lines)
        if _may_be_garbled(line, _ALL_MARKS)
    }
    if sum(found.values()) >= _MOJIBAKE_LINES:
        bad = [number for number, marks in found.items() if marks]
        mended = {i: fixed for i in bad if (fixed := mend_mojibake(lines[i])) != lines[i]}
        if sum(found[number] for number in mended) >= _MOJIBAKE_LINES:
            text = "\n".join(mended.get(i, line) for i, line in enumerate(lines))
            flags = (*flags, "mojibake-mended")
    name = _NAMES.get(codec, codec)
    return Decoded(text.encode("utf-8", "replace"), len(text), name, source, flags)


# What a charset is called in rows and reports: the WHATWG name, not Python's.
_NAMES = {
    **{f"cp{n}": f"windows-{n}" for n in range(1250, 1259)},
    "cp874": "windows-874",
    "cp932": "shift_jis",
    "cp949": "euc-kr",
    "euc_jp": "euc-jp",
    "iso2022_jp": "iso-2022-jp",
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
    "mac_roman": "macintosh",
    "cp866": "ibm866",
    **{f"iso8859_{n}": f"iso-8859-{n}" for n in range(2, 17)},
    "big5hkscs": "big5",
    "koi8_r": "koi8-r",
    "koi8_u": "koi8-u",
}
