"""The address that a browser notes in a page it saves."""

import re

_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d{1,6}\)(https?://[^\s<>\"']{3,2000})\s*-->")
_SINGLE_FILE = re.compile(
    rb"<!--\s*+Page saved with SingleFile\s++url:\s*+(https?://[^\s<>\"']{3,2000})"
)
_HEAD = 4096


def saved_from(content: bytes) -> str | None:
    """The URL in the comment of a saved page ("saved from url=(0021)…", SingleFile), or None.

    >>> saved_from(b"<!-- saved from url=(0022)https://a.example/news --><html>")
    'https://a.example/news'
    """
    head = content[:_HEAD]
    found = _SAVED_FROM.search(head) or _SINGLE_FILE.search(head)
    return found[1].decode("ascii", "ignore") if found else None
