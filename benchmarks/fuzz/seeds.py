"""What fuzzing begins with: small, whole inputs of each kind, made from the demo newswire."""

import gzip
import io
import json
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from cleaners.store.warc_writer import Exchange, WarcWriter
from crawler.config.template import Answers, write_template
from examples.newswire.address import View, by_host
from examples.newswire.gold import gold, webs
from examples.newswire.load import sites
from examples.newswire.model import GoldPage, Kind

EACH = 12
"""Pages of a kind: enough to show each site's look, few enough to be mutated often."""
_ROBOTS = b"User-agent: winnow\nDisallow: /a*b$\nAllow: /\nCrawl-delay: 2.5\nRequest-rate: 1/5\n"
_JSON_FEED = (
    b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/a", "title": "A"}]}'
)
_RULES = (
    b'["nordpost.example"]\ndrop = [".promo", "aside:has(form)"]\n'
    b"drop_text = ['^Follow .+']\ndate = \"span.when\"\n"
)
_MHTML = (
    b"MIME-Version: 1.0\r\nSnapshot-Content-Location: https://a.example/ferry\r\n"
    b'Content-Type: multipart/related; boundary="B"\r\n\r\n--B\r\n'
    b"Content-Type: text/html; charset=iso-8859-1\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n"
    b"Content-Location: https://a.example/ferry\r\n\r\n<p>Le bac =E9tait en retard</p>\r\n--B--\r\n"
)


def write_seeds(target: str, folder: Path) -> int:
    """Put the seeds of a target into a folder; how many."""
    contents = list(SEEDS[target]())
    for number, content in enumerate(contents):
        (folder / f"seed-{number:03}").write_bytes(content)
    return len(contents)


@cache
def _gold() -> tuple[GoldPage, ...]:
    return gold(View(by_host(sites())))


def _served(*kinds: Kind) -> Iterator[bytes]:
    """The bodies of the first pages of each of some kinds."""
    view, served = View(by_host(sites())), webs()
    for kind in kinds:
        for page in [page for page in _gold() if page.kind is kind][:EACH]:
            parts = urlsplit(page.url)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            yield served[page.site].answer(path, view).body


def _pages() -> Iterator[bytes]:
    yield from _served(Kind.ARTICLE, Kind.LISTING, Kind.LIVE_BLOG, Kind.CHALLENGE, Kind.VIDEO)


def _texts() -> Iterator[bytes]:
    articles = [page for page in _gold() if page.kind is Kind.ARTICLE][:EACH]
    for page in articles:
        yield f"{page.title}\n\nBy {', '.join(page.authors)}\n\n{page.body}".encode()


def _feeds() -> Iterator[bytes]:
    yield from _served(Kind.FEED)
    yield _JSON_FEED
    yield b'{"articles": [{"url": "https://a.example/1", "title": "A", "language": "English"}]}'


def _sitemaps() -> Iterator[bytes]:
    for content in _served(Kind.SITEMAP):
        yield from (content, gzip.compress(content))
    yield b"https://a.example/1\nhttps://a.example/2\n"


def _robots() -> Iterator[bytes]:
    yield from _served(Kind.ROBOTS)
    yield _ROBOTS


def _archives() -> Iterator[bytes]:
    moment = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
    for page in list(_pages())[:4]:
        headers = ((b"Content-Type", b"text/html"), (b"Content-Encoding", b"gzip"))
        url, body = "https://a.example/1", gzip.compress(page)
        exchange = Exchange(url, "GET", ((b"Host", b"a"),), 200, "OK", headers, body, moment)
        with tempfile.TemporaryDirectory() as folder:
            writer = WarcWriter(Path(folder))
            place = writer.write(exchange)
            writer.write_metadata(exchange, place.record_id, [("winnow-found", '{"method": "x"}')])
            writer.close()
            content = (Path(folder) / place.file).read_bytes()
        yield content
        plain, rest = b"", content
        while rest:  # as other tools write them: not packed
            member = zlib.decompressobj(wbits=31)
            plain += member.decompress(rest)
            rest = member.unused_data
        yield plain


def _lines() -> Iterator[bytes]:
    rows = [{"text": text.decode(), "url": "https://a.example/"} for text in _texts()]
    yield b"".join(json.dumps(row).encode() + b"\n" for row in rows[:3])
    yield json.dumps([{"html": page.decode("latin-1")} for page in list(_pages())[:2]]).encode()


def _tables() -> Iterator[bytes]:
    texts = [text.decode() for text in _texts()][:3]
    urls = ["https://a.example/", None, ""]
    kinds: Mapping[str, pa.DataType] = {
        "text": pa.string(),
        "html": pa.binary(),
        "body": pa.large_string(),
    }
    for number, (name, kind) in enumerate(kinds.items()):
        table = pa.table({name: pa.array(texts, pa.string()).cast(kind), "url": urls})
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression=("none", "snappy", "zstd")[number])
        yield buffer.getvalue()


def _packed() -> Iterator[bytes]:
    page = next(_pages())
    yield _MHTML
    yield gzip.compress(page)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.html", page)
        archive.writestr("b/c.txt", b"The ferry was late.")
    yield buffer.getvalue()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        info = tarfile.TarInfo("a.html")
        info.size = len(page)
        tar.addfile(info, io.BytesIO(page))
    yield buffer.getvalue()


def _coded() -> Iterator[bytes]:
    page = next(_pages())
    yield gzip.compress(page)
    yield zlib.compress(page)


def _settings() -> Iterator[bytes]:
    yield write_template(Answers()).encode()
    yield write_template(Answers(seeds=("a.txt",), sites=("https://a.example/",))).encode()
    yield _RULES


SEEDS: Mapping[str, Callable[[], Iterator[bytes]]] = {
    "html": _pages,
    "text": _texts,
    "feed": _feeds,
    "sitemap": _sitemaps,
    "robots": _robots,
    "warc": _archives,
    "jsonl": _lines,
    "parquet": _tables,
    "inputs": _packed,
    "codings": _coded,
    "config": _settings,
}
