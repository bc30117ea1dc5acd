"""Which addresses may be asked: none of this machine or its network, unless a setting says so.

A page may link or redirect to http://169.254.169.254/ or to a name that resolves to 127.0.0.1. The
name is judged before the request, the address where the connection is made: the resolver gives the
reactor only addresses that are allowed, so a name that resolves differently the second time
(rebinding) does not get past it. Behind a proxy it is the proxy that resolves.
"""

from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from twisted.internet.interfaces import IAddress, IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

LOCAL_NAMES = ("localhost", "ip6-localhost", "ip6-loopback", "broadcasthost")
LOCAL_SUFFIXES = (".localhost", ".local", ".internal", ".localdomain", ".home.arpa")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet; forms that wrap another are unwrapped.

    >>> [is_public(a) for a in ("93.184.216.34", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1")]
    [True, False, False, False]
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        inner: object = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip.packed[:12] == bytes.fromhex("0064ff9b") + bytes(8):
            inner = ip_address(ip.packed[12:])  # NAT64
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def forbidden(url: str) -> str | None:
    """Why a URL may not be asked judging by itself alone, in words; None if it may.

    >>> forbidden("http://127.1/"), forbidden("file:///etc/passwd"), forbidden("http://nord.example/")
    ('127.0.0.1 is not a public address', "the scheme 'file' is not fetched", None)
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        return f"not an address: {error}"
    if parts.scheme not in ("http", "https"):
        return f"the scheme {parts.scheme!r} is not fetched"
    name = (parts.hostname or "").rstrip(".").lower()
    if not name:
        return "no host"
    if name in LOCAL_NAMES or name.endswith(LOCAL_SUFFIXES):
        return f"{name} names this machine or its network"
    address = _literal(name)
    if address is not None and not is_public(address):
        return f"{address} is not a public address"
    return None


def _literal(name: str) -> str | None:
    """The address that a host name is, in any spelling that a resolver takes: 127.1, 0x7f000001."""
    try:
        return str(ip_address(name.partition("%")[0]))
    except ValueError:
        pass
    numbers = name.split(".")
    if len(numbers) > 4 or not all(numbers):
        return None
    try:
        values = [_number(number) for number in numbers]
    except ValueError:
        return None
    *head, last = values
    if any(value > 255 for value in head) or last >= 256 ** (5 - len(values)):
        return None
    packed = bytes(head) + last.to_bytes(5 - len(values), "big")
    return str(ip_address(packed))


def _number(text: str) -> int:
    if not text.isascii() or not text.isalnum():
        raise ValueError(text)
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8) if text.startswith("0") and len(text) > 1 else int(text)


def proxy_hosts() -> frozenset[str]:
    """Host names of the proxies that the environment configures: these may be connected to."""
    found = set()
    for url in getproxies().values():
        name = urlsplit(url if "://" in url else f"http://{url}").hostname
        if name:
            found.add(name.lower())
    return frozenset(found)


@implementer(IHostnameResolver)
class GuardedResolver:
    """A Twisted name resolver that gives only public addresses, and notes the names it refused.

    One is installed per reactor; `allow_private` is set for the run that is under way. The types of
    zope's interfaces do not count `self`, so values of theirs are Any here.
    """

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.allow_private = True
        self.exempt: frozenset[str] = frozenset()
        self.refused: dict[str, str] = {}

    def resolveHostName(  # noqa: N802 - the interface's name and arguments
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        receiver = resolutionReceiver
        if not self.allow_private and hostName.lower() not in self.exempt:
            receiver = _PublicOnly(resolutionReceiver, hostName, self.refused)
        return self.inner.resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )


def guard(allow_private: bool) -> GuardedResolver:
    """The reactor's guarded resolver, put in place the first time, set for the run that begins."""
    from twisted.internet import reactor

    current: Any = reactor
    if not isinstance(current.nameResolver, GuardedResolver):
        current.installNameResolver(GuardedResolver(current.nameResolver))
    resolver: GuardedResolver = current.nameResolver
    resolver.allow_private = allow_private
    resolver.exempt = proxy_hosts()
    resolver.refused.clear()
    return resolver


@implementer(IResolutionReceiver)
class _PublicOnly:
    """Passes on the public addresses of a name."""

    def __init__(self, inner: Any, name: str, refused: dict[str, str]) -> None:
        self._inner, self._name, self._refused = inner, name, refused

    def resolutionBegan(self, resolutionInProgress: Any) -> None:  # noqa: N802, N803
        self._inner.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        host = str(getattr(address, "host", ""))
        if is_public(host):
            self._inner.addressResolved(address)
        else:
            self._refused[self._name.lower()] = host

    def resolutionComplete(self) -> None:  # noqa: N802
        self._inner.resolutionComplete()
