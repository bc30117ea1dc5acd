"""Article ↔ row and Rejection ↔ row lose nothing that has a column; bad values are named."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.model import (
    Article,
    Discovery,
    Fetch,
    Image,
    Metadata,
    PageType,
    Reason,
    Rejection,
    Removal,
    Stage,
    WarcPosition,
)
from cleaners.scale.batch import articles_from_message, articles_message
from cleaners.store.columns import to_rows, to_table
from cleaners.store.dataset import Added, Dataset
from cleaners.store.rows import (
    article_from_row,
    article_row,
    fault,
    rejection_from_row,
    rejection_row,
)
from cleaners.store.schema import ARTICLES, REJECTS
from tests.cleaners.store.samples import article, shown, stamp, story

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
maybe = st.none() | texts
zones = st.sampled_from(
    [UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=3))]
)
times = st.datetimes(datetime(1700, 1, 1), datetime(2200, 1, 1), timezones=zones)
scores = st.none() | st.floats(0, 1, width=32)
warcs = st.builds(WarcPosition, texts, texts, st.integers(0, 2**60), st.integers(0, 2**60), texts)
fetches = st.builds(
    Fetch,
    url_requested=texts,
    fetched_at=times,
    status=st.integers(0, 999),
    headers=st.lists(texts, min_size=3, max_size=3).map(
        lambda v: tuple(zip(("content-type", "etag", "last-modified"), v, strict=True))
    ),
    warc=st.none() | warcs,
)
discoveries = st.builds(
    Discovery,
    method=texts,
    source=st.none() | texts.filter(bool),
    seed_id=maybe,
    score=scores,
    reasons=st.lists(texts).map(tuple),
)
metadata = st.builds(
    Metadata,
    title=maybe,
    title_raw=maybe,
    description=maybe,
    authors=st.lists(texts).map(tuple),
    dateline=maybe,
    section=maybe,
    tags=st.lists(texts).map(tuple),
    publisher=maybe,
    images=st.lists(st.builds(Image, texts, maybe, maybe)).map(tuple),
    published_at=st.none() | times,
    modified_at=st.none() | times,
    published_raw=maybe,
    published_source=maybe,
    published_precision=maybe,
    published_confidence=scores,
    url_canonical=maybe,
    language_declared=maybe,
    is_free=st.none() | st.booleans(),
    access_signal=maybe,
    wire_agency=maybe,
)
articles = st.builds(
    Article,
    source=texts,
    url=maybe,
    text=texts.filter(str.strip),
    markdown=texts,
    metadata=metadata,
    language=maybe,
    language_score=scores,
    page_type=st.sampled_from(PageType),
    page_type_score=scores,
    quality_flags=st.lists(texts).map(tuple),
    charset=maybe,
    charset_source=maybe,
    raw_chars=st.integers(0, 2**50),
    removals=st.lists(
        st.builds(Removal, texts, texts, texts, st.integers(0, 2**31 - 1), scores)
    ).map(tuple),
    fetch=st.none() | fetches,
    discovery=st.none() | discoveries,
)
rejections = st.builds(
    Rejection,
    source=texts,
    url=maybe,
    stage=st.sampled_from(Stage),
    reason=st.sampled_from(Reason),
    detail=texts,
    fetch=st.none() | fetches,
    discovery=st.none() | discoveries,
)


@settings(deadline=None)
@given(articles)
def test_an_article_comes_back_from_its_row(given_article: Article) -> None:
    assert fault(given_article) is None
    row = article_row(
        given_article,
        article_id="0" * 32,
        revision=1,
        text=given_article.text.encode(),
        text_sha256="0" * 64,
        word_count=3,
        minhash=None,
        stamp=stamp(),
    )
    back = to_rows(to_table(ARTICLES, [row]), ARTICLES)
    assert article_from_row(back[0]) == given_article


@settings(deadline=None)
@given(rejections)
def test_a_rejection_comes_back_from_its_row(given_rejection: Rejection) -> None:
    back = to_rows(to_table(REJECTS, [rejection_row(given_rejection, stamp())]), REJECTS)
    expected = given_rejection
    if expected.fetch is not None:
        headers = tuple(pair for pair in expected.fetch.headers if pair[0] == "content-type")
        expected = replace(expected, fetch=replace(expected.fetch, headers=headers))
    if expected.discovery is not None:
        found = replace(expected.discovery, score=None, reasons=())
        expected = replace(expected, discovery=found)
    assert rejection_from_row(back[0]) == expected


GOOD = article("https://daily.example/1", story("Calder"))
FETCH = Fetch(url_requested="u", fetched_at=datetime(2026, 1, 1, tzinfo=UTC), status=200)
BAD = {
    "a lone surrogate in the text": replace(GOOD, text="harbour \ud800 wall"),
    "a lone surrogate in a removal": replace(GOOD, removals=(Removal("\udfff", "r", "s", 0),)),
    "a date without a zone": replace(
        GOOD, metadata=replace(GOOD.metadata, published_at=datetime(2026, 1, 1))
    ),
    "a date no reader can hold": replace(
        GOOD, metadata=replace(GOOD.metadata, modified_at=datetime(9998, 1, 1, tzinfo=UTC))
    ),
    "a status that is none": replace(
        GOOD,
        fetch=Fetch(url_requested="u", fetched_at=datetime(2026, 1, 1, tzinfo=UTC), status=70_000),
    ),
    "no text": replace(GOOD, text=" \n"),
    "a place that no column counts to": replace(GOOD, removals=(Removal("x", "r", "s", 2**40),)),
    "a lone surrogate in a rule": replace(GOOD, removals=(Removal("x", "\udfff", "s", 0),)),
    "a lone surrogate in a seed": replace(GOOD, discovery=Discovery("feed", seed_id="\udc80")),
    "an offset past any file": replace(
        GOOD, fetch=replace(FETCH, warc=WarcPosition("a.warc", "id", 2**70, 1, "sha1"))
    ),
    "a number for a title": replace(GOOD, metadata=replace(GOOD.metadata, title=5)),  # type: ignore[arg-type]
    "a number for names": replace(GOOD, metadata=replace(GOOD.metadata, authors=5)),  # type: ignore[arg-type]
    "a score that is none": replace(GOOD, language_score="high"),  # type: ignore[arg-type]
    "no time": replace(GOOD, metadata=replace(GOOD.metadata, published_at="today")),  # type: ignore[arg-type]
    "a year that no zone can reach": replace(
        GOOD,
        fetch=replace(FETCH, fetched_at=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))),
    ),
}


@pytest.mark.parametrize("label", BAD)
def test_what_no_row_can_hold_is_named(label: str) -> None:
    assert fault(BAD[label])


@pytest.mark.parametrize("label", BAD)
def test_what_no_row_can_hold_costs_no_other_row(tmp_path: Path, label: str) -> None:
    bad = replace(BAD[label], source="https://daily.example/bad", url="https://daily.example/bad")
    with Dataset.open(tmp_path).writer(stamp()) as writer:
        assert [writer.add(one) for one in (GOOD, bad)] == [Added.NEW, Added.INVALID]
    assert shown(tmp_path, "articles", "url") == [(GOOD.url,)]
    assert shown(tmp_path, "rejects", "url", "reason") == [(bad.url, "invalid-row")]
    ends, rows = articles_message((bad, GOOD), config_digest="")
    assert [type(end) for end in ends] == [Rejection, Article]
    assert articles_from_message(rows)["url"].to_pylist() == [GOOD.url]


def test_scores_that_are_no_numbers_are_unknown(tmp_path: Path) -> None:
    with Dataset.open(tmp_path).writer(stamp()) as writer:
        writer.add(replace(GOOD, language_score=math.nan, page_type_score=math.inf))
    assert shown(tmp_path, "articles", "language_score", "page_type_score") == [(None, None)]


def test_a_good_article_has_no_fault() -> None:
    assert fault(GOOD) is None
