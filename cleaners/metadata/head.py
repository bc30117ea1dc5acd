"""One pass over a parsed page for what carries metadata: meta, link, title, JSON-LD, h1, time.

A pass costs its way through memory more than what is done at each element: so it also counts the
elements that tell kinds of pages apart, and keeps the captions of pictures.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from lxml import etree

from cleaners.metadata.backend import Holding, visit
from cleaners.metadata.strings import plain, visible_text

# A page has a handful of headings and times of its own; teasers bring hundreds.
_MAX_EACH = 60
_MAX_JSONLD = 2_000_000  # characters of one script; more is data, not metadata

_COUNTED_LIST: Final = (
    "form select textarea iframe video audio article table pre code img time h1 h4 blockquote "
    "figure dl noscript"
)
COUNTED: Final = tuple(_COUNTED_LIST.split())
"""Elements whose number tells kinds of pages apart. Not those of which a page has hundreds: telling
kinds without them is as good, and half the time."""
_READ: Final = frozenset(("meta", "link", "title", "script", "h1", "time", "figcaption"))


@dataclass(frozen=True, slots=True)
class TimeMark:
    """A <time> element: its machine-readable value, what it shows, and its classes and itemprop."""

    value: str
    shown: str
    names: str
    in_header: bool


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """What the page says of itself, as written; `meta` by lower-cased name or property.

    `counts`: how many elements of each tag of COUNTED the page has. `captions`: its first
    figcaption elements.
    """

    meta: dict[str, tuple[str, ...]]
    canonical: str | None
    language: str | None
    title: str | None
    h1: tuple[str, ...]
    times: tuple[TimeMark, ...]
    jsonld: tuple[str, ...]
    microdata: dict[str, tuple[str, ...]]
    types: tuple[str, ...]
    counts: Counter[str]
    captions: tuple[etree._Element, ...]

    def first(self, *names: str) -> str | None:
        """The first non-empty value among meta names, in the order given."""
        for name in names:
            for value in self.meta.get(name, ()):
                if value:
                    return value
        return None

    def every(self, *names: str) -> tuple[str, ...]:
        """All values of these meta names, in order, without repeats."""
        return tuple(dict.fromkeys(v for name in names for v in self.meta.get(name, ()) if v))


def read_head(tree: etree._Element) -> Head:
    """Collect from the whole tree: real pages put meta elements and JSON-LD into the body, too."""
    meta: dict[str, list[str]] = {}
    canonical: str | None = None
    title: str | None = None
    h1: list[etree._Element] = []
    times: list[TimeMark] = []
    scripts: list[str] = []
    captions: list[etree._Element] = []
    elements, counts = visit(tree, _READ, COUNTED)
    for element in elements:
        tag = element.tag
        if tag == "meta":
            _add_meta(meta, element)
        elif tag == "script":
            kind = element.get("type")
            if kind and "ld+json" in kind.lower():
                # some frameworks leave the text where no browser looks for it
                text = element.text or element.get("children")
                if text:
                    scripts.append(text[:_MAX_JSONLD])
        elif tag == "h1":
            if len(h1) < _MAX_EACH:
                h1.append(element)
        elif tag == "time":
            if len(times) < _MAX_EACH:
                times.append(_time_mark(element))
        elif tag == "link":
            if canonical is None and "canonical" in (element.get("rel") or "").lower().split():
                canonical = element.get("href")
        elif tag == "figcaption":
            if len(captions) < _MAX_EACH:
                captions.append(element)
        elif tag == "title" and title is None and _is_page_title(element):
            title = plain(visible_text(element)) or None
    microdata, types = _microdata(tree)
    return Head(
        meta={name: tuple(values) for name, values in meta.items()},
        canonical=canonical,
        language=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang"),
        title=title,
        h1=tuple(plain(visible_text(element)) for element in h1),
        times=tuple(times),
        jsonld=tuple(scripts),
        microdata=microdata,
        types=types,
        counts=counts,
        captions=tuple(captions),
    )


def _is_page_title(element: etree._Element) -> bool:
    """A <title> may also be the name of an inline drawing."""
    parent = element.getparent()
    return parent is None or parent.tag in ("head", "html", "body")


def _add_meta(meta: dict[str, list[str]], element: etree._Element) -> None:
    content = element.get("content")
    if not content:
        return
    text = plain(content)
    for attribute in ("property", "name", "itemprop", "http-equiv"):
        name = element.get(attribute)
        if name:
            meta.setdefault(name.strip().lower(), []).append(text)


def _time_mark(element: etree._Element) -> TimeMark:
    names = " ".join(
        value for a in ("class", "itemprop", "id", "pubdate") if (value := element.get(a))
    )
    in_header = False
    for depth, above in enumerate(element.iterancestors()):
        if above.tag in ("header", "article"):
            in_header = True
        if depth >= 8 or above.tag == "body":
            break
        names += " " + (above.get("class") or "") if depth < 2 else ""
    return TimeMark(
        value=(element.get("datetime") or element.get("content") or "").strip(),
        shown=plain(visible_text(element)),
        names=names.lower(),
        in_header=in_header,
    )


_PROPERTIES_LIST = (
    "headline name author datepublished datecreated datemodified articlesection "
    "isaccessibleforfree keywords publisher"
)
_PROPERTIES = frozenset(_PROPERTIES_LIST.split())
_ITEMS = Holding({"itemprop": ("",), "itemtype": ("",)})


def _microdata(tree: etree._Element) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Values of the schema.org properties that matter, and the item types, in document order."""
    found: dict[str, list[str]] = {}
    types: list[str] = []
    for element in _ITEMS(tree):
        kind = element.get("itemtype")
        if kind and len(types) < _MAX_EACH:
            types.append(kind.strip().rstrip("/").rsplit("/", 1)[-1])
        if element.tag == "meta":
            continue
        for name in (element.get("itemprop") or "").lower().split():
            if name in _PROPERTIES and len(found.get(name, ())) < _MAX_EACH:
                found.setdefault(name, []).append(_value(element))
    return {name: tuple(v) for name, v in found.items()}, tuple(types)


def _value(element: etree._Element) -> str:
    for attribute in ("content", "datetime"):
        value = element.get(attribute)
        if value:
            return plain(value)
    return plain(visible_text(element))
