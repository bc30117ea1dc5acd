"""What the texts of a page's blocks look like: letters, words, openings. Arrays over blocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cleaners.gbm import Floats
from cleaners.html.cues import OPENING_CUES, WORD_CUES, opening_mask
from cleaners.html.letters import (
    COMMA,
    DIGIT,
    HEAD,
    KINDS,
    LETTER,
    QUOTE,
    STOP,
    SYMBOL,
    UPPER,
    Ints,
    class_of,
    count_letters,
)

_OPENING_CUE_BITS = np.arange(len(OPENING_CUES))


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """Texts of n blocks as numbers. `ids`, `owner`: (w,), each word's number and its block's.

    `pairs`: the distinct words of each block in order, as owner * max(1, len(vocabulary)) + id.
    """

    chars: Floats
    words: Floats
    ids: Ints
    owner: Ints
    pairs: Ints
    lowered: tuple[str, ...]
    vocabulary: Mapping[str, int]
    openings: npt.NDArray[np.int64]
    columns: Floats  # (n, len(NAMES))


NAMES = (
    "chars", "words", "word_length", "upper", "digits", "commas", "stops", "quotes", "symbols",
    "ends_stop", "ends_colon", "ends_ellipsis", "starts_lower", "starts_upper", "starts_quote",
    "all_upper", "bracketed", "has_pipe", "has_arrow", "has_at", "has_url", "lines",
    "capitals_of_words", "first_digit", "distinct",
    *(f"opens_{cue}" for cue in OPENING_CUES),
    *(f"says_{cue}" for cue in WORD_CUES),
)  # fmt: skip


def read_wording(texts: Sequence[str]) -> Wording:
    """Numbers for the texts of a page's blocks, none of them empty."""
    count = len(texts)
    told = count_letters(texts)
    lowered, lengths = told.lowered, told.lengths
    shares = np.asarray(told.hits / lengths[:, None], dtype=np.float32)

    def share(kind: int) -> Floats:
        return shares[:, KINDS.index(kind)]

    openings = np.fromiter(map(opening_mask, lowered), dtype=np.int64, count=count)
    ends = class_of(told.last_codes)
    firsts = class_of(told.first_codes)
    last_codes, first_codes = told.last_codes, told.first_codes
    upper = share(UPPER | LETTER)
    letters = share(LETTER)
    words = told.word_counts.astype(np.float32)
    distinct = np.bincount(told.pairs // max(1, len(told.vocabulary)), minlength=count)
    head_words = np.maximum(np.minimum(words, HEAD), 1)[:, None]
    columns = [
        np.log1p(lengths),
        np.log1p(words),
        lengths / np.maximum(words, 1),
        upper / np.maximum(letters, 0.01),
        share(DIGIT),
        share(COMMA),
        share(STOP),
        share(QUOTE),
        share(SYMBOL),
        (ends & STOP) != 0,
        (last_codes == ord(":")) | (last_codes == 0xFF1A),
        last_codes == 0x2026,
        ((firsts & LETTER) != 0) & ((firsts & UPPER) == 0),
        (firsts & UPPER) != 0,
        (firsts & QUOTE) != 0,
        (upper > 0.8 * letters) & (letters > 0.3),
        ((first_codes == ord("(")) | (first_codes == ord("["))),
        ["|" in text for text in texts],
        [("›" in text) or ("→" in text) or ("»" in text) or (">" in text) for text in texts],
        ["@" in text for text in texts],
        [("http" in text) or ("www." in text) for text in lowered],
        [text.count("\n") for text in texts],
        told.capitals / np.maximum(words, 1),
        (firsts & DIGIT) != 0,
        distinct / np.maximum(words, 1),
    ]
    return Wording(
        chars=lengths.astype(np.float32),
        words=words,
        ids=told.ids,
        owner=told.owner,
        pairs=told.pairs,
        lowered=lowered,
        vocabulary=told.vocabulary,
        openings=openings,
        columns=np.concatenate(
            [
                np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1),
                (openings[:, None] >> _OPENING_CUE_BITS) & 1,
                told.spoken / head_words,
            ],
            axis=1,
            dtype=np.float32,
        ),
    )
