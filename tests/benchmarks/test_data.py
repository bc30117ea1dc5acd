"""Folders of pages with gold."""

from pathlib import Path

import pytest

from benchmarks.data import load


def test_a_folder_without_pages_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"no ground-truth/ID\.json") as ended:
        list(load(tmp_path))
    assert str(tmp_path) in str(ended.value)
