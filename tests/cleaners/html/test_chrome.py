import json
from pathlib import Path

import pytest

from cleaners.html.blocks import read_blocks
from cleaners.html.chrome import chrome_rules, match_rules

CASES = json.loads(Path(__file__).with_name("chrome.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_takes_chrome_and_leaves_its_look_alike(case: dict[str, str]) -> None:
    page = f"<html><body>{case['chrome']}{case['body']}</body></html>"
    assert match_rules(read_blocks(page)) == {0: case["rule"]}


def test_every_rule_has_a_case() -> None:
    assert {case["rule"] for case in CASES} == {rule.id for rule in chrome_rules().every}


def test_a_page_without_text_has_no_matches() -> None:
    assert match_rules(read_blocks("")) == {}
