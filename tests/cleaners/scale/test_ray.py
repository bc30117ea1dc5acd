"""Cleaning on a real Ray of two CPUs: the rows of the local pool, from and to an object store."""

import gzip
import importlib
import os
import re
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pyarrow.fs as pafs
import pyarrow.parquet as pq
import pytest
from moto.server import ThreadedMotoServer

from cleaners.config import CleanConfig
from cleaners.errors import EngineError, MissingExtra
from cleaners.inputs import FoundFile
from cleaners.scale import clean_batch
from cleaners.scale.batch import pages_table
from cleaners.scale.files import Lane
from cleaners.scale.ray import LANE_BYTES, UNIT_FILES, clean_on_ray, divide
from cleaners.store.dataset import Dataset
from cleaners.store.query import query
from crawler.jobs import Cleaned, CleanJob, clean_paths
from tests.cleaners.scale.test_files import cleaned_here, lines
from tests.cleaners.scale.test_local import article
from tests.cleaners.store.test_warc import exchange, write

BUCKET = "pages"
STAMPS = "exclude (run_id, cleaned_at)"

on_ray = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("ray"),
    # Ray warns of its own ways, in threads of its own.
    pytest.mark.filterwarnings("default", "ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The options of an address in an S3 server on loopback."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (keys | {"AWS_EC2_METADATA_DISABLED": "true"}).items():
            patch.setenv(name, value)
        yield f"?endpoint_override={host}:{port}&scheme=http&region=us-east-1"
    server.stop()


@pytest.fixture(scope="module")
def ray(store: str) -> Iterator[Any]:
    """One small Ray for all tests here, on loopback alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_worker_niceness", "0")
        engine = importlib.import_module("ray")
        engine.init(
            address="local",
            num_cpus=2,
            object_store_memory=80 * 2**20,
            include_dashboard=False,
            log_to_driver=False,
            _node_ip_address="127.0.0.1",
        )
        yield engine
        engine.shutdown()


def python_blocks() -> list[str]:
    """What docs/how-to/scale-out.md shows in Python."""
    page = Path(__file__).parents[3] / "docs" / "how-to" / "scale-out.md"
    return re.findall(r"^```python\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def rows(out: str | Path, table: str) -> list[dict[str, Any]]:
    stamps = STAMPS if table == "articles" else "exclude (run_id, rejected_at)"
    found = query(Dataset.open(out), f"select * {stamps} from {table} order by source")
    return list(found.to_pylist())


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder with a WARC, HTML, a table and what is no page."""
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.html").write_bytes(article(1).content)
    (folder / "deep" / "b.html.gz").write_bytes(gzip.compress(article(2).content))
    (folder / "c.png").write_bytes(b"\x89PNG no page")
    (folder / "d.jsonl").write_text(lines(40))
    pq.write_table(
        pages_table([article(n) for n in range(3)]).rename_columns(
            ["source", "url", "kind", "html"]
        ),
        folder / "e.parquet",
    )
    bodies = [article(number).content for number in range(5)]
    warc = write(tmp_path / "warc", *(exchange(str(n), body) for n, body in enumerate(bodies)))
    warc.rename(folder / "f.warc.gz")
    return folder


@pytest.mark.usefixtures("ray")
class TestOnRay:
    pytestmark = on_ray

    def test_from_a_store_to_a_store_the_rows_of_the_local_pool(
        self, pages: Path, tmp_path: Path, store: str
    ) -> None:
        filesystem, _ = pafs.FileSystem.from_uri(
            f"s3://{BUCKET}/{store}&allow_bucket_creation=true"
        )
        filesystem.create_dir(BUCKET)
        pafs.copy_files(
            str(pages), f"{BUCKET}/in", source_filesystem=pafs.LocalFileSystem(),
            destination_filesystem=filesystem,
        )  # fmt: skip
        source, out = f"s3://{BUCKET}/in{store}", f"s3://{BUCKET}/out{store}"
        on_ray = clean_paths(CleanJob((source,), out, engine="ray", workers=2))
        here = clean_paths(CleanJob((source,), tmp_path / "here", workers=1))
        assert on_ray.articles == here.articles == 50
        assert len(on_ray.rejections) == len(here.rejections) == 1
        assert rows(out, "articles") == rows(tmp_path / "here", "articles")
        assert rows(out, "rejects") == rows(tmp_path / "here", "rejects")
        [html, *_] = rows(out, "articles")
        assert html["source"].startswith(("http://nord.example/", f"s3://{BUCKET}/in/a.html"))
        only = clean_paths(CleanJob((f"s3://{BUCKET}/in/**/*.gz{store}",), tmp_path / "gz"))
        assert only.articles == 6

    def test_killed_workers_cost_no_row(self, tmp_path: Path) -> None:
        folder = tmp_path / "in"
        folder.mkdir()
        for number in range(6):
            (folder / f"{number}.jsonl").write_text(lines(100))
        killed: list[int] = []

        def watch(_: Cleaned) -> None:
            if not killed:
                for process in psutil.Process().children(recursive=True):
                    if "_Cleaner" in process.name() or "_Cleaner" in " ".join(process.cmdline()):
                        os.kill(process.pid, signal.SIGKILL)
                        killed.append(process.pid)
                        break

        summary = clean_paths(
            CleanJob((str(folder),), tmp_path / "out", engine="ray", workers=2), watch=watch
        )
        assert killed
        assert (summary.articles, summary.rejections) == (600, ())
        expected = {row["source"]: row["text"] for row in cleaned_here(folder).to_pylist()}
        stored = {row["source"]: row["text"] for row in rows(tmp_path / "out", "articles")}
        assert stored == expected

    def test_the_example_for_a_pipeline_of_ones_own(self, tmp_path: Path) -> None:
        table = pages_table([article(n) for n in range(3)])
        renamed = table.rename_columns(["source", "url", "kind", "html"])
        pq.write_table(renamed, tmp_path / "pages.parquet")
        [example] = [block for block in python_blocks() if "ray.data" in block]
        for name in ("pages.parquet", "cleaned"):  # Ray's workers have a folder of their own
            example = example.replace(f'"{name}"', f'"{tmp_path / name}"')
        exec(example, {})
        cleaned = pq.read_table(tmp_path / "cleaned")
        assert sorted(cleaned["text"].to_pylist()) == sorted(clean_batch(table)["text"].to_pylist())

    def test_machines_of_another_version_are_refused(
        self, pages: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("cleaners.scale.ray.__version__", "0.0.0")
        found = [FoundFile(str(pages / "a.html"), "a.html", 1)]
        with pytest.raises(EngineError, match=r"0\.0\.0"):
            list(clean_on_ray(found, config=CleanConfig(), workers=1))


def test_the_example_with_arrow_alone(capsys: pytest.CaptureFixture[str]) -> None:
    [example] = [block for block in python_blocks() if "ray" not in block]
    exec(example, {})
    *text, reason = capsys.readouterr().out.splitlines()
    assert "harbour lights" in " ".join(text)
    assert reason == "empty"


def test_without_ray_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr("cleaners.scale.ray.importlib.import_module", gone)
    found = [FoundFile("a.html", "a.html", 1)]
    with pytest.raises(MissingExtra, match=r"winnow-news\[ray\]"):
        list(clean_on_ray(found, config=CleanConfig()))


def test_work_is_divided_so_that_no_worker_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    small = [FoundFile(str(number), str(number), 1_000) for number in range(200)]
    assert [len(unit.files) for unit in divide(small, 2)] == [UNIT_FILES] * 3 + [8]
    assert [len(unit.files) for unit in divide(small[:8], 4)] == [2, 2, 2, 2]
    monkeypatch.setattr("cleaners.scale.ray.holds_many", lambda found: True)
    large = replace(small[0], size=10 * LANE_BYTES)
    units = list(divide([large, *small[1:3]], 3))
    assert [unit.lane for unit in units[:6]] == [Lane(number, 6) for number in range(6)]
    assert [found for unit in units[6:] for found in unit.files] == small[1:3]
    assert len(list(divide([replace(large, path=str(n)) for n in range(30)], 2))) == 30
