"""A page's HTML to its blocks of text: parsed once, walked once, without recursion."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from cleaners.html.cues import NAME_BITS, name_mask
from cleaners.model import Block


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SKIPPED = _words(
    "script style template svg math iframe object embed canvas head select datalist textarea "
    "noscript audio video map input frameset applet param source track link meta"
)
"""Elements whose text nobody reads as text."""

DIVISIONS = _words(
    "p div section article main header footer aside nav figure figcaption h1 h2 h3 h4 h5 h6 ul ol "
    "li dl dt dd blockquote pre table thead tbody tfoot tr caption form fieldset legend address "
    "details summary hr body html center dir menu hgroup dialog button option optgroup search "
    "amp-sidebar noindex"
)
"""Elements that begin and end a block."""

RENDERED = _words("h1 h2 h3 h4 h5 h6 li blockquote pre figcaption caption tr dt dd")
"""Tags that a block shows, also when it stands in a plain division within them."""

HEADINGS = _words("h1 h2 h3 h4 h5 h6")

_INHERITED = RENDERED - {"tr"}

_TAG_CUES = """
    nav header footer aside article main figure figcaption form li table blockquote button
    section details dialog ul ol address a hidden articlebody
"""
TAG_CUES = tuple(_TAG_CUES.split())
"""What tags and attributes say about a part of a page, beside the cues of its names."""

_TAG_SHIFT = 32
TAG_BITS = {cue: 1 << (_TAG_SHIFT + bit) for bit, cue in enumerate(TAG_CUES)}
_HIDDEN = TAG_BITS["hidden"]
_ARTICLE_BODY = TAG_BITS["articlebody"]

MARKED = {"a": "a", "b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
"""Inline elements that Markdown shows, and how."""

_CELL_JOIN = " | "
_LONG_CELL = 300  # characters; a table cell with more is layout, not data, and a block of its own
_BREAK = "\0"  # a <br>; no page holds it, since NUL is taken out before parsing

_NAME_ATTRIBUTES = ("role", "itemprop", "data-testid", "data-component", "data-type", "data-qa")


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """The divisions of a page in document order: one entry of each tuple per division.

    `cues`: bits of NAME_CUES and, from bit 32, of TAG_CUES. `first`, `last`: the blocks within are
    those of index first ≤ i < last. `parent` of the root is 0. `path` numbers distinct chains of
    (tag, class) from the root, `kind` distinct (tag, class).
    """

    elements: tuple[etree._Element, ...]
    parent: tuple[int, ...]
    depth: tuple[int, ...]
    cues: tuple[int, ...]
    path: tuple[int, ...]
    kind: tuple[int, ...]
    first: tuple[int, ...]
    last: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Inline:
    """A block's inline markup: its pieces of text, and marks (before which piece, which, where to).

    A mark is opening when `opens`; `target` is a link's address. `br` is a NUL in the pieces.
    """

    pieces: tuple[str, ...]
    marks: tuple[tuple[int, str, bool, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A parsed page: the tree, its blocks in order, and what the walk saw around each block.

    Per block: `frame`, the innermost division; `linked`, characters that are link text; `links`,
    how many links begin in it; `inner`, the cues of its inline elements; `inline`, its markup.
    """

    tree: etree._Element
    blocks: tuple[Block, ...]
    frames: Frames
    frame: tuple[int, ...]
    linked: tuple[int, ...]
    links: tuple[int, ...]
    inner: tuple[int, ...]
    inline: tuple[Inline | None, ...]


def parse(html: str) -> etree._Element:
    """The tree of any string; a string without markup becomes a body with one paragraph."""
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    data = html.replace("\0", "").encode("utf-8", "replace")
    try:
        tree = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:  # nothing in it that could be an element
        tree = None
    if tree is None:
        tree = etree.Element("html")
        etree.SubElement(tree, "body")
    return tree


def read_blocks(html: str) -> Document:
    """The blocks of a page given as text."""
    return _Walk().read(parse(html))


def with_paragraphs(document: Document, paragraphs: Sequence[str]) -> Document:
    """The document with more paragraphs behind its blocks, as if they stood at the page's end."""
    start = len(document.blocks)
    texts = [" ".join(paragraph.split()) for paragraph in paragraphs]
    more = tuple(Block(start + number, text) for number, text in enumerate(filter(None, texts)))
    last = (start + len(more), *document.frames.last[1:])
    nothing = (0,) * len(more)
    return replace(
        document,
        blocks=document.blocks + more,
        frames=replace(document.frames, last=last),
        frame=document.frame + nothing,
        linked=document.linked + nothing,
        links=document.links + nothing,
        inner=document.inner + nothing,
        inline=document.inline + (None,) * len(more),
    )


class _Walk:
    """The state of one walk over a tree."""

    def __init__(self) -> None:
        self.elements: list[etree._Element] = []
        self.parent: list[int] = []
        self.depth: list[int] = []
        self.cues: list[int] = []
        self.path: list[int] = []
        self.kind: list[int] = []
        self.first: list[int] = []
        self.last: list[int] = []
        self.shown: list[str] = []
        self.paths: dict[tuple[int, int], int] = {}
        self.kinds: dict[tuple[str, str], int] = {}
        self.blocks: list[Block] = []
        self.frame: list[int] = []
        self.linked: list[int] = []
        self.links: list[int] = []
        self.inner: list[int] = []
        self.inline: list[Inline | None] = []
        self.pieces: list[str] = []
        self.marks: list[tuple[int, str, bool, str]] = []
        self.link_chars = 0
        self.link_count = 0
        self.inner_cues = 0

    def read(self, root: etree._Element) -> Document:
        self._walk(root)
        return Document(
            tree=root,
            blocks=tuple(self.blocks),
            frames=Frames(
                elements=tuple(self.elements),
                parent=tuple(self.parent),
                depth=tuple(self.depth),
                cues=tuple(self.cues),
                path=tuple(self.path),
                kind=tuple(self.kind),
                first=tuple(self.first),
                last=tuple(self.last),
            ),
            frame=tuple(self.frame),
            linked=tuple(self.linked),
            links=tuple(self.links),
            inner=tuple(self.inner),
            inline=tuple(self.inline),
        )

    def _walk(self, root: etree._Element) -> None:
        current = self._open(root, "html", 0)
        pieces = self.pieces
        link_depth = 0
        stack: list[tuple[Iterator[etree._Element], etree._Element, str, int]] = []
        children: Iterator[etree._Element] = iter(root)
        element, tag = root, "html"
        if root.text:
            pieces.append(root.text)
        while True:
            child = next(children, None)
            if child is None:
                # `element` ends.
                if tag in DIVISIONS:
                    if pieces:
                        self._flush(current)
                    self.last[current] = len(self.blocks)
                    current = self.parent[current]
                elif tag == "a":
                    link_depth -= 1
                    self.marks.append((len(pieces), "a", False, ""))
                elif tag in MARKED:
                    self.marks.append((len(pieces), MARKED[tag], False, ""))
                if not stack:
                    break
                tail = element.tail
                children, element, tag, link_depth = stack.pop()
                if tail:
                    pieces.append(tail)
                    if link_depth:
                        self.link_chars += len(tail.strip())
                continue
            name = child.tag
            if name in SKIPPED or not isinstance(name, str):
                tail = child.tail
                if tail:
                    pieces.append(tail)
                continue
            if name == "br":
                pieces.append(_BREAK)
                tail = child.tail
                if tail:
                    pieces.append(tail)
                    if link_depth:
                        self.link_chars += len(tail.strip())
                continue
            stack.append((children, element, tag, link_depth))
            if name in DIVISIONS:
                if pieces:
                    self._flush(current)
                current = self._open(child, name, current)
            else:
                self._enter_inline(child, name)
                if name == "a":
                    link_depth += 1
                elif name in {"td", "th"} and pieces:
                    if sum(map(len, pieces)) > _LONG_CELL:
                        self._flush(current)
                    else:
                        pieces.append(_CELL_JOIN)
            text = child.text
            if text:
                pieces.append(text)
                if link_depth:
                    self.link_chars += len(text.strip())
            children, element, tag = iter(child), child, name

    def _enter_inline(self, element: etree._Element, tag: str) -> None:
        if tag == "a":
            self.link_count += 1
            self.marks.append((len(self.pieces), "a", True, element.get("href") or ""))
        elif tag in MARKED:
            self.marks.append((len(self.pieces), MARKED[tag], True, ""))
        names = element.get("class")
        if names:
            self.inner_cues |= name_mask(names)

    def _open(self, element: etree._Element, tag: str, parent: int) -> int:
        number = len(self.elements)
        names = element.get("class") or ""
        cues = TAG_BITS.get(tag, 0)
        if element.attrib:
            cues |= _attribute_cues(element, names)
        kind = self.kinds.setdefault((tag, names), len(self.kinds))
        above = self.path[parent] if number else 0
        self.path.append(self.paths.setdefault((above, kind), len(self.paths)))
        self.kind.append(kind)
        self.elements.append(element)
        self.parent.append(parent)
        self.depth.append(self.depth[parent] + 1 if number else 0)
        self.cues.append(cues)
        self.first.append(len(self.blocks))
        self.last.append(0)
        shown = self.shown[parent] if number else "p"
        self.shown.append(tag if tag in RENDERED else shown if shown in _INHERITED else "p")
        return number

    def _flush(self, frame: int) -> None:
        """End the block that is being gathered; a run of two or more <br> splits it."""
        text = "".join(self.pieces)
        if not text.strip("\0 \t\r\n|"):
            self._clear()
            return
        lines = [" ".join(line.split()) for line in text.split(_BREAK)]
        paragraphs: list[list[str]] = [[]]
        for line in lines:
            if line:
                paragraphs[-1].append(line)
            elif paragraphs[-1]:
                paragraphs.append([])
        if not paragraphs[-1]:
            paragraphs.pop()
        whole = len(paragraphs) == 1
        total = max(1, len(text))
        for number, paragraph in enumerate(paragraphs):
            body = "\n".join(paragraph).strip(" |")
            if not body:
                continue
            self.blocks.append(Block(len(self.blocks), body, self.shown[frame]))
            self.frame.append(frame)
            share = 1.0 if whole else len(body) / total
            self.linked.append(min(len(body), round(self.link_chars * share)))
            self.links.append(self.link_count if whole or not number else 0)
            self.inner.append(self.inner_cues)
            marked = whole and self.marks
            self.inline.append(Inline(tuple(self.pieces), tuple(self.marks)) if marked else None)
        self._clear()

    def _clear(self) -> None:
        self.pieces.clear()
        self.marks.clear()
        self.link_chars = self.link_count = self.inner_cues = 0


def _attribute_cues(element: etree._Element, names: str) -> int:
    attributes = element.attrib
    named = [names] if names else []
    identity = attributes.get("id")
    if identity:
        named.append(identity)
    for key in _NAME_ATTRIBUTES:
        value = attributes.get(key)
        if value:
            named.append(value)
    cues = name_mask(" ".join(named)) if named else 0
    if "articleBody" in named:
        cues |= _ARTICLE_BODY
    style = attributes.get("style")
    if (
        (style and "none" in style and "display:none" in style.replace(" ", ""))
        or "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
    ):
        cues |= _HIDDEN
    return cues


assert max(NAME_BITS.values()) < 1 << _TAG_SHIFT
