"""An Explanation as one HTML page without a script."""

from collections.abc import Iterator
from itertools import groupby

from cleaners.audit import Shown
from cleaners.model import Article
from cleaners.report.explain import Explanation, Field
from cleaners.report.page import escape, frame, resource
from cleaners.version import __version__


def explain_page(explanation: Explanation) -> str:
    """The whole page: verdict, decoding, fields with evidence, every block in its place."""
    article = explanation.article
    title = (article.title if article else None) or explanation.page.source or "no title"
    parts = [
        f'<p class="meta">{escape(explanation.page.url or explanation.page.source)}</p>',
        f"<h1>{escape(title)}</h1>",
        _verdict(explanation),
        _decoding(explanation),
        "<h2>What is known about it, and who says so</h2>",
        _fields(explanation.fields),
        "<h2>The page, block by block</h2>",
        f'<p class="meta">{explanation.kept} blocks kept, '
        f"{len(explanation.shown) - explanation.kept} removed; a removed block is struck through "
        "and names its rule.</p>",
        "<main>",
        *_blocks(explanation.shown),
        "</main>",
        f"<footer>Winnow {escape(__version__)}</footer>",
    ]
    return frame(
        title=f"Explained: {title}",
        body="\n".join(parts),
        style=resource("explain.css"),
        language="en",
    )


def _verdict(explanation: Explanation) -> str:
    rejection = explanation.rejection
    if rejection is None:
        outcome = explanation.outcome
        kind = outcome.page_type.value if isinstance(outcome, Article) else ""
        return f'<p class="verdict kept">Kept as {escape(kind)}</p>'
    shown = " Shown below as it would have been cleaned." if explanation.article else ""
    return (
        f'<p class="verdict gone">Rejected at {escape(rejection.stage.value)}: '
        f"{escape(rejection.reason.value)} ({escape(rejection.detail)}).{shown}</p>"
    )


def _decoding(explanation: Explanation) -> str:
    article, decoded = explanation.article, explanation.decoded
    facts: list[str] = [f"{len(explanation.page.content):,} bytes of {explanation.page.kind}"]
    if decoded is not None:
        facts.append(f"charset {decoded.charset} ({decoded.charset_source})")
        facts += [f"mended: {flag}" for flag in decoded.flags]
    if article is not None:
        sure = f" ({article.language_score:.2f})" if article.language_score is not None else ""
        facts.append(f"language {article.language or 'unknown'}{sure}")
        sure = f" ({article.page_type_score:.2f})" if article.page_type_score is not None else ""
        facts.append(f"page type {article.page_type.value}{sure}")
        facts += [f"flag: {flag}" for flag in article.quality_flags]
    items = "".join(f"<span>{escape(fact)}</span>" for fact in facts)
    return f'<p class="meta key">{items}</p>'


def _fields(fields: tuple[Field, ...]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(field.name)}</th><td>{escape(field.value) or "–"}'
        f"{_evidence(field)}</td></tr>"
        for field in fields
    )
    return f"<table>{rows}</table>" if rows else "<p>Nothing was found.</p>"


def _evidence(field: Field) -> str:
    items = "".join(
        f"<li>{escape(said.source)} ({said.confidence:.2f}): {escape(said.value[:300])}</li>"
        for said in field.evidence
    )
    return f"<ul>{items}</ul>" if items else ""


LONG_RUN = 6
"""More removed blocks than this in a row, as in menus and footers, stand behind a fold."""


def _blocks(shown: tuple[Shown, ...]) -> Iterator[str]:
    """All blocks in their order; long runs of removed ones folded."""
    for removed, run in groupby(shown, key=lambda each: each.removal is not None):
        blocks = [_block(each) for each in run]
        if removed and len(blocks) > LONG_RUN:
            yield from blocks[:2]
            yield f"<details><summary>{len(blocks) - 2} more blocks removed here</summary>"
            yield from blocks[2:]
            yield "</details>"
        else:
            yield from blocks


def _block(shown: Shown) -> str:
    removal = shown.removal
    if removal is None:
        return f'<p class="block">{escape(shown.text)}</p>'
    score = f", {removal.score:.2f}" if removal.score is not None else ""
    return (
        f'<p class="gone block"><span class="rule">{escape(removal.rule)} '
        f"({escape(removal.stage)}{score})</span>"
        f'<span class="text">{escape(shown.text)}</span></p>'
    )
