import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.metadata.agency import find_agency, read_dateline

CASES = json.loads(Path(__file__).with_name("datelines.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40] or "empty")
def test_dateline(case: dict[str, str | None]) -> None:
    found = read_dateline(str(case["text"]))
    assert (found.text if found else None) == case["dateline"]
    assert (found.place if found else None) == case["place"]
    assert (found.agency if found else None) == case["agency"]


@pytest.mark.parametrize(
    ("credits", "last", "agency"),
    [
        (["Foto: Ilse Beispiel/dpa"], [], "dpa"),
        (["Mara Quill / Reuters"], [], "Reuters"),
        ([], ["So endete der Tag. (afp/dpa)"], "dpa"),
        ([], ["dpa"], "dpa"),
        (["a map of the lake"], ["The ap was a fine snack, he said."], None),
        ([], ["He spoke of spa towns (and pa)."], None),
    ],
)
def test_agency_of_credits_and_closing_lines(
    credits: list[str], last: list[str], agency: str | None
) -> None:
    assert find_agency(credits, last) == agency


@given(st.text(max_size=200))
def test_a_dateline_is_the_text_s_beginning(text: str) -> None:
    found = read_dateline(text)
    assert found is None or text.startswith(found.text[:1]) or text[:1].isspace()
