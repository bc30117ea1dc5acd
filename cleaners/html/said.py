"""What a page says of its article beside its visible text: title, description, JSON-LD body."""

import re
from html import unescape

from cleaners.html.features import PageText
from cleaners.metadata.read import PageData

_TAG = re.compile(r"<[^>]{1,2000}>")


def read_said(data: PageData) -> PageText:
    """From OpenGraph and description tags, `<title>`, and the longest articleBody of JSON-LD."""
    head = data.head
    return PageText(
        title=head.first("og:title", "twitter:title") or head.title or "",
        description=head.first("og:description", "description", "twitter:description") or "",
        body=max(map(_plain, data.linked.bodies), key=len, default=""),
    )


def _plain(body: str) -> str:
    """Text of an articleBody, which some publishers fill with escaped or plain HTML."""
    text = unescape(body) if "&" in body else body
    if "<" in text and ">" in text:
        text = unescape(_TAG.sub("\n", text))
    return text.strip()
