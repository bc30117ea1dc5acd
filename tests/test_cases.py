"""Runs the case folders of tests/cases, one test a field; `make case` makes a folder."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cleaners.model import Article, Outcome, Rejection
from tests.make_case import CASES, clean_case, main

FIELDS = ("text", "title", "authors", "published_at", "language", "reason")


def expected_of(folder: Path) -> dict[str, Any]:
    """What a case expects: expected.json, with the text of expected.txt."""
    wanted: dict[str, Any] = json.loads((folder / "expected.json").read_text("utf-8"))
    if (folder / "expected.txt").exists():
        wanted["text"] = (folder / "expected.txt").read_text("utf-8").strip()
    return wanted


@cache
def outcome_of(folder: Path) -> Outcome:
    html = folder / "input.html"
    file = html if html.exists() else folder / "input.txt"
    return clean_case(file.read_bytes(), html=file == html, url=expected_of(folder).get("url"))


def found_in(outcome: Outcome, name: str) -> object:
    if isinstance(outcome, Rejection):
        return outcome.reason.value if name == "reason" else None
    published = outcome.published_at
    values: dict[str, object] = {
        "text": outcome.text.strip(),
        "title": outcome.title,
        "authors": list(outcome.authors),
        "published_at": published.isoformat() if published else None,
        "language": outcome.language,
    }
    return values.get(name)


def cases() -> list[Any]:
    """Each field of each case; `known_failure` in expected.json makes its tests strict xfails."""
    found = []
    for folder in sorted(CASES.glob("*/")):
        if not (folder / "expected.json").exists():
            continue
        wanted = expected_of(folder)
        failing = wanted.get("known_failure", {})
        for name in FIELDS:
            if name in wanted:
                marks = [pytest.mark.xfail(reason=failing[name])] if name in failing else []
                found.append(pytest.param(folder, name, id=f"{folder.name}-{name}", marks=marks))
    return found


@pytest.mark.parametrize(("folder", "name"), cases())
def test_case(folder: Path, name: str) -> None:
    assert found_in(outcome_of(folder), name) == expected_of(folder)[name]


PAGE = """<!DOCTYPE html><html lang="en"><head><title>A well for Dunmore</title></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>A well for Dunmore</h1>
<p>The parish of Dunmore has dug a new well behind the smithy, the first since the drought of 1976
emptied the old one, and the water that came up on Tuesday was cold, clear and free of salt.</p>
<p>Forty people stood in the rain to watch. The smith, who had lent his winch for it, drank the
first cup and pronounced it better than the tea that was served with it in the schoolroom.</p>
</article></body></html>"""


def test_a_case_is_written_and_never_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE, "utf-8")
    assert main([str(page), "a-new-well", "--comment", "as it should be"], tmp_path / "cases") == 0
    folder = tmp_path / "cases" / "a-new-well"
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert set(before) == {"input.html", "expected.txt", "expected.json"}
    wanted = expected_of(folder)
    outcome = outcome_of(folder)
    assert isinstance(outcome, Article)
    assert [found_in(outcome, name) for name in ("text", "title")] == [
        wanted["text"],
        wanted["title"],
    ]
    page.write_text("<html><p>Something else.</p></html>", "utf-8")
    assert main([str(page), "a-new-well"], tmp_path / "cases") == 1
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert "already" in capsys.readouterr().err


def test_a_case_of_a_rejected_input_expects_its_reason(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("Too short.", "utf-8")
    assert main([str(note), "too-short"], tmp_path / "cases") == 0
    assert expected_of(tmp_path / "cases" / "too-short")["reason"] == "too-short"


def test_a_wrong_call_writes_nothing(tmp_path: Path) -> None:
    assert main([str(tmp_path / "none.html"), "a-case"], tmp_path / "cases") == 2
    with pytest.raises(SystemExit):
        main([str(tmp_path / "none.html"), "../a-case"], tmp_path / "cases")
    assert not (tmp_path / "cases").exists() or not list((tmp_path / "cases").iterdir())
