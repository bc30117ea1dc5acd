"""Agencies, origins and kinds of copies."""

from dataclasses import replace

import pytest

from cleaners.dedup.agency import agency_of, is_house_of
from cleaners.dedup.families import families, link_family
from cleaners.dedup.syndication import Copy, Kind, kind_of, origin_order

HOUR = 3_600_000_000


def copy(
    row: int,
    domain: str,
    *,
    hours: int = 0,
    agency: str | None = None,
    words: int = 200,
    key: int = 1,
) -> Copy:
    return Copy(
        row=row,
        article_id=f"{row:032x}",
        domain=domain,
        publisher=None,
        agency=agency,
        published=hours * HOUR,
        fetched=hours * HOUR,
        words=words,
        text_key=key,
    )


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("LOMVIK, Feb 6 (Wireline) - A ferry drifted for six hours.", "Wireline"),
        ("PARIS (AP) — The talks went on.", "AP"),
        ("PARIS — AP — The talks went on.", "AP"),
        ("Madrid, 3 mar (EFE).- Las conversaciones siguen.", "EFE"),
        ("Berlin, 3. März (dpa/lno) Die Gespräche gehen weiter.", "dpa"),
        ("Berlin (dpa) - Der Streik ist beendet.", "dpa"),
        ("LONDON, March 3 (Reuters) – Shares fell.", "Reuters"),
        ("Der Streik ist beendet. Das teilte die Gewerkschaft mit. (AFP)", "AFP"),
        ("The talks went on, he said.\n\nReuters contributed to this report.", "Reuters"),
        ("The talks went on, he said. — AFP", "AFP"),
        ("He told Reuters that the talks went on.", None),
        ("The festival (Summer) - opened on Monday.", None),
        ("The ferry drifted (for six hours) - and nobody noticed.", None),
        ("The council (all nine of them) - met on Monday.", None),
        ("A ferry drifted for six hours. (Photo by the crew)", None),
    ],
)
def test_the_agency_of_a_text(text: str, agency: str | None) -> None:
    assert agency_of(text) == agency


def test_the_agency_that_the_page_names_comes_first() -> None:
    assert agency_of("PARIS (AP) — The talks.", given="Agence Delta") == "Agence Delta"
    assert agency_of("The talks.", authors=("Ines Varga", "AFP")) == "AFP"
    assert agency_of("The talks.", authors=("Ines Varga, Associated Press",)) == "AP"
    assert agency_of("The talks.", authors=("Reuters Staff",)) == "Reuters"
    assert agency_of("The talks.", authors=("Ines Varga", "Jo Bloomberg")) is None


@pytest.mark.parametrize(
    ("agency", "domain", "own"),
    [
        ("AP", "apnews.com", True),
        ("dpa", "dpa.example", True),
        ("Wireline", "wireline-news.example", True),
        ("AP", "apple.example", False),
        ("PA", "pa-times.example", False),
    ],
)
def test_whose_site_it_is(agency: str, domain: str, own: bool) -> None:
    assert is_house_of(agency, domain, None) is own


def test_the_agency_itself_is_the_origin_though_another_was_earlier() -> None:
    early = copy(1, "daily.example", hours=1, agency="wireline")
    own = copy(2, "wireline.example", hours=3, agency="wireline")
    assert [found.row for found in origin_order([early, own])] == [2, 1]


def test_else_the_earliest_is() -> None:
    late, early = copy(1, "daily.example", hours=5), copy(2, "post.example", hours=1)
    assert [found.row for found in origin_order([late, early])] == [2, 1]


@pytest.mark.parametrize(
    ("one", "origin", "kind"),
    [
        (copy(1, "a.example"), copy(2, "b.example"), Kind.EXACT),
        (copy(1, "a.example"), copy(2, "a.example"), Kind.EXACT),
        (copy(1, "a.example", key=3), copy(2, "b.example"), Kind.NEAR),
        (copy(1, "a.example", agency="ap"), copy(2, "b.example"), Kind.SYNDICATED),
        (copy(1, "a.example", key=3, words=280), copy(2, "a.example"), Kind.UPDATE),
        (copy(1, "a.example", key=3, words=150), copy(2, "a.example"), Kind.NEAR),
    ],
)
def test_kinds(one: Copy, origin: Copy, kind: Kind) -> None:
    assert kind_of(one, origin) is kind


def test_a_chain_of_small_changes_does_not_make_unlike_texts_copies() -> None:
    similar = {(1, 2): 0.9, (2, 3): 0.8, (1, 3): 0.3}

    def alike(one: int, other: int) -> float:
        return similar[(min(one, other), max(one, other))]

    chain = [copy(row, f"site{row}.example", hours=row, key=row) for row in (1, 2, 3)]
    links = link_family(chain, alike)
    assert [(link.row, link.origin, link.similarity) for link in links] == [(2, 1, 0.9)]


def test_a_briefing_that_holds_unlike_texts_is_no_origin_of_them() -> None:
    briefing = copy(1, "daily.example", hours=1, words=900, key=1)
    parts = [copy(row, f"site{row}.example", hours=row, words=300, key=row) for row in (2, 3)]
    again = copy(4, "site4.example", hours=4, words=300, key=2)
    similar = {(1, 2): 1.0, (1, 3): 1.0, (1, 4): 1.0, (2, 3): 0.1, (2, 4): 1.0, (3, 4): 0.1}
    links = link_family([briefing, *parts, again], lambda *rows: similar[tuple(sorted(rows))])
    assert [(link.row, link.origin) for link in links] == [(4, 2)]


def test_the_site_that_a_copy_names_as_its_own_is_the_origin() -> None:
    early, own = copy(1, "daily.example", hours=1), copy(2, "post.example", hours=3)
    early = replace(early, credits="post.example")
    assert [found.row for found in origin_order([early, own])] == [2, 1]
    assert kind_of(early, own) is Kind.SYNDICATED


def test_families_do_not_depend_on_the_order_of_pairs() -> None:
    pairs = [(5, 3), (1, 2), (3, 9), (7, 8), (2, 4)]
    assert families(pairs) == families(pairs[::-1]) == [[1, 2, 4], [3, 5, 9], [7, 8]]
