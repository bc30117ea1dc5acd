import gzip
import io
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from cleaners.errors import InputError, StoreError
from cleaners.model import Discovery, Page, Reason, Rejection, Stage
from cleaners.store.found import (
    discovery_from_json,
    discovery_to_json,
    verdict_from_json,
    verdict_to_json,
)
from cleaners.store.warc import archive_pages, page_kind, read_exchange
from cleaners.store.warc_writer import (
    FOUND_FIELD,
    VERDICT_FIELD,
    Exchange,
    Original,
    WarcWriter,
    repair,
    warc_date,
)

WHEN = datetime(2026, 3, 4, 5, 6, 7, 123456, UTC)
HTML = b"<!doctype html><html><body><p>The ferry to Osterby sails again.</p></body></html>"


def exchange(path: str = "a", body: bytes = HTML, **more: object) -> Exchange:
    given = Exchange(
        url=f"http://nord.example/{path}",
        method="GET",
        request_headers=((b"User-Agent", b"Winnow"), (b"Proxy-Authorization", b"Basic c2VjcmV0")),
        status=200,
        reason="OK",
        headers=((b"Content-Type", b"text/html; charset=utf-8"), (b"ETag", b'"x"')),
        body=body,
        fetched_at=WHEN,
        ip_address="192.0.2.7",
    )
    return replace(given, **more)  # type: ignore[arg-type]


def write(folder: Path, *exchanges: Exchange) -> Path:
    writer = WarcWriter(folder)
    for one in exchanges:
        writer.write(one)
    writer.close()
    return max(folder.glob("*.warc.gz"))


def pages(path: Path) -> list[Page]:
    found = list(archive_pages(path))
    assert all(isinstance(page, Page) for page in found), found
    return [page for page in found if isinstance(page, Page)]


def test_a_page_comes_back_as_it_was_fetched(tmp_path: Path) -> None:
    (page,) = pages(write(tmp_path, exchange()))
    assert (page.content, page.source, page.url, page.kind) == (
        HTML,
        "http://nord.example/a",
        "http://nord.example/a",
        "html",
    )
    fetch = page.fetch
    assert fetch is not None
    assert fetch.warc is not None
    assert (fetch.fetched_at, fetch.status, fetch.header("etag")) == (WHEN, 200, '"x"')
    assert fetch.warc.payload_digest.startswith("sha1:")


def test_what_came_packed_is_not_packed_again_and_reads_like_the_rest(tmp_path: Path) -> None:
    body = b"".join(b"<p>Ferry %d sails.</p>" % number for number in range(500))
    coded = ((b"Content-Type", b"text/html"), (b"Content-Encoding", b"gzip"))
    packed = gzip.compress(body, mtime=0)
    path = write(tmp_path, exchange("a", packed, headers=coded), exchange("b", body))
    assert packed in path.read_bytes()
    assert body not in path.read_bytes()
    assert [page.content for page in pages(path)] == [body, body]
    with open(path, "rb") as file:
        bodies = [
            record.content_stream().read()
            for record in WarcioIterator(file)
            if record.rec_type == "response"
        ]
    assert bodies == [body, body]


def test_compressed_bodies_are_archived_as_they_came(tmp_path: Path) -> None:
    packed = gzip.compress(HTML)
    coded = exchange(body=packed, headers=((b"Content-Encoding", b"gzip"),))
    path = write(tmp_path, coded)
    (page,) = pages(path)
    assert page.content == HTML
    assert packed in gzip.decompress(path.read_bytes())


def test_every_record_is_a_member_and_reads_by_its_offset(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path)
    bodies = [HTML + b"%d" % n for n in range(5)]
    places = [writer.write(exchange(str(n), body)) for n, body in enumerate(bodies)]
    writer.close()
    path = tmp_path / places[0].file
    for body, place in zip(bodies, places, strict=True):
        with path.open("rb") as file:
            file.seek(place.offset)
            member = io.BytesIO(file.read(place.length))
        assert gzip.decompress(member.getvalue()).endswith(body + b"\r\n\r\n")
        read = read_exchange(path, place.offset)
        assert read is not None
        assert (read[0].body, read[0].fetched_at) == (body, WHEN)
        assert (read[1].offset, read[1].record_id) == (place.offset, place.record_id)


def test_warcio_reads_it_and_finds_all_digests_right(tmp_path: Path) -> None:
    path = write(tmp_path, exchange(), exchange("b", gzip.compress(HTML)), exchange(status=304))
    kinds = []
    with path.open("rb") as file:
        for record in WarcioIterator(file, check_digests="raise"):
            record.content_stream().read()
            kinds.append(record.rec_type)
    assert kinds == ["warcinfo", *["request", "response"] * 2, "request", "revisit"]


def test_what_lets_somebody_in_is_not_archived(tmp_path: Path) -> None:
    path = write(tmp_path, exchange())
    assert b"c2VjcmV0" not in gzip.decompress(path.read_bytes())


def test_identical_bodies_are_stored_once_and_read_twice(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path)
    first = writer.write(exchange("a"))
    original = Original(first.record_id, "http://nord.example/a", warc_date(WHEN))
    second = writer.write(exchange("b"), original=original)
    writer.close()
    assert second.payload_digest == first.payload_digest
    one, two = pages(tmp_path / first.file)
    assert (one.url, two.url) == ("http://nord.example/a", "http://nord.example/b")
    assert one.content == two.content == HTML


def test_a_revisit_without_its_original_gives_no_empty_page(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path)
    writer.write(exchange("b"), original=Original("<urn:uuid:1>", "http://x.example/", "2026"))
    writer.close()
    assert list(archive_pages(max(tmp_path.glob("*.gz")))) == []


def test_how_a_page_was_found_comes_back_with_it(tmp_path: Path) -> None:
    found = Discovery(
        "feed", "http://nord.example/feed", "s1", 0.75, ("names: Ösby",), "Tïtle", WHEN
    )
    verdict = Rejection("x", None, Stage.RELATE, Reason.NOT_RELATED, "score 0.1")
    writer = WarcWriter(tmp_path)
    for path, values in {
        "a": [(FOUND_FIELD, discovery_to_json(found) or "")],
        "b": [
            (FOUND_FIELD, discovery_to_json(found) or ""),
            (VERDICT_FIELD, verdict_to_json(verdict)),
        ],
    }.items():
        place = writer.write(exchange(path))
        writer.write_metadata(exchange(path), place.record_id, values)
    writer.close()
    page, rejection = archive_pages(max(tmp_path.glob("*.gz")))
    assert page.discovery == found
    assert isinstance(rejection, Rejection)
    assert (rejection.reason, rejection.source) == (Reason.NOT_RELATED, "http://nord.example/b")
    assert rejection.discovery == found


def test_errors_redirects_and_pictures_are_no_pages(tmp_path: Path) -> None:
    picture = exchange("p", headers=((b"Content-Type", b"image/png"),), body=b"\x89PNG")
    robots = exchange("robots.txt", b"User-agent: *", headers=((b"Content-Type", b"text/plain"),))
    path = write(tmp_path, exchange(status=404), exchange(status=301), picture, robots)
    assert list(archive_pages(path)) == []


def test_files_are_rotated_by_size_and_numbered_on(tmp_path: Path) -> None:
    for _ in range(2):
        writer = WarcWriter(tmp_path, max_bytes=1_000)
        for n in range(6):
            writer.write(exchange(str(n), random.Random(n).randbytes(600)))
        writer.close()
    files = sorted(path.name for path in tmp_path.glob("*.warc.gz"))
    assert files == [f"winnow-{n:06d}.warc.gz" for n in range(len(files))]
    assert len(files) >= 8
    assert max(path.stat().st_size for path in tmp_path.glob("*.gz")) < 4_000


@settings(max_examples=25, deadline=None)
@given(share=st.floats(0.0, 1.0), garbage=st.binary(max_size=40))
@example(share=0.9999999999999999, garbage=b"\0")
def test_a_cut_tail_is_taken_away_and_nothing_else(
    share: float, garbage: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("warc")
    writer = WarcWriter(folder)
    places = [writer.write(exchange(str(n), HTML * (n + 1))) for n in range(4)]
    writer.close()
    path = folder / places[0].file
    whole = path.read_bytes()
    left = whole[: int(share * len(whole))] + garbage
    path.write_bytes(left)
    repair(path)
    # Garbage may be just what was cut.
    sound = next(
        (at for at, pair in enumerate(zip(whole, left, strict=False)) if len(set(pair)) > 1),
        min(len(whole), len(left)),
    )
    good = [place for place in places if place.offset + place.length <= sound]
    assert [page.fetch.warc.offset for page in pages(path) if page.fetch and page.fetch.warc] == [
        place.offset for place in good
    ]
    assert repair(path) == 0
    assert whole.startswith(path.read_bytes())


def test_opening_repairs_the_newest_file(tmp_path: Path) -> None:
    path = write(tmp_path, exchange())
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(gzip.compress(b"WARC/1.1\r\n")[:-3])
    writer = WarcWriter(tmp_path)
    assert writer.bytes_cut > 0
    writer.write(exchange("b"))
    writer.close()
    assert path.stat().st_size == size
    assert len(list(tmp_path.glob("*.gz"))) == 2


def test_a_cut_archive_gives_what_it_holds_and_says_where_it_ends(tmp_path: Path) -> None:
    path = write(
        tmp_path, exchange("a"), exchange("b", HTML * 40 + random.Random(1).randbytes(900))
    )
    path.write_bytes(path.read_bytes()[:-300])
    page, broken = archive_pages(path)
    assert isinstance(page, Page)
    assert isinstance(broken, Rejection)
    assert (broken.reason, broken.source) == (Reason.BROKEN_ARCHIVE, str(path))


@settings(max_examples=50, deadline=None)
@given(content=st.binary(max_size=400))
def test_any_bytes_give_values_not_exceptions(content: bytes) -> None:
    for item in archive_pages(io.BytesIO(content)):
        assert isinstance(item, Page | Rejection)


@settings(max_examples=50, deadline=None)
@given(at=st.integers(0, 1500), value=st.integers(0, 255))
def test_a_plain_archive_with_any_byte_changed_gives_values(at: int, value: int) -> None:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML
    record = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        b"WARC-Target-URI: http://nord.example/\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
        b"Content-Type: application/http;msgtype=response\r\nContent-Length: %d\r\n\r\n"
        % len(block)
    )
    content = bytearray((record + block + b"\r\n\r\n") * 2)
    content[at % len(content)] = value
    for item in archive_pages(io.BytesIO(bytes(content))):
        assert isinstance(item, Page | Rejection)


def test_an_archive_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.warc\.gz"):
        list(archive_pages(tmp_path / "none.warc.gz"))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "warc").write_bytes(b"a file")
    with pytest.raises(StoreError, match="warc"):
        WarcWriter(tmp_path / "warc")


@pytest.mark.parametrize(
    ("media", "content", "kind"),
    [
        ("text/html", b"", "html"),
        ("application/xhtml+xml", b"", "html"),
        ("", b"hello", "html"),
        ("text/plain", b"hello", "text"),
        ("text/plain", b"\n <!DOCTYPE html>", "html"),
        ("application/octet-stream", b"<html>", "html"),
        ("application/pdf", b"%PDF-", None),
        ("text/html", b"%PDF-1.7", None),
        ("image/png", b"", None),
    ],
)
def test_the_kind_of_a_page_is_told_by_header_and_content(
    media: str, content: bytes, kind: str | None
) -> None:
    assert page_kind(media, content) == kind


@given(st.text(max_size=30))
def test_notes_of_any_make_are_values(text: str) -> None:
    assert discovery_from_json(text) is None or text
    assert verdict_from_json(text) is None


@given(
    st.text(min_size=1, max_size=9),
    st.floats(0, 1),
    st.lists(st.text(max_size=9), max_size=3),
    st.integers(0, 10**6),
)
def test_discovery_survives_its_json(
    method: str, score: float, reasons: list[str], seconds: int
) -> None:
    found = Discovery(
        method, None, "s", score, tuple(reasons), "t", WHEN + timedelta(seconds=seconds)
    )
    assert discovery_from_json(discovery_to_json(found)) == found
