"""A page's HTML to its blocks of text: parsed once, walked once."""

from cleaners.html.backend import walk
from cleaners.html.document import Document
from cleaners.html.oldweb import read_as
from cleaners.html.parse import parse


def read_blocks(html: str | bytes) -> Document:
    """The blocks of a page given as text, or as bytes that are valid UTF-8."""
    root = parse(html)
    return walk(root, read_as(root))
