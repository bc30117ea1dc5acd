"""Markup of the old web read as what it stands for: layout tables, and FONT in place of headings.

Pages from before style sheets lay their parts out in a table's cells and set headline, by-line and
body apart by the size of the type. The tree stays as it is, for selectors and other readers; the
walk over it is told which elements to take for others.
"""

from collections.abc import Iterator, Mapping
from itertools import islice

from lxml import etree

_HEADLINE_SIZE = 5
"""Size of type, of 1…7 with 3 as the normal one, from which a line of its own can be the headline:
FONT size="+2"."""
NORMAL_SIZE = 3
_HEADLINE_CHARS = 200
_PIECES = 50  # of an element's text that may make a headline
_MAX_FONTS = 500  # FONT elements looked at of one page
_CLIMB = 6  # inline elements around a FONT that may hold its line

_INLINE = frozenset(("font", "b", "strong", "i", "em", "u", "a", "span", "big", "small", "tt"))
_BOLD = frozenset(("b", "strong"))
_LINE_ENDS = frozenset(
    ("br", "hr", "p", "div", "center", "table", "ul", "ol", "dl", "blockquote", "pre", "form")
) | frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_GRID = ("table", "td", "th", "caption", "hr", "br")
_HEADED = ("th", "caption")


def read_as(tree: etree._Element) -> Mapping[etree._Element, str]:
    """Elements to be read as if they had another tag: cells, headlines and lines of their own."""
    found = dict.fromkeys(_layout_cells(tree), "div")
    found.update(_type(tree))
    return found


def _layout_cells(tree: etree._Element) -> Iterator[etree._Element]:
    """The cells of tables that lay a page out.

    Such a table has no heads or caption of its own, and a cell of it holds another table, a rule,
    or paragraphs parted by <br><br>. Rows of data hold none of these.
    """
    if next(tree.iter("td"), None) is None:
        return
    open_tables: list[tuple[list[etree._Element], list[str]]] = []
    for event, element in etree.iterwalk(tree, events=("start", "end"), tag=_GRID):
        tag = element.tag
        if event == "end":
            if tag == "table":
                cells, signs = open_tables.pop()
                if "layout" in signs and "headed" not in signs:
                    yield from cells
            continue
        if open_tables:
            cells, signs = open_tables[-1]
            if tag == "td":
                cells.append(element)
            elif tag in _HEADED:
                signs.append("headed")
            elif cells and (tag != "br" or _is_paragraph_end(element)):
                signs.append("layout")
        if tag == "table":
            open_tables.append(([], []))


def _is_paragraph_end(element: etree._Element) -> bool:
    after = element.getnext()
    return after is not None and after.tag == "br" and _is_blank(element.tail)


def _type(tree: etree._Element) -> dict[etree._Element, str]:
    """The headline that is set in large type, and the lines set apart by the size of theirs.

    The headline is the longest such line that the title holds, so that a masthead is none; else
    the first bold one. Nothing on pages that have an h1, or FONT for colours only.
    """
    fonts = list(islice(tree.iter("font"), _MAX_FONTS))
    if not any(type_size(font) >= _HEADLINE_SIZE for font in fonts):
        return {}
    if any(_text(heading) for heading in tree.iter("h1")):
        return {}
    lines = [font for font in fonts if font.get("size") and _is_line(font)]
    large = {
        font: text
        for font in lines
        if type_size(font) >= _HEADLINE_SIZE and 0 < len(text := _text(font)) <= _HEADLINE_CHARS
    }
    title = _text(next(tree.iter("title"), None))
    bold = [font for font in large if _is_bold(font)]
    known = [font for font, text in large.items() if text in title]
    headline = max(known, key=lambda font: len(large[font]), default=next(iter(bold), None))
    if headline is None:
        return {}
    found = dict.fromkeys(lines, "div")
    found.update(dict.fromkeys(bold, "h2"))
    found[headline] = "h1"
    return found


def type_size(font: etree._Element) -> int:
    """The size of type, 1…7; 0 where the element gives none."""
    value = (font.get("size") or "").strip()
    number = value.lstrip("+-")
    if not (number.isascii() and number.isdigit() and len(number) <= 2):
        return 0
    relative = {"+": NORMAL_SIZE + int(number), "-": NORMAL_SIZE - int(number)}
    return min(7, max(1, relative.get(value[0], int(number))))


def _is_line(font: etree._Element) -> bool:
    """Whether a line begins with the element and one ends with it."""
    return _begins_line(font) and _ends_line(font)


def _begins_line(element: etree._Element) -> bool:
    for _ in range(_CLIMB):
        before = element.getprevious()
        if before is not None:
            return _is_blank(before.tail) and before.tag in _LINE_ENDS
        parent = element.getparent()
        if parent is None or not _is_blank(parent.text):
            return False
        if parent.tag not in _INLINE:
            return True
        element = parent
    return False


def _ends_line(element: etree._Element) -> bool:
    for _ in range(_CLIMB):
        if not _is_blank(element.tail):
            return False
        after = element.getnext()
        if after is not None:
            return after.tag in _LINE_ENDS
        parent = element.getparent()
        if parent is None or parent.tag not in _INLINE:
            return parent is not None
        element = parent
    return False


def _is_bold(font: etree._Element) -> bool:
    """Whether all of its text is bold, by elements within it or around it."""
    parent = font.getparent()
    if parent is not None and parent.tag in _BOLD:
        return True
    inner = [child for child in font if child.tag != "br"]
    return (
        _is_blank(font.text)
        and bool(inner)
        and all(child.tag in _BOLD and _is_blank(child.tail) for child in inner)
    )


def _text(element: etree._Element | None) -> str:
    """An element's text, cut where it is too long for a headline: FONT may hold the whole page."""
    if element is None:
        return ""
    pieces: list[str] = []
    chars = 0
    for piece in islice(element.itertext(), _PIECES):
        pieces.append(str(piece))
        chars += len(piece)
        if chars > 2 * _HEADLINE_CHARS:
            break
    return " ".join("".join(pieces).split())


def _is_blank(text: str | None) -> bool:
    return not text or text.isspace()
