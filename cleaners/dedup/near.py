"""Near duplicates: MinHash signatures to find them (rensa), the words themselves to verify them."""

from dataclasses import dataclass
from math import sqrt
from struct import Struct

import numpy as np
import numpy.typing as npt
import rensa

from cleaners.dedup.words import U64, Words

U32 = npt.NDArray[np.uint32]

PERMUTATIONS = 128
_SEED = 20_261
_PACKED = Struct(f"<{PERMUTATIONS}I")
# Below this many content words two texts share pairs by chance (notices, captions): no signature.
_MIN_WORDS = 8

NEAR = 0.53
"""Similarity from which on texts are copies. Measured on 300 real articles with 40 % of all words
replaced at random: 0.546 at the least, 0.65 in the middle. Independent reports of one event reach
0.50, a close paraphrase 0.46. `python -m benchmarks.dedup_eval` measures both sides."""


def signature(words: Words) -> bytes | None:
    """MinHash of a text's pairs of content words: 128 little-endian 32-bit numbers.

    None for texts too short to compare. Source: Broder, "On the resemblance and containment of
    documents", 1997.
    """
    if len(words.content) < _MIN_WORDS:
        return None
    sketch = rensa.RMinHash.digest_matrix_from_flat_token_hashes(
        words.pairs, (0, len(words.pairs)), PERMUTATIONS, _SEED
    )
    return _PACKED.pack(*sketch.to_rows()[0])


@dataclass(frozen=True, slots=True, eq=False)
class Shingles:
    """What is compared of a text: sorted distinct hashes of its content words and their pairs."""

    words: U32
    pairs: U32


def shingles(words: Words) -> Shingles:
    """The words and neighbouring pairs of words of a text that carry content."""
    return Shingles(_distinct(words.content), _distinct(words.pairs))


def _distinct(hashes: U64) -> U32:
    return np.unique((hashes >> np.uint64(32)).astype(np.uint32))


def similarity(one: Shingles, other: Shingles) -> float:
    """Share of the shorter text that the other has too, 0…1, whatever was cut or put around it.

    The mean of the share of words and the root of the share of pairs: when a share p of the words
    is kept at random, p of the words and p² of the pairs are, and both terms say p. Rewritten
    reports share words but few pairs.
    """
    return (_shared(one.words, other.words) + sqrt(_shared(one.pairs, other.pairs))) / 2


def _shared(one: U32, other: U32) -> float:
    if not len(one) or not len(other):
        return 0.0
    both = np.concatenate((one, other))
    both.sort()
    return float(np.count_nonzero(both[1:] == both[:-1])) / min(len(one), len(other))
