from collections.abc import Iterator

import pytest

from cleaners.clean import clean
from cleaners.config import CleanConfig
from cleaners.model import Page, Reason, Rejection
from cleaners.scale.batch import OUTCOMES, clean_batch, outcomes, pages_table
from cleaners.scale.local import CHUNK_PAGES, CleaningPool

PARAGRAPHS = [
    "The ferry between Altwasser and the outer islands stopped running on Monday after its pilot "
    "reported that the harbour lights had failed for the third time this winter.",
    "Engineers said the cable under the breakwater would have to be dug out and replaced, which "
    "may take until the end of the month if the weather holds.",
    "Islanders were told to keep food for a week. The town council meets again on Thursday.",
]


def article(number: int) -> Page:
    """A small page whose first sentence is its own."""
    body = "".join(
        f"<p>{text}</p>" for text in (f"Notice {number}. {PARAGRAPHS[0]}", *PARAGRAPHS[1:])
    )
    head = "<html><head><title>Ferry stops</title></head>"
    html = f"{head}<body><article><h1>Ferry stops</h1>{body}</article></body></html>"
    return Page(html.encode(), source=f"page-{number}.html")


def text_pages(count: int) -> Iterator[Page]:
    for number in range(count):
        text = "\n\n".join([f"Notice {number}.", *PARAGRAPHS])
        yield Page(text.encode(), source=f"{number}.txt", kind="text")


def test_gives_what_cleaning_here_gives_in_the_order_of_the_pages() -> None:
    pages = [article(1), *text_pages(2 * CHUNK_PAGES + 3), article(2), Page(b"", source="nothing")]
    with CleaningPool(workers=2) as pool:
        assert list(pool.map(pages)) == [clean(page) for page in pages]


def test_a_page_over_its_time_is_rejected_and_the_next_is_cleaned() -> None:
    slow = CleanConfig(page_timeout=1e-6)
    with CleaningPool(slow, workers=1) as pool:
        outcome = next(pool.map([article(1)]))
    assert isinstance(outcome, Rejection)
    assert outcome.reason is Reason.TIMEOUT
    assert outcome.source == "page-1.html"


def test_a_chunk_that_loses_its_worker_is_done_again_page_by_page() -> None:
    pages = list(text_pages(5))
    with CleaningPool(CleanConfig(page_timeout=1e-6), workers=1) as pool:
        reasons = [getattr(outcome, "reason", None) for outcome in pool.map(pages)]
    assert reasons == [Reason.TIMEOUT] * 5


def test_a_table_of_pages_gives_a_table_of_the_same_outcomes() -> None:
    pages = [article(1), *text_pages(1), Page(b"\x00\x01", source="short.html")]
    table = clean_batch(pages_table(pages))
    assert table.schema == OUTCOMES
    for page, outcome in zip(pages, outcomes(table), strict=True):
        expected = clean(page)
        assert type(outcome) is type(expected)
        assert outcome.source == expected.source
        assert getattr(outcome, "text", None) == getattr(expected, "text", None)
        assert getattr(outcome, "reason", None) == getattr(expected, "reason", None)


@pytest.mark.parametrize("column", ["content"])
def test_a_table_needs_nothing_but_content(column: str) -> None:
    table = clean_batch(pages_table([article(7)]).select([column]))
    assert table["source"].to_pylist() == ["row 0"]
    assert "Notice 7." in table["text"][0].as_py()
