"""The checks of the machine, and the command."""

import json
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from cleaners.html import backend as html
from cleaners.metadata import backend as metadata
from cleaners.store import backend as store
from cleaners.store.dataset import Dataset
from cleaners.text import backend as text
from crawler.cli import run
from crawler.doctor import machine
from crawler.doctor.machine import check_machine, check_space
from crawler.doctor.model import State, good
from tests.cleaners.store.samples import article, stamp, story

NOW = datetime.now(UTC)


def test_this_machine_is_good_and_an_output_is_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Dataset.open(tmp_path / "o").writer(stamp()) as writer:
        writer.add(article("https://daily.example/a", story("Calder")))
    (tmp_path / "o" / "articles" / "x.parquet").write_bytes(b"PAR1")
    assert run(["doctor", "o", "--json"]) == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["check"] for row in rows if row["repairable"]] == ["damaged part"]
    assert {row["about"] for row in rows} == {"machine", "output"}
    assert run(["doctor", "o", "--repair"]) == 0
    said = capsys.readouterr()
    assert "articles/x.parquet was set aside as damaged/articles/x.parquet.damaged" in said.err
    assert "all 1 files open" in said.out


@pytest.mark.parametrize("call", [["doctor", "nowhere"], ["doctor", "--repair"]])
def test_a_wrong_call_is_told(
    call: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(machine, "_cleaning", lambda: good("cleaning", ""))
    assert run(call) == 2


def test_what_is_missing_or_too_old_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(name: str) -> str:
        if name == "ftfy":
            raise PackageNotFoundError(name)
        return {"rich": "1.0", "psycopg": "1.0"}.get(name, version(name))

    monkeypatch.setattr(machine, "version", found)

    by_check = {finding.check: finding for finding in machine._packages()}
    assert by_check["packages"].state is State.BROKEN
    assert "ftfy is not installed" in by_check["packages"].found
    assert "rich is 1.0" in by_check["packages"].found
    assert by_check["extra postgres"].state is State.NOTE
    assert "pip install 'winnow-news[postgres]'" in by_check["extra postgres"].mend


def test_whether_parts_are_compiled_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for part in (html, metadata, store, text):
        monkeypatch.setattr(part, "COMPILED", True)
    assert machine._compiled().state is State.GOOD
    monkeypatch.setattr(text, "COMPILED", False)
    monkeypatch.delenv("WINNOW_PURE", raising=False)
    assert "compiler" in machine._compiled().mend
    monkeypatch.setenv("WINNOW_PURE", "1")
    assert "WINNOW_PURE" in machine._compiled().mend


def test_no_room_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, state in ((10, State.BROKEN), (500_000_000, State.WEAK), (5_000_000_000, State.GOOD)):
        usage = type("Usage", (), {"free": free})
        monkeypatch.setattr("shutil.disk_usage", lambda folder, usage=usage: usage)
        assert check_space("disk", tmp_path / "not" / "yet").state is state


def test_a_clock_before_the_program_itself_is_wrong() -> None:
    assert machine._clock(datetime(2001, 1, 1, tzinfo=UTC)).state is State.BROKEN
    assert machine._clock(NOW).state is State.GOOD


def test_passwords_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_cleaning", lambda: good("cleaning", ""))
    monkeypatch.setenv("https_proxy", "http://user:s3cret@127.0.0.1:9")
    address = "postgresql://user:s3cret@127.0.0.1:9/x"
    found = list(check_machine(frontier=address, now=NOW, browser=False))
    assert "s3cret" not in str(found)
    [database] = [one for one in found if one.check == "PostgreSQL"]
    assert database.state is State.BROKEN
    assert "127.0.0.1" in database.found
