import codecs
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.decode import decode

TEXTS = json.loads(Path(__file__).with_name("decode.json").read_text("utf-8"))
CASES = [
    pytest.param(case["text"], charset, id=f"{case['label']}-{charset}")
    for case in TEXTS
    for charset in case["charsets"]
]
LIES = (None, "utf-8", "iso-8859-1", "windows-1251")


def _page(text: str, label: str | None) -> str:
    meta = f'<meta charset="{label}">' if label else ""
    return f"<html><head><title>x</title>{meta}</head><body><p>{text}</p></body></html>"


def _encode(page: str, charset: str) -> bytes:
    if charset == "windows-1258":  # has tone marks as combining characters only
        page = "".join(_apart(char) for char in page)
    return page.encode(charset)


def _apart(char: str) -> str:
    parts = unicodedata.normalize("NFD", char)
    tones = "".join(c for c in parts if c in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones)) + tones


@pytest.mark.parametrize("label", LIES)
@pytest.mark.parametrize(("text", "charset"), CASES)
def test_reads_the_text_whatever_the_meta_element_says(
    text: str, charset: str, label: str | None
) -> None:
    decoded = decode(_encode(_page(text, label), charset))
    assert unicodedata.normalize("NFC", decoded.text) == _page(text, label)


@pytest.mark.parametrize(("text", "charset"), CASES)
def test_believes_a_true_header(text: str, charset: str) -> None:
    decoded = decode(_encode(_page(text, "utf-8"), charset), f"text/html; charset={charset}")
    assert unicodedata.normalize("NFC", decoded.text) == _page(text, "utf-8")


def test_bom_beats_everything() -> None:
    content = codecs.BOM_UTF16_LE + "Größe".encode("utf-16-le")
    decoded = decode(content, "text/html; charset=iso-8859-1")
    assert (decoded.text, decoded.charset, decoded.charset_source) == ("Größe", "utf-16le", "bom")


def test_names_the_lie() -> None:
    text = next(case["text"] for case in TEXTS if case["label"] == "ru")
    decoded = decode(_page(text, "utf-8").encode("windows-1251"), "text/html; charset=UTF-8")
    assert (decoded.charset, decoded.charset_source) == ("windows-1251", "detected")
    assert decoded.flags == ("charset-lie",)


def test_utf8_with_one_stray_byte_stays_utf8() -> None:
    content = ("Größe und Höhe, Flüsse und Brücken " * 3).encode() + b"caf\xe9 "
    decoded = decode(content)
    assert decoded.charset == "utf-8"
    assert decoded.flags == ("charset-damaged",)
    assert decoded.text.startswith("Größe")


@pytest.mark.parametrize("letter", ["e", "ö", "–", "橋", "🌉"])
@pytest.mark.parametrize("shift", range(4))
def test_a_page_of_many_pieces_is_read_as_a_whole(letter: str, shift: int) -> None:
    text = "a" * shift + letter * 40_000
    decoded = decode(text.encode())
    assert (decoded.text, decoded.chars, decoded.charset) == (text, len(text), "utf-8")


def test_what_is_wrong_far_into_a_page_is_seen() -> None:
    start = "Ruhige Straßen.\n" * 4_000
    assert decode((start + "ü").encode()[:-1]).flags == ("charset-damaged",)
    garbled = "".join(f"Zeile {n}: fÃ¼r die Größe der BrÃ¼cke\n" for n in range(4))
    assert decode((start + garbled).encode()).flags == ("mojibake-mended",)


def test_an_aliased_label_means_what_browsers_mean() -> None:
    decoded = decode("„Brücke“ – 5 €".encode("cp1252"), "text/html; charset=ISO-8859-1")
    assert (decoded.text, decoded.charset) == ("„Brücke“ – 5 €", "windows-1252")
    assert decoded.charset_source == "header"


def test_mends_mojibake_and_says_so() -> None:
    line = "The mayor’s bridge is open – “at last”, said the fishers’ café.\n"
    garbled = (line * 4).encode().decode("cp1252", "replace")
    decoded = decode(garbled.encode())
    assert "mayor’s" in decoded.text
    assert "mojibake-mended" in decoded.flags


def test_one_garbled_line_is_left_alone() -> None:
    text = "Mojibake looks like this: Ã¼.\nAnd São Lourenço is NÃO garbled.\n"
    decoded = decode(text.encode())
    assert (decoded.text, decoded.flags) == (text, ())


FOREIGN = ("he", "ar", "el", "th", "ja", "zh", "ko", "ru", "lt")


@pytest.mark.parametrize("case", [case for case in TEXTS if case["label"] in FOREIGN])
@pytest.mark.parametrize("wrong", ["cp1252", "latin-1"])
def test_mends_mojibake_of_every_writing(case: dict[str, str], wrong: str) -> None:
    page = "".join(f"<p>{case['text']} {n}</p>\n" for n in range(4))
    assert decode(_garbled(page, wrong).encode()).text == page


@pytest.mark.parametrize(("label", "wrong"), [("fr", "cp1252"), ("ru", "cp1251"), ("ja", "cp1252")])
def test_mends_what_was_garbled_twice(label: str, wrong: str) -> None:
    text = next(case["text"] for case in TEXTS if case["label"] == label)
    page = "".join(f"<p>{text} {n}</p>\n" for n in range(4))
    assert decode(_garbled(_garbled(page, wrong), wrong).encode()).text == page


def _garbled(text: str, wrong: str) -> str:
    """UTF-8 read as a charset of one byte a letter; bytes that it lacks as browsers read them."""
    single = (bytes([byte]) for byte in text.encode())
    return "".join(b.decode(wrong, "ignore") or chr(b[0]) for b in single)


@pytest.mark.parametrize(
    ("text", "charset", "label"),
    [
        ("Άλλο ένα άρθρο. Άρθρο: «Ήρθε ο ήλιος», είπε. ", "cp1253", "iso-8859-7"),
        ("Άλλο ένα άρθρο. Άρθρο: «Ήρθε ο ήλιος», είπε. ", "iso8859_7", "windows-1253"),
        ("Příští týden začne oprava lávky, řekla Žofie Šťastná. ", "iso8859_2", "windows-1250"),
        ("Die Brücke kostet 3 €, sagte der Bürgermeister. ", "iso8859_15", "iso-8859-1"),
        ("Tööd algavad kevadel, ütles Õie Jõgi. ", "cp1252", "iso-8859-1"),
        ("ראש העיר פתח ביום שני את הגשר החדש. ", "cp1255", "windows-1251"),
    ],
)
def test_a_standard_and_its_twin_are_told_apart(text: str, charset: str, label: str) -> None:
    language = "he" if charset == "cp1255" else "en"
    page = f'<html lang="{language}"><p>{text * 3}</p></html>'
    assert decode(page.encode(charset), f"text/html; charset={label}").text == page


def test_a_byte_order_mark_before_another_charset_is_not_believed() -> None:
    text = next(case["text"] for case in TEXTS if case["label"] == "ru")
    content = codecs.BOM_UTF8 + _page(text, None).encode("windows-1251")
    decoded = decode(content, "text/html; charset=windows-1251")
    assert (decoded.text, decoded.charset_source) == (_page(text, None), "header")


@pytest.mark.parametrize("label", ["rot13", "zlib", "base64", "nonsense", "x" * 5000, "utf-7", ""])
def test_labels_that_are_no_charset(label: str) -> None:
    assert decode(b"plain", f"text/html; charset={label}").text == "plain"


@given(st.binary(max_size=300), st.none() | st.text(max_size=40))
def test_any_bytes_any_header(content: bytes, content_type: str | None) -> None:
    decoded = decode(content, content_type)
    assert decoded.text.encode("utf-8", "surrogatepass") is not None


@given(st.text().filter(lambda text: not text.startswith("\ufeff") and "\x00" not in text))
def test_utf8_round_trip(text: str) -> None:
    content = text.encode("utf-8", "replace")
    decoded = decode(content)
    if "\x1b" not in text and not decoded.flags:
        assert decoded.text == content.decode("utf-8")
