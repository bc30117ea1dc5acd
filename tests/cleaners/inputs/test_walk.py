"""Which files are found under folders, globs and links, and in which order."""

import os
from pathlib import Path

import pytest

from cleaners.errors import InputError
from cleaners.inputs.walk import FoundFile, find_files
from cleaners.model import Reason, Rejection


def _write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def _sources(found: list[FoundFile | Rejection]) -> list[str]:
    return [item.source for item in found if isinstance(item, FoundFile)]


def test_a_folder_is_read_in_sorted_order_with_the_path_as_given(tmp_path: Path) -> None:
    _write(tmp_path, "b.txt", "a/z.txt", "a/c.txt")
    found = list(find_files([f"{tmp_path}/"]))
    assert _sources(found) == [f"{tmp_path}/a/c.txt", f"{tmp_path}/a/z.txt", f"{tmp_path}/b.txt"]


def test_relative_folders_stay_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, "in/one.txt")
    monkeypatch.chdir(tmp_path)
    assert _sources(list(find_files(["in"]))) == ["in/one.txt"]


def test_hidden_files_and_saved_assets_are_passed_over(tmp_path: Path) -> None:
    _write(tmp_path, ".git/config", ".x", "p.html", "p_files/ad.html", "lone_files/q.html")
    assert _sources(list(find_files([str(tmp_path)]))) == [
        f"{tmp_path}/lone_files/q.html",
        f"{tmp_path}/p.html",
    ]


def test_a_glob_is_expanded_and_one_without_match_is_an_error(tmp_path: Path) -> None:
    _write(tmp_path, "a/one.txt", "a/b/two.txt", "a/three.html")
    found = list(find_files([f"{tmp_path}/**/*.txt"]))
    assert _sources(found) == [f"{tmp_path}/a/b/two.txt", f"{tmp_path}/a/one.txt"]
    with pytest.raises(InputError, match="no file matches"):
        find_files([f"{tmp_path}/*.warc"])


def test_a_name_with_brackets_is_a_name_first(tmp_path: Path) -> None:
    _write(tmp_path, "a[1].txt")
    assert _sources(list(find_files([f"{tmp_path}/a[1].txt"]))) == [f"{tmp_path}/a[1].txt"]


def test_a_missing_path_is_an_error_before_anything_is_read(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt")
    with pytest.raises(InputError, match="no such file"):
        find_files([str(tmp_path), str(tmp_path / "missing")])


def test_the_output_folder_is_left_out(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", "output/articles/part.parquet")
    found = list(find_files([str(tmp_path)], exclude=str(tmp_path / "output")))
    assert _sources(found) == [f"{tmp_path}/a.txt"]


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt")
    assert len(list(find_files([str(tmp_path), str(tmp_path / "a.txt")]))) == 1


def test_a_directory_loop_is_a_rejection_and_the_rest_is_read(tmp_path: Path) -> None:
    _write(tmp_path, "in/a.txt", "in/deep/b.txt")
    (tmp_path / "in/deep/up").symlink_to(tmp_path / "in")
    found = list(find_files([str(tmp_path / "in")]))
    assert _sources(found) == [f"{tmp_path}/in/a.txt", f"{tmp_path}/in/deep/b.txt"]
    assert [(r.source, r.reason) for r in found if isinstance(r, Rejection)] == [
        (f"{tmp_path}/in/deep/up", Reason.LINK_LOOP)
    ]


def test_links_that_lead_out_or_nowhere_are_refused(tmp_path: Path) -> None:
    _write(tmp_path, "in/a.txt", "secret/key.txt")
    (tmp_path / "in/out").symlink_to(tmp_path / "secret")
    (tmp_path / "in/key").symlink_to(tmp_path / "secret/key.txt")
    (tmp_path / "in/dead").symlink_to(tmp_path / "nowhere")
    (tmp_path / "in/self").symlink_to(tmp_path / "in/self")
    found = list(find_files([str(tmp_path / "in")]))
    assert _sources(found) == [f"{tmp_path}/in/a.txt"]
    refused = {os.path.basename(r.source): r.reason for r in found if isinstance(r, Rejection)}
    assert refused == dict.fromkeys(["out", "key", "dead", "self"], Reason.UNREADABLE)
    followed = list(find_files([str(tmp_path / "in")], follow_links=True))
    assert sum(source.endswith(("key", "key.txt")) for source in _sources(followed)) == 1


def test_a_link_that_is_named_is_followed(tmp_path: Path) -> None:
    _write(tmp_path, "real/a.txt")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert _sources(list(find_files([str(tmp_path / "link")]))) == [f"{tmp_path}/link/a.txt"]


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    [found] = find_files([str(tmp_path)])
    assert isinstance(found, Rejection)
    assert "not a file" in found.detail
