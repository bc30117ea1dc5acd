"""Models of folds are kept for the next run, and grown anew when what they are made of changes."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks import folds


def _data(root: Path) -> Path:
    for part in ("html", "ground-truth"):
        (root / "lake" / "dev" / part).mkdir(parents=True)
    page = b"<html><body><p>The ferries of Lowmere stayed in port.</p></body></html>"
    (root / "lake" / "dev" / "html" / "a.html.gz").write_bytes(gzip.compress(page))
    gold = {"ground_truth": {"main_content": "The ferries of Lowmere stayed in port."}}
    (root / "lake" / "dev" / "ground-truth" / "a.json").write_text(json.dumps(gold))
    return root


def test_models_are_kept_until_a_source_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "reading" / "blocks.py"
    source.parent.mkdir()
    source.write_text("FEATURES = 1")
    grown: list[str] = []

    def grow_pages(_sets: folds.Sets, folders: Sequence[Path]) -> None:
        grown.append(f"pages for {len(folders)}")

    def grow_lines(_sets: folds.Sets, _folders: Sequence[Path]) -> None:
        grown.append("lines")

    monkeypatch.setattr(folds, "_PROJECT", tmp_path)
    monkeypatch.setattr(
        folds, "_GROWN", ((grow_pages, ("reading",)), (grow_lines, ("reading/blocks.py",)))
    )
    data, out = _data(tmp_path / "data"), tmp_path / "out"

    first = folds.train_folds(data, out, lines=False)
    assert grown == ["pages for 5"]
    assert all((folder / "blocks.npz").exists() for folder in first)
    assert folds.train_folds(data, out, lines=True) == first
    assert grown == ["pages for 5", "lines"]
    source.write_text("FEATURES = 2")
    folds.train_folds(data, out, lines=True)
    assert grown == ["pages for 5", "lines", "pages for 5", "lines"]


def test_every_source_that_models_are_made_of_is_there() -> None:
    parts = [part for _, made_of in folds._GROWN for part in made_of]
    assert [part for part in parts if not (folds._PROJECT / part).exists()] == []
