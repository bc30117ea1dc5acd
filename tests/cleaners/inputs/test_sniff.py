"""What a file is told to be, whatever its name says."""

import gzip
import io
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.inputs.sniff import HEAD_BYTES, Form, sniff

PROSE = b"The harbour council met on Tuesday to discuss the new ferry line.\n"
PAGE = b"<!DOCTYPE html><html><head><title>Ferry</title></head><body><p>Hi</p></body></html>"


def _zip(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, b"application/epub+zip")
    return buffer.getvalue()


CASES: list[tuple[str, bytes, str, Form]] = [
    ("nothing", b"", "a.txt", Form.EMPTY),
    ("blank", b" \n\t\r\n", "a.html", Form.EMPTY),
    ("a byte order mark alone", b"\xef\xbb\xbf\n", "a.txt", Form.EMPTY),
    ("prose", PROSE, "a.txt", Form.TEXT),
    ("prose without a name", PROSE, "", Form.TEXT),
    ("prose in an HTML file", PROSE, "a.html", Form.TEXT),
    ("a page", PAGE, "a.html", Form.HTML),
    ("a page in a text file", PAGE, "a.txt", Form.HTML),
    ("a page after comments", b"<!-- x -->\n<!-- y -->" + PAGE, "a.txt", Form.HTML),
    ("XHTML", b'<?xml version="1.0"?>\n<html xmlns="x"><body/></html>', "a.xhtml", Form.HTML),
    ("a fragment", b"<div><p>Some text</p><p>More text</p></div>", "a.txt", Form.HTML),
    ("prose that names a tag", PROSE * 20 + b"Use the <b>bold</b> tag.", "a.txt", Form.TEXT),
    ("quoted comparison", b"if a < b and c > d then say so, they wrote.", "a.md", Form.TEXT),
    ("UTF-16 with mark", b"\xff\xfe" + PAGE.decode().encode("utf-16-le"), "a.txt", Form.HTML),
    ("UTF-16 without mark", PROSE.decode().encode("utf-16-be"), "a.txt", Form.TEXT),
    ("Latin-1 prose", "Où était le bac à vapeur ?".encode("latin-1"), "a.txt", Form.TEXT),
    ("Shift-JIS prose", "港湾評議会は火曜日に会合を開いた。".encode("shift-jis"), "a", Form.TEXT),
    ("KOI8-R prose", "Паром отменён из-за шторма.".encode("koi8-r"), "a", Form.TEXT),
    ("one NUL in prose", PROSE * 3 + b"\0" + PROSE, "a.txt", Form.TEXT),
    ("random bytes", bytes(range(256)) * 8, "a.txt", Form.BINARY),
    ("compressed bytes", gzip.compress(bytes(range(256)) * 99)[12:], "a.txt", Form.BINARY),
    ("a picture named as page", b"\x89PNG\r\n\x1a\n" + bytes(64), "a.html", Form.BINARY),
    ("a PDF", b"%PDF-1.7\n%abc", "a.txt", Form.UNSUPPORTED),
    ("an e-book", _zip("mimetype"), "a.zip", Form.UNSUPPORTED),
    ("a zip", _zip("page.html"), "a.zip", Form.ZIP),
    ("a gzip named as page", gzip.compress(PAGE), "a.html", Form.GZIP),
    ("a Parquet file", b"PAR1" + bytes(32), "a.bin", Form.PARQUET),
    ("a WARC", b"WARC/1.1\r\nWARC-Type: warcinfo\r\n", "a.txt", Form.WARC),
    ("JSON lines", b'{"text": "a"}\n{"text": "b"}\n', "a.jsonl", Form.JSONL),
    ("JSON", b' [{"text": "a"}]', "a.json", Form.JSON),
    ("a style sheet", b"p { color: red }", "a.css", Form.UNSUPPORTED),
    ("a feed", b'<?xml version="1.0"?><rss><channel/></rss>', "a.xml", Form.UNSUPPORTED),
    (
        "MHTML",
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.example/\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary="x"\r\n\r\n',
        "a.mhtml",
        Form.MHTML,
    ),
    ("an e-mail address in prose", b"Date: Tuesday. From: the harbour.\n" + PROSE, "a", Form.TEXT),
]


@pytest.mark.parametrize(
    ("content", "name", "form"), [pytest.param(*c[1:], id=c[0]) for c in CASES]
)
def test_form(content: bytes, name: str, form: Form) -> None:
    assert sniff(content[:HEAD_BYTES], name)[0] is form


HARD = [
    b"<!---->",
    b"<!-->",
    b"<!-- ",
    b"<?xml ",
    b"<",
    b"<p ",
    b"<a <a ",
    b"content-type:",
    b" ",
    b"\n",
]


@pytest.mark.parametrize("piece", HARD)
def test_no_head_takes_long(piece: bytes) -> None:
    """Each takes some milliseconds; a pattern that backtracks takes hours."""
    content = (piece * HEAD_BYTES)[: HEAD_BYTES - 1] + b"x"
    begun = time.process_time()
    sniff(content, "a.html")
    sniff(content, "a.txt")
    assert time.process_time() - begun < 2


@given(st.binary(max_size=2000), st.text(max_size=20))
def test_any_bytes_have_a_form(content: bytes, name: str) -> None:
    form, word = sniff(content, name)
    assert word
    assert (form is Form.EMPTY) >= (content == b"")


@given(st.text(alphabet=st.characters(categories=["L", "Zs", "P", "N"]), min_size=20))
def test_letters_are_never_binary(text: str) -> None:
    assert sniff(text.encode("utf-8"), "a.txt")[0] is not Form.BINARY
