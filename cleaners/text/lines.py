"""Plain text -> body and chrome: `clean_lines` is what the pipeline calls.

str ─fix_text→ str ─read_paper→ blocks ─rules and model→ kept and removed
"""

from dataclasses import dataclass, replace
from typing import Final

from cleaners.audit import SEPARATOR, apply
from cleaners.model import Block, Removal, Stage
from cleaners.text import rules
from cleaners.text.dateline import dateline_of
from cleaners.text.layout import read_paper

_PASSES: Final = 6
"""What is left is read again until nothing more goes, so that cleaning twice changes nothing; two
passes end nearly every text."""


@dataclass(frozen=True, slots=True)
class TextResult:
    """What was found in a plain text. Kept blocks and removals together are all blocks.

    `title_raw`: the headline as it stood, with the site's name if it had one.
    """

    blocks: tuple[Block, ...]
    removals: tuple[Removal, ...]
    title: str | None = None
    title_raw: str | None = None
    authors: tuple[str, ...] = ()
    dateline: str | None = None

    @property
    def kept(self) -> tuple[Block, ...]:
        """The blocks of the body."""
        removed = {removal.position for removal in self.removals}
        return tuple(block for block in self.blocks if block.index not in removed)

    @property
    def text(self) -> str:
        """The body: kept blocks with one blank line between them."""
        return apply(self.blocks, self.removals)

    @property
    def markdown(self) -> str:
        """The body as Markdown: headings and list items that were written so stay so."""
        return SEPARATOR.join(block.text for block in self.kept)


def clean_lines(text: str) -> TextResult:
    """Take the chrome out of a plain text; any str gives a result.

    A text without prose, such as a poem, a list or a table, comes back whole.
    """
    paper = read_paper(text)
    first = rules.Verdict()
    kept = paper.blocks
    taken: dict[int, tuple[str, float]] = {}
    for turn in range(_PASSES):
        if not kept:
            break
        verdict = rules.judge(rules.read([block.text for block in kept]))
        if turn == 0:
            first = verdict
        if not verdict.removed:
            break
        taken.update((kept[line].index, why) for line, why in verdict.removed.items())
        kept = tuple(block for block in kept if block.index not in taken)
    removals = tuple(
        Removal(
            text=paper.blocks[index].text,
            rule=rule,
            stage=Stage.TEXT.value,
            position=index,
            score=score,
        )
        for index, (rule, score) in sorted(taken.items())
    )
    return TextResult(
        blocks=paper.blocks,
        removals=removals,
        title=first.title,
        title_raw=first.title_raw,
        authors=first.authors,
        dateline=dateline_of([block.text for block in kept]),
    )


__all__ = ["TextResult", "clean_lines", "replace"]
