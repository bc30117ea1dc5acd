"""The extractors that Winnow is compared with, each one function: (bytes, url) -> Extracted.

Imports are inside: each runs in a process of its own, so that its memory and time are its own.
"""

import importlib
import logging
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a tool makes of a page; fields other than `text` are None where it was not asked."""

    text: str
    title: str | None = None
    authors: tuple[str, ...] | None = None
    day: str | None = None  # of publication, ISO


Extract = Callable[[bytes, str], Extracted]


def decode(html: bytes) -> str:
    """Peers that take only text get it as UTF-8 where it is, else as their users would: cp1252."""
    try:
        return html.decode("utf-8")
    except UnicodeDecodeError:
        return html.decode("cp1252", "replace")


def keep_all() -> Extract:
    inscriptis = importlib.import_module("inscriptis")

    def extract(html: bytes, _url: str) -> Extracted:
        return Extracted(str(inscriptis.get_text(decode(html))))

    return extract


def trafilatura() -> Extract:
    library = importlib.import_module("trafilatura")

    def extract(html: bytes, url: str) -> Extracted:
        found = library.bare_extraction(html, url=url, with_metadata=True)
        if not found:
            return Extracted("", "", (), "")
        authors = tuple(name.strip() for name in (found.author or "").split(";") if name.strip())
        return Extracted(found.text or "", found.title or "", authors, found.date or "")

    return extract


def newspaper4k() -> Extract:
    library = importlib.import_module("newspaper")

    def extract(html: bytes, url: str) -> Extracted:
        article = library.Article(url, fetch_images=False)
        article.download(input_html=decode(html))
        article.parse()
        day = article.publish_date.date().isoformat() if article.publish_date else ""
        return Extracted(str(article.text), str(article.title or ""), tuple(article.authors), day)

    return extract


def summary_of(html: str) -> str:
    """The markup that readability takes for the article."""
    library = importlib.import_module("readability")
    logging.getLogger("readability.readability").setLevel(logging.ERROR)
    return str(library.Document(html).summary(html_partial=True))


def main_of(html: str) -> str:
    """The text that resiliparse takes for the article, without pictures' descriptions."""
    plain = importlib.import_module("resiliparse.extract.html2text").extract_plain_text
    return str(plain(html, main_content=True, alt_texts=False))


def readability() -> Extract:
    lxml_html = importlib.import_module("lxml.html")

    def extract(html: bytes, _url: str) -> Extracted:
        tree = lxml_html.fromstring(summary_of(decode(html)))
        return Extracted("\n".join(str(text) for text in tree.itertext()))

    return extract


def resiliparse() -> Extract:
    plain = importlib.import_module("resiliparse.extract.html2text").extract_plain_text

    def extract(html: bytes, _url: str) -> Extracted:
        return Extracted(str(plain(decode(html), main_content=True)))

    return extract


def justext() -> Extract:
    library = importlib.import_module("justext")
    stoplist = frozenset(
        word for language in library.get_stoplists() for word in library.get_stoplist(language)
    )

    def extract(html: bytes, _url: str) -> Extracted:
        paragraphs = library.justext(html, stoplist)
        return Extracted("\n".join(p.text for p in paragraphs if not p.is_boilerplate))

    return extract


def goose3() -> Extract:
    goose = importlib.import_module("goose3").Goose({"enable_image_fetching": False})

    def extract(html: bytes, _url: str) -> Extracted:
        return Extracted(str(goose.extract(raw_html=decode(html)).cleaned_text or ""))

    return extract


PEERS: dict[str, Callable[[], Extract]] = {
    "trafilatura": trafilatura,
    "newspaper4k": newspaper4k,
    "readability-lxml": readability,
    "resiliparse": resiliparse,
    "jusText": justext,
    "goose3": goose3,
    "keep all text": keep_all,
}
