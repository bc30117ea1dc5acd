"""Kept models hold until one of their sources changes."""

from pathlib import Path

from benchmarks import kept


def test_models_are_grown_once_and_again_when_a_source_changes(tmp_path: Path) -> None:
    source = tmp_path / "reading" / "blocks.py"
    source.parent.mkdir()
    source.write_text("FEATURES = 1")
    folders = [tmp_path / "fold-0", tmp_path / "fold-1"]
    for folder in folders:
        folder.mkdir()
    grown: list[str] = []

    def run(name: str) -> None:
        kept.grow_once(name, ["reading"], folders, lambda: grown.append(name), project=tmp_path)

    run("pages")
    run("pages")
    run("lines")
    assert grown == ["pages", "lines"]
    (source.parent / "notes.md").write_text("what is no source changes nothing")
    run("pages")
    assert grown == ["pages", "lines"]
    source.write_text("FEATURES = 2")
    run("pages")
    assert grown == ["pages", "lines", "pages"]
    (folders[1] / "pages.done").unlink()
    run("pages")
    assert grown == ["pages", "lines", "pages", "pages"]


def test_every_source_that_models_are_made_of_is_there() -> None:
    missing = {part for part in (*kept.PAGES, *kept.LINES) if not (kept.PROJECT / part).exists()}
    assert missing == set()
