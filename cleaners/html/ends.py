"""Ends of the document in the middle of it.

libxml2 drops what stands behind the first end of body or html; browsers read on (HTML standard,
"after body"), and pages pieced together from templates end in the middle.
"""

import re

_ENDS = re.compile(rb"</(?:body|html)\s*>", re.IGNORECASE)


def without_ends(data: bytes) -> bytes:
    """The bytes without the ends of body and html in them."""
    return _ENDS.sub(b"", data)
