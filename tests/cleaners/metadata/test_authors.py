import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.metadata.authors import Byline, choose_authors, split_names, wire_name
from cleaners.metadata.visible import byline_blocks, labelled_names

CASES = json.loads(Path(__file__).with_name("authors.json").read_text("utf-8"))
SITE = frozenset({"lowmerepost"})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_names_of_a_byline(case: dict[str, object]) -> None:
    assert list(split_names(str(case["text"]))) == case["expect"]


def test_people_go_before_the_agency_which_is_kept_apart() -> None:
    found = choose_authors([Byline("Mara Quill, Reuters", "jsonld", 0.9)], SITE)
    assert (found.names, found.agency, found.people) == (("Mara Quill",), "Reuters", True)


def test_an_agency_signs_where_nobody_else_does() -> None:
    found = choose_authors([Byline("AFP", "jsonld", 0.9, "Organization")], SITE)
    assert (found.names, found.agency, found.people) == (("AFP",), "AFP", False)


def test_a_person_of_a_weaker_source_beats_the_publication() -> None:
    found = choose_authors(
        [
            Byline("Lowmere Post", "jsonld", 0.95, "Organization"),
            Byline("Mara Quill", "html", 0.6),
        ],
        SITE,
    )
    assert (found.names, found.source) == (("Mara Quill",), "html")


def test_an_agency_of_a_weaker_source_beats_the_publication() -> None:
    found = choose_authors(
        [
            Byline("Lowmere Post", "jsonld", 0.95, "Organization"),
            Byline("Anadolu Ajansı", "meta:articleauthor", 0.85),
        ],
        SITE,
    )
    assert (found.names, found.source) == (("Anadolu Ajansı",), "meta:articleauthor")


def test_names_behind_a_label_in_the_facts_below_the_body() -> None:
    facts = ("Date 3 May 2024", "Autorin/Autor Mara Quill", "By Tom Ash", "Author guidelines")
    assert [byline.text for byline in labelled_names(facts)] == ["Mara Quill"]


def test_one_name_said_twice_counts_once() -> None:
    bylines = [Byline("Mara Quill", "html", 0.6), Byline("MARA QUILL", "html", 0.6)]
    assert choose_authors(bylines, SITE).names == ("Mara Quill",)


def test_agency_by_any_spelling() -> None:
    names = ("The Associated Press", "dpa", "新华社", "Mara Quill", "")
    assert [wire_name(n) for n in names] == ["AP", "dpa", "Xinhua", None, None]


@given(st.text(max_size=300))
def test_any_text_gives_clean_names(text: str) -> None:
    for name in split_names(text):
        assert name == name.strip()
        assert 2 <= len(name) <= 60
        assert "@" not in name or not name.startswith("@")


DATELINE = "LOWMERE, March 3 (Postline) - The ferries stay in port."


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (("Harbour | 3 May 2024", "by Mara Quill"), ["Mara Quill"]),
        (("Tom Ash | 3 May 2024", "by Mara Quill"), ["Mara Quill"]),
        (("Tom Ash | 3 May 2024",), ["Tom Ash"]),
        (("Harbour | 3 May 2024",), []),
        (("by our rural correspondent",), ["our rural correspondent"]),
        (("by our best estimate",), []),
        (("by Postline",), ["Postline"]),
        (("by Monday",), []),
    ],
)
def test_bylines_near_a_headline(texts: tuple[str, ...], names: list[str]) -> None:
    assert [byline.text for byline in byline_blocks(texts, DATELINE)] == names
