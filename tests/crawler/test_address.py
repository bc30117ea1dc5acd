import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.address import IPv4Address

from crawler.address import GuardedResolver, forbidden, is_public


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[fd00::1]/",
        "http://[fe80::1]/",
        "http://10.1.2.3:8080/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://localhost/",
        "http://LOCALHOST.:80/",
        "http://printer.local/",
        "http://metadata.google.internal/",
        "file:///etc/passwd",
        "ftp://nord.example/",
        "data:text/html,x",
        "http:///nohost",
    ],
)
def test_addresses_of_this_machine_and_network_are_forbidden(url: str) -> None:
    assert forbidden(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://nord.example/",
        "https://93.184.216.34/",
        "https://[2606:2800:220:1::1]/",
        "http://10.example.com/",
        "http://1.2.3.4.example/",
        "http://internal.example/",
    ],
)
def test_public_addresses_and_names_are_not(url: str) -> None:
    assert forbidden(url) is None


@given(st.text(max_size=40))
def test_any_text_is_judged(text: str) -> None:
    assert isinstance(is_public(text), bool)
    assert forbidden(f"http://{text}/") != ""


@given(st.integers(0, 2**32 - 1))
def test_every_spelling_of_an_address_is_judged_alike(number: int) -> None:
    dotted = socket.inet_ntoa(number.to_bytes(4, "big"))
    verdict = forbidden(f"http://{dotted}/") is None
    for spelling in (str(number), hex(number)):
        assert (forbidden(f"http://{spelling}/") is None) == verdict


class FakeResolver:
    """Resolves any name to the given addresses."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    def resolveHostName(self, receiver: Any, name: str, port: int = 0, *_: object) -> Any:  # noqa: N802
        receiver.resolutionBegan(self)
        for address in self.addresses:
            receiver.addressResolved(IPv4Address("TCP", address, port))
        receiver.resolutionComplete()
        return self


class Receiver:
    """Notes what it is given."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.done = False

    def resolutionBegan(self, resolution: object) -> None:  # noqa: N802
        self.done = False

    def addressResolved(self, address: IPv4Address) -> None:  # noqa: N802
        self.got.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.done = True


@pytest.mark.parametrize(
    ("allow", "exempt", "got"),
    [
        (False, frozenset(), ["93.184.216.34"]),
        (True, frozenset(), ["127.0.0.1", "93.184.216.34"]),
        (False, frozenset({"proxy.example"}), ["127.0.0.1", "93.184.216.34"]),
    ],
)
def test_a_name_gives_only_addresses_that_may_be_connected_to(
    allow: bool, exempt: frozenset[str], got: list[str]
) -> None:
    resolver = GuardedResolver(FakeResolver("127.0.0.1", "93.184.216.34"))
    resolver.allow_private, resolver.exempt = allow, exempt
    receiver = Receiver()
    resolver.resolveHostName(receiver, "proxy.example", 80)
    assert receiver.done
    assert receiver.got == got
    assert ("proxy.example" in resolver.refused) == (len(got) == 1)
