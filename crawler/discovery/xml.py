"""XML from strangers: read with lxml so that it can neither reach out nor blow up.

No entity is expanded beyond the five of XML, no DTD or external entity is loaded, no network is
used, and lxml's own limits on depth and size stay on. Broken XML is read as far as it goes.
"""

import re
import zlib
from collections.abc import Iterator
from html.entities import html5

from lxml import etree

MAX_BYTES = 52_428_800
"""The sitemap protocol's own limit (50 MiB uncompressed); what lies beyond is cut off and noted."""

HEAD_BYTES = 65_536
_GZIP = b"\x1f\x8b"
_DOCTYPE_START = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_AMPERSAND = re.compile(
    rb"&(?:([A-Za-z][A-Za-z0-9]{1,31});|(?!#[0-9]{1,7};|#[xX][0-9A-Fa-f]{1,6};))"
)
_XML_ENTITIES = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"


def inflate(content: bytes, *, limit: int = MAX_BYTES) -> tuple[bytes, tuple[str, ...]]:
    """At most `limit` of the bytes, un-gzipped where they are gzip, and notes on what was cut."""
    notes: tuple[str, ...] = ()
    if content[:2] == _GZIP:
        content, broken = _gunzip(content, limit + 1)
        notes = ("broken gzip",) if broken else ()
    if len(content) > limit:
        return content[:limit], (*notes, f"cut at {limit} bytes")
    return content, notes


def _gunzip(content: bytes, limit: int) -> tuple[bytes, bool]:
    """Up to `limit` bytes of all members, and whether the stream broke before its end."""
    out = bytearray()
    while content[:2] == _GZIP and len(out) < limit:
        stream = zlib.decompressobj(wbits=31)
        try:
            out += stream.decompress(content, limit - len(out))
        except zlib.error:
            return bytes(out), True
        if not stream.eof:
            return bytes(out), len(out) < limit
        content = stream.unused_data
    return bytes(out), False


def parse(content: bytes) -> tuple[etree._Element | None, tuple[str, ...]]:
    """The root element, or None if there is none, and notes on what was mended."""
    content = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not content:
        return None, ("empty",)
    notes: list[str] = []
    # Feeds name HTML's entities without declaring them; a DTD that declares any is not trusted.
    mended = _mend_ampersands(_without_doctype(content))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(mended, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return None, (f"not XML: {error}"[:200],)
    if len(parser.error_log):
        notes.append(f"broken XML: {parser.error_log[0].message}"[:200])
    return root, tuple(notes)


def _without_doctype(content: bytes) -> bytes:
    """The content without its first document type; no other is tried, as each might cost it all."""
    start = _DOCTYPE_START.search(content, 0, HEAD_BYTES)
    found = _DOCTYPE.match(content, start.start(), HEAD_BYTES) if start else None
    return content[: found.start()] + content[found.end() :] if found else content


def _mend_ampersands(content: bytes) -> bytes:
    """Outside of CDATA, bare ampersands escaped and HTML's entities as numbers: a&b, &nbsp;."""
    out = []
    start = 0
    while start < len(content):
        opening = content.find(_CDATA, start)
        end = len(content) if opening < 0 else opening
        out.append(_AMPERSAND.sub(_escaped, content[start:end]))
        if opening < 0:
            break
        closing = content.find(_CDATA_END, opening)
        start = len(content) if closing < 0 else closing + len(_CDATA_END)
        out.append(content[opening:start])
    return b"".join(out)


def _escaped(match: re.Match[bytes]) -> bytes:
    name = match[1]
    if name is None:
        return b"&amp;"
    if name in _XML_ENTITIES:
        return match[0]
    text = html5.get(name.decode("ascii") + ";")
    if text is None:
        return b"&amp;" + name + b";"
    return b"".join(b"&#%d;" % ord(char) for char in text)


def local(element: etree._Element) -> str:
    """The element's name without its namespace, in lower case; empty for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def namespace(element: etree._Element) -> str:
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The direct children of these names, whatever their namespace."""
    for child in element:
        if local(child) in names:
            yield child


def text_of(element: etree._Element | None) -> str:
    """All text in the element, white space folded; empty for None."""
    if element is None:
        return ""
    return " ".join("".join(map(str, element.itertext())).split())
