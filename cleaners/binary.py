"""Bytes that are no text in any charset: pictures, archives, documents of programs."""

import codecs
import re

_HEAD = 16_384
_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"\x1f\x8b", "gzip data"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
)
_MAGICS = tuple(magic for magic, _ in _MAGIC)
TAG = re.compile(
    rb"</?(?:html|head|body|p|div|span|a|br|li|ul|ol|h[1-6]|table|tr|td|section|article|main|nav"
    rb"|header|footer|img|em|strong|b|i|blockquote|figure|script|style|title|meta|link|time)"
    rb"(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_WIDE_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = bytes(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 27}) + b"\x7f"
CONTROL_SHARE = 0.05
"""Text in any charset of the web holds almost no control bytes; compressed data holds 9 %."""


def what_it_is(content: bytes) -> str | None:
    """What bytes are that are no text, in words for people; None for text, however damaged.

    >>> what_it_is(b"%PDF-1.7 ..."), what_it_is("Größe".encode("latin-1"))
    ('a PDF document', None)
    """
    if content[:64].lstrip()[:1] == b"<":
        return None  # markup, as nearly all pages begin
    head = content[:_HEAD]
    if head.startswith(_MAGICS):
        return next(word for magic, word in _MAGIC if head.startswith(magic))
    if without_wide_chars(head) is None and TAG.search(head.replace(b"\0", b"")) is None:
        return "binary data"
    return None


def without_wide_chars(head: bytes) -> bytes | None:
    """The head in a charset that contains ASCII, or None when it is no text at all."""
    for bom, charset in _WIDE_BOMS:
        if head.startswith(bom):
            return head[len(bom) :].decode(charset, "replace").encode("utf-8", "replace")
    if b"\0" in head and (wide := _wide(head)) is not None:
        return head.decode(wide, "replace").encode("utf-8", "replace")
    strange = len(head) - len(head.translate(None, _CONTROL))
    return None if strange > CONTROL_SHARE * len(head) else head


def _wide(head: bytes) -> str | None:
    """The charset of two bytes a character that the places of the NULs speak of."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(len(head) // 2, 1)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.05 * half else None
