"""Labels of blocks: what of a page is in the gold text, in order."""

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.labels import common, label
from cleaners.html.blocks import read_blocks


def _length(left: list[str], right: list[str]) -> int:
    """Length of a longest common subsequence, the plain way."""
    row = [0] * (len(right) + 1)
    for word in left:
        before = row[:]
        for at, other in enumerate(right):
            row[at + 1] = before[at] + 1 if word == other else max(row[at], before[at + 1])
    return row[-1]


_WORDS = st.lists(st.sampled_from("abcd"), max_size=12)


@given(_WORDS, _WORDS)
def test_the_alignment_is_longest_and_in_order(left: list[str], right: list[str]) -> None:
    found = common(left, right)
    assert found == sorted(set(found))
    assert len(found) == _length(left, right)
    rest = iter(right)
    assert all(left[index] in rest for index in found)


def test_body_chrome_and_twins() -> None:
    html = (
        "<p>Read more</p><p>The tide gate is to be replaced.</p><p>Read more</p>"
        "<p>It dates from 1931.</p><p>The tide gate is to be replaced.</p>"
    )
    labels = label(read_blocks(html), "The tide gate is to be replaced.\nIt dates from 1931.")
    assert labels.body == (False, True, False, True, False)
    assert labels.twin == (False, False, False, False, True)
