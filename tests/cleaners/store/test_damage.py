"""A part damaged by hand is found, named and set aside; the rest stays readable."""

from pathlib import Path
from typing import Any

import pytest

from cleaners.errors import StoreDamaged, StoreError
from cleaners.store.damage import check
from cleaners.store.dataset import Added, Dataset
from cleaners.store.disk import LocalDisk
from cleaners.store.schema import ARTICLES
from tests.cleaners.store.samples import article, shown, stamp, story

URL = "https://daily.example/{}"


def make(out: Path) -> list[Path]:
    for run in ("a", "b"):
        with Dataset.open(out).writer(stamp(f"run-{run}")) as writer:
            writer.add(article(URL.format(run), story(f"Calder{run}")))
    return sorted((out / "articles").rglob("*.parquet"))


@pytest.mark.parametrize("harm", ["cut", "empty", "other"])
def test_a_writer_sets_a_damaged_part_aside_and_goes_on(tmp_path: Path, harm: str) -> None:
    first, _ = make(tmp_path)
    content = first.read_bytes()
    first.write_bytes({"cut": content[: len(content) // 2], "empty": b"", "other": b"<html>"}[harm])
    dataset = Dataset.open(tmp_path)
    named = list(check(dataset.disk))
    assert [damage.path for damage in named] == [first.relative_to(tmp_path).as_posix()]
    assert named[0].cause
    with dataset.writer(stamp("run-c")) as writer:
        assert writer.add(article(URL.format("a"), story("Caldera"))) is Added.NEW
    assert [damage.path for damage in dataset.damaged] == [named[0].path]
    assert (tmp_path / str(dataset.damaged[0].moved_to)).exists()
    assert [row[0] for row in shown(tmp_path, "articles", "url")] == [
        URL.format("a"),
        URL.format("b"),
    ]


def test_a_flipped_bit_is_found_by_a_deep_check(tmp_path: Path) -> None:
    first, _ = make(tmp_path)
    content = bytearray(first.read_bytes())
    at = content.find(b"Ferry strike")
    at = at if at > 0 else len(content) // 3
    content[at] ^= 0x10
    first.write_bytes(content)
    dataset = Dataset.open(tmp_path)
    assert [d.path for d in check(dataset.disk, deep=True)] == [
        first.relative_to(tmp_path).as_posix()
    ]


def test_a_sound_output_has_no_damage(tmp_path: Path) -> None:
    make(tmp_path)
    assert list(check(Dataset.open(tmp_path).disk, deep=True)) == []
    assert len(Dataset.open(tmp_path).parts(ARTICLES)) == 2


class Unsteady:
    """The file system of a disk that is whole and does not always answer."""

    def __init__(self, filesystem: Any, fails: str) -> None:
        self._filesystem, self._fails = filesystem, fails

    def __getattr__(self, name: str) -> Any:
        if name.startswith("open_input") and name in self._fails:
            return self._refuse
        return getattr(self._filesystem, name)

    def _refuse(self, *_: object, **__: object) -> Any:
        raise OSError("AWS Error SLOW_DOWN")


class UnsteadyDisk(LocalDisk):
    def __init__(self, root: Path, fails: str) -> None:
        super().__init__(root)
        self._fails = fails

    @property
    def filesystem(self) -> Any:
        return Unsteady(super().filesystem, self._fails)


def test_a_part_that_does_not_come_at_once_is_not_a_damaged_one(tmp_path: Path) -> None:
    make(tmp_path)
    dataset = Dataset(UnsteadyDisk(tmp_path, "open_input_file"))
    dataset.writer(stamp("run-c")).close()
    assert (dataset.damaged, len(dataset.parts(ARTICLES))) == ([], 2)
    dataset = Dataset(UnsteadyDisk(tmp_path, "open_input_file open_input_stream"))
    with pytest.raises(StoreError, match="SLOW_DOWN") as caught:
        dataset.writer(stamp("run-d"))
    assert not isinstance(caught.value, StoreDamaged)
    assert (dataset.damaged, len(dataset.parts(ARTICLES))) == ([], 2)
