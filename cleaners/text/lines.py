"""Plain text -> body and chrome: `clean_lines` is what the pipeline calls.

str ─fix_text→ str ─read_paper→ blocks ─rules and model→ kept and removed
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cleaners.audit import SEPARATOR, apply
from cleaners.model import Block, Removal, Stage
from cleaners.text import context, facts, model, rules
from cleaners.text.dateline import dateline_of
from cleaners.text.drift import other_story
from cleaners.text.layout import Layout, read_paper
from cleaners.text.model import LineModel
from cleaners.text.reading import Verdict, read, settled
from cleaners.text.teasers import links

_PASSES: Final = 6
"""What is left is read again until nothing more goes, so that cleaning twice changes nothing; two
passes end nearly every text."""
_MODEL_LINES: Final = 20_000
"""A text of more lines is no article; the rules alone look at it, so that memory stays bounded."""
_RULE_LINES: Final = 100_000
"""A text of more lines is no document; it comes back whole, so that time stays bounded."""
_LINK: Final = 0.9
"""Probability that a list which looks like links to other stories needs to stay: lists of that look
in the bodies of 918 pages have more, links in extracted news less. They were 1.2 of the 38 words of
1,000 that leaked there."""
_OPENING: Final = 40
"""Paragraphs among which the dateline and, against it, speakers' names are looked for."""


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


def clean_lines(text: str, *, by: LineModel | None = None) -> TextResult:
    """Take the chrome out of a plain text; any str gives a result. `by`: not the shipped model.

    A text without prose, such as a poem, a list or a table, comes back whole.
    """
    paper = read_paper(text)
    first: Verdict | None = None
    kept = list(range(len(paper.blocks)))
    taken: dict[int, tuple[str, float]] = {}
    layouts: Sequence[Layout] = paper.layouts
    for turn in range(_PASSES):
        verdict = _judge([paper.blocks[at].text for at in kept], layouts, by)
        first = first or verdict
        taken.update((kept[line], why) for line, why in verdict.removed.items())
        kept = [at for at in kept if at not in taken]
        if verdict.settled or (turn and not verdict.removed):
            break
        if not verdict.removed and _is_as_written(layouts):
            break
        layouts = _as_written([paper.blocks[at].text for at in kept])
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
        title=first.title if first else None,
        title_raw=first.title_raw if first else None,
        authors=first.authors if first else (),
        dateline=dateline_of([paper.blocks[at].text for at in kept[:_OPENING]]),
    )


def _as_written(texts: Sequence[str]) -> Sequence[Layout]:
    """How these blocks lie on the page once they are the cleaned text."""
    again = read_paper(SEPARATOR.join(texts))
    if len(again.blocks) == len(texts):
        return again.layouts
    return (Layout(indent=0, gap=1, item=False, lines=1),) * len(texts)


def _is_as_written(layouts: Sequence[Layout]) -> bool:
    """Whether blocks lie already as they would in the cleaned text."""
    return all(
        layout.lines == 1 and layout.indent == 0 and layout.gap == (number > 0)
        for number, layout in enumerate(layouts)
    )


def _judge(lines: Sequence[str], layouts: Sequence[Layout], by: LineModel | None) -> Verdict:
    """What the rules are sure of, of the rest what the model takes for chrome, and what is left of
    a story that is appended to the text's own."""
    if len(lines) > _RULE_LINES:
        return Verdict(settled=True)
    known = facts.read(lines)
    if settled(known):
        return Verdict(settled=True)
    reading = read(lines, known)
    verdict = rules.judge(reading)
    verdict.settled = settled(known, verdict.removed)
    if not verdict.settled and len(lines) <= _MODEL_LINES:
        among = context.read(known, layouts)
        chance = (by or model.shipped()).body(among)
        chrome = ~model.chosen(chance, among)
        for doubted, rule in ((chrome, "line-model"), (links(reading) & (chance < _LINK), "links")):
            for line in np.flatnonzero(doubted).tolist():
                verdict.remove(line, rule, round(1.0 - float(chance[line]), 4))
    keep = np.ones(len(lines), dtype=np.bool_)
    keep[list(verdict.removed)] = False
    for line in range(other_story(known, keep), len(lines)):
        verdict.remove(line, "other-story", 0.8)
    return verdict
