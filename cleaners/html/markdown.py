"""Kept blocks as Markdown: headings, lists, quotes, table rows, and the links and stress within."""

import re
from collections.abc import Sequence

from cleaners.html.document import Document, Inline
from cleaners.html.tags import HEADINGS

_HEADING = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_STRESS = re.compile(r"(?P<mark>\*\*|\*|`)(?P<before>\s*)(?P<text>[^*`]*?)(?P<after>\s*)(?P=mark)")
_CHAIN = 6  # divisions above a block among which its list is looked for


def to_markdown(document: Document, keep: Sequence[bool], *, links: bool = True) -> str:
    """The blocks of `document` for which `keep` is true, in CommonMark, with a blank line between.

    Items of one list and rows of one table stand on lines of their own without one.
    """
    parts: list[str] = []
    before = ""
    number = 0
    for block, kept in zip(document.blocks, keep, strict=True):
        if not kept:
            continue
        body = _inline(document.inline[block.index], block.text, links)
        tag = block.tag
        if tag in HEADINGS:
            line = _HEADING[tag] + body.replace("\n", " ")
        elif tag == "li":
            ordered = _is_ordered(document, block.index)
            number = number + 1 if before == "li" and ordered else 1
            line = (f"{number}. " if ordered else "- ") + body.replace("\n", " ")
        elif tag == "blockquote":
            line = "> " + body.replace("\n", "\n> ")
        elif tag == "pre":
            line = f"```\n{block.text}\n```"
        elif tag == "tr":
            cells = [cell.strip() for cell in body.replace("\n", " ").split("|")]
            line = "| " + " | ".join(cells) + " |"
            if before != "tr":
                line += "\n|" + " --- |" * len(cells)
        else:
            line = body.replace("\n", "  \n")
        joined = before == tag and tag in {"li", "tr"}
        parts.append(("\n" if joined else "\n\n") + line if parts else line)
        before = tag
    return "".join(parts)


def _is_ordered(document: Document, index: int) -> bool:
    frame = document.frame[index]
    for _ in range(_CHAIN):
        tag = document.frames.tags[frame]
        if tag in {"ol", "ul"}:
            return tag == "ol"
        frame = document.frames.parent[frame]
    return False


def _inline(inline: Inline | None, text: str, links: bool) -> str:
    if inline is None:
        return text
    pieces: list[str] = []
    marks = iter(inline.marks)
    mark = next(marks, None)
    targets: list[tuple[int, str]] = []
    for place in range(len(inline.pieces) + 1):
        while mark is not None and mark[0] == place:
            _, sign, opens, target = mark
            if sign != "a":
                pieces.append(sign)
            elif links and opens:
                targets.append((len(pieces), target))
                pieces.append("")
            elif links and targets:
                start, target = targets.pop()
                label = "".join(pieces[start:])
                if label.strip() and _is_address(target):
                    left = label[: len(label) - len(label.lstrip())]
                    right = label[len(label.rstrip()) :]
                    pieces[start:] = [f"{left}[{label.strip()}]({target.strip()}){right}"]
            mark = next(marks, None)
        if place < len(inline.pieces):
            pieces.append(inline.pieces[place])
    lines = "".join(pieces).split("\0")
    return "\n".join(filter(None, (_stress(line).strip(" |") for line in lines)))


def _is_address(target: str) -> bool:
    """Whether a link leads somewhere: no script, no place within the page, nothing unbalanced."""
    target = target.strip()
    return (
        bool(target)
        and not target.lower().startswith(("#", "javascript:", "data:", "vbscript:"))
        and not any(char in target for char in " <>()\n\t")
    )


def _stress(line: str) -> str:
    """Single spaces, and marks moved inside of the blanks beside them, as CommonMark wants; empty
    ones dropped."""
    line = " ".join(line.split())
    if "*" not in line and "`" not in line:
        return line

    def mend(match: re.Match[str]) -> str:
        text = match["text"]
        if not text:
            return match["before"] + match["after"]
        return f"{match['before']}{match['mark']}{text}{match['mark']}{match['after']}"

    return " ".join(_STRESS.sub(mend, line).split())
