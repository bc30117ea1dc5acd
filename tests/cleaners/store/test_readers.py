"""The snippets for readers work as they stand, on an output with several parts and revisions."""

import importlib.util
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cleaners.store.dataset import Dataset, Limits
from tests.cleaners.store.samples import article, stamp, story

SNIPPETS = Path(__file__).parents[3] / "docs" / "readers"
# Readers that are no dependency of the tests: their snippets run where they are installed.
OPTIONAL = {"datasets", "pyspark"}
INSTALLED = [
    path
    for path in sorted(SNIPPETS.glob("read_*.py"))
    if path.stem.removeprefix("read_") not in OPTIONAL
    or importlib.util.find_spec(path.stem.removeprefix("read_")) is not None
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("readers")
    for run in ("run-1", "run-2"):
        with Dataset.open(base / "output").writer(stamp(run), limits=Limits(rows=2)) as writer:
            for number in range(5):
                page = article(f"https://daily.example/{number}", story(f"{run}{number}"))
                writer.add(replace(page, language="de" if number == 3 else "en"))
    return base


def test_the_core_readers_are_there() -> None:
    names = {path.stem.removeprefix("read_") for path in INSTALLED}
    assert {"pyarrow", "duckdb", "polars", "pandas"} <= names


@pytest.mark.slow
@pytest.mark.parametrize("snippet", INSTALLED, ids=lambda path: path.stem)
def test_snippet(snippet: Path, folder: Path) -> None:
    offline = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_CACHE": str(folder / "cache")}
    done = subprocess.run(
        [sys.executable, str(snippet)],
        cwd=folder,
        env={**os.environ, **offline, "HF_HOME": str(folder / "home")},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,  # Spark takes 40 s to start on a busy machine
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == "4"
