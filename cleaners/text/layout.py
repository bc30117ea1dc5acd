"""Plain text -> Blocks: which lines are one paragraph, and how they were set.

A line is a block of its own, unless the text is hard-wrapped: then the lines of a paragraph are
joined again. Wrapping leaves a trace that other text does not have: the first word of each next
line would not have fitted on the line before.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cleaners.model import Block
from cleaners.text.fixes import fix_and_look

_ITEM: Final = re.compile(r"(?:[-*+•·∙‣▪►●○■◦–] |\d{1,3}[.)] )\s*\S")
_HEADING: Final = re.compile(r"(#{1,6}) +\S")
_MARKERS: Final = frozenset("-*+•·∙‣▪►●○■◦–#0123456789")
"""What a list item or a heading begins with."""
_NARROWEST: Final = 32
_WIDEST: Final = 120
"""Columns of hard-wrapped text; wider lines are paragraphs."""
_MIN_WRAPPED: Final = 3
"""Line ends that must show the trace."""
_MIN_RUNNING_ON: Final = 0.5
"""Share of them after which the sentence goes on; verse and lists stay far below."""
_ENDS: Final = '.!?…。！？"”»:;।؟'


@dataclass(frozen=True, slots=True)
class Layout:
    """How a block stood in the text: columns of indent, blank lines before it (at most 9),
    whether it began as a list item, and how many lines were joined."""

    indent: int
    gap: int
    item: bool
    lines: int


@dataclass(frozen=True, slots=True)
class Paper:
    """A text's blocks, and the layout of each."""

    blocks: tuple[Block, ...]
    layouts: tuple[Layout, ...]


def read_paper(text: str) -> Paper:
    """The blocks of a plain text in reading order; text is mended, white space folded."""
    mended, wide = fix_and_look(text)
    lines = _spread(mended).split("\n") if text else []
    width = _wrap_width(lines)
    return _read_wrapped(lines, width) if width else _read_lines(lines, wide)


def _spread(text: str) -> str:
    """Tabs as spaces."""
    return text.expandtabs(4) if "\t" in text else text


@lru_cache(maxsize=4096)
def _layout(indent: int, gap: int, item: bool, lines: int) -> Layout:
    """One object for all blocks that lie alike: texts have few layouts and many blocks."""
    return Layout(indent, gap, item, lines)


def _read_lines(lines: Sequence[str], wide: bool) -> Paper:
    """Each line is a block; `wide`: they may have white space beyond ASCII."""
    blocks: list[Block] = []
    layouts: list[Layout] = []
    blanks = 0
    for line in lines:
        if not line or not (folded := line.strip()):
            blanks += 1
            continue
        # All white space but the space is unprintable, which is fast to ask for.
        if "  " in folded or (wide and not (folded.isascii() or folded.isprintable())):
            folded = " ".join(folded.split())
        tag, item = "p", False
        if folded[0] in _MARKERS:
            item = _ITEM.match(folded) is not None
            heading = _HEADING.match(folded)
            tag = f"h{len(heading[1])}" if heading else "li" if item else "p"
        indent = len(line) - len(line.lstrip()) if line[0].isspace() else 0
        blocks.append(Block(len(blocks), folded, tag))
        layouts.append(_layout(indent, blanks if blanks < 9 else 9, item, 1))
        blanks = 0
    return Paper(tuple(blocks), tuple(layouts))


def _read_wrapped(lines: Sequence[str], width: int) -> Paper:
    """Lines that the next one's first word would not have fitted on go on in the next, unless that
    opens a paragraph by its indent."""
    blocks: list[Block] = []
    layouts: list[Layout] = []
    parts: list[str] = []
    indent = gap = blanks = last = margin = 0
    item = False
    level = 0

    def close() -> None:
        nonlocal parts
        if parts:
            body = _join(parts)
            tag = f"h{level}" if level else "li" if item else "p"
            blocks.append(Block(len(blocks), body, tag))
            layouts.append(_layout(indent, gap, item, len(parts)))
            parts = []

    for line in lines:
        words = line.split()
        if not words:
            close()
            blanks += 1
            continue
        folded = " ".join(words)
        marked = folded[0] in _MARKERS
        is_item = marked and _ITEM.match(folded) is not None
        heading = _HEADING.match(folded) if marked else None
        fitted = last + 1 + len(words[0]) <= width
        margin, before = len(line) - len(line.lstrip()), margin
        indented = len(parts) > 1 and not item and margin > before
        if not parts or fitted or indented or is_item or heading or level:
            close()
            indent, gap, item = margin, min(blanks, 9), is_item
            level = len(heading[1]) if heading else 0
            blanks = 0
        parts.append(folded)
        last = len(line.rstrip())
    close()
    return Paper(blocks=tuple(blocks), layouts=tuple(layouts))


def _join(parts: list[str]) -> str:
    joined = parts[0]
    for part in parts[1:]:
        broken = joined.endswith("-") and joined[-2:-1].isalpha() and part[:1].islower()
        joined = joined + part if broken else f"{joined} {part}"
    return joined


def _wrap_width(lines: list[str]) -> int:
    """The column at which lines were wrapped, or 0 for text that was not."""
    lengths = [len(line.rstrip()) for line in lines]
    width = max(lengths, default=0)
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    wrapped = running_on = fitting = 0
    for number in range(len(lines) - 1):
        if lengths[number] < width // 2 or not lengths[number + 1]:
            continue
        following = lines[number + 1].lstrip()
        if _ITEM.match(following):
            continue
        ended = lines[number].rstrip()[-1] in _ENDS
        if lengths[number] + 1 + len(following.split(maxsplit=1)[0]) <= width:
            fitting += not (ended and not following[:1].islower())  # a paragraph's last line
            continue
        wrapped += 1
        running_on += not ended and not following[:1].isupper()
    enough = wrapped >= _MIN_WRAPPED and wrapped >= 2 * fitting
    return width if enough and running_on >= _MIN_RUNNING_ON * wrapped else 0
