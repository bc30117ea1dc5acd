"""Charts as inline SVG and as tables with bars, both readable without colour, sight or a mouse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cleaners.report.data import Bin, Coverage
from cleaners.report.page import escape

_HEIGHT, _TOP, _BASE = 230, 18, 200  # pixels: whole chart, highest bar's top, the axis
_MAX_LABELS = 8


def column_chart(coverage: Coverage) -> str:
    """Columns over time: own reports below, copies above; widths in %, so that text keeps its size.

    Every column carries a title for the mouse; a table behind it carries all numbers.
    """
    bins = coverage.bins
    top = max((b.own + b.copies for b in bins), default=0)
    if top == 0:
        return '<p class="note">No article has a date of publication yet.</p>'
    ticks = _ticks(top)
    scale = (_BASE - _TOP) / ticks[-1]
    width = 100 / len(bins)
    parts = [_grid(tick, _BASE - tick * scale) for tick in ticks]
    for number, each in enumerate(bins):
        parts.append(_column(each, number * width, width, scale, coverage.unit))
    for number in _labelled(len(bins)):
        middle = (number + 0.5) * width
        anchor = "start" if middle < 8 else "end" if middle > 92 else "middle"
        at = 0.0 if anchor == "start" else 100.0 if anchor == "end" else middle
        label = short_date(bins[number].start, coverage.unit)
        parts.append(
            f'<text class="tick" x="{at:.2f}%" y="{_BASE + 18}" text-anchor="{anchor}">'
            f"{escape(label)}</text>"
        )
    said = f"{sum(b.own + b.copies for b in bins):,} articles by {coverage.unit}, at most {top:,}"
    return (
        f'<svg class="columns" width="100%" height="{_HEIGHT}" role="img" '
        f'aria-label="{escape(said)}. The table below the chart has the numbers.">'
        f"{''.join(parts)}</svg>"
    )


def _grid(tick: int, y: float) -> str:
    return (
        f'<line class="{"axis" if tick == 0 else "grid"}" x1="0" x2="100%" y1="{y:.1f}" '
        f'y2="{y:.1f}"/><text class="tick" x="0" y="{y - 4:.1f}">{tick or ""}</text>'
    )


def _column(each: Bin, x: float, width: float, scale: float, unit: str) -> str:
    """Two stacked bars with one title; a hair of space between columns."""
    if each.own + each.copies == 0:
        return ""
    gap = width * 0.14
    own, copies = each.own * scale, each.copies * scale
    title = f"{short_date(each.start, unit)}: {each.own} reports, {each.copies} copies"
    place = f'x="{x + gap / 2:.3f}%" width="{width - gap:.3f}%"'
    bars = f'<rect class="own" {place} y="{_BASE - own:.1f}" height="{own:.1f}"/>'
    if copies:
        bars += f'<rect class="copy" {place} y="{_BASE - own - copies:.1f}" height="{copies:.1f}"/>'
    return f"<g><title>{escape(title)}</title>{bars}</g>"


def _ticks(top: int) -> list[int]:
    """Round values for the grid, from 0 to at least `top`: three or four steps.

    >>> _ticks(7), _ticks(1), _ticks(1234)
    ([0, 2, 4, 6, 8], [0, 1], [0, 500, 1000, 1500])
    """
    step = 1
    for base in (1, 2, 5):
        power = 1
        while base * power * 4 < top:
            power *= 10
        candidate = base * power
        if base == 1 or candidate < step:
            step = candidate
    return list(range(0, top + step, step)) if top % step else list(range(0, top + 1, step))


def _labelled(count: int) -> list[int]:
    """Which columns are labelled: every one, or every so many, evenly from the first on."""
    step = 1 if count <= _MAX_LABELS else -(-count // (_MAX_LABELS - 2))
    return list(range(0, count, step))


def short_date(day: date, unit: str) -> str:
    """A date as short as its unit allows: 3 Mar, Mar 2026, 2026."""
    if unit == "year":
        return str(day.year)
    return f"{day:%b %Y}" if unit == "month" else f"{day.day} {day:%b}"


@dataclass(frozen=True, slots=True)
class BarRow:
    """A row of a table with a bar: its name, its parts in their order, and further cells."""

    name: str
    parts: tuple[int, ...]
    cells: tuple[str, ...]


def bar_table(
    caption: str, heads: Sequence[str], rows: Sequence[BarRow], *, classes: Sequence[str] = ("own",)
) -> str:
    """A table whose second column is a bar; it says with numbers all that the bar shows.

    `heads` name the first column and the cells after the bar; `classes` colour the parts.
    """
    top = max((sum(row.parts) for row in rows), default=0)
    if top == 0:
        return '<p class="note">Nothing yet.</p>'
    head = f'<th scope="col">{escape(heads[0])}</th><td class="bar"></td>' + "".join(
        f'<th scope="col" class="number">{escape(text)}</th>' for text in heads[1:]
    )
    body = "".join(_bar_row(row, top, classes) for row in rows)
    return (
        f'<table class="bars"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _bar_row(row: BarRow, top: int, classes: Sequence[str]) -> str:
    x = 0.0
    rects = []
    for part, name in zip(row.parts, classes, strict=False):
        width = 100 * part / top
        if part:
            rects.append(f'<rect class="{name}" x="{x:.2f}%" width="{width:.2f}%" height="14"/>')
        x += width
    cells = "".join(f'<td class="number">{escape(cell)}</td>' for cell in row.cells)
    return (
        f'<tr><th scope="row">{escape(row.name)}</th><td class="bar">'
        f'<svg width="100%" height="14" aria-hidden="true">{"".join(rects)}</svg></td>{cells}</tr>'
    )
