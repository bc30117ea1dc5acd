"""Rows of the quality table from judged pages, and the table as Markdown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.judged import Judged, KindJudged


@dataclass(frozen=True, slots=True)
class Result:
    """One tool on one data set, given pages or texts of them.

    F1, precision and recall are means over pages; `leaked` and `lost` are words per 1,000 gold
    words over all pages together; title and day are shares of the pages whose gold has them,
    authors the mean F1, all None for tools that do not say.
    """

    tool: str
    data: str
    given: str
    pages: int
    f1: float
    precision: float
    recall: float
    leaked: float
    lost: float
    title: float | None
    authors: float | None
    day: float | None
    pages_per_second: float
    peak_mb: float
    errors: int
    worst: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KindResult:
    """Article or not over one data set: F1 of "article"; shares of true articles that are rejected
    and of other pages that are."""

    tool: str
    data: str
    pages: int
    f1: float
    articles_rejected: float
    others_rejected: float


def summarise(
    tool: str, data: str, given: str, pages: Sequence[Judged], peak_mb: float = 0.0
) -> Result:
    """One row of the table."""
    count = max(1, len(pages))
    words = max(1, sum(page.gold for page in pages))
    seconds = sum(page.seconds for page in pages)
    ranked = sorted((page.f1, page.id) for page in pages)
    return Result(
        tool=tool,
        data=data,
        given=given,
        pages=len(pages),
        f1=sum(page.f1 for page in pages) / count,
        precision=sum(page.precision for page in pages) / count,
        recall=sum(page.recall for page in pages) / count,
        leaked=1000 * sum(page.leaked for page in pages) / words,
        lost=1000 * sum(page.lost for page in pages) / words,
        title=_mean(page.title for page in pages),
        authors=_mean(page.authors for page in pages),
        day=_mean(page.day for page in pages),
        pages_per_second=len(pages) / seconds if seconds else 0.0,
        peak_mb=peak_mb,
        errors=sum(bool(page.error) for page in pages),
        worst=tuple(f"{name} {score:.2f}" for score, name in ranked[:10]),
    )


def summarise_kinds(tool: str, data: str, pages: Sequence[KindJudged]) -> KindResult:
    """One row of the table of kinds."""
    articles = [page for page in pages if page.article]
    others = [page for page in pages if not page.article]
    hits = sum(page.said for page in articles)
    said = sum(page.said for page in pages)
    return KindResult(
        tool=tool,
        data=data,
        pages=len(pages),
        f1=2 * hits / max(1, said + len(articles)),
        articles_rejected=sum(page.rejected for page in articles) / max(1, len(articles)),
        others_rejected=sum(page.rejected for page in others) / max(1, len(others)),
    )


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


_TITLES = {
    "page": "Bodies and metadata from HTML",
    "text": "Plain text (the pages as inscriptis renders them, no markup)",
    "extracted": "Text that trafilatura has extracted already",
}


def markdown(results: Sequence[Result], kinds: Sequence[KindResult]) -> str:
    """The tables as Markdown; leaked and lost are words per 1,000 gold words."""
    parts = []
    for given, title in _TITLES.items():
        rows = [_row(r) for r in results if r.given == given]
        if rows:
            parts.append("\n".join([f"## {title}", "", *_HEAD, *rows]))
    if kinds:
        rows = [
            f"| {k.data} | {k.tool} | {k.pages} | {k.f1:.3f} | {100 * k.articles_rejected:.2f} % "
            f"| {100 * k.others_rejected:.1f} % |"
            for k in kinds
        ]
        parts.append("\n".join(["## Article or not, over all kinds of page", "", *_KINDS, *rows]))
    return "\n\n".join(parts) + "\n"


_HEAD = (
    "| data | tool | pages | F1 | precision | recall | leaked | lost | title | authors | day "
    "| pages/s | peak MB | errors |",
    "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
)
_KINDS = (
    "| data | tool | pages | F1 of article | articles rejected | others rejected |",
    "|---|---|--:|--:|--:|--:|",
)


def _row(r: Result) -> str:
    fields = " | ".join("" if v is None else f"{v:.3f}" for v in (r.title, r.authors, r.day))
    return (
        f"| {r.data} | {r.tool} | {r.pages} | {r.f1:.3f} | {r.precision:.3f} | {r.recall:.3f} "
        f"| {r.leaked:.1f} | {r.lost:.1f} | {fields} | {r.pages_per_second:.0f} "
        f"| {r.peak_mb:.0f} | {r.errors} |"
    )
