import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.metadata.sitename import site_names, strip_site
from cleaners.metadata.title import TitleSources, choose_title

CASES = json.loads(Path(__file__).with_name("titles.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case(case: dict[str, object]) -> None:
    found = choose_title(TitleSources(**case["sources"]))  # type: ignore[arg-type]
    assert (found.text if found else None) == case["expect"]


def test_names_the_source_and_how_many_agree() -> None:
    sources = TitleSources(
        jsonld="Bridge opens", og="Bridge opens | Low", h1=("Bridge opens",), names=("Low",)
    )
    found = choose_title(sources)
    assert found is not None
    (evidence,) = found.evidence
    assert (evidence.field, evidence.source, found.raw) == ("title", "jsonld", "Bridge opens")
    assert evidence.confidence > 0.9


@given(st.text(max_size=80), st.lists(st.text(max_size=20), max_size=3))
def test_cutting_never_empties_a_title(title: str, names: list[str]) -> None:
    cut = strip_site(title, site_names(names, "www.lowmere.example"))
    assert cut in title
    assert bool(cut.strip()) == bool(title.strip())
