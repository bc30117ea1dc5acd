"""Any string to a tree, in time that its length bounds."""

import re

import numpy as np
from lxml import etree

from cleaners.html import backend, nesting

MAX_ATTRIBUTES = 10_000
"""Attributes of one tag from which it loses them all. libxml2 compares each with all before it:
10,000 take half a second, 60,000 seventeen. The most on 313 development pages is 73."""

_EQUALS = ord("=")
_BYTES_EACH = 3  # a name, of which two cannot be the same, and what parts it from the next
_ATTRIBUTE = rb"""(?>[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]*+))?)"""
_CROWDED = re.compile(
    rb"(<[a-zA-Z][^\s/>]*+)[\s/]" + _ATTRIBUTE + f"{{{MAX_ATTRIBUTES},}}".encode()
)


def parse(html: str | bytes) -> etree._Element:
    """The tree of any string, or of bytes that are valid UTF-8, which saves writing it out again.

    A string without markup becomes a body with one paragraph. Raises MemoryError where there is no
    room for the tree: libxml2 then says that it has none.
    """
    parser = etree.HTMLParser(
        encoding="utf-8",
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,  # a table of all ids that nobody asks
    )
    data = html.encode("utf-8", "replace") if isinstance(html, str) else html
    data = backend.without_ends(data.replace(b"\0", b""))
    if _may_be_crowded(data):
        data = _CROWDED.sub(rb"\1", data)
    try:
        tree = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if error.lineno == 0:  # no place in the page is at fault
            raise MemoryError(f"no room for the tree of {len(data):,} bytes") from error
        tree = None  # nothing in it that could be an element
    log = parser.error_log
    if log and log.last_error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        shallow = nesting.flattened(data)
        return parse(shallow) if len(shallow) < len(data) else _or_empty(tree)
    return _or_empty(tree)


def _or_empty(tree: etree._Element | None) -> etree._Element:
    if tree is None:
        tree = etree.Element("html")
        etree.SubElement(tree, "body")
    return tree


def _may_be_crowded(data: bytes) -> bool:
    """Whether a tag can have so many attributes, told in microseconds for nearly every page.

    With values there are as many signs of equality; without, a tag goes on long without an end.
    """
    signs = np.frombuffer(data, np.uint8) == _EQUALS  # bytes.count takes five times as long
    if np.count_nonzero(signs) >= MAX_ATTRIBUTES:
        return True
    place, span = 0, _BYTES_EACH * MAX_ATTRIBUTES // 2
    while place + span <= len(data):
        if (end := data.rfind(b">", place, place + span)) < 0:
            # In the middle of a script, mostly: no tag opens.
            if (start := data.find(b"<", place)) < 0:
                return False
            if (end := data.find(b">", start)) < 0:
                end = len(data)
            if end - start >= span and _CROWDED.search(data, start, end):  # else a long address
                return True
        place = end + 1
    return False
