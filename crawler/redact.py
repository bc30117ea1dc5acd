"""Addresses without their secrets, for every place where a person or a log may see them."""

import re

_PASSWORD = re.compile(r"(?P<head>[a-z][a-z0-9+.-]*://[^\s/:@]*):[^\s/]*@", re.IGNORECASE)
_QUERY = re.compile(
    r"(?P<head>[?&;](?:password|passwd|pwd|token|api_?key|key|secret|signature|sig)=)[^&\s]+",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """The text with every password of a URL, and every secret in a query, as ***.

    >>> redact("postgresql://winnow:s3cret@db.example/x and https://h.example/?token=abc&a=1")
    'postgresql://winnow:***@db.example/x and https://h.example/?token=***&a=1'
    """
    return _QUERY.sub(r"\g<head>***", _PASSWORD.sub(r"\g<head>:***@", text))
