"""Plain-text renderings of gold pages, and which of their lines are the article's body."""

import random
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import lxml.html
import trafilatura
from inscriptis import get_text

from benchmarks.data import GoldPage
from benchmarks.metrics import words
from benchmarks.peers import main_of, summary_of
from cleaners.decode import decode

_SHINGLE = 4
_BODY = 0.5
"""A line is body if at least this share of its words is in the gold, in the gold's order."""
_REACH = 80
"""Words of the gold around the expected place where a short line is looked for."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One page's text as a tool gave it; `variant` names the tool and the layout."""

    page: GoldPage
    variant: str
    text: str


def inscriptis_text(page: GoldPage) -> str:
    """The page as inscriptis sets it; empty if it cannot."""
    return set_page(page.html)


def set_page(content: bytes) -> str:
    """A page's bytes, taken as UTF-8, as inscriptis sets them; empty if it cannot."""
    html = content.decode("utf-8", "replace")
    try:
        return str(get_text(_undeclared(html)))
    except (ValueError, lxml.etree.LxmlError):
        return ""


def _undeclared(html: str) -> str:
    """Markup without the XML declaration that lxml refuses in a str."""
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", html)


def trafilatura_text(page: GoldPage) -> str:
    """The page's body as trafilatura extracts it; empty if it finds none."""
    return trafilatura.extract(page.html, include_comments=False) or ""


def readability_text(page: GoldPage) -> str:
    """What readability takes for the body, as inscriptis sets it; empty if it fails."""
    try:
        return str(get_text(summary_of(_undeclared(decode(page.html).text))))
    except Exception:  # noqa: BLE001 - a tool that fails on a page renders nothing of it
        return ""


def resiliparse_text(page: GoldPage) -> str:
    """The page's body as resiliparse extracts it."""
    return main_of(_undeclared(decode(page.html).text))


def flat(text: str) -> str:
    """One line feed between lines and no indent, as a browser's innerText or a copy has it."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def spaced(text: str) -> str:
    """One blank line between lines, as most dumps have it."""
    return "\n\n".join(line.strip() for line in text.splitlines() if line.strip())


def wrapped(text: str, columns: int = 72) -> str:
    """Hard-wrapped paragraphs with blank lines between, as terminal browsers print."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "\n\n".join(textwrap.fill(line, columns, break_long_words=False) for line in lines)


def dumped(text: str, gold: str, title: str | None, seed: str) -> str:
    """A light dump: the body's lines, few of the chrome's, and often the headline over them."""
    chance = random.Random(seed)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    body = body_lines(lines, gold)
    share = chance.choice((0.02, 0.05, 0.1, 0.2))
    kept: list[str] = []
    burst = 0
    for line, inside in zip(lines, body, strict=True):
        if not inside and not burst and chance.random() < share:
            burst = chance.randint(1, 3)
        if inside or burst:
            kept.append(line)
        burst -= burst > 0 and not inside
    if title and chance.random() < 0.5:
        kept[0:0] = [title] * chance.randint(1, 2)
    return chance.choice(("\n", "\n\n")).join(kept)


def body_lines(lines: Sequence[str], gold: str) -> list[bool]:
    """Which lines are the gold's.

    Long lines by shared shingles; short ones by standing, whole, near where the neighbouring body
    lines stand in the gold.
    """
    target = words(gold)
    places: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(target) - _SHINGLE + 1):
        places.setdefault(tuple(target[at : at + _SHINGLE]), []).append(at)
    read = [words(line) for line in lines]
    body = [False] * len(lines)
    start: list[int | None] = [None] * len(lines)
    for number, line in enumerate(read):
        if len(line) < _SHINGLE:
            continue
        hit = set[int]()
        first = None
        for at in range(len(line) - _SHINGLE + 1):
            found = places.get(tuple(line[at : at + _SHINGLE]))
            if found:
                hit.update(range(at, at + _SHINGLE))
                first = found[0] - at if first is None else first
        body[number] = len(hit) >= _BODY * len(line)
        start[number] = first if body[number] else None
    _short_lines(read, target, body, start)
    _repeats(read, target, body)
    return body


def _short_lines(
    read: list[list[str]], target: list[str], body: list[bool], start: list[int | None]
) -> None:
    """Lines of fewer words than a shingle, between or beside the body's."""
    joined = " " + " ".join(target) + " "
    offsets = [0]
    for word in target:
        offsets.append(offsets[-1] + len(word) + 1)
    for number, line in enumerate(read):
        if not line or len(line) >= _SHINGLE:
            continue
        before = next(
            (at for at in range(number - 1, max(-1, number - 6), -1) if start[at] is not None), None
        )
        after = next(
            (at for at in range(number + 1, min(len(read), number + 6)) if start[at] is not None),
            None,
        )
        if before is None and after is None:
            continue
        low = (start[before] or 0) + len(read[before]) if before is not None else None
        high = start[after] if after is not None else None
        first = max(0, low - 2) if low is not None else max(0, (high or 0) - _REACH // 4)
        last = min(len(target), high + 2 if high is not None else first + _REACH // 4)
        if last <= first:
            continue
        window = joined[offsets[first] : offsets[last] + 1]
        body[number] = f" {' '.join(line)} " in window


def _repeats(read: list[list[str]], target: list[str], body: list[bool]) -> None:
    """Of lines that the gold has once and the page several times, one is body: the one with the
    most body around it."""
    seen: dict[tuple[str, ...], list[int]] = {}
    for number, line in enumerate(read):
        if body[number]:
            seen.setdefault(tuple(line), []).append(number)
    whole = " " + " ".join(target) + " "
    for repeated, numbers in seen.items():
        if len(numbers) < 2:
            continue
        times = max(1, whole.count(f" {' '.join(repeated)} "))
        ranked = sorted(numbers, key=lambda at: (-sum(body[max(0, at - 3) : at + 4]), at))
        for number in ranked[times:]:
            body[number] = False


def oracle(lines: Sequence[str], gold: str) -> str:
    """The best choice of lines, by the labels."""
    return "\n".join(
        line for line, inside in zip(lines, body_lines(lines, gold), strict=True) if inside
    )
