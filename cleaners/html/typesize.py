"""Kept blocks that the size of their type tells from the body: the headline, and what is set small.

Only on pages whose headline is a line of large type (`oldweb`): elsewhere FONT is no frame.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from cleaners.html.document import Document
from cleaners.html.oldweb import NORMAL_SIZE, type_size
from cleaners.html.wording import Wording

_SMALL_WORDS = 30
"""Words of a block in small type from which it is text that is set small."""


def small_type(document: Document, kept: Sequence[bool], text: Wording) -> Mapping[int, str]:
    """Indices of kept blocks to remove, each with its rule's name: the headline, and by-lines,
    dates and notes in type smaller than that of most of the body."""
    frames = document.frames
    if "h1" not in frames.tags:
        return {}
    headlines = [
        number
        for number, (tag, element) in enumerate(zip(frames.tags, frames.elements, strict=True))
        if tag == "h1" and element.tag == "font"
    ]
    if not headlines:
        return {}
    sizes = [_size_of(document, index) for index in range(len(document.blocks))]
    words: Counter[int] = Counter()
    for size, good, count in zip(sizes, kept, text.words.tolist(), strict=True):
        words[size] += int(count) if good else 0
    normal = max(words, key=lambda size: words[size])
    found: dict[int, str] = {}
    for index, good in enumerate(kept):
        if good and document.frame[index] in headlines:
            found[index] = "headline"
        elif good and sizes[index] < normal and text.words[index] <= _SMALL_WORDS:
            found[index] = "small-type"
    return found


def _size_of(document: Document, index: int) -> int:
    """The size of a block's type, from the nearest FONT around it that is a line of its own."""
    frames = document.frames
    number = document.frame[index]
    while number:
        if frames.elements[number].tag == "font":
            return type_size(frames.elements[number])
        number = frames.parent[number]
    return NORMAL_SIZE
