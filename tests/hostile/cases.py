"""Named inputs that mean harm, by the reader that meets them; each is built when it is wanted."""

import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from cleaners.charsets import LABELS

PROSE = (
    "<p>The harbour council met on Tuesday to discuss the new ferry line to Brack Island.</p>" * 5
)
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Case:
    """Bytes, or several of them, for one of the promises of benchmarks.fuzz."""

    reader: str
    build: Callable[[], bytes | Iterable[bytes]]

    def contents(self) -> Iterator[bytes]:
        built = self.build()
        yield from [built] if isinstance(built, bytes) else built


def page(body: str, head: str = "") -> bytes:
    text = f"<html><head><title>T</title>{head}</head><body>{PROSE}{body}{PROSE}</body></html>"
    return text.encode("utf-8", "surrogatepass")


def nested(opening: str, count: int, closing: str = "", inside: str = PROSE) -> bytes:
    return page(opening * count + inside + closing * count)


def ld(text: str) -> bytes:
    return page("", f'<script type="application/ld+json">{text}</script>')


def many_attributes() -> bytes:
    return page(f"<p {' '.join(f'a{n}=1' for n in range(MILLION))}>x</p>")


def charset_lies() -> Iterator[bytes]:
    """A text of one charset that says it is another's, for a label of every charset."""
    texts = (
        ("utf-8", "Größe, café, żółw, 渡し船は火曜日に再開した。"),
        ("windows-1251", "Паром снова ходит"),
        ("shift_jis", "渡し船は火曜日に再開した。"),
        ("utf-16-le", "The ferry sailed."),
        ("big5", "渡輪星期二復航"),
    )
    labels = {codec: label for label, codec in LABELS.items()}.values()
    for label in [*labels, "utf-7", "rot13", "zlib", "idna", "x-user-defined", "\0", "utf-8" * 50]:
        for charset, text in texts:
            raw = text.encode(charset) * 20
            yield b'<meta charset="' + label.encode() + b'"><p>' + raw + b"</p>"


def laughs(depth: int = 12) -> str:
    lines = ['<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, depth)]
    return f"<!DOCTYPE rss [{''.join(lines)}]>"


def rss(title: str, prologue: str = "") -> bytes:
    item = f"<item><link>https://a.example/1</link><title>{title}</title></item>"
    return f'<?xml version="1.0"?>{prologue}<rss><channel>{item}</channel></rss>'.encode()


def urlset(location: str, prologue: str = "") -> bytes:
    return f"{prologue}<urlset><url><loc>{location}</loc></url></urlset>".encode()


EXTERNAL = (
    '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
    '<!DOCTYPE r [<!ENTITY e SYSTEM "http://127.0.0.1:9/e">]>',
    '<!DOCTYPE r [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p; <!ENTITY e "x">]>',
    '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/r.dtd">',
)


def bomb(size: int, rounds: int = 1) -> bytes:
    """`size` bytes of blanks, packed `rounds` times over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    step = b" " * MILLION
    packed = b"".join(packer.compress(step) for _ in range(size // MILLION)) + packer.flush()
    for _ in range(rounds - 1):
        packed = gzip.compress(packed)
    return packed


def record(length: str, body: bytes, *, http: str = "", kind: str = "response") -> bytes:
    """A WARC record that says it is `length` bytes long."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{http}\r\n".encode()
    fields = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        "WARC-Target-URI: https://a.example/1\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {length}\r\n\r\n"
    )
    return fields.encode() + head + body + b"\r\n\r\n"


def lying_archives() -> Iterator[bytes]:
    body = PROSE.encode()
    for length in ("0", "1", "-1", "99999999999999999999", "1e9", "", "0x10", "NaN", str(2**63)):
        for http in ("", "Content-Length: 9999999999\r\n", "Transfer-Encoding: chunked\r\n"):
            yield record(length, body, http=http)
            yield gzip.compress(record(length, body, http=http))
    coded = "Content-Encoding: gzip\r\n"
    for content, http in (
        (bomb(100 * MILLION), coded),
        (bomb(100 * MILLION, 2), "Content-Encoding: gzip, gzip\r\n"),
        (zlib.compress(bytes(50 * MILLION)), "Content-Encoding: deflate\r\n"),
        (b"\x1b\x00\x00", "Content-Encoding: br\r\n"),
        (b"FFFFFFFFFFFFFFFF\r\nx", "Transfer-Encoding: chunked\r\n"),
    ):
        whole = len(record("0", content, http=http))
        yield record(str(whole), content, http=http)
    yield gzip.compress(record(str(100 * MILLION), bytes(100 * MILLION)))


def parquet_of(values: object, **options: object) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"text": values}), buffer, **options)
    return buffer.getvalue()


def lying_tables() -> Iterator[bytes]:
    """A Parquet file with each byte of its footer, and some of its pages, made 0x00 and 0xFF."""
    whole = parquet_of(["The ferry sailed.", None, "x" * 300], compression="snappy")
    footer = int.from_bytes(whole[-8:-4], "little") + 8
    places = [*range(4, len(whole) - footer, 7), *range(len(whole) - footer, len(whole), 5)]
    for place in places:
        for byte in (0x00, 0x7F, 0xFF):
            yield whole[:place] + bytes([byte]) + whole[place + 1 :]
    for length in (0, 1, 2**31 - 1, 2**32 - 1):
        yield whole[:-8] + length.to_bytes(4, "little") + b"PAR1"


CASES: Mapping[str, Case] = {
    # depth
    "100,000 nested div": Case("html", lambda: nested("<div>", 100_000, "</div>")),
    "100,000 nested b, never closed": Case("html", lambda: nested("<b>", 100_000)),
    "50,000 nested a": Case("html", lambda: nested("<a href=/x>", 50_000)),
    "30,000 nested tables": Case("html", lambda: nested("<table><tr><td>", 30_000)),
    "30,000 nested lists": Case("html", lambda: nested("<ul><li>", 30_000)),
    "50,000 nested forms and buttons": Case("html", lambda: nested("<form><button>", 50_000)),
    "JSON-LD 10,000 deep": Case("html", lambda: ld('{"a":' * 10_000 + "1" + "}" * 10_000)),
    "JSON-LD of 10,000 open lists": Case("html", lambda: ld("[" * 10_000)),
    "JSON-LD of 2,000 graphs": Case("html", lambda: ld('{"@graph":[' * 2_000)),
    "JSON-LD without end, blanks after author": Case(
        "html", lambda: ld('{"headline":"x","author":' + " " * 190_000)
    ),
    "JSON-LD of quotes and line ends": Case("html", lambda: ld('"' + "\n" * 190_000)),
    "page data 10,000 deep": Case(
        "html",
        lambda: page(
            "", f'<script id=__NEXT_DATA__ type="application/json">{"[" * 10_000}</script>'
        ),
    ),
    "microdata 10,000 deep": Case(
        "html", lambda: nested("<div itemscope itemprop=author>", 10_000)
    ),
    # size
    "a page of 50 MB": Case("html", lambda: page("<p>word </p>" * (50 * MILLION // 12))),
    "one line of 20 MB": Case("html", lambda: page("word " * (19 * MILLION // 5))),
    "one line of 20 MB of text": Case("text", lambda: b"word " * (19 * MILLION // 5)),
    "one word of 5 MB": Case("text", lambda: b"a" * (5 * MILLION)),
    "five million line ends": Case("text", lambda: b"\n" * (5 * MILLION) + PROSE.encode()),
    "100,000 lines of one letter": Case("text", lambda: b"a\n" * 100_000),
    "a million attributes": Case("html", many_attributes),
    "100,000 elements": Case("html", lambda: page("<i></i>" * 100_000)),
    "a million entities": Case("html", lambda: page("&amp;" * MILLION)),
    "a million open comments": Case("html", lambda: page("<!--" * MILLION)),
    "a million signs that open": Case("html", lambda: page("<" * MILLION)),
    "30,000 line breaks": Case("html", lambda: page("a<br>" * 30_000)),
    "10,000 links": Case("html", lambda: page('<a href="/x">a headline to read</a> ' * 10_000)),
    "an attribute without end": Case("html", lambda: page('<p class="' + "x " * MILLION)),
    "a class of 2 MB": Case("html", lambda: page(f'<p class="{"share ad " * 200_000}">x</p>')),
    "a title of 2 MB": Case("html", lambda: page("", f"<title>{'Ferry - ' * 250_000}</title>")),
    "an author of 1 MB": Case(
        "html", lambda: page("", f'<meta name=author content="{"a" * MILLION}">')
    ),
    "20,000 meta elements": Case(
        "html", lambda: page("", '<meta property="og:title" content="Ferry">' * 20_000)
    ),
    # characters
    "NULs": Case("html", lambda: page("\0".join("<p>The ferry sailed on Tuesday.</p>") * 50)),
    "NULs in a text": Case("text", lambda: b"The\0 ferry\0 sailed.\n\n" * 50),
    "lone surrogates": Case("html", lambda: page("<p>\ud800 The ferry \udfff sailed.</p>" * 20)),
    "lone surrogates in data": Case("html", lambda: ld('{"headline": "\\ud800 ferry \\udfff"}')),
    "bidi controls": Case("html", lambda: page("<p>\u202eThe \u2066ferry\u2069 sailed.</p>" * 20)),
    "zero-width text": Case(
        "html", lambda: page("<p>\u200bT\u200ch\u200de\ufeff f\u2060erry</p>" * 20)
    ),
    "marks upon marks": Case("html", lambda: page(f"<p>Z{chr(0x301) * 50_000}algo sailed.</p>")),
    "marks upon marks in a text": Case("text", lambda: f"Z{chr(0x301) * 50_000}algo".encode()),
    "every charset lie": Case("html", charset_lies),
    "letters behind one high byte": Case("html", lambda: b"<p>\xe9 " + b"a" * 19_000 + b"</p>"),
    # XML
    "a billion laughs in a feed": Case("feed", lambda: rss("&a11;", laughs())),
    "a billion laughs in a sitemap": Case("sitemap", lambda: urlset("https://a/&a11;", laughs())),
    "one long entity, often": Case(
        "feed", lambda: rss("&e;" * 50_000, f'<!DOCTYPE r [<!ENTITY e "{"x" * 50_000}">]>')
    ),
    "external entities in feeds": Case("feed", lambda: (rss("&e;", dtd) for dtd in EXTERNAL)),
    "external entities in sitemaps": Case(
        "sitemap", lambda: (urlset("https://a.example/&e;", dtd) for dtd in EXTERNAL)
    ),
    "a feed 100,000 deep": Case("feed", lambda: b"<rss>" + b"<item>" * 100_000),
    "a feed of document types": Case("feed", lambda: b"<!DOCTYPE [" * 100_000),
    "a JSON feed 100,000 deep": Case("feed", lambda: b'{"items":' + b"[" * 100_000),
    "a sitemap of 60,000 URLs": Case(
        "sitemap",
        lambda: b"<urlset>" + b"<url><loc>https://a.example/1</loc></url>" * 60_000,
    ),
    "a packed sitemap of 100 MB": Case("sitemap", lambda: bomb(100 * MILLION)),
    "a text sitemap of one line": Case(
        "sitemap", lambda: b"https://a.example/" + b"a" * (5 * MILLION)
    ),
    "a link of 1 MB": Case(
        "sitemap", lambda: page(f'<a href="/{"a" * MILLION}">A headline that is long</a>')
    ),
    # robots.txt
    "a robots.txt of 10 MB": Case("robots", lambda: b"Disallow: /x\n" * (10 * MILLION // 13)),
    "a rule of stars": Case(
        "robots",
        lambda: b"User-agent: *\nDisallow: /" + b"*a" * 2_000 + b"$\n" + b"Allow: /*2*0*/\n" * 50,
    ),
    "a rule of many stars": Case(
        "robots", lambda: b"User-agent: *\nDisallow: " + b"/*" * 20 + b"b$\n"
    ),
    # archives and tables
    "archives that lie about their lengths": Case("warc", lying_archives),
    "tables that lie about their lengths": Case("parquet", lying_tables),
    "a table with a cell of 400 MB": Case(
        "parquet", lambda: parquet_of(["a" * (400 * MILLION)], compression="zstd")
    ),
    "a packed page of 100 MB": Case("inputs", lambda: bomb(100 * MILLION)),
    "a page packed three times": Case("inputs", lambda: bomb(100 * MILLION, 3)),
    "a line of JSON of 50 MB": Case(
        "jsonl", lambda: json.dumps({"text": "a" * (50 * MILLION)}).encode()
    ),
    "JSON lines 100,000 deep": Case("jsonl", lambda: b'{"text": ' + b"[" * 100_000 + b"\n{}\n"),
    "coded bodies that unpack without end": Case(
        "codings",
        lambda: (bomb(100 * MILLION), bomb(100 * MILLION, 2), zlib.compress(bytes(MILLION))),
    ),
    # settings
    "settings 10,000 deep": Case("config", lambda: b"out = " + b"[" * 10_000),
    "settings of one line of blanks": Case(
        "config", lambda: b"[" + b" " * 200_000 + b"\nout" + b" " * 200_000
    ),
}
