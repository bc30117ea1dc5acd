"""The article's pictures: those that JSON-LD and OpenGraph name, and figures with a caption."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml import etree

from cleaners.metadata.head import Head
from cleaners.metadata.jsonld import LdArticle
from cleaners.metadata.strings import plain, visible_text
from cleaners.model import Image

_MAX_IMAGES = 20
_MAX_CAPTION = 600
_MAX_ADDRESS = 2_000
_NO_ADDRESS = ("data:", "blob:", "javascript:")
_CREDIT_NAMES = ("credit", "copyright", "photographer", "source", "attribution")


def read_images(head: Head, article: LdArticle, url: str | None) -> tuple[Image, ...]:
    """Pictures in order of trust, one for each address; figures give the captions."""
    found: dict[str, Image] = {}
    for image in (*_declared(head, article, url), *_figures(head, url)):
        known = found.get(image.url)
        if known is None:
            if len(found) < _MAX_IMAGES:
                found[image.url] = image
        elif not known.caption and image.caption:
            found[image.url] = image
    return tuple(found.values())


def _declared(head: Head, article: LdArticle, url: str | None) -> Iterator[Image]:
    for address, caption, credit in article.images:
        if absolute := _absolute(address, url):
            yield Image(absolute, caption or None, credit or None)
    for address in head.every("og:image", "og:image:url", "twitter:image")[:_MAX_IMAGES]:
        if absolute := _absolute(address, url):
            yield Image(absolute)


def _figures(head: Head, url: str | None) -> Iterator[Image]:
    """Figures with a figcaption; teasers and galleries of other pages have none."""
    for caption in head.captions[:_MAX_IMAGES]:
        figure = caption.getparent()
        while figure is not None and figure.tag not in ("figure", "body"):
            figure = figure.getparent()
        if figure is None or figure.tag != "figure":
            continue
        picture = next(figure.iter("img"), None)
        if picture is None:
            continue
        address = picture.get("src") or picture.get("data-src") or ""
        absolute = _absolute(address, url)
        if absolute:
            text = plain(visible_text(caption))[:_MAX_CAPTION]
            yield Image(absolute, text or None, _credit(caption))


def _credit(caption: etree._Element) -> str | None:
    for element in caption.iter():
        names = element.get("class") if isinstance(element.tag, str) else None
        if names and element is not caption and _names_credit(names):
            return plain(visible_text(element))[:200] or None
    return None


def _names_credit(names: str) -> bool:
    return any(map(names.lower().__contains__, _CREDIT_NAMES))


# An address of which urljoin changes nothing, whatever page it stands on; most are such.
_WHOLE = re.compile(r"https?://[\w.-]+/[\w./%~+,=&@!:*-]*(?:\?[\w./%~+,=&@!:*-]+)?", re.ASCII)


def _absolute(address: str, url: str | None) -> str | None:
    address = address.strip()
    if not 0 < len(address) <= _MAX_ADDRESS or address.startswith(_NO_ADDRESS):
        return None
    if _WHOLE.fullmatch(address):
        return address
    try:
        absolute = urljoin(url or "", address)
    except ValueError:
        return None
    return absolute if absolute.startswith(("http://", "https://")) else None
