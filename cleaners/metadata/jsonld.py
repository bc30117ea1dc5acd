"""JSON-LD: every node of a page's scripts, also of broken ones, and the one that is the article.

Safe for any input: no recursion of its own, nests too deep for the parser are skipped, and the
number of nodes is bounded.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from urllib.parse import urlsplit

from cleaners.metadata.ldscript import Value, parse_script, salvaged_bodies, unescape_string
from cleaners.metadata.ldvalues import (
    Entity,
    Node,
    entities_of,
    images_of,
    selectors_of,
    tags_of,
    text_of,
    truth_of,
    types_of,
)
from cleaners.metadata.strings import comparable, plain

_MAX_NODES = 4000
# What is still read where a script does not parse at all.
_FIELD = re.compile(
    r'"(headline|datePublished|dateModified|articleSection|isAccessibleForFree)"\s*:\s*'
    r'(?:"((?:[^"\\]|\\.){1,500})"|(true|false))'
)
_AUTHOR = re.compile(
    r'"author"\s*+:\s*+\[?\s*+\{[^{}]{0,300}?"name"\s*+:\s*+\[?\s*+"((?:[^"\\]|\\.){1,200})"'
)

ARTICLE_TYPES = re.compile(r"(?:Article|Posting|Report|Review|Column)$|^article$")
_NOT_ARTICLE = frozenset({"JobPosting", "AggregateReview", "DiscussionForumPosting", "Review"})

Placed = tuple[int, Node, tuple[str, ...]]
"""A node, how deep it lies, and its types."""


@dataclass(frozen=True, slots=True)
class LdArticle:
    """The article node's fields as text; empty where absent."""

    type: str = ""
    headline: str = ""
    name: str = ""
    alternative: str = ""
    description: str = ""
    authors: tuple[Entity, ...] = ()
    published: str = ""
    created: str = ""
    modified: str = ""
    publisher: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    images: tuple[tuple[str, str, str], ...] = ()  # url, caption, credit
    url: str = ""
    language: str = ""
    is_free: bool | None = None
    gated_selectors: tuple[str, ...] = ()
    body_chars: int = 0


@dataclass(frozen=True, slots=True)
class LinkedData:
    """What a page's JSON-LD says: the types of its top nodes, in order, and its article if any."""

    types: tuple[str, ...] = ()
    article: LdArticle | None = None
    site: str = ""
    items: int = 0  # elements of an ItemList
    live_updates: int = 0  # entries of a LiveBlogPosting
    broken: int = 0  # scripts that did not parse
    page_published: str = ""  # as its WebPage node has it
    page_is_free: bool | None = None  # likewise
    bodies: tuple[str, ...] = ()  # every articleBody, as it stands
    beside: tuple[str, ...] = ()  # names and descriptions of videos, images and people, in full


def read_jsonld(
    scripts: tuple[str, ...], url: str | None = None, titles: Iterable[str] = ()
) -> LinkedData:
    """The linked data of a page; `url` and the `titles` that it has elsewhere help to tell its own
    article from teasers of others."""
    nodes: list[Placed] = []
    salvaged: list[LdArticle] = []
    bodies: list[str] = []
    broken = 0
    for script in scripts:
        data = parse_script(script)
        if data is None:
            broken += 1
            bodies.extend(salvaged_bodies(script))
            if (article := _salvage(script)) is not None:
                salvaged.append(article)
        else:
            nodes.extend(_nodes(data, _MAX_NODES - len(nodes)))
    by_id = _by_id(nodes)
    best = _main_article(nodes, by_id, url, titles)
    article = read_article(best, by_id) if best is not None else None
    if article is None and salvaged:
        article = salvaged[0]
    top = [(node, types) for depth, node, types in nodes if depth <= 1]
    pages = [node for node, types in top if "WebPage" in types]
    return LinkedData(
        types=tuple(chain.from_iterable(types for _, types in top)),
        article=article,
        site=_site(top),
        items=sum(
            len(items)
            for node, types in top
            if isinstance(items := node.get("itemListElement"), list)
            if "BreadcrumbList" not in types
        ),
        live_updates=max(
            (len(u) for _, node, _ in nodes if isinstance(u := node.get("liveBlogUpdate"), list)),
            default=0,
        ),
        broken=broken,
        page_published=next(
            (text_of(node["datePublished"], by_id) for node in pages if "datePublished" in node), ""
        ),
        page_is_free=next((truth_of(node.get("isAccessibleForFree")) for node in pages), None),
        bodies=(
            *bodies,
            *(body for _, node, _ in nodes if isinstance(body := node.get("articleBody"), str)),
        ),
        beside=tuple(_beside(nodes, article)),
    )


_BESIDE = re.compile(r"(?:Object|Person|Episode|Clip|Gallery|Photograph)$")
_BESIDE_CHARS = 25  # from which such a text is a sentence or a headline, not a name or a word
_MAX_BESIDE = 100


def _beside(nodes: list[Placed], article: LdArticle | None) -> Iterator[str]:
    """What the page says of things that are not its article; a lead that a video shares is none."""
    own = {article.headline, article.name, article.description} if article is not None else set()
    things = (node for _, node, types in nodes if any(map(_is_beside, types)))
    for node in islice(things, _MAX_BESIDE):
        for key in ("name", "caption", "description"):
            value = node.get(key)
            if isinstance(value, str) and len(value) >= _BESIDE_CHARS:
                text = plain(value)
                if text not in own:
                    yield text


@lru_cache(maxsize=1024)
def _is_beside(name: str) -> bool:
    return _BESIDE.search(name) is not None


def _nodes(data: Value, limit: int) -> Iterator[Placed]:
    """All objects of a value in document order with their depth; @graph and lists add no depth."""
    stack: list[tuple[int, Value]] = [(0, data)]
    while stack and limit > 0:
        depth, value = stack.pop()
        if isinstance(value, list):
            stack.extend((depth, item) for item in reversed(value[:_MAX_NODES]))
        elif isinstance(value, dict):
            limit -= 1
            yield depth, value, types_of(value)
            for key, child in reversed(value.items()):
                if isinstance(child, dict | list):
                    stack.append((depth if key == "@graph" else depth + 1, child))


def _by_id(nodes: list[Placed]) -> dict[str, Node]:
    """Nodes by @id; the fullest where an id is used twice."""
    found: dict[str, Node] = {}
    for _, node, _ in nodes:
        key = node.get("@id")
        if isinstance(key, str) and len(node) > len(found.get(key, ())) and len(node) > 1:
            found[key] = node
    return found


@lru_cache(maxsize=1024)
def _is_article(name: str) -> bool:
    return ARTICLE_TYPES.search(name) is not None and name not in _NOT_ARTICLE


def _main_article(
    nodes: list[Placed], by_id: dict[str, Node], url: str | None, titles: Iterable[str]
) -> Node | None:
    """The article that the page is about: shallow, of this address and title, with most to say."""
    path = _path(url) if url else None
    found = [placed for placed in enumerate(nodes) if _may_be_article(*placed[1])]
    known = {comparable(title) for title in titles} if len(found) > 1 else set()
    best: tuple[float, Node] | None = None
    for order, (depth, node, _) in found:
        own = {_path(a) for a in (_address(node), text_of(node.get("@id"), by_id)) if a}
        score = -2.0 * min(depth, 4) - 0.001 * min(order, 1000)
        score += 3.0 * (path is not None and len(path) > 1 and path in own)
        score += 1.0 * ("headline" in node) + 0.5 * ("datePublished" in node)
        score += 0.5 * ("author" in node) + 0.5 * ("articleBody" in node)
        if known:
            score += 2.5 * _is_titled(comparable(text_of(node.get("headline"), by_id)), known)
        if best is None or score > best[0]:
            best = (score, node)
    if best is None:
        return None
    if best[0] < -5.0:  # deep in a list of teasers
        return None
    return best[1]


def _may_be_article(depth: int, node: Node, types: tuple[str, ...]) -> bool:
    return any(map(_is_article, types)) or (
        depth <= 1 and ("headline" in node and ("datePublished" in node or "author" in node))
    )


def _is_titled(headline: str, known: set[str]) -> bool:
    """Whether a headline is one of a page's titles, which may bear its site's name as well."""
    return bool(headline) and any(
        title == headline or (len(headline) > _SHORT and title.startswith(headline))
        for title in known
    )


_SHORT = 12  # letters: a shorter headline may open a title by chance


def _address(node: Node) -> str:
    page = node.get("mainEntityOfPage")
    if isinstance(page, dict):
        page = page.get("@id") or page.get("url")
    own = page if isinstance(page, str) and "/" in page else node.get("url")
    return own if isinstance(own, str) else ""


def _path(url: str) -> str:
    try:
        return urlsplit(url.strip()).path.rstrip("/").lower() or "/"
    except ValueError:
        return "/"


def read_article(node: Node, by_id: dict[str, Node]) -> LdArticle:
    """The fields of an article node."""
    authors = node.get("author") or node.get("authors") or node.get("creator")
    keywords = node.get("keywords")
    types = types_of(node)
    return LdArticle(
        type=next((t for t in types if ARTICLE_TYPES.search(t)), types[0] if types else ""),
        headline=text_of(node.get("headline"), by_id),
        name=text_of(node.get("name"), by_id),
        alternative=text_of(node.get("alternativeHeadline"), by_id),
        description=text_of(node.get("description"), by_id),
        authors=tuple(entities_of(authors, by_id)),
        published=text_of(node.get("datePublished"), by_id),
        created=text_of(node.get("dateCreated") or node.get("uploadDate"), by_id),
        modified=text_of(node.get("dateModified"), by_id),
        publisher=next((e.name for e in entities_of(node.get("publisher"), by_id)), ""),
        section=text_of(node.get("articleSection"), by_id),
        tags=tuple(tags_of(keywords)),
        images=tuple(images_of(node.get("image"), by_id)),
        url=_address(node),
        language=text_of(node.get("inLanguage"), by_id),
        is_free=truth_of(node.get("isAccessibleForFree")),
        gated_selectors=tuple(selectors_of(node.get("hasPart"))),
        body_chars=len(text_of(node.get("articleBody"), by_id)),
    )


def _site(nodes: list[tuple[Node, tuple[str, ...]]]) -> str:
    for kinds in (("WebSite",), ("NewsMediaOrganization", "Organization")):
        for node, types in nodes:
            name = node.get("name")
            if isinstance(name, str) and any(t in kinds for t in types):
                return plain(name)
    return ""


def _salvage(script: str) -> LdArticle | None:
    """What pattern matching still finds in a script that is no JSON."""
    fields: dict[str, str] = {}
    for match in _FIELD.finditer(script[:200_000]):
        fields.setdefault(match[1], unescape_string(match[2]) if match[2] else match[3])
    if "headline" not in fields and "datePublished" not in fields:
        return None
    author = _AUTHOR.search(script[:200_000])
    return LdArticle(
        type="Article",
        headline=fields.get("headline", ""),
        authors=(Entity(unescape_string(author[1]), ""),) if author else (),
        published=fields.get("datePublished", ""),
        modified=fields.get("dateModified", ""),
        section=fields.get("articleSection", ""),
        is_free=truth_of(fields.get("isAccessibleForFree")),
    )
