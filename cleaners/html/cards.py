"""Cards of other stories set into a body as plain headings and paragraphs.

Such a card shows the other story's headline, a label ("Other stories of interest"), the headline
again as a link, and its first paragraph.
"""

from collections.abc import Mapping, Sequence

from cleaners.html.document import Document
from cleaners.html.letters import LETTERS
from cleaners.html.wording import Wording

_LABEL_WORDS = 8
_HEADLINE_WORDS = 4  # at least
_BLURB_WORDS = 70
_LINKED = 0.6
_TERM_CHARS = 4  # letters of a word that tells what a text is about, at least
_QUOTES = frozenset('"“”„«»‟「」『』')


def cards(document: Document, kept: Sequence[bool], text: Wording) -> Mapping[int, str]:
    """Indices of kept blocks to remove, each with its rule's name.

    The paragraph goes with the card only where it says words of that headline which nothing else
    of the body says, and quotes nobody: a quotation belongs to the report.
    """
    body = [index for index, good in enumerate(kept) if good]
    lowered = text.lowered
    found: dict[int, str] = {}
    for place in range(1, len(body) - 1):
        above, label, headline = body[place - 1 : place + 2]
        if lowered[above] != lowered[headline] or not _is_link(document, headline):
            continue
        if text.words[headline] < _HEADLINE_WORDS or text.words[label] > _LABEL_WORDS:
            continue
        card = [above, label, headline]
        blurb = body[place + 2] if place + 2 < len(body) else None
        if blurb is not None and _belongs(blurb, card, body, text):
            card.append(blurb)
        found.update(dict.fromkeys(card, "related"))
    return found


def _is_link(document: Document, index: int) -> bool:
    return document.linked[index] >= _LINKED * len(document.blocks[index].text)


def _belongs(blurb: int, card: Sequence[int], body: Sequence[int], text: Wording) -> bool:
    """Whether a paragraph is the summary of the story that the card announces."""
    if text.words[blurb] > _BLURB_WORDS or not _QUOTES.isdisjoint(text.lowered[blurb]):
        return False
    own = _terms(blurb, text) & _terms(card[0], text)
    rest = (_terms(index, text) for index in body if index != blurb and index not in card)
    return bool(own - frozenset().union(*rest))


def _terms(index: int, text: Wording) -> frozenset[str]:
    return frozenset(
        word for word in LETTERS.findall(text.lowered[index]) if len(word) >= _TERM_CHARS
    )
