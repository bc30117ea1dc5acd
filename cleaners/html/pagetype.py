"""What kind of page it is, and whether it is one that cannot become an article.

Named rejections come from rules (`page_rules.toml`): challenge, consent wall, soft 404, JavaScript
shell, live blog, media page, listing of teasers. What is left is judged by small forests over
features of the page, trained by `benchmarks.train_pagetype` on all seven page types of WCXB and on
news pages.
"""

from functools import cache

from cleaners import gbm, models
from cleaners.gbm import Forest
from cleaners.html import pagerules
from cleaners.html.document import Document
from cleaners.html.pagefeatures import CONTENT, page_features
from cleaners.html.pagerules import PageVerdict
from cleaners.metadata import PageData
from cleaners.model import PageType, Reason

REJECT_BELOW = 0.05
"""Pages less probably an article than this are rejected: keeps at least 99 of 100 true articles of
WCXB (cross-validated by site, see `benchmarks.train_pagetype`)."""
ARTICLE_FROM = 0.5
"""Pages at least this probably an article are called one; best F1 in the same cross-validation."""


def page_type(document: Document, data: PageData, *, url: str | None = None) -> PageVerdict:
    """Judge a page from its blocks and its machine-readable data."""
    view = pagerules.view_page(document, data, url)
    for rule in pagerules.RULES:
        if (verdict := rule(view)) is not None:
            return verdict
    score, kind, kind_score = _model_verdict(document, data, url)
    if score >= REJECT_BELOW:
        certainty = score if kind is PageType.ARTICLE else kind_score
        return PageVerdict(kind, round(certainty, 4), None, f"article score {score:.2f}")
    reason = Reason.LISTING if kind is PageType.LISTING else Reason.NOT_ARTICLE
    return PageVerdict(kind, round(kind_score, 4), reason, f"{kind}, article score {score:.3f}")


KINDS = (PageType.LISTING, PageType.FORUM, PageType.PRODUCT, PageType.OTHER)
"""What a page can be beside an article, one forest each."""


@cache
def _forests() -> tuple[Forest, Forest, tuple[Forest, ...]]:
    article = gbm.load(models.path("pagetype_article.npz"))
    bare = gbm.load(models.path("pagetype_bare.npz"))
    others = tuple(gbm.load(models.path(f"pagetype_{kind.value}.npz")) for kind in KINDS)
    return article, bare, others


def load() -> None:
    """Load rules and models now rather than with the first page."""
    pagerules.rules()
    _forests()


def _model_verdict(
    document: Document, data: PageData, url: str | None
) -> tuple[float, PageType, float]:
    """Probability of an article; the likeliest kind, and its probability.

    A saved page may have neither address nor declarations: then a forest judges it that was
    trained on what pages show alone; so it judges pages with an address that declare nothing, of
    which the other is wrong about whole sites (F1 on WCXB .930 so, .933 with the other, three
    seeds; of the 8 articles of `benchmarks.gate` that declare nothing it calls none one, this 5).
    """
    article, bare, others = _forests()
    row = page_features(document, data, url)
    declares = data.types or data.head.first("og:type")
    score = float(
        article.probability(row)[0] if url and declares else bare.probability(row[:, CONTENT:])[0]
    )
    if score >= ARTICLE_FROM:
        return score, PageType.ARTICLE, score
    odds = [float(forest.probability(row)[0]) for forest in others]
    best = max(range(len(KINDS)), key=lambda i: odds[i])
    return score, KINDS[best], odds[best]


__all__ = ["PageVerdict", "load", "page_type"]
