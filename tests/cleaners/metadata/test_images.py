from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.html.blocks import read_blocks
from cleaners.metadata import read_metadata

PAGE = "https://www.lowmerepost.example/news/bridge?page=2"
pieces = st.sampled_from(
    ("a", "/", "//", ".", "..", "?", "#", ";", "&", "=", "%20", ":", "@", "ö", "[", "b.jpg", "*")
)


def image(address: str) -> str | None:
    html = f'<meta property="og:image" content="{address}"><p>Text</p>'
    images = read_metadata(read_blocks(html).tree, url=PAGE).images
    return images[0].url if images else None


@given(st.lists(pieces, max_size=8).map("".join), st.sampled_from(("http", "https")))
def test_an_address_is_what_joining_makes_of_it(path: str, scheme: str) -> None:
    address = f"{scheme}://img.lowmere.example/{path}"
    try:
        expected = urljoin(PAGE, address)
    except ValueError:
        expected = ""
    assert image(address) == (expected or None)


@pytest.mark.parametrize(
    "address", ["data:image/gif;base64,R0lG", "blob:1", "/x" * 2_000, "ftp://h/i"]
)
def test_what_is_no_picture_elsewhere_is_none(address: str) -> None:
    assert image(address) is None


def test_a_path_is_of_the_page() -> None:
    assert image("/i/b.jpg") == "https://www.lowmerepost.example/i/b.jpg"
