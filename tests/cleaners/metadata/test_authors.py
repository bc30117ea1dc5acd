import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from cleaners.metadata.authors import Byline, choose_authors
from cleaners.metadata.bylines import author_elements, byline_blocks, labelled_names
from cleaners.metadata.names import split_names, wire_name

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
        (("Written by", "Mara Quill"), ["Mara Quill"]),
        (("von\nIlse Beispiel",), ["Ilse Beispiel"]),
        (("Published 3 May 2024 by Mara Quill",), ["Mara Quill"]),
        (("Mara Quill3 May 2024, 19:35",), ["Mara Quill"]),
        (("Mara Quill", "Tom Ash", "3 May 2024"), ["Mara Quill", "Tom Ash"]),
        (("Mara Quill", "4 min read", "3 May 2024"), ["Mara Quill"]),
        (("3 May 2024", "Mara Quill"), ["Mara Quill"]),
        (("Mara Quill", "The harbour is closed."), []),
        (("The Harbour", "3 May 2024"), []),
    ],
)
def test_bylines_near_a_headline(texts: tuple[str, ...], names: list[str]) -> None:
    assert [byline.text for byline in byline_blocks(texts, DATELINE)] == names


def test_a_kicker_above_the_headline_is_no_name_beside_a_date() -> None:
    texts = ("Nach Rückzug", "3 May 2024")
    assert list(byline_blocks(texts, above=1)) == []


def _elements(html: str, near: tuple[str, ...] = ()) -> list[str]:
    return [byline.text for byline in author_elements(etree.HTML(html), near)]


TEASERS = '<p class="author">Tom Ash</p><p class="author">Ida Reed</p>'


def test_bylines_of_teasers_do_not_count_beside_the_one_near_the_headline() -> None:
    html = f'<p class="author">Mara Quill</p>{TEASERS}'
    assert _elements(html, ("3 May 2024", "Mara Quill")) == ["Mara Quill"]


def test_several_bylines_far_from_the_headline_are_of_teasers() -> None:
    assert _elements(TEASERS, ("3 May 2024",)) == []
    assert _elements('<p class="author">Tom Ash</p>', ("3 May 2024",)) == ["Tom Ash"]


def test_who_only_checked_a_text_is_not_its_author() -> None:
    html = '<p class="author">Mara Quill</p><p class="author">Tom Ash</p>'
    assert _elements(html, ("Written by Mara Quill", "Edited by Tom Ash")) == ["Mara Quill"]


def test_a_name_beside_a_role_of_the_same_byline_stands_alone() -> None:
    bylines = [Byline("Mara Quill", "html", 0.6), Byline("Atenas", "html", 0.6)]
    assert choose_authors(bylines, SITE).names == ("Mara Quill",)


def test_an_organisation_keeps_the_words_that_would_part_names() -> None:
    signed = Byline("Centre for Tides and Harbours", "jsonld", 0.95, "Organization")
    assert choose_authors([signed], SITE).names == ("Centre for Tides and Harbours",)


def test_an_account_signs_only_where_no_person_does() -> None:
    account, person = Byline("mara.quill", "jsonld", 0.95), Byline("Tom Ash", "html", 0.6)
    assert choose_authors([account], SITE).names == ("mara.quill",)
    assert choose_authors([account, person], SITE).names == ("Tom Ash",)


def test_the_publication_behind_a_name_goes() -> None:
    assert choose_authors([Byline("Mara Quill LOWMERE POST", "html", 0.6)], SITE).names == (
        "Mara Quill",
    )
