"""Which blocks of a page are the article's body.

    Document ─features→ matrix ─first forest→ scores ─second forest, which sees them→ scores → kept

The second forest knows what the first thinks of a block's neighbours and divisions, so that a
paragraph among paragraphs and a teaser among teasers pull each other along.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from cleaners import gbm
from cleaners.gbm import Floats, Forest
from cleaners.html import kinds
from cleaners.html.blocks import Document
from cleaners.html.features import PageText, features, second_features
from cleaners.html.said import read_said
from cleaners.model import Removal, Stage

MODELS = Path(__file__).parent.parent / "models"

KEEP = 0.5
"""Least score of a body block; measured by `benchmarks.crossval`, see DESIGN.md."""


@dataclass(frozen=True, slots=True, eq=False)
class Classified:
    """The verdict on each block of a document.

    `keep`, `rules`, `stages`, `scores`: one entry a block; `rules` and `stages` are empty strings
    for kept blocks. `scores`: probability 0…1 of being body, as the model sees it.
    """

    document: Document
    said: PageText
    keep: tuple[bool, ...]
    scores: tuple[float, ...]
    rules: tuple[str, ...]
    stages: tuple[str, ...]

    @property
    def text(self) -> str:
        """The body: kept blocks with a blank line between them."""
        pairs = zip(self.document.blocks, self.keep, strict=True)
        return "\n\n".join(block.text for block, keep in pairs if keep)

    @property
    def removals(self) -> tuple[Removal, ...]:
        """All other blocks, with what took them."""
        return tuple(
            Removal(block.text, rule, stage, block.index, round(1 - score, 4))
            for block, keep, rule, stage, score in zip(
                self.document.blocks, self.keep, self.rules, self.stages, self.scores, strict=True
            )
            if not keep
        )


@cache
def _forests() -> tuple[Forest, Forest]:
    return gbm.load(MODELS / "blocks_first.npz"), gbm.load(MODELS / "blocks_second.npz")


def score(document: Document, said: PageText) -> Floats:
    """Probability of being body of each block: (n,)."""
    if not document.blocks:
        return np.zeros(0, dtype=np.float32)
    first, second = _forests()
    matrix, layout, wording = features(document, said)
    early = first.probability(matrix)
    late = second_features(early, layout, wording)
    return second.probability(np.concatenate([matrix, late], axis=1))


def classify(document: Document, *, said: PageText | None = None) -> Classified:
    """Decide for every block of a document; `said` spares reading it from the tree again."""
    said = said or read_said(document.tree)
    scores = score(document, said)
    keep = tuple(bool(value) for value in scores >= KEEP)
    return Classified(
        document=document,
        said=said,
        keep=keep,
        scores=tuple(float(value) for value in scores),
        rules=tuple(
            "" if kept else kinds.kind(document, index, title=said.title)
            for index, kept in enumerate(keep)
        ),
        stages=tuple("" if kept else Stage.CLASSIFY.value for kept in keep),
    )


def load() -> None:
    """Load the models now rather than with the first page."""
    _forests()
