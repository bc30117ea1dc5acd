"""What a page says of its article beside its visible text: title, description, body, kind."""

import re
from dataclasses import dataclass
from html import unescape

from cleaners.metadata.sources import PageData

_TAG = re.compile(r"<[^>]{1,2000}>")
_NEWS = re.compile(r"NewsArticle$|^Reportage|^LiveBlog")
_POSTING = re.compile(r"BlogPosting$|^Blog$")
_MIN_NAME = 5  # characters of an author's name; "dpa" or "Red" would stand everywhere
_MAX_NAME = 40


@dataclass(frozen=True, slots=True, eq=False)
class PageText:
    """What a page says of its article outside of its blocks; empty where it does not."""

    title: str = ""
    description: str = ""
    body: str = ""  # JSON-LD articleBody
    authors: tuple[str, ...] = ()  # names, in lower case
    captions: tuple[str, ...] = ()  # what JSON-LD says of images, videos and people
    news: bool = False  # it calls itself a news article
    posting: bool = False  # or a posting of a blog
    dated: bool = False  # it says when its article was published
    language: str = ""  # two letters


def read_said(data: PageData) -> PageText:
    """From OpenGraph and description tags, `<title>`, and JSON-LD."""
    head, article = data.head, data.linked.article
    types = data.types
    names = [entity.name for entity in article.authors] if article is not None else []
    names += head.every("author", "article:author", "parsely-author", "sailthru.author")
    published = head.first("article:published_time", "datepublished", "date", "pubdate")
    images = article.images if article is not None else ()
    return PageText(
        title=head.first("og:title", "twitter:title") or head.title or "",
        description=head.first("og:description", "description", "twitter:description") or "",
        body=max(map(_plain, data.linked.bodies), key=len, default=""),
        authors=tuple(
            dict.fromkeys(
                name.strip().lower() for name in names if _MIN_NAME <= len(name) <= _MAX_NAME
            )
        ),
        captions=(*(text for image in images for text in image[1:] if text), *data.linked.beside),
        news=any(map(_NEWS.search, types)),
        posting=any(map(_POSTING.search, types)),
        dated=bool(published or (article is not None and article.published)),
        language=(head.language or "")[:2].lower(),
    )


def _plain(body: str) -> str:
    """Text of an articleBody, which some publishers fill with escaped or plain HTML."""
    text = unescape(body) if "&" in body else body
    if "<" in text and ">" in text:
        text = unescape(_TAG.sub("\n", text))
    return text.strip()
