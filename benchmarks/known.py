"""Which pages the shipped block model has learned from: trained_on.txt, a fingerprint a line."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from benchmarks.data import GoldPage

_KNOWN = Path(__file__).with_name("trained_on.txt")


def fingerprint(page: GoldPage) -> str:
    """Ten hex digits of a page's bytes."""
    return hashlib.sha256(page.html).hexdigest()[:10]


@cache
def known() -> frozenset[str]:
    """Fingerprints of the pages that the shipped model has learned from."""
    return frozenset(_KNOWN.read_text("ascii").split())


def write_known(pages: Iterable[GoldPage]) -> None:
    """Note the pages that a model to be shipped has learned from."""
    _KNOWN.write_text("\n".join(sorted(map(fingerprint, pages))) + "\n", "ascii")
