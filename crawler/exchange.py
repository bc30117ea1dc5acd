"""Scrapy's responses and failures in the words of this project."""

from datetime import datetime
from http import HTTPStatus

from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Headers, Response

from cleaners.model import Reason
from cleaners.store.warc_writer import Exchange

_TLS_MARKS = ("SSL", "VerificationError", "CertificateError")


def exchange_of(response: Response, fetched_at: datetime) -> Exchange:
    """The exchange that a response ends, its body as it came over the wire."""
    request = response.request
    return Exchange(
        url=response.url,
        method=request.method if request else "GET",
        request_headers=_pairs(request.headers) if request else (),
        status=response.status,
        reason=_phrase(response.status),
        headers=_pairs(response.headers),
        body=response.body,
        fetched_at=fetched_at,
        ip_address=str(response.ip_address) if response.ip_address else None,
    )


def _pairs(headers: Headers) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((bytes(name), value) for name in headers for value in headers.getlist(name))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def failure_reason(error: BaseException) -> tuple[Reason, bool]:
    """Why no answer came, and whether it is worth another try."""
    error = _inner(error)
    if isinstance(error, CannotResolveHostError):
        return Reason.DNS_FAILED, True
    if isinstance(error, DownloadTimeoutError):
        return Reason.FETCH_TIMEOUT, True
    if isinstance(error, DownloadCancelledError):
        return Reason.TOO_LARGE, False
    if isinstance(error, TunnelError):
        # The proxy answered: 502 to 504 are about the far side, the rest is a no.
        return Reason.CONNECTION_FAILED, any(
            f"{status}" in str(error) for status in (502, 503, 504)
        )
    if _is_tls(error):
        return Reason.TLS_FAILED, False
    if isinstance(
        error, DownloadFailedError | DownloadConnectionRefusedError | ResponseDataLossError
    ):
        return Reason.CONNECTION_FAILED, True
    if isinstance(error, OSError):
        return Reason.CONNECTION_FAILED, True
    return Reason.INTERNAL_ERROR, False


def failure_words(error: BaseException) -> str:
    """The failure in words for a rejection.

    >>> failure_words(TimeoutError("took longer than 3 seconds"))
    'TimeoutError: took longer than 3 seconds'
    """
    error = _inner(error)
    said = " ".join(str(error).split())[:300]
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _inner(error: BaseException) -> BaseException:
    """What went wrong on the wire; Scrapy and Twisted each wrap it in what says little."""
    reasons = getattr(error.__cause__, "reasons", None) or ()
    values = [getattr(reason, "value", None) for reason in reasons]
    telling = [value for value in values if isinstance(value, BaseException)]
    if not isinstance(error, DownloadFailedError) or not telling:
        return error
    if isinstance(telling[0], DownloadCancelledError) or _is_tls(telling[0]):
        return telling[0]
    return DownloadFailedError(f"{type(telling[0]).__name__}: {telling[0]}")


def _is_tls(error: BaseException) -> bool:
    name = type(error).__name__
    return any(mark in name or mark in type(error).__module__ for mark in _TLS_MARKS)
