"""Addresses without their secrets, for every place where a person or a log may see them."""

import re

# Bounded, and begun only where a word begins, so that a long text takes linear time.
_PASSWORD = re.compile(
    r"(?<![a-z0-9+.-])(?P<head>[a-z][a-z0-9+.-]{0,30}://[^\s/:@]{0,300}):[^\s/]{0,1000}@",
    re.IGNORECASE,
)
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
