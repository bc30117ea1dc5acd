"""Files of every kind become pages; bad ones become rejections and the rest is still read."""

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.inputs import FoundFile, Limits, read_file, read_inputs
from cleaners.inputs.read import read_stream
from cleaners.model import Page, Reason, Rejection, Stage

PROSE = b"The harbour council met on Tuesday to discuss the new ferry line.\n"
PAGE = b"<!DOCTYPE html><html><body><p>Hello from the harbour</p></body></html>"
SMALL = Limits(page_bytes=10_000, expansion=200, free_bytes=50_000)


def _read(path: Path, limits: Limits = SMALL) -> list[Page | Rejection]:
    return list(read_inputs([str(path)], limits=limits))


def _pages(path: Path) -> list[tuple[str, str | None, str, bytes]]:
    outcomes = _read(path)
    assert all(isinstance(outcome, Page) for outcome in outcomes), outcomes
    root = f"{path}"
    return [
        (p.source.removeprefix(root), p.url, p.kind, p.content)
        for p in outcomes
        if isinstance(p, Page)
    ]


def _reason(path: Path) -> Reason:
    [outcome] = _read(path)
    assert isinstance(outcome, Rejection)
    assert outcome.stage is Stage.INPUT
    assert outcome.source == str(path)
    assert outcome.detail
    return outcome.reason


def test_text_and_pages(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(PROSE)
    (tmp_path / "b.txt").write_bytes(PAGE)
    (tmp_path / "c.html").write_bytes(PROSE)
    (tmp_path / "d.html.gz").write_bytes(gzip.compress(PAGE))
    (tmp_path / "e.md").write_bytes(b"# Ferry\n\n" + PROSE)
    (tmp_path / "f.html").write_bytes(
        b"<!-- saved from url=(0026)https://a.example/ferry-1 -->\n" + PAGE
    )
    assert [(source, url, kind) for source, url, kind, _ in _pages(tmp_path)] == [
        ("/a.txt", None, "text"),
        ("/b.txt", None, "html"),
        ("/c.html", None, "text"),
        ("/d.html.gz", None, "html"),
        ("/e.md", None, "text"),
        ("/f.html", "https://a.example/ferry-1", "html"),
    ]


BAD: list[tuple[str, str, bytes, Reason]] = [
    ("0 bytes", "a.txt", b"", Reason.EMPTY),
    ("white space", "a.txt", b" \n" * 20_000, Reason.TOO_LARGE),
    ("a little white space", "a.txt", b" \n" * 20, Reason.EMPTY),
    ("binary", "a.html", bytes(range(256)) * 4, Reason.BINARY),
    ("a picture", "a.html", b"\x89PNG\r\n\x1a\n" + bytes(20), Reason.BINARY),
    ("a PDF", "a.pdf", b"%PDF-1.4\n", Reason.UNSUPPORTED),
    ("gzip cut short", "a.html.gz", gzip.compress(PAGE)[:-12], Reason.BROKEN_ARCHIVE),
    ("gzip with a wrong sum", "a.gz", gzip.compress(PAGE)[:-8] + bytes(8), Reason.BROKEN_ARCHIVE),
    ("gzip head alone", "a.gz", b"\x1f\x8b\x08", Reason.BROKEN_ARCHIVE),
    ("empty gzip", "a.html.gz", gzip.compress(b""), Reason.EMPTY),
    ("gzip of a picture", "a.gz", gzip.compress(b"\x89PNG\r\n\x1a\n" + bytes(20)), Reason.BINARY),
    ("gzip bomb", "a.html.gz", gzip.compress(bytes(0) + b"a " * 900_000), Reason.TOO_LARGE),
    ("gzip in gzip", "a.gz", gzip.compress(gzip.compress(PAGE)), Reason.UNSUPPORTED),
    ("too large", "a.txt", PROSE * 200, Reason.TOO_LARGE),
    ("broken zip", "a.zip", b"PK\x03\x04" + bytes(40), Reason.BROKEN_ARCHIVE),
    ("broken Parquet", "a.parquet", b"PAR1" + bytes(40) + b"PAR1", Reason.BROKEN_ARCHIVE),
    ("Parquet head alone", "a.parquet", b"PAR1", Reason.BROKEN_ARCHIVE),
    ("JSON without text", "a.json", b'{"id": 3}', Reason.UNSUPPORTED),
    ("broken JSON", "a.json", b'{"id": ', Reason.UNREADABLE),
    ("deep JSON", "a.json", b"[" * 9_000, Reason.UNREADABLE),
    ("MHTML without a page", "a.mhtml",
     b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x--\n",
     Reason.BROKEN_ARCHIVE),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "reason"), [pytest.param(*b[1:], id=b[0]) for b in BAD]
)
def test_bad_files_are_rejected(tmp_path: Path, name: str, content: bytes, reason: Reason) -> None:
    (tmp_path / name).write_bytes(content)
    assert _reason(tmp_path / name) is reason


def test_one_bad_file_does_not_stop_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(PROSE)
    (tmp_path / "b.gz").write_bytes(gzip.compress(PAGE)[:20])
    (tmp_path / "c.txt").write_bytes(PROSE)
    kinds = [type(outcome).__name__ for outcome in _read(tmp_path)]
    assert kinds == ["Page", "Rejection", "Page"]


def test_json_lines_rows_are_pages(tmp_path: Path) -> None:
    lines = [
        json.dumps({"text": "one ferry", "url": "https://a.example/1", "title": "One"}),
        "",
        "not json",
        json.dumps({"html": "<p>two</p>", "text": "unused", "url": "javascript:1"}),
        json.dumps({"text": ""}),
        json.dumps([1]),
        json.dumps({"text": "x" * 20_000}),
        json.dumps({"content": "seven"}),
    ]
    path = tmp_path / "pages.jsonl"
    path.write_text("\n".join(lines))
    outcomes = _read(path)
    seen = [
        (o.source.removeprefix(str(path)), o.reason if isinstance(o, Rejection) else o.kind)
        for o in outcomes
    ]
    assert seen == [
        ("::1", "text"),
        ("::3", Reason.UNREADABLE),
        ("::4", "html"),
        ("::5", Reason.EMPTY),
        ("::6", Reason.UNSUPPORTED),
        ("::7", Reason.TOO_LARGE),
        ("::8", "text"),
    ]
    first = outcomes[0]
    assert isinstance(first, Page)
    assert (first.url, first.discovery and first.discovery.title) == ("https://a.example/1", "One")
    assert isinstance(outcomes[2], Page)
    assert outcomes[2].url is None


def test_packed_json_lines_break_late(tmp_path: Path) -> None:
    line = json.dumps({"text": "a ferry"}).encode() + b"\n"
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(line * 3)[:-4])
    outcomes = _read(tmp_path / "a.jsonl.gz")
    assert [type(o).__name__ for o in outcomes][-1] == "Rejection"
    assert isinstance(outcomes[-1], Rejection)
    assert outcomes[-1].reason is Reason.BROKEN_ARCHIVE


def test_a_json_document_of_many(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([{"text": "one"}, {"body": "two"}]))
    assert [(p[0], p[3]) for p in _pages(tmp_path / "a.json")] == [("::1", b"one"), ("::2", b"two")]


@pytest.mark.parametrize("binary", [False, True])
def test_parquet_rows_are_pages(tmp_path: Path, binary: bool) -> None:
    html = [PAGE, None, b""] if binary else [PAGE.decode(), None, ""]
    table = pa.table(
        {
            "html": pa.array(html, pa.binary() if binary else pa.string()),
            "text": ["unused", "the second row", ""],
            "url": ["https://a.example/1", None, None],
            "other": [1, 2, 3],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    outcomes = _read(tmp_path / "a.parquet")
    kinds = [o.reason if isinstance(o, Rejection) else o.kind for o in outcomes]
    assert kinds == ["html", "text", Reason.EMPTY]
    assert [o.source.rsplit("::")[1] for o in outcomes] == ["1", "2", "3"]


def test_parquet_without_text_names_its_columns(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [1], "price": [2]}), tmp_path / "a.parquet")
    [outcome] = _read(tmp_path / "a.parquet")
    assert isinstance(outcome, Rejection)
    assert "id, price" in outcome.detail


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


MEMBERS = {
    "a.html": PAGE,
    "sub/b.txt": PROSE,
    "../../etc/c.txt": PROSE,
    "sub/": b"",
    "__MACOSX/._a.html": b"x",
    "d.html.gz": gzip.compress(PAGE),
    "e.png": b"\x89PNG\r\n\x1a\n",
    "f.zip": _zip({"a.html": PAGE}),
    "g.txt": b"",
}
EXPECTED = [
    ("::a.html", "html"),
    ("::sub/b.txt", "text"),
    ("::../../etc/c.txt", "text"),
    ("::d.html.gz", "html"),
    ("::e.png", Reason.BINARY),
    ("::f.zip", Reason.UNSUPPORTED),
    ("::g.txt", Reason.EMPTY),
]


def test_zip_members(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(_zip(MEMBERS))
    assert _summary(path) == EXPECTED
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a.zip"]


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.tgz"])
def test_tar_members(tmp_path: Path, name: str) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for member, content in MEMBERS.items():
            info = tarfile.TarInfo(member.rstrip("/"))
            info.size = len(content)
            info.type = tarfile.DIRTYPE if member.endswith("/") else tarfile.REGTYPE
            archive.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("h.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
    content = buffer.getvalue()
    (tmp_path / name).write_bytes(content if name == "a.tar" else gzip.compress(content))
    assert _summary(tmp_path / name) == [*EXPECTED, ("::h.txt", Reason.UNREADABLE)]


def test_a_zip_that_unpacks_beyond_measure_ends(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    path.write_bytes(_zip({f"{n}.txt": b"a" * 9_000 for n in range(300)}))
    limits = Limits(page_bytes=10_000, expansion=2, free_bytes=50_000)
    outcomes = _read(path, limits)
    assert isinstance(outcomes[-1], Rejection)
    assert outcomes[-1].reason is Reason.TOO_LARGE
    assert len(outcomes) < 40


def test_mhtml(tmp_path: Path) -> None:
    (tmp_path / "a.mhtml").write_bytes(
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.example/ferry\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n'
        b"--B\r\nContent-Type: text/html\r\nContent-Location: https://ads.example/\r\n\r\n"
        b"<p>an advert</p>\r\n"
        b"--B\r\nContent-Type: text/html; charset=iso-8859-1\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n"
        b"Content-Location: https://a.example/ferry\r\n\r\n"
        b"<p>Le bac =E9tait en retard</p>\r\n--B--\r\n"
    )
    [(_, url, kind, content)] = _pages(tmp_path / "a.mhtml")
    assert (url, kind) == ("https://a.example/ferry", "html")
    assert "<p>Le bac était en retard</p>" in content.decode("utf-8-sig")


def test_standard_input() -> None:
    [page] = read_inputs(["-"], stdin=io.BytesIO(gzip.compress(PAGE)))
    assert isinstance(page, Page)
    assert (page.source, page.kind, page.content) == ("-", "html", PAGE)
    [nothing] = read_inputs(["-"], stdin=io.BytesIO(b""))
    assert isinstance(nothing, Rejection)


def _summary(path: Path) -> list[tuple[str, str]]:
    return [
        (o.source.removeprefix(str(path)), o.reason if isinstance(o, Rejection) else o.kind)
        for o in _read(path)
    ]


MAGICS = [b"", b"\x1f\x8b\x08\0", b"PK\x03\x04", b"PK\x05\x06", b"PAR1", b"{", b"[{", b"From: x\n"]


@given(st.sampled_from(MAGICS), st.binary(max_size=400), st.sampled_from(["", ".json", ".jsonl"]))
def test_any_bytes_give_an_outcome(magic: bytes, rest: bytes, suffix: str) -> None:
    content = magic + rest
    outcomes = list(read_stream(io.BytesIO(content), f"x{suffix}", len(content), SMALL))
    assert outcomes
    assert all(isinstance(o, Page | Rejection) for o in outcomes)


def test_a_zip_member_without_a_name(tmp_path: Path) -> None:
    content = bytearray(_zip({"a.html": PAGE}))
    start = content.rindex(b"a.html")
    content[start] = 0  # a name ends at its first NUL
    (tmp_path / "a.zip").write_bytes(content)
    [outcome] = _read(tmp_path / "a.zip")
    assert isinstance(outcome, Page | Rejection)


def test_a_charset_with_a_nul_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.mhtml").write_bytes(
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n"
        b"--B\r\nContent-Type: text/html; charset=ut\x00-8\r\n\r\n<p>hi</p>\r\n--B--\r\n"
    )
    [page] = _read(tmp_path / "a.mhtml")
    assert isinstance(page, Page)
    assert page.content == b"<p>hi</p>"


def test_a_file_that_vanishes_is_a_rejection(tmp_path: Path) -> None:
    [outcome] = read_file(FoundFile(str(tmp_path / "a.txt"), "a.txt", 12))
    assert isinstance(outcome, Rejection)
    assert (outcome.source, outcome.reason) == ("a.txt", Reason.UNREADABLE)
    assert "no such file" in outcome.detail
