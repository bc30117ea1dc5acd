"""How likely each line of a text is the article's, by the package's forest and net.

`benchmarks.train_lines` grows them, from the features of `cleaners.text.context`.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from cleaners import gbm, models
from cleaners.errors import ModelError
from cleaners.gbm import Floats, Forest
from cleaners.text import context, net, tokens, vocabulary
from cleaners.text.context import Lines
from cleaners.text.net import Net
from cleaners.text.tokens import Flags, Ints
from cleaners.text.vocabulary import Vocabulary

FILE: Final = "text_lines.npz"
NET_FILE: Final = "text_net.npz"
_NET: Final = 1 / 3
"""The net's share of the log-odds; the forest's is the rest. At one half word F1 of 918 unseen
pages is the same; that of self-made pages is .006 higher, but 4 words of 1,000 more of their bodies
go."""
_TRUST: Final = 0.88
"""What the mean log-odds of forest and net is multiplied by: each is a little too sure."""
_DIRTY: Final = 0.1
"""Share of chrome from which a text is cleaned at the best bar. Of 789 unseen articles' gold texts,
which have none, 6.3 words of 1,000 go at this share and some .4 more at .07; in what trafilatura
makes of 129 news pages 38.8 words of 1,000 that are no body stay for 38.0."""
_SENTENCE: Final = 7
"""Words from which a line without a cue that ends as a sentence does is a sentence."""
_SPARED: Final = 0.5
_SPARED_LAST: Final = 0.3
"""Shares of the bar that are enough for a sentence before the core, and for the one that follows
it: the forest is unsure of first and last sentences."""
_SUREST: Final = 0.1
_UNSURE: Final = 0.9
"""Share of the core's lines of prose, and what the least sure of these most probable ones needs:
below it the models do not know such a text well, as one in a language that they saw little of, and
the core's own sentences need less, too. Over 918 unseen pages word F1 is .9572 on news and .9504 on
articles at large so; spared in every text, .9571 and .9488. By the mean of all of the prose, with a
bound of .6, it is .9580 and .9501, but clean bodies lose 8.6 words of 1,000 for 8.2."""


@dataclass(frozen=True, slots=True, eq=False)
class LineModel:
    """A forest and a net, and the vocabulary that their features were counted with."""

    forest: Forest
    net: Net
    words: Vocabulary

    def body(self, lines: Lines) -> Floats:
        """Probability that each line belongs to the article, (n,): of both models' odds."""
        rows = context.table(lines, self.words)
        odds = self.forest.raw(rows) * (1 - _NET)
        odds += self.net.raw(net.logarithms(rows), lines.known.size) * _NET
        odds *= _TRUST
        np.clip(odds, -30.0, 30.0, out=odds)
        return np.asarray(1.0 / (1.0 + np.exp(-odds)), dtype=np.float32)


@cache
def shipped() -> LineModel:
    """The package's model; ModelError if it was made for other features."""
    forest = gbm.load(models.path(FILE))
    beside = net.load(models.path(NET_FILE))
    for file, features in ((FILE, forest.features), (NET_FILE, beside.features)):
        if features != context.names():
            raise ModelError(f"{file}: made for other features than this version counts")
    return LineModel(forest, beside, vocabulary.shipped())


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
    sinks with the share of a line's words that the prose speaks of, if the line has no cue. Beside
    the core, and in a core that the model is unsure of, a sentence needs less of the bar, too.
    """
    known = lines.known
    weight = known.size.astype(np.float64) + 0.5
    chrome = 1.0 - float((chance * weight).sum() / max(weight.sum(), 1.0))
    bar = best_bar(chance, known.size)
    share = _spared(lines, chance)
    if chrome < _DIRTY:
        spoken = np.where(known.covered == 0, lines.overlap, 0.0)
        share = np.minimum(share, (chrome / _DIRTY) * (1.0 - spoken))
    return np.asarray(chance >= bar * share, dtype=np.bool_)


def _spared(lines: Lines, chance: Floats) -> Floats:
    """The share of the bar that each line needs, (n,): less than 1 for sentences beside the core,
    and for those in it if the model is unsure of its prose."""
    known = lines.known
    share = np.ones(chance.size, dtype=np.float32)
    first, last = lines.core
    prose = np.sort(chance[first : last + 1][known.prose[first : last + 1]])
    if prose.size and prose[int(prose.size * (1 - _SUREST))] < _UNSURE:
        share[first : last + 1] = _SPARED
    share[max(first - 1, 0) : first] = _SPARED
    share[last + 1 : last + 2] = _SPARED_LAST
    whole = (known.last == tokens.TERMINAL) & (known.words >= _SENTENCE) & (known.covered == 0)
    share[~whole] = 1.0
    return share
