"""Makes a test case of a page or text: `make case FILE=page.html NAME=comments-leak`.

A case is a folder tests/cases/NAME with the input as it came (input.html or input.txt), the text
that it should give (expected.txt) and what else is expected (expected.json). Both are written with
what the cleaners give today: put right in them what is wrong, and the test fails until the cleaners
agree. Nothing that is there is ever overwritten. tests/test_cases.py runs all cases.
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from cleaners import clean_html, clean_text
from cleaners.model import Article, Outcome

CASES = Path(__file__).parent / "cases"
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
HTML = re.compile(rb"<!doctype html|<html|<head|<body|<p\b|<div", re.IGNORECASE)


def clean_case(content: bytes, *, html: bool, url: str | None) -> Outcome:
    """What the cleaners give for a case's input."""
    if html:
        return clean_html(content, url=url)
    return clean_text(content.decode("utf-8", "replace"), name="input.txt")


def write_case(folder: Path, content: bytes, *, url: str | None, comment: str) -> Outcome:
    """Write a new case; raises FileExistsError, and writes nothing, where there is one already."""
    html = HTML.search(content[:4096]) is not None
    outcome = clean_case(content, html=html, url=url)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir()
    (folder / ("input.html" if html else "input.txt")).write_bytes(content)
    expected: dict[str, object] = {"comment": comment, "url": url}
    if isinstance(outcome, Article):
        published = outcome.published_at
        expected["title"] = outcome.title
        expected["authors"] = list(outcome.authors)
        expected["published_at"] = published.isoformat() if published else None
        expected["language"] = outcome.language
        (folder / "expected.txt").write_text(outcome.text + "\n", "utf-8")
    else:
        expected["reason"] = outcome.reason.value
    text = json.dumps(expected, ensure_ascii=False, indent=2)
    (folder / "expected.json").write_text(text + "\n", "utf-8")
    return outcome


def main(arguments: Sequence[str], cases: Path = CASES) -> int:
    """Exit code 0: written; 1: there is a case of that name; 2: the call was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.make_case", description=__doc__)
    parser.add_argument("file", type=Path, help="the page or text")
    parser.add_argument("name", help="what the case shows, like comments-leak")
    parser.add_argument("--url", help="the page's address, if it matters")
    parser.add_argument("--comment", default="", help="one sentence: what was wrong")
    given = parser.parse_args(arguments)
    if not NAME.fullmatch(given.name):
        parser.error("a name is small letters and digits with hyphens between")
    folder = cases / given.name
    try:
        content = given.file.read_bytes()
        write_case(folder, content, url=given.url, comment=given.comment)
    except FileExistsError:
        print(f"{folder} is there already; choose another name", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{given.file}: {error.strerror}", file=sys.stderr)
        return 2
    print(f"{folder} written. Put right what is wrong in:")
    for file in sorted(folder.glob("expected.*")):
        print(f"  {file}")
    print("then run: make quick")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
