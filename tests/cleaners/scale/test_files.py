"""Files through a pool of workers: the rows are those of cleaning here, whatever happens."""

import gzip
import json
import os
import re
import signal
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaners.clean import Cleaned, clean, clean_and_observe
from cleaners.config import DEFAULT, CleanConfig
from cleaners.html.templates import Templates
from cleaners.inputs import find_files, read_inputs
from cleaners.model import Page, Rejection
from cleaners.scale import local, portions
from cleaners.scale.batch import outcomes_table, pages_table
from cleaners.scale.files import LANE_BLOCK, Lane, Progress, clean_files
from cleaners.scale.local import CleaningPool
from cleaners.scale.portions import PORTION_ITEMS, Answer, Place, Work
from tests.cleaners.scale.test_local import article, text_pages

LINES = 2 * PORTION_ITEMS + 5


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One file of each kind that is read differently."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.html").write_bytes(article(1).content)
    (folder / "b.html.gz").write_bytes(gzip.compress(article(2).content))
    (folder / "c.html").write_bytes(b"\x89PNG no page")
    (folder / "d.jsonl").write_text(lines(LINES))
    pq.write_table(pages_table([article(n) for n in range(3)]).rename_columns(
        ["source", "url", "kind", "html"]), folder / "e.parquet")  # fmt: skip
    with zipfile.ZipFile(folder / "f.zip", "w") as archive:
        archive.writestr("one.html", article(8).content)
        archive.writestr("two.html", b"")
    return folder


def lines(count: int) -> str:
    texts = (page.content.decode() for page in text_pages(count))
    return "".join(json.dumps({"text": text}) + "\n" for text in texts)


def cleaned_here(folder: Path) -> pa.Table:
    read = read_inputs([str(folder)])
    return outcomes_table(clean(one) if isinstance(one, Page) else one for one in read)


def in_order(table: pa.Table) -> pa.Table:
    return table.sort_by("source").combine_chunks()


def test_rows_are_those_of_cleaning_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = list(find_files([str(folder)]))
    expected = cleaned_here(folder)
    with CleaningPool(workers=2) as pool:
        batches = list(clean_files(pool, files))
        ahead = monkeypatch.context()
        with ahead as patch:  # each file is shared by the workers
            patch.setattr("cleaners.inputs.read.MANY_BYTES", 100)
            shared = pa.concat_tables([batch.rows for batch in clean_files(pool, files)])
        lanes = [
            batch.rows
            for number in range(2)
            for batch in clean_files(pool, files, lane=Lane(number, 2))
        ]
        rest = pa.concat_tables(
            [batch.rows for batch in clean_files(pool, files, skip=lambda found: 1)]
        )
    assert pa.concat_tables([batch.rows for batch in batches]) == expected
    assert shared == expected
    assert in_order(pa.concat_tables(lanes)) == in_order(expected)
    ends = {progress.found.source for batch in batches for progress in batch.done if progress.ended}
    assert ends == {str(path) for path in folder.iterdir()}
    assert rest["source"].to_pylist() == [
        source for source in expected["source"].to_pylist() if not source.endswith(
            ("html", "html.gz", "::1", "one.html"))
        or source.endswith("two.html")
    ]  # fmt: skip


def test_lanes_share_every_item_of_a_file_once() -> None:
    for of in (1, 2, 3):
        owners = [
            number
            for item in range(5 * LANE_BLOCK)
            for number in range(of)
            if Lane(number, of).next(item) == item
        ]
        assert len(owners) == 5 * LANE_BLOCK
    assert Lane(1, 2).next(3 * LANE_BLOCK) == 3 * LANE_BLOCK
    assert Lane(0, 2).next(LANE_BLOCK + 7) == 2 * LANE_BLOCK


def test_a_place_is_read_from_its_note() -> None:
    assert Place.from_note(0) == Place(0, 0, reading=True)
    assert Place.from_note(3 * 2**41 + 2 * 17 + 1) == Place(3, 17, reading=False)


_once: list[str] = []


def fall_ill(
    page: Page,
    *,
    config: CleanConfig = DEFAULT,
    templates: Templates | None = None,
    observing: bool = True,
) -> Cleaned:
    """What pages do to the process that cleans them."""
    if b"Notice 3." in page.content:
        os.kill(os.getpid(), signal.SIGKILL)  # as the kernel does when memory is out
    if b"Notice 40." in page.content:
        re.match(r"(a+)+$", "a" * 64 + "b")  # in C, for longer than anybody waits
    return clean_and_observe(page, config=config, templates=templates, observing=observing)


def do_ill(task: tuple[Page, ...] | Work) -> tuple[Cleaned, ...] | Answer:
    """A worker's task, with pages that hang and kill."""
    vars(portions)["clean_and_observe"] = vars(local)["clean_and_observe"] = fall_ill
    return _do(task)


_do: Callable[[tuple[Page, ...] | Work], tuple[Cleaned, ...] | Answer] = vars(local)["_do"]


@pytest.mark.slow
@pytest.mark.parametrize("many_bytes", [100, 10**6])
def test_a_page_that_kills_and_one_that_hangs_are_lost_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many_bytes: int
) -> None:
    monkeypatch.setattr(local, "_do", do_ill)
    monkeypatch.setattr("cleaners.inputs.read.MANY_BYTES", many_bytes)
    (tmp_path / "all.jsonl").write_text(lines(LINES))
    (tmp_path / "one.html").write_bytes(article(3).content)
    (tmp_path / "two.html").write_bytes(article(4).content)
    config = CleanConfig(page_timeout=3.0)
    with CleaningPool(config, workers=2) as pool:
        batches = list(clean_files(pool, find_files([str(tmp_path)])))
        in_memory = list(pool.map(text_pages(6)))
    rows = pa.concat_tables([batch.rows for batch in batches])
    lost = {
        row["source"].rpartition("/")[2]: (row["reason"], row["detail"])
        for row in rows.select(["source", "reason", "detail"]).to_pylist()
        if row["reason"]
    }
    assert lost == {
        "all.jsonl::4": ("crashed", "killed by SIGKILL"),
        "all.jsonl::41": ("timeout", "took over 3 s"),
        "one.html": ("crashed", "killed by SIGKILL"),
    }
    assert rows.num_rows == len(set(rows["source"].to_pylist())) == LINES + 2
    assert [isinstance(outcome, Rejection) for outcome in in_memory] == [
        number == 3 for number in range(6)
    ]


def test_workers_killed_from_outside_cost_no_page(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"{number}.jsonl").write_text(lines(LINES))
    expected = cleaned_here(tmp_path)
    done: list[Progress] = []
    rows: list[pa.Table] = []
    with CleaningPool(workers=2) as pool:
        for batch in clean_files(pool, find_files([str(tmp_path)])):
            if not rows:
                for pid in pool.pids:
                    os.kill(pid, signal.SIGKILL)
            rows.append(batch.rows)
            done += batch.done
    assert pa.concat_tables(rows) == expected
    assert [progress.items for progress in done if progress.ended] == [LINES] * 4
