"""Near duplicates: MinHash signatures (rensa) and what they say of how much two texts share."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import rensa

PERMUTATIONS = 128
_SEED = 20_261
# Below this many words two texts share shingles by chance (notices, captions): no signature.
_MIN_WORDS = 12
SHINGLE = 2


def signature(words: Sequence[str]) -> bytes | None:
    """MinHash of a text's word pairs: 128 little-endian 32-bit numbers; None for under 12 words.

    Source: Broder, "On the resemblance and containment of documents", 1997.
    """
    if len(words) < _MIN_WORDS:
        return None
    shingles = {f"{first} {second}" for first, second in pairwise(words)}
    sketch = rensa.RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    sketch.update(sorted(shingles))
    return np.asarray(sketch.digest(), "<u4").tobytes()
