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
        (["Ilse Beispiel/dpa"], [], "dpa"),
        (["Foto: Ilse Beispiel/dpa"], [], None),
        (["Mara Quill / Reuters"], [], "Reuters"),
        ([], ["So endete der Tag. (afp/dpa)"], "dpa"),
        ([], ["dpa"], "dpa"),
        (["a map of the lake"], ["The ap was a fine snack, he said."], None),
        ([], ["He spoke of spa towns (and pa)."], None),
        ([], ["The Associated Press contributed to this report."], "AP"),
        ([], ["Associated Press writer Mara Quill contributed to this report."], "AP"),
        ([], ["(Reporting by Mara Quill; Editing by Ole Brandt)"], "Reuters"),
        ([], ["With files from The Canadian Press"], "The Canadian Press"),
        ([], ["Copyright 2026 The Associated Press. All rights reserved."], "AP"),
        ([], ["The bridge is open, the mayor said on Tuesday. — AFP"], "AFP"),
        ([], ["Die Brücke ist seit Dienstag offen, sagte die Bürgermeisterin. (dpa/lno)"], "dpa"),
        ([], ["El puente está abierto, según la alcaldesa. (EFE)."], "EFE"),
        ([], ["Con información de EFE"], "EFE"),
        ([], ["Mit Material der dpa"], "dpa"),
        ([], ["Photo: Mara Quill/AFP"], None),
        ([], ["A source told Reuters that the bridge would stay shut for a month."], None),
        ([], ["He contributed to the plan, the lawyer told the AP on Tuesday."], None),
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
