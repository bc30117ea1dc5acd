"""Names, for the user, of what a removed block is: caption, newsletter, related, footer, …"""

from functools import cache, lru_cache, reduce
from operator import or_

from cleaners.html.cues import NAME_BITS, opening_mask
from cleaners.html.cues import OPENING_BITS as OPENS
from cleaners.html.document import Document
from cleaners.html.tagcues import TAG_BITS
from cleaners.html.tags import HEADINGS

MODEL = "model:body"
"""The rule's name when nothing but the model's score speaks against a block."""


# Kinds in order of precedence: the first that fits names the block.
_BY_TEXT = (
    ("newsletter", OPENS["subscribe"]),
    ("advert", OPENS["advert"]),
    ("related", OPENS["related"]),
    ("share", OPENS["share"]),
    ("comments", OPENS["comment"]),
    ("legal", OPENS["legal"]),
    ("credit", OPENS["credit"]),
    ("byline", OPENS["byline"]),
    ("note", OPENS["correct"]),
)
_BY_PLACE = (
    ("caption", TAG_BITS["figcaption"] | NAME_BITS["caption"]),
    ("hidden", TAG_BITS["hidden"]),
    ("comments", NAME_BITS["comment"]),
    ("newsletter", NAME_BITS["newsletter"]),
    ("paywall", NAME_BITS["paywall"]),
    ("advert", NAME_BITS["advert"]),
    ("share", NAME_BITS["share"]),
    ("related", NAME_BITS["related"]),
    ("byline", NAME_BITS["byline"]),
    ("date", NAME_BITS["time"]),
    ("tags", NAME_BITS["tags"]),
    ("popup", NAME_BITS["popup"] | TAG_BITS["dialog"]),
    ("nav", NAME_BITS["nav"] | TAG_BITS["nav"]),
    ("footer", NAME_BITS["footer"] | TAG_BITS["footer"]),
    ("aside", NAME_BITS["aside"] | TAG_BITS["aside"]),
    ("teaser", NAME_BITS["teaser"]),
    ("media", NAME_BITS["media"] | TAG_BITS["figure"]),
    ("widget", NAME_BITS["widget"]),
    ("header", NAME_BITS["header"] | TAG_BITS["header"]),
)
_ANY_PLACE = reduce(or_, (bits for _, bits in _BY_PLACE))
_NEAR = 4  # divisions, from the block outwards, whose names may name its kind
_LINK_LIST = 0.8  # share of link text from which an otherwise nameless block is a link


def kind(
    document: Document,
    index: int,
    *,
    title: str = "",
    text: str | None = None,
    opens: int | None = None,
) -> str:
    """What a block that is not body looks like; `MODEL` if it looks like nothing in particular.

    `text`, in lower case, and `opens`, its opening cues, spare finding them again.
    """
    block = document.blocks[index]
    if text is None:
        text = block.text.lower()
    if block.tag in HEADINGS and title and (text in title.lower() or title.lower() in text):
        return "headline"
    if opens is None:
        opens = opening_mask(text)
    if opens:
        return _of_opening(opens)
    frame = document.frame[index]
    cues, parent = document.frames.cues, document.frames.parent
    mask = document.inner[index]
    for _ in range(_NEAR + 1):  # the innermost division that says anything has the word
        if mask & _ANY_PLACE:
            return _of_place(mask & _ANY_PLACE)
        mask = cues[frame]
        frame = parent[frame]
    if document.linked[index] >= _LINK_LIST * len(block.text):
        return "links"
    return MODEL


@cache
def _of_opening(opens: int) -> str:
    return next(name for name, bits in _BY_TEXT if opens & bits)


@lru_cache(maxsize=1 << 12)
def _of_place(mask: int) -> str:
    return next(name for name, bits in _BY_PLACE if mask & bits)
