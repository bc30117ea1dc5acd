"""The place that a report opens with: "PARIS (Agency) — …", "Paris, 3 May: …"."""

import re
from collections.abc import Sequence
from typing import Final

from cleaners.text import lexicon, tokens

_IN_WORD: Final = r"[\w'’\-\u0900-\u0dff\u0e00-\u0eff]"  # Indic and Thai vowel signs are no letters
_PLACE: Final = (
    rf"(?:(?:[Ss][Tt][Ee]?|[FfMmPp][Tt])\. )?[^\W\d_]{_IN_WORD}*(?:[ \-/](?:[^\W\d_a-z]{_IN_WORD}*"
    r"|de|del|la|le|upon|am|an|der|do|da|di|al|el|sur|of)){0,3}"
)
_REST: Final = (
    r"(?P<more>(?:\s*,\s*[^\W\d_][\w'’.\-]*(?:\s[^\W\d_a-z][\w'’.]*){0,2})?"
    r"(?:\s*,?\s*\(?\d{1,2}\.?\s*[^\W\d_]{3,12}\.?(?:\s*\d{4})?\)?"
    r"|\s*[,.]?\s*[^\W\d_]{3,9}\.?\s*\d{1,2}(?:\s*,?\s*\d{4})?)?)"
)
_AGENCY: Final = r"(?P<agency>\s*[(/\[][^\W\d_][^()/\[\]\n]{1,28}[)/\]])?"
_WIRE: Final = r"(?:\.\s*[A-Z]{3,12}(?=\s))?"
_DATELINE: Final = re.compile(
    rf"(?P<place>{_PLACE}){_REST}{_AGENCY}{_WIRE}\s*(?P<mark>:|--|[—–]|-(?=\s)|\.\s*[—–-])\s*(?=[\"“„«'‘]?[^\W_])"
)
_MARK: Final = re.compile("[:—–-]")
"""What every dateline has; few openings do, and the pattern takes twenty times as long."""
_SPEAKER: Final = re.compile(rf"{_PLACE}\s*:")
_LONGEST: Final = 90
_SPOKEN: Final = 40
"""Paragraphs among which speakers' names are looked for."""
_PARAGRAPHS: Final = 3
"""Only this many paragraphs may carry the dateline: an update note may stand before it."""


def dateline_of(paragraphs: Sequence[str]) -> str | None:
    """The place of the dateline that a text's first paragraphs open with, or None.

    >>> dateline_of(["Paris: Analysts warn of a shift.", "They said so."])
    'Paris'
    >>> dateline_of(["PORT HOLM (Reuters) - The ferry sank."])
    'PORT HOLM'
    >>> dateline_of(["Question: What now?", "Answer: Nothing.", "Question: Why?"])
    """
    for text in paragraphs[:_PARAGRAPHS]:
        opening = text[:_LONGEST]
        if not _MARK.search(opening) or not (match := _DATELINE.match(opening)):
            continue
        place = match["place"].strip(" .")
        plain = not match["agency"] and not match["more"] and not place.isupper()
        if plain and (match["mark"] not in (":", "—", "–", "--") or _has_speakers(paragraphs)):
            continue
        if place[0].islower() or _is_label(place) or (len(place) < 3 and place.isascii()):
            continue
        if plain and match["mark"] != ":" and len(place.split()) > 3:
            continue
        return place
    return None


def _has_speakers(paragraphs: Sequence[str]) -> bool:
    """Whether several paragraphs open with a name and a colon, as in an interview."""
    named = (text for text in paragraphs[:_SPOKEN] if _SPEAKER.match(text[:_LONGEST]))
    return next(named, None) is not None and next(named, None) is not None


def _is_label(place: str) -> bool:
    """Whether the words are of a label ("Analysis", "Update"), a function word, or a cue."""
    seen = tokens.read([place])
    marks = lexicon.look_up(seen)
    found = lexicon.cues(seen, marks)
    first = bool(found) and found[0].word == 0
    return first or bool(lexicon.stop_words(seen, marks).all())
