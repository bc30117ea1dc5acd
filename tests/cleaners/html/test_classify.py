"""Which blocks are kept, on pages of our own; and what holds for any page."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.html.blocks import read_blocks
from cleaners.html.classify import classify
from cleaners.html.templates import learn, observe

CASES = json.loads(Path(__file__).with_name("pages.json").read_text("utf-8"))

PROSE = (
    "The council of Brackwater voted on Monday to rebuild the sea wall that the storms broke.",
    "Engineers want it half a metre higher than the old one, and set back from the fish market.",
    "The work is to begin in May and to cost nine million, most of which the county has promised.",
    "Shopkeepers fear that the quay will be closed for a season, said their speaker, Ida Roos.",
    "A first hearing of residents is planned for the second week of January in the old grain hall.",
)


def _page(body: str, *, head: str = "") -> str:
    return (
        f"<html><head><title>Sea wall to be rebuilt</title>{head}</head><body><nav><a href=/>Home"
        f"</a></nav><article><h1>Sea wall to be rebuilt</h1>{body}</article></body></html>"
    )


def _paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case(case: dict[str, object]) -> None:
    classified = classify(read_blocks(str(case["html"])))
    kept, removed = case["kept"], case["removed"]
    assert isinstance(kept, list)
    assert isinstance(removed, dict)
    for words in kept:
        assert words in classified.text
    removals = {removal.text: removal.rule for removal in classified.removals}
    for words, rule in removed.items():
        assert words not in classified.text
        named = [name for text, name in removals.items() if words in text]
        assert named
        assert rule is None or rule in named


_MARKUP = st.lists(
    st.sampled_from(
        [*_paragraphs(*PROSE).split("</p>"), "<div class=promo>", "</div>", "<h2>", "Ad"]
    ),
    max_size=25,
).map("".join)


@given(st.one_of(st.text(max_size=200), _MARKUP))
@settings(deadline=None, max_examples=60)
def test_kept_and_removed_are_all_blocks(html: str) -> None:
    classified = classify(read_blocks(html))
    blocks = classified.document.blocks
    kept = [block.index for block, keep in zip(blocks, classified.keep, strict=True) if keep]
    removed = [removal.position for removal in classified.removals]
    assert sorted(kept + removed) == [block.index for block in blocks]
    assert all(removal.rule and removal.stage for removal in classified.removals)
    assert all(0 <= score <= 1 for score in classified.scores)
    assert classify(read_blocks(html)).keep == classified.keep


def test_a_body_that_comes_twice_is_kept_once() -> None:
    body = _paragraphs(*PROSE)
    html = _page(f"<div class=desktop>{body}</div><div class=mobile>{body}</div>")
    classified = classify(read_blocks(html))
    for words in PROSE:
        assert classified.text.count(words) == 1
    assert {removal.rule for removal in classified.removals if removal.text in PROSE} == {
        "repeated"
    }


def test_a_refrain_within_the_body_stays() -> None:
    refrain = "And still the sea wall holds, they sang that night, and still the sea wall holds."
    html = _page(_paragraphs(PROSE[0], refrain, PROSE[1], PROSE[2], refrain, PROSE[3], PROSE[4]))
    assert classify(read_blocks(html)).text.count(refrain) == 2


NEXT = (
    "The brass band of Ansholm has won the contest of the northern islands for the third time.",
    "Its conductor, Sten Aker, thanked the bakers of the town, who had paid for the crossing.",
    "Eleven bands took part, and the youngest of the players was a drummer of nine years.",
)


def test_the_next_article_of_an_endless_page_is_not_this_one() -> None:
    following = f"<article><h1>Band wins again</h1>{_paragraphs(*NEXT)}</article>"
    classified = classify(read_blocks(_page(_paragraphs(*PROSE)) + following))
    assert all(words in classified.text for words in PROSE)
    assert not any(words in classified.text for words in NEXT)


def test_a_second_headline_within_the_article_ends_nothing() -> None:
    body = _paragraphs(*PROSE) + "<h1>And elsewhere on the coast</h1>" + _paragraphs(*NEXT)
    classified = classify(read_blocks(_page(body)))
    assert all(words in classified.text for words in PROSE + NEXT)


def test_a_body_that_only_the_json_holds_is_taken_from_there() -> None:
    body = "\\n".join(PROSE + tuple(text.replace("council", "board") for text in PROSE))
    head = f'<script type="application/ld+json">{{"articleBody": "{body}"}}</script>'
    classified = classify(read_blocks(_page("<p>Please enable JavaScript.</p>", head=head)))
    assert classified.text.startswith(PROSE[0])
    assert "JavaScript" not in classified.text
    assert len(classified.removals) + sum(classified.keep) == len(classified.document.blocks)


def test_the_page_is_preferred_to_its_json() -> None:
    head = f'<script type="application/ld+json">{{"articleBody": "{" ".join(PROSE * 2)}"}}</script>'
    document = read_blocks(_page(_paragraphs(*PROSE), head=head))
    assert classify(document).document is document


def test_what_repeats_over_a_host_is_removed_by_its_template() -> None:
    notice = "The Harbour Post is owned by its readers, who meet each spring to elect its editors."
    address = "https://harbour-post.example/{}"
    observations = []
    for number, word in enumerate(("ferry", "tram", "school", "market")):
        texts = [text.replace("the", f"the {word}") for text in PROSE]
        document = read_blocks(_page(_paragraphs(*texts, notice)))
        keep = classify(document).keep
        url = address.format(number)
        observations.append(observe(document, keep, url=url, title=f"On the {word}", day=number))
    templates = learn(observations)
    document = read_blocks(_page(_paragraphs(*PROSE, notice)))
    url = address.format("new")
    classified = classify(document, url=url, templates=templates)
    assert notice not in classified.text
    assert PROSE[1] in classify(document, url="https://other.example/1", templates=templates).text
    stages = {removal.stage for removal in classified.removals if removal.text == notice}
    assert stages <= {"template", "classify"}
