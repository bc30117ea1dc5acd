"""The whole newswire through the cleaners, against its gold: no page is a surprise."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from statistics import mean
from urllib.parse import urlsplit

import pytest

from benchmarks.metrics import overlap
from cleaners import clean_html
from cleaners.model import Article, Outcome, Rejection
from examples.newswire import GoldPage, Kind, gold
from examples.newswire.address import View, by_host
from examples.newswire.gold import webs
from examples.newswire.load import sites

MIN_BODY, MIN_EACH_BODY = 0.95, 0.80
MIN_AUTHORS = 0.9
NO_ARTICLES = (
    Kind.LISTING,
    Kind.LIVE_BLOG,
    Kind.CHALLENGE,
    Kind.CONSENT_WALL,
    Kind.SOFT_404,
    Kind.VIDEO,
    Kind.SHELL,
)
pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A page's gold beside what the cleaners make of it."""

    page: GoldPage
    outcome: Outcome


@cache
def cleaned() -> tuple[Cleaned, ...]:
    return tuple(_cleaned())


def _cleaned() -> Iterator[Cleaned]:
    view, served = View(by_host(sites())), webs()
    for page in gold(view):
        if page.kind is Kind.ARTICLE or page.kind in NO_ARTICLES:
            parts = urlsplit(page.url)
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            answer = served[page.site].answer(path, view)
            yield Cleaned(page, clean_html(answer.body, url=page.url))


def articles(site: str) -> list[tuple[GoldPage, Article]]:
    found = [(c.page, c.outcome) for c in cleaned() if c.page.site == site]
    return [
        (page, outcome)
        for page, outcome in found
        if page.kind is Kind.ARTICLE and isinstance(outcome, Article)
    ]


SITES = [site.key for site in sites()]


def test_every_article_is_one() -> None:
    wrong = [c.page.url for c in cleaned() if c.page.kind is Kind.ARTICLE]
    assert {url for url in wrong if isinstance(_outcome(url), Rejection)} == set()


def _outcome(url: str) -> Outcome:
    return next(c.outcome for c in cleaned() if c.page.url == url)


@pytest.mark.parametrize("kind", NO_ARTICLES)
def test_nothing_else_is_an_article(kind: Kind) -> None:
    found = [c for c in cleaned() if c.page.kind is kind]
    assert found
    assert {c.page.url for c in found if isinstance(c.outcome, Article)} == set()


@pytest.mark.parametrize("site", SITES)
def test_bodies_are_the_golds(site: str) -> None:
    scores = {page.url: overlap(page.body, found.text).f1 for page, found in articles(site)}
    assert {url: score for url, score in scores.items() if score < MIN_EACH_BODY} == {}
    assert mean(scores.values()) >= MIN_BODY


@pytest.mark.parametrize("site", SITES)
def test_metadata_is_the_golds(site: str) -> None:
    pairs = articles(site)
    assert {page.url for page, found in pairs if page.title != found.title} == set()
    assert mean(set(page.authors) == set(found.authors) for page, found in pairs) >= MIN_AUTHORS
    days = [(page.published_at, found.published_at) for page, found in pairs]
    assert all(gold and found and gold.date() == found.date() for gold, found in days)


def test_languages_are_the_golds() -> None:
    wrong = {
        page.url: found.language
        for site in SITES
        for page, found in articles(site)
        if page.language != found.language
    }
    assert wrong == {}
