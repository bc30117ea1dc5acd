"""What is learned of a host's template, and what never is."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.html.blocks import read_blocks
from cleaners.html.document import Document
from cleaners.html.templates import (
    KEPT_PAGES,
    MEMORY_DAYS,
    Observation,
    Templates,
    learn,
    loads,
    observe,
)

NOTICE = "Support the Post from two crowns a month"
WIRE = (
    "The volcano on the island of Sarn sent ash four kilometres into the sky on Friday, and the "
    "authorities moved twelve hundred people from the villages on its eastern slope, they said."
)


def _document(*paragraphs: str) -> Document:
    return read_blocks("<main>" + "".join(f"<p>{text}</p>" for text in paragraphs) + "</main>")


def _seen(number: int, *more: str, host: str = "post.example", day: int = 100) -> Observation:
    lead = f"Story {'no' * number}: {'what happened on this day is told at some length here. ' * 4}"
    document = _document(lead, *more)
    keep = [True] * len(document.blocks)
    address = f"https://www.{host}/{number}"
    return observe(document, keep, url=address, title="t" * (number + 1), day=day)


def _chrome(templates: Templates, *paragraphs: str, host: str = "post.example") -> set[str]:
    document = _document(*paragraphs)
    found = templates.chrome(document, f"https://{host}/new")
    return {document.blocks[index].text for index in found}


def test_a_short_block_of_three_stories_is_template() -> None:
    templates = learn(_seen(number, NOTICE) for number in range(3))
    assert _chrome(templates, "Something new", NOTICE) == {NOTICE}


def test_two_stories_are_not_enough() -> None:
    templates = learn([_seen(1, NOTICE), _seen(2, NOTICE), _seen(3)])
    assert _chrome(templates, NOTICE) == set()


def test_numbers_do_not_tell_blocks_apart() -> None:
    templates = learn(_seen(number, f"{number} comments so far") for number in range(4))
    assert _chrome(templates, "27 comments so far") == {"27 comments so far"}


def test_another_host_is_not_touched() -> None:
    templates = learn(_seen(number, NOTICE) for number in range(5))
    assert _chrome(templates, NOTICE, host="other.example") == set()


def test_a_wire_paragraph_that_many_sites_share_is_body() -> None:
    hosts = [f"site{number}.example" for number in range(8)]
    templates = learn(_seen(number, WIRE, host=host) for number, host in enumerate(hosts))
    assert all(_chrome(templates, WIRE, host=host) == set() for host in hosts)


def test_a_refrain_counts_once_a_page() -> None:
    templates = learn([_seen(1, *[NOTICE] * 5), _seen(2), _seen(3)])
    assert _chrome(templates, NOTICE) == set()


def test_versions_of_one_story_count_once() -> None:
    document = _document(WIRE, "Updated as the day went on")
    versions = [
        observe(document, [True, True], url=f"https://post.example/v{n}", title=f"v{n}", day=1)
        for n in range(6)
    ]
    assert _chrome(learn(versions), WIRE, "Updated as the day went on") == set()


def test_background_that_follow_ups_repeat_needs_more_stories() -> None:
    assert _chrome(learn(_seen(number, WIRE) for number in range(4)), WIRE) == set()
    assert _chrome(learn(_seen(number, WIRE) for number in range(8)), WIRE) == {WIRE}


def test_a_standfirst_that_teasers_on_other_pages_repeat_is_body() -> None:
    blurb = (
        "The harbour master of Lowmere has resigned after an audit of the dredging of the port, "
        "which cost nine million crowns, found no bills."
    )
    templates = learn(_seen(number, blurb) for number in range(5))
    assert _chrome(templates, blurb) == set()


def test_a_sentence_of_few_among_many_pages_is_body() -> None:
    many = [_seen(number) for number in range(50)]
    few = [_seen(number, NOTICE) for number in range(50, 53)]
    assert _chrome(learn(many + few), NOTICE) == set()


def test_what_is_not_seen_again_is_forgotten() -> None:
    old = [_seen(number, NOTICE, day=1) for number in range(5)]
    new = [_seen(number, day=2 + MEMORY_DAYS) for number in range(5, 8)]
    assert _chrome(learn(old), NOTICE) == {NOTICE}
    assert _chrome(learn(old).merge(learn(new)), NOTICE) == set()


@given(st.integers(0, 10_000))
def test_order_does_not_matter(seed: int) -> None:
    observations = [_seen(number, NOTICE, day=number) for number in range(6)]
    shuffled = observations[:]
    random.Random(seed).shuffle(shuffled)
    assert learn(shuffled) == learn(observations)
    assert learn([*shuffled, *observations[:3]]) == learn(observations)
    one, two = learn(shuffled[:3]), learn(shuffled[3:])
    assert one.merge(two) == two.merge(one) == learn(observations)


def test_a_host_takes_no_more_room_with_its_pages_and_still_knows_its_template() -> None:
    portions = [
        learn(_seen(number, NOTICE, f"said on page {'x' * number} alone") for number in numbers)
        for numbers in (range(100), range(100, 200), range(200, 300))
    ]
    known = Templates()
    sizes = []
    for portion in portions:
        known = known.merge(portion)
        sizes.append(len(known.prints))
    assert sizes == [2 * KEPT_PAGES + 1] * 3
    assert known == portions[2].merge(portions[0]).merge(portions[1])
    assert _chrome(known, NOTICE, "said on page x alone") == {NOTICE}


def test_written_and_read_again() -> None:
    templates = learn(_seen(number, NOTICE) for number in range(3))
    assert loads(templates.dumps()) == templates
    assert loads(templates.dumps()).dumps() == templates.dumps()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 99}', '{"version": 1, "hosts": 3}'])
def test_what_is_no_such_file_teaches_nothing(text: str) -> None:
    assert loads(text) == Templates()


@pytest.mark.parametrize("url", [None, "", "not a url", "http://[broken"])
def test_without_a_host_nothing_is_template(url: str | None) -> None:
    templates = learn(_seen(number, NOTICE) for number in range(3))
    assert templates.chrome(_document(NOTICE), url) == frozenset()
