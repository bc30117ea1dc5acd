"""Removals can be taken out, put back, and shown."""

from hypothesis import given
from hypothesis import strategies as st

from cleaners.audit import apply, render, replay
from cleaners.model import Block, Removal

_TEXTS = st.lists(
    st.text(st.characters(exclude_characters="\n"), min_size=1).filter(str.strip), max_size=12
)


@given(_TEXTS, st.data())
def test_replay_is_the_inverse_of_apply(texts: list[str], data: st.DataObject) -> None:
    blocks = [Block(index=index, text=text) for index, text in enumerate(texts)]
    taken = data.draw(st.sets(st.sampled_from(range(len(texts))))) if texts else set()
    removals = [Removal(texts[at], "menu", "text", at, 0.9) for at in sorted(taken, reverse=True)]
    text = apply(blocks, removals)
    assert replay(text, removals) == tuple(texts)
    shown = render(text, removals)
    assert [part.text for part in shown if part.removal is None] == [
        block.text for block in blocks if block.index not in taken
    ]
    assert [part.removal.position for part in shown if part.removal] == sorted(taken)


def test_a_removal_past_the_end_comes_last() -> None:
    shown = render("Body.", [Removal("Foot", "foot", "text", 9)])
    assert [part.text for part in shown] == ["Body.", "Foot"]
