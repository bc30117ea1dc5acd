"""How likely each language is for a text, by py3langid's model, walked in arrays.

The only importer of py3langid. Its automaton (Aho and Corasick 1975) reads a text byte by byte in
Python, 2 to 3 ms for 600 characters of a script beyond ASCII. What it has seen depends on no more
bytes than its longest pattern has, so that all places of a text can be read at once in as many
steps; the counts are the same, and so are the scores but for the last digit.
"""

import math
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

_BYTES: Final = 256
LONGEST: Final = 6
"""Bytes of the longest pattern of the model (a test walks its automaton to see)."""


@dataclass(frozen=True, slots=True, eq=False)
class LanguageModel:
    """Naive Bayes over patterns of bytes, (p, languages), and the automaton that finds them.

    `step`: the next state, by a state's row and the byte; `row`, `found`: of each state, its row,
    and its pattern or -1. `weights`, `bias`: log-likelihoods of patterns and of languages, `codes`.
    """

    step: npt.NDArray[np.uint32]
    row: npt.NDArray[np.uint32]
    found: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float16]
    bias: npt.NDArray[np.float32]
    codes: tuple[str, ...]

    def rank(self, text: str) -> dict[str, float]:
        """The probability of each language; all alike where the text has no pattern."""
        text = unicodedata.normalize("NFC", text.lower() if text.isupper() else text)
        content = np.frombuffer(text.encode("utf-8", "surrogatepass"), dtype=np.uint8)
        seen = self.found.take(self._states(content))
        patterns, counts = np.unique(seen[seen >= 0], return_counts=True)
        scores = np.zeros(len(self.codes), dtype=np.float32)
        if patterns.size:
            rows = self.weights.take(patterns, axis=0).astype(np.float32)
            # Not by BLAS, which would wake its threads for so small a product.
            scores = np.einsum("i,ij->j", np.log1p(counts.astype(np.float32)), rows) + self.bias
            # The model's own tempering: probabilities of longer texts would all be 0 or 1.
            scores *= 1.0 / math.sqrt(content.size)
        likely = np.exp(scores - scores.max())
        likely /= likely.sum()
        ranked: dict[str, float] = {}
        for code, share in zip(self.codes, likely.tolist(), strict=True):
            ranked[code] = ranked.get(code, 0.0) + share
        return ranked

    def _states(self, content: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint32]:
        """The automaton's state after each byte: that of the longest pattern's bytes before it."""
        size = content.size
        state = np.zeros(size, dtype=np.uint32)
        for back in range(min(LONGEST, size) - 1, -1, -1):
            at = self.row.take(state[back:]) * np.uint32(_BYTES) + content[: size - back]
            state[back:] = self.step.take(at)
        return state


@cache
def model() -> LanguageModel:
    """The model that ships with py3langid; .3 to .5 s."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    read = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return LanguageModel(
        step=np.asarray(read.tk_nextmove, dtype=np.uint32),
        row=np.asarray(read.tk_row, dtype=np.uint32),
        found=np.array(read.tk_output, dtype=np.int32),
        weights=np.asarray(read.nb_ptc),
        bias=np.asarray(read.nb_pc, dtype=np.float32),
        codes=tuple(read.nb_classes),
    )
