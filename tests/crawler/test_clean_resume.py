"""`winnow clean` after kill -9: the next run goes on, and every input is stored exactly once."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cleaners.store.dataset import Dataset
from cleaners.store.query import query
from crawler.jobs import Cleaned, CleanJob, clean_paths

FILES, LINES = 3, 1_100
"""More rows than a writer keeps before it writes them."""
TEXT = (
    "Notice {}. The ferry to the outer islands stopped on Monday after its pilot reported that the "
    "harbour lights had failed for the third time this winter. Islanders were told to keep food "
    "for a week, the council said."
)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for file in range(FILES):
        rows = (json.dumps({"text": TEXT.format(file * LINES + n)}) for n in range(LINES))
        (folder / f"{file}.jsonl").write_text("\n".join(rows))
    command = [sys.executable, "-m", "crawler", "clean", str(folder), "--out", str(out), "-q"]
    running = subprocess.Popen(command, start_new_session=True)
    until = time.monotonic() + 200
    while not list(out.glob(".winnow/cleaning/*/*.json.gz")):
        assert running.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < until
        time.sleep(0.002)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()

    seen: list[Cleaned] = []
    summary = clean_paths(CleanJob((str(folder),), out, workers=1), watch=seen.append)
    assert summary.before.inputs >= 1
    assert summary.before.articles >= 2_000
    assert summary.articles == len(seen) <= FILES * LINES - summary.before.articles
    assert seen[-1].files_done == FILES
    [row] = query(
        Dataset.open(out), "select count(*) n, count(distinct source) sources from articles"
    ).to_pylist()
    assert row == {"n": FILES * LINES, "sources": FILES * LINES}
    assert not list(out.glob(".winnow/cleaning/*/*"))
    assert clean_paths(CleanJob((str(folder / "0.jsonl"),), out, workers=1)).before.inputs == 0
