"""Every command in the documentation is run, page by page, each in a folder of its own.

Blocks marked `internet` are for the reader; all others must end with exit code 0. The sites they
name are those of the demo newswire, reached through its proxy.
"""

import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from examples.newswire import serve

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md"))
_BLOCK = re.compile(r"^```bash *(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_STARTS_NEWSWIRE = re.compile(
    r"^(python -m examples\.newswire.*|export http_proxy=.*)\n", re.MULTILINE
)


def runnable(page: Path) -> list[str]:
    """The blocks of a page that are run."""
    return [text for mark, text in _BLOCK.findall(page.read_text("utf-8")) if mark != "internet"]


@pytest.fixture(scope="module")
def proxy() -> Iterator[str]:
    with serve() as newswire:
        yield newswire.proxy


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the pages take for granted: seeds, a folder of saved pages, and `winnow` on the path."""
    shutil.copytree(ROOT / "examples" / "seeds", tmp_path / "seeds")
    shutil.copytree(ROOT / "examples" / "seeds", tmp_path / "examples" / "seeds")
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    pages = tmp_path / "pages"
    pages.mkdir()
    seeds = sorted((tmp_path / "seeds").iterdir())
    shutil.copy(seeds[0], pages / "note.txt")
    shutil.copy(next(seed for seed in seeds if seed.suffix == ".html"), pages / "ferry.html")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, call in (("winnow", "-m crawler"), ("python", "")):
        (tools / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {call} "$@"\n')
        (tools / name).chmod(0o755)
    return tmp_path


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "page", [p for p in PAGES if runnable(p)], ids=lambda p: str(p.relative_to(DOCS))
)
def test_commands_of_a_page(page: Path, folder: Path, proxy: str) -> None:
    script = _STARTS_NEWSWIRE.sub("", "\n".join(runnable(page)))
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script],
        cwd=folder,
        env={
            "PATH": f"{folder / 'bin'}:/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "HOME": str(folder),
            "http_proxy": proxy,
            "WINNOW_POLITENESS_DELAY": "0.02",
            "LANG": os.environ.get("LANG", "C.UTF-8"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr


def test_every_page_is_reached_and_every_link_leads_somewhere() -> None:
    reached = {DOCS / "README.md"}
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
            if "://" not in target:
                path = (page.parent / target).resolve()
                assert path.exists(), f"{page}: {target}"
                reached.add(path)
    assert {page for page in PAGES if page not in reached} == set()


def test_commands_are_commands() -> None:
    from crawler.reference.pages import cli_page

    known = set(re.findall(r"^## (\w+)", cli_page(), re.MULTILINE))
    for page in PAGES:
        for _, block in _BLOCK.findall(page.read_text("utf-8")):
            for word in re.findall(r"\bwinnow ([a-z]+)", block):
                assert word in known, f"{page}: winnow {word}"


@pytest.mark.slow
def test_python_page() -> None:
    failed, run = doctest.testfile(str(DOCS / "reference" / "python.md"), module_relative=False)
    assert run > 10
    assert failed == 0
