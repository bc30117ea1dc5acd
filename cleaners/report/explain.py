"""What became of one page and why: the verdict, every block in place, who says what."""

from dataclasses import dataclass, replace

from cleaners.audit import Shown, render
from cleaners.clean import clean
from cleaners.config import DEFAULT, CleanConfig
from cleaners.decode import decode
from cleaners.model import Article, Decoded, Evidence, Metadata, Outcome, Page, Rejection


@dataclass(frozen=True, slots=True)
class Field:
    """A metadata field as it was decided, with what every source said of it, surest first."""

    name: str
    value: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is known about the cleaning of one page.

    `outcome` is the verdict under the settings in force. `article` is the page's cleaning even if
    that verdict is a Rejection for what kind of page it is; None where no text was found at all.
    """

    page: Page
    decoded: Decoded | None
    outcome: Outcome
    article: Article | None
    shown: tuple[Shown, ...]
    fields: tuple[Field, ...]

    @property
    def rejection(self) -> Rejection | None:
        """The verdict, if it is a Rejection."""
        return self.outcome if isinstance(self.outcome, Rejection) else None

    @property
    def kept(self) -> int:
        """Blocks that are the article's body."""
        return sum(shown.removal is None for shown in self.shown)


def explain(page: Page, *, config: CleanConfig = DEFAULT) -> Explanation:
    """Clean a page and tell how; a page that is rejected is shown as if it had not been."""
    outcome = clean(page, config=config)
    article = outcome if isinstance(outcome, Article) else _anyway(page, config)
    decoded = _decoded(page)
    return Explanation(
        page=page,
        decoded=decoded,
        outcome=outcome,
        article=article,
        shown=render(article.text, article.removals) if article else (),
        fields=_fields(article.metadata) if article else (),
    )


def _anyway(page: Page, config: CleanConfig) -> Article | None:
    """The cleaning of a page that was rejected for its kind or its length."""
    lenient = replace(
        config, min_words=0, keep_live_blogs=True, keep_non_articles=True, respect_noindex=False
    )
    outcome = clean(page, config=lenient)
    return outcome if isinstance(outcome, Article) else None


def _decoded(page: Page) -> Decoded | None:
    if not page.content.strip():
        return None
    return decode(page.content, page.fetch.header("content-type") if page.fetch else None)


def _fields(metadata: Metadata) -> tuple[Field, ...]:
    """Every field that has a value or evidence, in the order of the type."""
    values = {
        "title": metadata.title,
        "authors": ", ".join(metadata.authors),
        "published_at": metadata.published_at and metadata.published_at.isoformat(),
        "modified_at": metadata.modified_at and metadata.modified_at.isoformat(),
        "dateline": metadata.dateline,
        "publisher": metadata.publisher,
        "section": metadata.section,
        "tags": ", ".join(metadata.tags),
        "description": metadata.description,
        "url_canonical": metadata.url_canonical,
        "language_declared": metadata.language_declared,
        "is_free": None if metadata.is_free is None else str(metadata.is_free).lower(),
        "wire_agency": metadata.wire_agency,
        "images": ", ".join(image.url for image in metadata.images[:3]),
    }
    said: dict[str, list[Evidence]] = {}
    for evidence in metadata.evidence:
        said.setdefault(evidence.field, []).append(evidence)
    names = [*values, *(name for name in said if name not in values)]
    return tuple(
        Field(
            name=name,
            value=values.get(name) or "",
            evidence=tuple(sorted(said.get(name, ()), key=lambda found: -found.confidence)),
        )
        for name in names
        if values.get(name) or name in said
    )
