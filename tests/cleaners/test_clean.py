"""The pipeline as a whole: what goes in at `clean` and what comes out."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaners
from cleaners.audit import SEPARATOR, replay
from cleaners.clean import clean_and_observe
from cleaners.config import CleanConfig
from cleaners.html.blocks import read_blocks
from cleaners.html.templates import learn
from cleaners.model import Article, Fetch, Page, Reason, Rejection

PARAGRAPHS = (
    "The old swing bridge at Tarnmouth will close for eight weeks from Monday, the harbour board "
    "said, after divers found cracks in two of the piers that carry its turning table.",
    "Lorries will have to go round by Ostrey, a detour of forty kilometres. The bus company is "
    "laying on a boat for schoolchildren, which leaves from the fish quay at seven.",
    "“Nobody wanted this in the herring season,” said Ilse Maron, who chairs the board. “But a "
    "bridge that might not open again is worse than one that is shut.”",
    "The repair is to cost 3.4 million marks, half of it paid by the province. A new bridge has "
    "been on the drawing board since 1998.",
)
PROMO = "Subscribe to the Tarnmouth Observer newsletter"


def page(number: int = 0, extra: str = "") -> str:
    """A news page; `number` makes its story its own."""
    body = "".join(
        f"<p>{text}</p>" for text in (f"Report {number}. {PARAGRAPHS[0]}", *PARAGRAPHS[1:])
    )
    return (
        f"<html><head><title>Bridge closes ({number}) | Tarnmouth Observer</title></head><body>"
        "<nav><ul><li><a href='/'>Home</a></li><li><a href='/sport'>Sport</a></li></ul></nav>"
        f"<article><h1>Bridge closes ({number})</h1>{body}{extra}</article>"
        "<footer><p>© Tarnmouth Observer. All rights reserved.</p></footer></body></html>"
    )


def article(outcome: cleaners.Outcome) -> Article:
    assert isinstance(outcome, Article), outcome
    return outcome


def test_a_page_gives_its_body_and_says_what_it_removed() -> None:
    found = article(cleaners.clean_html(page(), url="http://observer.test/bridge"))
    for text in PARAGRAPHS:
        assert text in found.text
    assert "Sport" not in found.text
    assert "All rights reserved" not in found.text
    assert {"Home", "Sport"} <= {removal.text for removal in found.removals}
    assert found.language == "en"


def test_kept_and_removed_together_are_all_blocks() -> None:
    html = page()
    found = article(cleaners.clean_html(html))
    assert replay(found.text, found.removals) == tuple(b.text for b in read_blocks(html).blocks)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"%PDF-1.7\n" + bytes(range(256)) * 20, "a PDF document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "a PNG picture"),
        (gzip.compress(page().encode()), "gzip data"),
        (bytes(range(256)) * 20, "binary data"),
    ],
)
def test_what_is_no_text_is_binary(content: bytes, word: str) -> None:
    found = cleaners.clean_html(content)
    assert isinstance(found, Rejection)
    assert (found.reason, found.detail) == (Reason.BINARY, word)


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_a_page_without_a_mark_before_its_wide_characters_is_no_binary(charset: str) -> None:
    assert PARAGRAPHS[1] in article(cleaners.clean_html(page().encode(charset))).text


@pytest.mark.parametrize("tag", ["div", "b", "font", "ul><li", "table><tr><td"])
def test_elements_that_nobody_closed_hide_nothing(tag: str) -> None:
    found = article(cleaners.clean_html(page().replace("<article>", f"<{tag}>" * 10_000)))
    for text in PARAGRAPHS[1:]:
        assert text in found.text


def test_an_address_that_is_none_is_no_error() -> None:
    assert PARAGRAPHS[1] in article(cleaners.clean_html(page(), url="http://[::1")).text


def test_a_saved_page_is_not_of_the_future() -> None:
    later = '<p>Published on <time datetime="2191-05-03T10:00:00Z">3 May 2191</time></p>'
    assert article(cleaners.clean_html(page(extra=later))).published_at is None


def test_the_same_bytes_give_the_same_outcome() -> None:
    assert cleaners.clean_html(page()) == cleaners.clean_html(page())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \n\t ", Reason.EMPTY),
        (b"x" * 2_000, Reason.TOO_LARGE),
        ("\n\n".join(("Shut.", PARAGRAPHS[2][:60])).encode(), Reason.TOO_SHORT),
        (b"<script>let news = 1</script>", Reason.NO_TEXT),
    ],
)
def test_what_is_no_article_says_why(content: bytes, reason: Reason) -> None:
    config = CleanConfig(max_page_bytes=1_000, keep_non_articles=True)
    page = Page(content, source="a", kind="text" if reason is Reason.TOO_SHORT else "html")
    outcome = cleaners.clean(page, config=config)
    assert isinstance(outcome, Rejection)
    assert (outcome.source, outcome.reason) == ("a", reason)


def test_the_users_own_rules_have_the_last_word(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('["observer.test"]\ndrop = ["p.quote"]\ndrop_text = ["^The repair"]\n')
    html = page().replace("<p>“Nobody", "<p class=quote>“Nobody")
    config = CleanConfig(rules_file=str(rules))
    found = article(cleaners.clean_html(html, url="http://www.observer.test/1", config=config))
    assert "Ilse Maron" not in found.text
    assert "3.4 million" not in found.text
    assert "Ilse Maron" in article(cleaners.clean_html(html, url="http://other.test/1")).text
    ruled = [r.rule for r in found.removals if r.stage == "rules"]
    assert ruled == ["rule:drop p.quote", "rule:drop_text ^The repair"]


def test_later_pages_of_a_host_are_cleaned_with_what_earlier_ones_taught() -> None:
    hint = "Ask Aunt Perpetua: letters to the harbour box, answers every second Thursday."

    def from_host(number: int) -> Page:
        url = f"http://observer.test/{number}"
        fetched = Fetch(url, datetime(2026, 1, 1 + number, tzinfo=UTC), 200)
        html = page(number, f"<p>{hint}</p>")
        for text in PARAGRAPHS:  # another story each time: what stories share is not tested here
            html = html.replace(
                text, " ".join(f"{word}{'abcdefghij'[number]}" for word in text.split())
            )
        return Page(html.encode(), source=url, url=url, fetch=fetched)

    seen = [clean_and_observe(from_host(number)).observation for number in range(6)]
    templates = learn([one for one in seen if one is not None])
    taught = article(cleaners.clean(from_host(7), templates=templates))
    assert hint not in taught.text
    assert hint in {removal.text for removal in taught.removals}
    stranger = replace(from_host(8), url="http://elsewhere.test/8")
    untaught = article(cleaners.clean(stranger, templates=templates))
    assert all(removal.stage != "template" for removal in untaught.removals)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2_000), st.sampled_from(["html", "text"]))
def test_any_bytes_give_an_outcome(content: bytes, kind: str) -> None:
    given_page = Page(content, source="x", kind="html" if kind == "html" else "text")
    config = CleanConfig(min_words=0, keep_non_articles=True)
    outcome = cleaners.clean(given_page, config=config)
    if isinstance(outcome, Rejection):
        assert outcome.reason is not Reason.INTERNAL_ERROR, outcome.detail
    else:
        assert SEPARATOR.join(t for t in outcome.text.split(SEPARATOR)) == outcome.text


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["<p>", "<div>", "</p>", "<li>", "a b ", "é", "<!--", "]]>", "&#0;"]))
)
def test_any_markup_gives_an_outcome(pieces: list[str]) -> None:
    outcome = cleaners.clean_html("".join(pieces), config=CleanConfig(min_words=0))
    if isinstance(outcome, Rejection):
        assert outcome.reason is not Reason.INTERNAL_ERROR, outcome.detail


def test_noindex_is_obeyed_when_asked_for() -> None:
    html = page().replace("<head>", "<head><meta name=robots content='NOINDEX, follow'>")
    assert isinstance(cleaners.clean_html(html), Article)
    outcome = cleaners.clean_html(html, config=CleanConfig(respect_noindex=True))
    assert isinstance(outcome, Rejection)
    assert outcome.reason is Reason.NOINDEX
