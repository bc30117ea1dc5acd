"""An output in an object store, over real HTTP to moto's S3 server."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO

import pyarrow.fs as pafs
import pyarrow.parquet as pq
import pytest

from cleaners.errors import MissingExtra, StoreError, StoreLocked
from cleaners.model import Reason
from cleaners.store.compact import compact
from cleaners.store.dataset import Added, Dataset, Limits
from cleaners.store.disk import open_disk
from cleaners.store.query import query
from tests.cleaners.store.samples import article, rejection, stamp, story

URL = "https://daily.example/{}"
BUCKET = "winnow-test"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"{host}:{port}"
    running.stop()


@pytest.fixture
def out(server: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    options = f"endpoint_override={server}&scheme=http&region=us-east-1&allow_bucket_creation=true"
    filesystem, _ = pafs.FileSystem.from_uri(f"s3://{BUCKET}/?{options}")
    filesystem.create_dir(BUCKET)
    return f"s3://{BUCKET}/{request.node.name}?{options}"


def texts(out: str, table: str = "articles") -> dict[str, str]:
    rows = query(Dataset.open(out), f"select url, text from {table}").to_pylist()
    assert len({row["url"] for row in rows}) == len(rows)
    return {row["url"].rpartition("/")[2]: row["text"] for row in rows}


def test_store_change_compact_query(out: str) -> None:
    with Dataset.open(out).writer(stamp(), limits=Limits(rows=2)) as writer:
        for name in "abcde":
            writer.add(article(URL.format(name), story(f"Calder{name}")))
        writer.add(rejection(URL.format("f")))
    with Dataset.open(out).writer(stamp("run-2")) as writer:
        assert writer.add(article(URL.format("a"), story("Caldera"))) is Added.UNCHANGED
        assert writer.add(article(URL.format("b"), story("Brix"))) is Added.CHANGED
        assert writer.add(article(URL.format("f"), story("Dorn"))) is Added.NEW
        writer.flush()
        assert texts(out)["b"] == story("Calderb")
    assert compact(Dataset.open(out)).files_after >= 1
    assert texts(out) == {
        "a": story("Caldera"), "b": story("Brix"), "c": story("Calderc"),
        "d": story("Calderd"), "e": story("Caldere"), "f": story("Dorn"),
    }  # fmt: skip
    assert texts(out, "revisions") == {"b": story("Calderb")}
    assert query(Dataset.open(out), "select * from rejects").num_rows == 0


def put(content: bytes, sink: IO[bytes]) -> None:
    sink.write(content)


class Cut(BaseException):
    """The process ends here."""


@pytest.mark.slow
def test_cut_at_every_step_the_next_writer_goes_on(out: str) -> None:
    def run(base: str, steps_left: int) -> int:
        taken = 0

        def step(_: str) -> None:
            nonlocal taken
            taken += 1
            if taken > steps_left:
                raise Cut

        writer = Dataset.open(base, steps=step).writer(stamp("run-2"))
        try:
            writer.add(article(URL.format("a"), story("Brix")))
            writer.add(article(URL.format("c"), story("Dorn")))
            writer.add(rejection(URL.format("b"), Reason.LISTING, 200))
            writer.flush()
        finally:
            writer.close()
        return taken

    path, _, options = out.partition("?")
    steps = 0
    while steps < 60:
        base = f"{path}-{steps}?{options}"
        with Dataset.open(base).writer(stamp()) as writer:
            writer.add(article(URL.format("a"), story("Calder")))
            writer.add(rejection(URL.format("b")))
        try:
            run(base, steps)
        except Cut:
            assert "a" in texts(base)
            run(base, 1_000)
            done = False
        else:
            done = True
        assert texts(base) == {"a": story("Brix"), "c": story("Dorn")}
        assert texts(base, "revisions") == {"a": story("Calder")}
        reasons = query(Dataset.open(base), "select reason from rejects").to_pylist()
        assert reasons == [{"reason": "listing"}]
        if done:
            return
        steps += 3
    pytest.fail("the run took more steps than were tried")


def test_a_second_writer_of_this_machine_is_refused(out: str) -> None:
    mine = Dataset.open(out).writer(stamp())
    with mine, pytest.raises(StoreLocked):
        Dataset.open(out).writer(stamp())


def test_machines_that_cannot_see_each_other_are_put_right_by_the_next(out: str) -> None:
    for run in ("run-1", "run-2"):
        path, _, options = out.partition("?")
        with Dataset.open(f"{path}/{run}?{options}").writer(stamp(run), shared=True) as writer:
            writer.add(article(URL.format("a"), story("Calder")))
    disk = open_disk(out)
    for stored in disk.files("run-2/articles", ".parquet"):
        whole = disk.filesystem.open_input_file(stored.path).read()
        disk.write(stored.path.replace("run-2/", "run-1/", 1), partial(put, whole))
    Dataset.open(f"{path}/run-1?{options}").writer(stamp("run-3")).close()
    assert texts(f"{path}/run-1?{options}") == {"a": story("Calder")}


def test_a_prefix_may_be_of_any_letters_and_has_no_folders(out: str) -> None:
    spaced = out.replace(f"{BUCKET}/", f"{BUCKET}/my news/é/")
    with Dataset.open(spaced).writer(stamp()) as writer:
        writer.add(article(URL.format("a"), story("Calder")))
    assert texts(spaced) == {"a": story("Calder")}
    filesystem, _ = pafs.FileSystem.from_uri(out)
    everything = filesystem.get_file_info(pafs.FileSelector(f"{BUCKET}/my news", recursive=True))
    assert [info.path.rpartition("/")[2][:5] for info in everything if info.is_file] == ["part-"]


def test_a_bucket_that_is_not_there_is_said(out: str) -> None:
    other = out.replace(f"s3://{BUCKET}/", "s3://no-such-bucket/").replace(
        "allow_bucket_creation=true", "allow_bucket_creation=false"
    )
    with pytest.raises(StoreError, match="no-such-bucket"):
        Dataset.open(other).writer(stamp())


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises((MissingExtra, StoreError), match="nosuchscheme"):
        open_disk("nosuchscheme://bucket/out")


def test_messages_hold_no_secret(server: str) -> None:
    uri = f"s3://some-key:some-secret@no-bucket/out?endpoint_override={server}&scheme=http"
    dataset = Dataset.open(uri)
    assert dataset.disk.place == "s3://no-bucket/out"
    with pytest.raises(StoreError) as caught:
        dataset.writer(stamp())
    assert "some-secret" not in str(caught.value)
    with pytest.raises((MissingExtra, StoreError)) as other:
        open_disk("nosuchscheme://some-key:some-secret@bucket/out")
    assert "some-secret" not in str(other.value)


def test_google_s_store_without_credentials_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GCE_METADATA_ROOT", "127.0.0.1:1")
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    with pytest.raises(StoreError, match="credentials"):
        Dataset.open("gs://bucket/out?retry_limit_seconds=1").writer(stamp())


def test_a_file_url_is_a_folder(tmp_path: Path) -> None:
    with Dataset.open(f"file://{tmp_path}/my%20out").writer(stamp()) as writer:
        writer.add(article(URL.format("a"), story("Calder")))
    parts = list((tmp_path / "my out" / "articles").rglob("*.parquet"))
    assert pq.ParquetFile(parts[0]).metadata.num_rows == 1
