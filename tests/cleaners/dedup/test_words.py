"""Words are cut alike on the quick ways and by the pattern that says what they are."""

from hypothesis import given
from hypothesis import strategies as st

from cleaners.dedup import words as module
from cleaners.dedup.words import words

LETTERS = st.one_of(
    st.text("abXY 12_-.'\t\n\x1c\x7f", max_size=60),
    st.text("abc def. \u2019\u201c\u201d\xa0\x85\u2028é東のİßΣ\ud800\U0001f600_", max_size=60),
    st.text(max_size=60),
)
PADDING = st.sampled_from(["", "a plain line of words, and more. " * 20])


@given(LETTERS, PADDING)
def test_all_ways_cut_alike(text: str, padding: str) -> None:
    whole = padding + text + padding
    pattern = vars(module)["_WORD"]
    assert words(whole) == pattern.findall(whole.lower())
