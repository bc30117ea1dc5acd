"""An article's body in the data that a page's scripts carry: the state of a JavaScript application.

Read only where the page itself shows no body. Frameworks leave what they will show as JSON, in
`<script type="application/json">` (Next.js, Gatsby, SvelteKit) or assigned to a variable
(`window.__INITIAL_STATE__ = {…}`, Nuxt, Redux, Arc, Apollo); where in it the body lies, and
whether as one string of HTML or as a list of pieces, differs from site to site.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from lxml import etree

MIN_WORDS = 80
"""Words from which a text in such data can be a body; teasers and descriptions have fewer."""

_MAX_CHARS = 8_000_000  # of one script
_MAX_NODES = 200_000  # of all scripts together
_ASSIGNED = re.compile(
    r"(?:^|[;\n])[^\S\n]*+(?:window|self|globalThis|var|let|const)[\s.][^={}\n;]{1,80}="
)
_BODY_KEY = re.compile(
    r"(?:body|content|contents|elements|blocks|paragraphs|text|html|article|story|document|richtext"
    r"|markup|components|children|main)$",
    re.IGNORECASE,
)
_TITLE_KEYS = ("headline", "title", "name", "heading")
_NO_TEXT_KEY = re.compile(
    r"(?:url|uri|href|src|link|slug|id|type|caption|credits?|alt|title|headline|description|summary"
    r"|excerpt|byline|author|authors|copyright|name|class|style|css|script|related|recommended"
    r"|teasers?|tags|seo|meta|metadata|image|images|media|ads?|promo|query|schema|source|date)$",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]{1,2000}>")
_BREAKS = re.compile(
    r"<(?:/?(?:p|div|h[1-6]|li|ul|ol|blockquote|section|tr|table|pre|figure)|br)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_NOT_TEXT = re.compile(
    r"<(script|style|figure|figcaption|iframe|aside)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL
)
_MIN_TITLE = 10  # characters of a title that is one article's, not a section's
_PIECE_WORDS = 3  # of a string that no one key marks as text: fewer are names, values, classes


@dataclass(frozen=True, slots=True)
class _Text:
    """A candidate: its paragraphs, their words, and whether the page's title stands beside it."""

    paragraphs: tuple[str, ...]
    words: int
    titled: bool


def read_state(tree: etree._Element, title: str = "") -> str:
    """The body that the page's scripts hold, paragraphs a line; empty if there is none.

    Of several, one beside the page's own title is preferred, then the longest.
    """
    found: list[_Text] = []
    left = _MAX_NODES
    for script in tree.iter("script"):
        for data in _data(script):
            left -= _collect(data, _fold(title), found, left)
            if left <= 0:
                break
    best = max(found, key=lambda text: (text.titled, text.words), default=None)
    return "\n".join(best.paragraphs) if best is not None else ""


def _data(script: etree._Element) -> Iterator[object]:
    text = script.text or ""
    if not 4 * MIN_WORDS <= len(text) <= _MAX_CHARS:
        return
    kind = (script.get("type") or "").lower()
    if kind.endswith("json") and kind != "application/ld+json":
        starts = [0]
    elif not kind or "javascript" in kind or kind == "module":
        starts = [match.end() for match in _ASSIGNED.finditer(text)]
    else:
        return
    decoder = json.JSONDecoder()
    end = 0
    for start in starts:
        if start < end:
            continue  # within what was read already
        while start < len(text) and text[start].isspace():
            start += 1
        if text[start : start + 1] not in {"{", "["}:
            continue
        try:
            value, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):  # JavaScript that is no JSON
            continue
        yield value


def _collect(data: object, title: str, found: list[_Text], limit: int) -> int:
    """Add the candidates of a value; how many nodes were looked at."""
    stack: list[tuple[object, bool, bool]] = [(data, False, False)]
    seen = 0
    while stack and seen < limit:
        node, is_body, titled = stack.pop()
        seen += 1
        if is_body:
            paragraphs = tuple(_paragraphs(node))
            words = sum(len(paragraph.split()) for paragraph in paragraphs)
            if words >= MIN_WORDS:
                found.append(_Text(paragraphs, words, titled))
                if isinstance(node, str):
                    continue
        if isinstance(node, dict):
            own = any(
                isinstance(node.get(key), str)
                and len(node[key]) >= _MIN_TITLE
                and _fold(node[key]) in title
                for key in _TITLE_KEYS
            )
            for key, value in node.items():
                if isinstance(value, str | list | dict):
                    body = _BODY_KEY.search(str(key)) is not None
                    nested = is_body and isinstance(value, list | dict)
                    stack.append((value, body and not nested, own or titled))
        elif isinstance(node, list):
            stack.extend((value, False, titled) for value in node if isinstance(value, list | dict))
    return seen


def _paragraphs(node: object) -> Iterator[str]:
    """The texts in a value, in order: of strings of HTML, and of trees of pieces."""
    stack: list[tuple[object, str]] = [(node, "text")]
    seen = 0
    while stack and seen < _MAX_NODES:
        value, key = stack.pop()
        seen += 1
        if isinstance(value, str):
            yield from _lines(value, key)
        elif isinstance(value, list):
            if value and all(_is_run(item) for item in value):
                yield from _lines("".join(_run(item) for item in value), "text")
            else:
                stack.extend((item, key) for item in reversed(value))
        elif isinstance(value, dict):
            parts = [
                (item, str(name)) for name, item in value.items() if not _NO_TEXT_KEY.search(name)
            ]
            stack.extend(reversed(parts))


def _is_run(item: object) -> bool:
    """Whether a piece is a part of a sentence: a leaf of rich text with its marks."""
    return isinstance(item, dict) and isinstance(item.get("text", item.get("value")), str)


def _run(item: object) -> str:
    assert isinstance(item, dict)
    return str(item.get("text", item.get("value")))


def _lines(text: str, key: str) -> Iterator[str]:
    if "<" in text:
        text = _TAG.sub("", _BREAKS.sub("\n", _NOT_TEXT.sub("\n", text)))
    if "&" in text:
        text = unescape(text)
    marked = _BODY_KEY.search(key) is not None
    for line in text.split("\n"):
        folded = " ".join(line.split())
        words = folded.count(" ") + 1
        if folded and (marked or words >= _PIECE_WORDS) and not folded.startswith(("http", "{")):
            yield folded


def _fold(text: str) -> str:
    return " ".join(text.lower().split())
