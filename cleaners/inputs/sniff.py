"""What a file is, told from its first bytes; its name only decides what the bytes leave open.

Signatures are from the formats' own specifications and from the WHATWG MIME Sniffing standard.
"""

import codecs
import re
from enum import StrEnum

from cleaners.binary import TAG, without_wide_chars

HEAD_BYTES = 16_384
"""This many bytes are enough for all signatures; tar's stands at byte 257."""


class Form(StrEnum):
    """How the bytes of an input are to be read."""

    EMPTY = "empty"
    BINARY = "binary"
    UNSUPPORTED = "unsupported"
    HTML = "html"
    TEXT = "text"
    MHTML = "mhtml"
    JSON = "json"
    JSONL = "jsonl"
    PARQUET = "parquet"
    WARC = "warc"
    GZIP = "gzip"
    ZIP = "zip"
    TAR = "tar"


_MAGIC: tuple[tuple[bytes, Form, str], ...] = (
    (b"\x1f\x8b", Form.GZIP, "gzip"),
    (b"PAR1", Form.PARQUET, "Parquet"),
    (b"WARC/1.", Form.WARC, "WARC"),
    (b"WARC/0.", Form.WARC, "WARC"),
    (b"PK\x03\x04", Form.ZIP, "zip"),
    (b"PK\x05\x06", Form.ZIP, "zip"),
    (b"%PDF-", Form.UNSUPPORTED, "a PDF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Form.UNSUPPORTED, "an old Office document"),
    (b"{\\rtf", Form.UNSUPPORTED, "an RTF document"),
    (b"BZh", Form.UNSUPPORTED, "bzip2 data"),
    (b"\xfd7zXZ\x00", Form.UNSUPPORTED, "xz data"),
    (b"\x28\xb5\x2f\xfd", Form.UNSUPPORTED, "zstd data"),
    (b"7z\xbc\xaf\x27\x1c", Form.UNSUPPORTED, "a 7z archive"),
    (b"Rar!\x1a\x07", Form.UNSUPPORTED, "a RAR archive"),
    (b"bplist00", Form.UNSUPPORTED, "a web archive of Safari"),
    (b"\x89PNG\r\n\x1a\n", Form.BINARY, "a PNG picture"),
    (b"\xff\xd8\xff", Form.BINARY, "a JPEG picture"),
    (b"GIF8", Form.BINARY, "a GIF picture"),
    (b"\x7fELF", Form.BINARY, "a program"),
    (b"SQLite format 3\x00", Form.BINARY, "an SQLite database"),
    (b"OggS", Form.BINARY, "Ogg media"),
    (b"ID3", Form.BINARY, "MP3 audio"),
    (b"wOFF", Form.BINARY, "a font"),
    (b"wOF2", Form.BINARY, "a font"),
)

_TEXT_NOT_PROSE = {
    ".css": "a style sheet",
    ".js": "a script",
    ".mjs": "a script",
    ".map": "a source map",
    ".svg": "an SVG picture",
    ".csv": "a table",
    ".tsv": "a table",
    ".py": "a program",
    ".toml": "settings",
    ".yaml": "settings",
    ".yml": "settings",
    ".ini": "settings",
    ".log": "a log",
}
"""Text by its bytes, but never an article: what lies beside pages in saved or exported folders."""

_MARKUP_START = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|link|script|article|main)\b", re.IGNORECASE
)
_XML_START = re.compile(
    rb"\s*<(?:\?xml|rss|feed|urlset|sitemapindex|svg|!DOCTYPE\s+(?!html))", re.IGNORECASE
)
_MHTML_HEADER = re.compile(
    rb"(?:^|\n)content-type:\s*multipart/related|(?:^|\n)snapshot-content-location:", re.IGNORECASE
)
_HEADER_START = re.compile(
    rb"\s*(?:from|mime-version|subject|date|snapshot[\w-]*|content-[\w-]+)\s*:", re.IGNORECASE
)
MAX_COMMENTS = 50
"""Comments before the first tag; saved pages have one or two."""
MARKUP_PER_KB = 4.0
"""A text that quotes a tag or two stays text; fragments of HTML hold 8 to 40 tags a KB."""


def sniff(head: bytes, name: str = "") -> tuple[Form, str]:
    """The form of an input by its first `HEAD_BYTES` bytes and its name, with a word for people."""
    if not head:
        return Form.EMPTY, "0 bytes"
    for magic, form, word in _MAGIC:
        if head.startswith(magic):
            return (form, word) if form is not Form.ZIP else _zip_form(head)
    if head[:4] == b"RIFF" or head[4:8] == b"ftyp":
        return Form.BINARY, "media data"
    if head[257:262] == b"ustar":
        return Form.TAR, "tar"
    suffix = _suffix(name)
    plain = without_wide_chars(head)
    if plain is None:
        return Form.BINARY, "binary data"
    if not plain.strip(b"\xef\xbb\xbf\0 \t\r\n\f\v"):
        return Form.EMPTY, "nothing but white space"
    return _text_form(plain, suffix)


def _text_form(plain: bytes, suffix: str) -> tuple[Form, str]:
    """Which kind of text this is."""
    plain = plain.removeprefix(codecs.BOM_UTF8)
    start = plain.lstrip()
    if _HEADER_START.match(plain) and _MHTML_HEADER.search(plain):
        return Form.MHTML, "MHTML"
    if _MARKUP_START.match(_after_prologue(start)):
        return Form.HTML, "HTML"
    if suffix in (".jsonl", ".ndjson"):
        return Form.JSONL, "JSON lines"
    if suffix == ".json" and start[:1] in (b"{", b"["):
        return Form.JSON, "JSON"
    if suffix in _TEXT_NOT_PROSE:
        return Form.UNSUPPORTED, _TEXT_NOT_PROSE[suffix]
    tags = len(TAG.findall(plain))
    if suffix in (".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx"):
        return (Form.HTML, "HTML") if tags else (Form.TEXT, "text in an HTML file")
    if _XML_START.match(plain) and not tags:
        return Form.UNSUPPORTED, "XML that is no page"
    if tags >= 3 and tags * 1000 / len(plain) >= MARKUP_PER_KB and start[:1] == b"<":
        return Form.HTML, "HTML"
    return Form.TEXT, "text"


def _after_prologue(start: bytes) -> bytes:
    """What follows an XML declaration and comments; a loop, as a pattern of both backtracks."""
    at = 0
    for opening, closing in ((b"<?xml", b"?>"), *((b"<!--", b"-->") for _ in range(MAX_COMMENTS))):
        if start.startswith(opening, at):
            end = start.find(closing, at + len(opening))
            if end < 0:
                break
            at = end + len(closing)
            at += len(start) - at - len(start[at:].lstrip())
    return start[at:]


def _suffix(name: str) -> str:
    """The last suffix in lower case; that of what is inside for `.gz`."""
    base = name.rsplit("/", 1)[-1].rsplit("::", 1)[-1].lower().removesuffix(".gz")
    return "." + base.rsplit(".", 1)[1] if "." in base else ""


def _zip_form(head: bytes) -> tuple[Form, str]:
    """Zip archives that are really documents of another program are no archives of pages."""
    if b"word/" in head or b"[Content_Types].xml" in head[:200]:
        return Form.UNSUPPORTED, "an Office document"
    if head[30:38] == b"mimetype":
        return Form.UNSUPPORTED, "an e-book or OpenDocument file"
    return Form.ZIP, "zip"
