"""How likely each line of a text is the article's, by the forest that the package ships.

`benchmarks.train_lines` grows it, from the features of `cleaners.text.context`.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from cleaners import gbm, models
from cleaners.errors import ModelError
from cleaners.gbm import Floats, Forest
from cleaners.text import context, vocabulary
from cleaners.text.context import Lines
from cleaners.text.tokens import Flags, Ints
from cleaners.text.vocabulary import Vocabulary

FILE: Final = "text_lines.npz"
_DIRTY: Final = 0.1
"""Share of chrome from which a text is cleaned at the best bar. Cross-validated: of 918 pages' gold
texts, which have none, 10 % lose a line at this share and 25 % without it."""


@dataclass(frozen=True, slots=True, eq=False)
class LineModel:
    """A forest, and the vocabulary that its features were counted with."""

    forest: Forest
    words: Vocabulary

    def body(self, lines: Lines) -> Floats:
        """Probability that each line belongs to the article, (n,)."""
        return self.forest.probability(context.table(lines, self.words))


@cache
def shipped() -> LineModel:
    """The package's model; ModelError if it was made for other features."""
    forest = gbm.load(models.path(FILE))
    if forest.features != context.names():
        raise ModelError(f"{FILE}: made for other features than this version counts")
    return LineModel(forest, vocabulary.shipped())


def best_bar(chance: Floats, size: Ints) -> float:
    """The probability from which on lines are kept for the highest expected word F1.

    Keeping the lines of the k highest probabilities, 2 · expected hits / (words kept + expected
    words of the body) is greatest at the bar that is half of it (Lipton et al. 2014), so never
    above one half: a long body about which the model is unsure throughout is kept.
    """
    if not chance.size:
        return 0.5
    weight = size.astype(np.float64) + 0.5
    order = np.argsort(-chance, kind="stable")
    expected = chance[order] * weight[order]
    f1 = 2 * np.cumsum(expected) / (np.cumsum(weight[order]) + expected.sum() + 1e-9)
    return min(float(chance[order][int(np.argmax(f1))]), 0.5)


def chosen(chance: Floats, lines: Lines) -> Flags:
    """Which lines are kept, (n,): those of the best bar, and more the cleaner the text is.

    The less of a text the model takes for chrome, the surer it must be of a line: below a share of
    `_DIRTY` of the words the bar sinks with the share, down to nothing for clean prose; and it
    sinks with the share of a line's words that the prose speaks of, if the line has no cue.
    """
    known = lines.known
    weight = known.size.astype(np.float64) + 0.5
    chrome = 1.0 - float((chance * weight).sum() / max(weight.sum(), 1.0))
    bar = best_bar(chance, known.size)
    if chrome >= _DIRTY:
        return np.asarray(chance >= bar, dtype=np.bool_)
    spoken = np.where(known.covered == 0, lines.overlap, 0.0)
    return np.asarray(chance >= bar * (chrome / _DIRTY) * (1.0 - spoken), dtype=np.bool_)
