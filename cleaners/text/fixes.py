"""Repairs of text that keep every word: pure functions, str -> str.

Policy on false positives: a repair that might change what a reader reads is not made. Joiners
(U+200C, U+200D) stay, because Persian, Indic scripts and emoji are spelled with them; quotation
marks, dashes and ligatures stay as the author set them; mojibake is mended only where its
telltale byte pairs stand and ftfy's own measure of badness agrees.
"""

import re
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from cleaners.text import backend

_NEWLINES: Final = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ufff9-\ufffb\ufffe\uffff]")
_INVISIBLE: Final = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_SPACES: Final = re.compile(r"[^\S\n]+")
# UTF-8 read as a one-byte charset shows as a lead byte's letter and a trail byte's sign; with
# Cyrillic charsets the lead bytes of Cyrillic are the letters Р and С before an odd sign.
_LEADS: Final = "[\u00c2-\u00f4\u0102\u0413\u0420\u0421\u0432]"
_TRAILS: Final = (
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u0402-\u040f"
    "\u0452-\u045f\u0490\u0491\u2013-\u203a\u20ac\u2116\u2122]"
)
_MOJIBAKE: Final = re.compile(_LEADS + _TRAILS)
_SURROGATE, _NEWLINE, _CONTROL, _HIDDEN = 1, 2, 4, 8
_BROKEN: Final = _SURROGATE | _NEWLINE | _CONTROL | _HIDDEN
_LEAD, _TRAIL, _PAIR, _WIDE = 16, 32, 64, 128
"""Bits of a character that a repair takes away, of both parts of a broken letter, of a text in
which one follows the other, and of white space beyond ASCII."""
_TABLE: Final = 0x10000
_PLAIN: Final = 0xE000  # private use: what stands for all characters beyond the table but tags
_TAGS: Final = 0xE0000 >> 7
_MAX_MEND: Final = 20_000
"""Longer lines are mended in pieces of this many characters, so that time stays linear."""
_MENDINGS: Final = 4
"""Text may be broken several times over; ftfy mends all at once, save in rare mixtures."""


def fix_newlines(text: str) -> str:
    r"""All line ends become a line feed.

    >>> fix_newlines("a\r\nb\rc\u2028d")
    'a\nb\nc\nd'
    """
    return _NEWLINES.sub("\n", text)


def drop_controls(text: str) -> str:
    r"""Control characters that are neither a tab nor a line feed go.

    >>> drop_controls("a\x00b\x1b[31mc\td")
    'ab[31mc\td'
    """
    return text if text.isprintable() else _CONTROLS.sub("", text)


def drop_invisible(text: str) -> str:
    r"""Zero-width spaces, soft hyphens, byte order marks, tags and bidi controls go; joiners stay.

    >>> drop_invisible("co\u00adope\u200bration \u202eevil")
    'cooperation evil'
    >>> drop_invisible("mi\u200ckhaham") == "mi\u200ckhaham"
    True
    """
    return text if text.isascii() else _INVISIBLE.sub("", text)


def replace_surrogates(text: str) -> str:
    r"""Lone surrogates, which no file can store, become the replacement character.

    >>> replace_surrogates("a\ud800b")
    'a\ufffdb'
    """
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def fold_spaces(text: str) -> str:
    r"""Every run of spaces, tabs and no-break spaces becomes one space; line feeds stay.

    >>> fold_spaces("a\u00a0\u2009b \t c\n d")
    'a b c\n d'
    """
    return _SPACES.sub(" ", text)


def mend_mojibake(text: str) -> str:
    r"""Text decoded with the wrong charset is put right, line by line, where that is certain.

    >>> mend_mojibake("Itâ€™s a cafÃ© in SÃ£o Paulo")
    'It’s a café in São Paulo'
    >>> mend_mojibake("РїСЂРёРІРµС‚ РјРёСЂ")
    'привет мир'
    >>> mend_mojibake("Ã is a letter, and so is Â; naïve façades stay")
    'Ã is a letter, and so is Â; naïve façades stay'
    """
    if text.isascii() or not _MOJIBAKE.search(text):
        return text
    return "\n".join(map(_mend_line, text.split("\n")))


def _mend_line(line: str) -> str:
    if len(line) > _MAX_MEND:
        pieces = (line[at : at + _MAX_MEND] for at in range(0, len(line), _MAX_MEND))
        return "".join(map(_mend_line, pieces))
    import ftfy  # a tenth of a second, and one page in a hundred has mojibake
    from ftfy import badness

    for _ in range(_MENDINGS):
        if line.isascii() or not _MOJIBAKE.search(line) or not badness.is_bad(line):
            break
        line, before = ftfy.fix_encoding(line), line
        if line == before:
            break
    return line


@cache
def _marks() -> npt.NDArray[np.uint8]:
    """What each code point below `_TABLE` may be a sign of, as bits."""
    every = "".join(map(chr, range(_TABLE)))
    marks = np.zeros(_TABLE, dtype=np.uint8)
    for bit, pattern in (
        (_SURROGATE, _SURROGATES),
        (_NEWLINE, _NEWLINES),
        (_CONTROL, _CONTROLS),
        (_HIDDEN, _INVISIBLE),
        (_LEAD, re.compile(_LEADS)),
        (_TRAIL, re.compile(_TRAILS)),
        (_WIDE, re.compile(r"[^\S\x00-\x7f]")),
    ):
        for found in pattern.finditer(every):
            marks[found.start() : found.end()] |= bit
    return marks


def _signs(text: str) -> int:
    """What the characters of a text are signs of, as bits; one look-up a character says so."""
    if backend.COMPILED:
        return backend.marks.signs(text, _marks(), _TAGS, _HIDDEN, _LEAD, _TRAIL, _PAIR)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    hidden = 0
    if text and codes.max() >= _TABLE:
        hidden = _HIDDEN if (codes >> 7 == _TAGS).any() else 0
        codes = np.where(codes < _TABLE, codes, np.uint32(_PLAIN))
    marks = _marks().take(codes)
    every = int(np.bitwise_or.reduce(marks, initial=0)) | hidden
    if every & _LEAD and every & _TRAIL and (marks[:-1] << 1 & marks[1:] & _TRAIL).any():
        every |= _PAIR
    return every


def is_sound(text: str) -> bool:
    r"""Whether no repair finds anything in a text.

    >>> is_sound("Ünsinn “naïve” Привет"), is_sound("a\r\nb"), is_sound("cafÃ©")
    (True, False, False)
    """
    return not _signs(text) & (_BROKEN | _PAIR)


def fix_text(text: str) -> str:
    r"""A text with all repairs; see `fix_and_look`.

    >>> fix_text("\ufeffTwo\u00a0 words\r\nof cafÃ©\x00")
    'Two\xa0 words\nof café'
    """
    return fix_and_look(text)[0]


def fix_and_look(text: str) -> tuple[str, bool]:
    r"""All repairs but the folding of spaces, which would hide a text's layout.

    Mojibake first: a control character may be the trail byte of a broken letter. Again until
    nothing changes: one that goes may have stood inside a broken letter. Repairs of what the text
    has no sign of are left out. Also whether what comes out may have white space beyond ASCII.

    >>> fix_and_look("Two words"), fix_and_look("Two\u00a0words")
    (('Two words', False), ('Two\xa0words', True))
    """
    wide = False
    for _ in range(_MENDINGS):
        signs, before = _signs(text), text
        wide = wide or bool(signs & _WIDE)
        if not signs & (_BROKEN | _PAIR):
            break
        if signs & _SURROGATE:
            text = replace_surrogates(text)
        if signs & _PAIR and (mended := mend_mojibake(text)) != text:
            text, signs = mended, _signs(mended)
            wide = True
        if signs & _NEWLINE:
            text = fix_newlines(text)
        if signs & _CONTROL:
            text = drop_controls(text)
        if signs & _HIDDEN:
            text = drop_invisible(text)
        if text == before:
            break
    else:
        wide = True  # what the last repair has left was not looked at
    return text, wide
