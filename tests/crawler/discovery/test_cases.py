"""Every case folder gives what it says it must."""

import pytest

from tests.crawler.discovery.cases import load, names


@pytest.mark.parametrize("name", names())
def test_reads_as_expected(name: str) -> None:
    case = load(name)
    assert case.read() == case.expected
