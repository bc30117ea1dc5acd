"""Pages saved as one file by browsers (MHTML, RFC 2557): a MIME message with the page as a part."""

import email
import email.policy
from email.errors import MessageError
from email.message import Message

from cleaners.model import Page, Reason, Rejection, Stage

MAX_PARTS = 5_000


def read_mhtml(content: bytes, source: str) -> Page | Rejection:
    """The HTML part of an MHTML file; the part of the snapshot's own address before any other.

    What the part says of its charset is applied here, as no other header travels with a file.
    """
    try:
        message = email.message_from_bytes(content, policy=email.policy.compat32)
        url = _header(message, "snapshot-content-location")
        parts = [
            part
            for number, part in enumerate(message.walk())
            if number < MAX_PARTS
            and part.get_content_type() in ("text/html", "application/xhtml+xml")
        ]
        main = next(
            (part for part in parts if url and _header(part, "content-location") == url), None
        )
        chosen = main or (parts[0] if parts else None)
        if chosen is None:
            return _rejected(source, "no HTML part in it")
        payload = chosen.get_payload(decode=True)
        address = url or _header(chosen, "content-location")
    except (MessageError, ValueError, LookupError, RecursionError) as error:
        return _rejected(source, f"not a readable MIME message: {error}")
    if not isinstance(payload, bytes) or not payload.strip():
        return _rejected(source, "its HTML part is empty")
    return Page(
        content=_with_charset(payload, chosen.get_content_charset()),
        source=source,
        url=address if address and address.startswith(("http://", "https://")) else None,
        kind="html",
    )


def _with_charset(payload: bytes, charset: str | None) -> bytes:
    """The payload in UTF-8 with a mark that says so, when the part names a charset that fits."""
    if charset is None:
        return payload
    try:
        return b"\xef\xbb\xbf" + payload.decode(charset).encode("utf-8")
    except (LookupError, ValueError):  # a name with a NUL in it is a ValueError
        return payload


def _header(part: Message, name: str) -> str | None:
    value = part.get(name)
    return str(value).strip() if value else None


def _rejected(source: str, detail: str) -> Rejection:
    return Rejection(
        source=source, url=None, stage=Stage.INPUT, reason=Reason.BROKEN_ARCHIVE, detail=detail
    )
