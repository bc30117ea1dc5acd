"""Scrapy's HTTP handler with a bound on the size of an answer's headers.

Twisted bounds one header line, not how many there are: a server that sends them without end fills
the memory until the time is up. The parts that are extended here are private to Scrapy 2.19; the
test of hostile servers tells if they change.
"""

from functools import lru_cache
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError
from twisted.internet import endpoints

READ_BYTES = 256 * 1024
"""Taken from a connection at a time. Twisted's 64 KiB make six turns of a news page, each through a
dozen functions."""
HOSTS = 4_096
"""Host names whose encoding is remembered; Twisted encodes them anew for each request."""
MAX_HEADER_BYTES = 256 * 1024
"""Browsers and servers stop between 8 and 256 KiB."""


class BoundedParser(_LenientHTTPClientParser):
    """Gives up an answer whose headers are too large."""

    header_bytes = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - Twisted's name
        self.header_bytes += len(line)
        if self.header_bytes > MAX_HEADER_BYTES:
            raise DownloadCancelledError(f"headers of more than {MAX_HEADER_BYTES} bytes")
        super().lineReceived(line)


class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Reads answers with the bounded parser."""

    def connectionMade(self) -> None:  # noqa: N802 - Twisted's name
        super().connectionMade()
        transport: Any = self.transport
        transport.bufferSize = READ_BYTES

    def request(self, request: Any) -> Any:
        answer = super().request(request)
        if self._parser is not None:
            self._parser.__class__ = BoundedParser
        return answer


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Makes the bounded protocol."""

    def buildProtocol(self, _addr: Any) -> BoundedProtocol:  # noqa: N802 - Twisted's name
        return BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class BoundedHandler(HTTP11DownloadHandler):
    """The handler for http and https."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = BoundedFactory
        _remember_hosts()


def _remember_hosts() -> None:
    encode: Any = endpoints._idnaBytes  # type: ignore[attr-defined]
    if not hasattr(encode, "cache_info"):
        endpoints._idnaBytes = lru_cache(HOSTS)(encode)  # type: ignore[attr-defined]
