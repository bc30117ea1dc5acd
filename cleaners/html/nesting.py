"""Elements nested deeper than a page can mean.

libxml2 gives a page up at 2,048 elements within each other; browsers nest no deeper than 512 and
set what follows beside (Blink's maximumHTMLParserDOMTreeDepth). Templates that leave an element
open in a loop make such pages.
"""

import re

MAX_DEPTH = 500
"""Open elements from which tags of further ones are left out; the rest is for what opens unsaid."""
_MARKUP = re.compile(
    rb"<!--(?:.*?-->|.*)|<(?P<raw>script|style|textarea|title)\b(?:.*?</(?P=raw)\s*>|.*)"
    rb"|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)[^>]*+>",
    re.IGNORECASE | re.DOTALL,
)
_UNCOUNTED_LIST = (
    b"area base br col embed hr img input link meta param source track wbr html head body"
    b" p li dt dd option thead tbody tr td th"
)
_UNCOUNTED = frozenset(_UNCOUNTED_LIST.split())
"""Elements that hold nothing, stand once, or end where the next one begins."""


def flattened(data: bytes) -> bytes:
    """A page's bytes without the tags of elements that lie deeper than `MAX_DEPTH`.

    >>> flattened(b"<div>" * 600 + b"<p>Deep") == b"<div>" * 500 + b"<p>Deep"
    True
    """
    pieces: list[bytes] = []
    depth = done = 0
    for tag in _MARKUP.finditer(data):
        name = tag["name"]
        if name is None or name.lower() in _UNCOUNTED:
            continue
        depth = max(depth - 1, 0) if tag["end"] else depth + 1
        if depth >= MAX_DEPTH + (not tag["end"]):
            pieces.append(data[done : tag.start()])
            done = tag.end()
    pieces.append(data[done:])
    return b"".join(pieces)
