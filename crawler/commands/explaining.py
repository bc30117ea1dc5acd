"""An Explanation in the terminal: kept text plain, removed blocks in place with their rule."""

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cleaners.model import Article, Evidence
from crawler.terminal import one_line, safe

if TYPE_CHECKING:
    from cleaners.audit import Shown
    from cleaners.report.explain import Explanation
    from crawler.terminal import Terminal


def show_explanation(terminal: "Terminal", explanation: "Explanation") -> None:
    """Print it, in colour where the terminal has any; with --json as one record."""
    terminal.record("explanation", _as_record(explanation))
    if not terminal.json:
        plain = terminal.out.no_color or not terminal.out.is_terminal
        terminal.out.print(
            _rendered(explanation, plain, terminal.verbose), soft_wrap=not terminal.out.is_terminal
        )


def _rendered(explanation: "Explanation", plain: bool, everything: bool) -> RenderableType:
    article = explanation.article
    parts: list[RenderableType] = [
        Text(one_line(explanation.page.url or explanation.page.source), style="dim"),
        Text(one_line((article.title if article else None) or "no title"), style="bold"),
        _verdict(explanation),
        Text(_facts(explanation), style="dim"),
        Text(),
        _fields(explanation),
        Text(),
    ]
    for removed, run in groupby(explanation.shown, key=lambda shown: shown.removal is not None):
        blocks = list(run)
        parts += _removed(blocks, plain, everything) if removed else map(_kept, blocks)
    gone = len(explanation.shown) - explanation.kept
    parts.append(Text(f"{explanation.kept} blocks kept, {gone} removed", style="dim"))
    return Group(*parts)


def _verdict(explanation: "Explanation") -> Text:
    rejection = explanation.rejection
    if rejection is None:
        outcome = explanation.outcome
        kind = outcome.page_type.value if isinstance(outcome, Article) else ""
        return Text(f"kept as {kind}", style="green")
    line = f"rejected at {rejection.stage.value}: {rejection.reason.value} ({rejection.detail})"
    return Text(one_line(line), style="red")


def _facts(explanation: "Explanation") -> str:
    facts = [f"{len(explanation.page.content):,} bytes of {explanation.page.kind}"]
    if (decoded := explanation.decoded) is not None:
        facts.append(f"charset {decoded.charset} by {decoded.charset_source}")
        facts += decoded.flags
    if (article := explanation.article) is not None:
        facts.append(f"language {article.language or 'unknown'}{_sure(article.language_score)}")
        facts.append(f"page type {article.page_type.value}{_sure(article.page_type_score)}")
        facts += article.quality_flags
    return " · ".join(one_line(fact) for fact in facts)


def _sure(score: float | None) -> str:
    return "" if score is None else f" {score:.2f}"


def _fields(explanation: "Explanation") -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for field in explanation.fields:
        table.add_row(Text(field.name), Text(one_line(field.value, 300) or "–"))
        for said in field.evidence[:4]:
            table.add_row(Text(), Text(_evidence(said), style="dim"))
    return table


def _evidence(said: Evidence) -> str:
    return f"{said.source} {said.confidence:.2f}: {one_line(said.value, 160)}"


def _kept(shown: "Shown") -> Text:
    return Text(safe(shown.text) + "\n")


def _removed(run: "list[Shown]", plain: bool, everything: bool) -> list[RenderableType]:
    """Neighbouring removed blocks; of a long run the first few and a sum, unless all are wanted."""
    shown = run if everything or len(run) <= _RUN + 1 else run[:_RUN]
    lines: list[RenderableType] = [_gone(block, plain) for block in shown]
    if rest := run[len(shown) :]:
        rules = Counter(block.removal.rule for block in rest if block.removal)
        said = ", ".join(f"{one_line(rule)} {count}" for rule, count in rules.most_common(6))
        lines.append(
            Text(f"  … {len(rest)} more removed here ({said}); -v shows them", style="red")
        )
    return [*lines, Text()]


_RUN = 4
"""Removed blocks in a row that are shown each; a page's menu and footer have hundreds."""


def _gone(shown: "Shown", plain: bool) -> Text:
    """A removed block; without colours it is marked by `- ` and its rule in brackets."""
    removal = shown.removal
    label = f"{removal.rule} ({removal.stage}{_sure(removal.score)})" if removal else ""
    text = Text("  ")
    text.append(f"- [{one_line(label)}] " if plain else f"✂ {one_line(label)} ", style="red")
    entries = shown.text.replace("\n", " · ")
    return text.append(one_line(entries), style="dim" if plain else "dim strike")


def _as_record(explanation: "Explanation") -> dict[str, object]:
    rejection, article = explanation.rejection, explanation.article
    return {
        "source": explanation.page.source,
        "url": explanation.page.url,
        "outcome": "article" if rejection is None else "rejection",
        "stage": rejection.stage.value if rejection else None,
        "reason": rejection.reason.value if rejection else None,
        "detail": rejection.detail if rejection else None,
        "charset": explanation.decoded.charset if explanation.decoded else None,
        "charset_source": explanation.decoded.charset_source if explanation.decoded else None,
        "page_type": article.page_type.value if article else None,
        "language": article.language if article else None,
        "fields": {
            field.name: {
                "value": field.value,
                "evidence": [
                    {"source": s.source, "value": s.value, "confidence": s.confidence}
                    for s in field.evidence
                ],
            }
            for field in explanation.fields
        },
        "blocks": [
            {
                "text": shown.text,
                "kept": shown.removal is None,
                "rule": shown.removal.rule if shown.removal else None,
                "stage": shown.removal.stage if shown.removal else None,
                "score": shown.removal.score if shown.removal else None,
            }
            for shown in explanation.shown
        ],
    }
