"""Page -> Outcome: the whole pipeline on one screen.

bytes ─decode→ str ─read_blocks→ Document ─classify→ kept + removed
      ─page_type→ article or Rejection ─→ Article
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cleaners import binary, language
from cleaners.config import DEFAULT, CleanConfig
from cleaners.decode import decode
from cleaners.errors import WinnowError
from cleaners.html import classify as classifier
from cleaners.html import extract, pagetype
from cleaners.html.blocks import read_blocks
from cleaners.html.chrome import change_blocks, drop_blocks, match_rules
from cleaners.html.classify import classify, holds_body
from cleaners.html.document import Document
from cleaners.html.markdown import to_markdown
from cleaners.html.pagetype import PageVerdict
from cleaners.html.said import read_said
from cleaners.html.siterules import Selection, load_site_rules, select
from cleaners.html.templates import Observation, Templates, observe
from cleaners.metadata import read_metadata, read_page_data
from cleaners.metadata.agency import agency_of_text
from cleaners.metadata.near import surroundings
from cleaners.model import (
    Article,
    Decoded,
    Metadata,
    Outcome,
    Page,
    PageType,
    Reason,
    Rejection,
    Removal,
    Stage,
)
from cleaners.text import model as line_model
from cleaners.text import vocabulary
from cleaners.text.count import count_words, has_words
from cleaners.text.lines import clean_lines


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What became of a page, and what it teaches of its host's template if it is from a host.

    `document` is the page as it was read, for those who asked for it; None where none was made.
    """

    outcome: Outcome
    observation: Observation | None = None
    document: Document | None = None


def clean(
    page: Page, *, config: CleanConfig = DEFAULT, templates: Templates | None = None
) -> Outcome:
    """Clean one page, HTML or plain text; any bytes give an Outcome, never an exception."""
    return clean_and_observe(page, config=config, templates=templates, observing=False).outcome


def clean_and_observe(
    page: Page,
    *,
    config: CleanConfig = DEFAULT,
    templates: Templates | None = None,
    observing: bool = True,
    reading: bool = False,
) -> Cleaned:
    """Clean one page, and say what it teaches of its host's template (see `html.templates`).

    With `reading`, its document comes back as well, so that whoever wants more of it than an
    article need not parse it again.
    """
    if not page.content or page.content.isspace():
        return Cleaned(page.rejected(Stage.INPUT, Reason.EMPTY, "0 bytes of text"))
    if len(page.content) > config.max_page_bytes:
        detail = f"{len(page.content)} bytes, limit {config.max_page_bytes}"
        return Cleaned(page.rejected(Stage.INPUT, Reason.TOO_LARGE, detail))
    if (word := binary.what_it_is(page.content)) is not None:
        return Cleaned(page.rejected(Stage.INPUT, Reason.BINARY, word))
    try:
        if page.kind == "text":
            return Cleaned(_clean_text(page, config))
        decoded = decode(page.content, _content_type(page))
        document = read_blocks(decoded.utf8)
        cleaned = _clean_html(page, decoded, document, config, templates, observing)
        return replace(cleaned, document=document) if reading else cleaned
    except WinnowError:  # a broken rules file or installation is no page's fault
        raise
    except Exception as error:  # noqa: BLE001 - the one per-page boundary; recorded as a rejection
        what = f"{type(error).__name__}: {error}"
        return Cleaned(page.rejected(Stage.CLEAN, Reason.INTERNAL_ERROR, what))


def clean_html(
    html: bytes | str,
    *,
    url: str | None = None,
    config: CleanConfig = DEFAULT,
    templates: Templates | None = None,
) -> Outcome:
    """Clean one HTML page given as bytes (charset found out) or as a str."""
    content = html if isinstance(html, bytes) else html.encode("utf-8", "surrogatepass")
    page = Page(content=content, source=url or "", url=url, kind="html")
    return clean(page, config=config, templates=templates)


def clean_text(text: str, *, name: str | None = None, config: CleanConfig = DEFAULT) -> Outcome:
    """Clean one plain-text document; `name` is its source in the result."""
    content = text.encode("utf-8", "surrogatepass")
    return clean(Page(content=content, source=name or "", kind="text"), config=config)


def warm_up(*, rare: bool = False) -> None:
    """Load models and tables now rather than with the first page.

    With `rare`, also the engines that one page in ten asks: they take a second of processor time,
    which a worker for a few documents need not spend.
    """
    pagetype.load()
    classifier.shipped()
    line_model.shipped()
    vocabulary.shipped()
    if rare:
        language.load()
        extract.load()


def _clean_html(
    page: Page,
    decoded: Decoded,
    document: Document,
    config: CleanConfig,
    templates: Templates | None,
    observing: bool,
) -> Cleaned:
    data = read_page_data(document.tree, page.url)
    if config.respect_noindex and "noindex" in (data.head.first("robots") or "").lower():
        return Cleaned(page.rejected(Stage.RULES, Reason.NOINDEX, "its robots meta tag says so"))
    kind = pagetype.page_type(document, data, url=page.url)
    said = read_said(data)
    if kind.reason is Reason.NEEDS_JAVASCRIPT and holds_body(document, said):
        kind = PageVerdict(PageType.ARTICLE, 1 - kind.score)
    if kind.reason is not None and not _wanted(kind.reason, config):
        return Cleaned(page.rejected(Stage.PAGETYPE, kind.reason, kind.detail))
    classified = classify(document, said=said, url=page.url, templates=templates)
    classified = drop_blocks(classified, match_rules(classified.document, classified.keep))
    ruled = _ruled(document, page.url, config)
    if classified.document is document:
        classified = change_blocks(classified, ruled.dropped, ruled.kept)
    document = classified.document  # another one where the body stands in the page's data only
    text = classified.text
    if not has_words(text, config.min_words):
        return Cleaned(_too_short(page, Stage.CLASSIFY, count_words(text), config))
    around = surroundings(
        document.blocks,
        classified.keep,
        titles=data.titles,
        discovery=page.discovery,
        # A saved page is read now; what it dates after that was not published yet.
        fetched_at=page.fetch.fetched_at if page.fetch else datetime.now(UTC),
        ruled_dates=ruled.dates,
        ruled_authors=ruled.authors,
    )
    metadata = read_metadata(document.tree, url=page.url, around=around, data=data)
    article = _article(
        page,
        decoded,
        text=text,
        markdown=to_markdown(document, classified.keep),
        removals=classified.removals,
        metadata=metadata,
        kind=kind,
    )
    if not observing or page.url is None or page.fetch is None:
        return Cleaned(article)
    day = (page.fetch.fetched_at - _EPOCH).days
    seen = observe(document, classified.keep, url=page.url, title=metadata.title, day=day)
    return Cleaned(article, seen)


def _ruled(document: Document, url: str | None, config: CleanConfig) -> Selection:
    """What the user's own rules for the page's domain say, if there are any."""
    rules = load_site_rules(config.rules_file).for_url(url) if config.rules_file else None
    return select(document, rules) if rules else Selection({}, frozenset())


def _clean_text(page: Page, config: CleanConfig) -> Outcome:
    decoded = decode(page.content, _content_type(page))
    result = clean_lines(decoded.text)
    text = result.text
    if not has_words(text, config.min_words):
        return _too_short(page, Stage.TEXT, count_words(text), config)
    metadata = Metadata(
        title=result.title,
        title_raw=result.title_raw,
        authors=result.authors,
        dateline=result.dateline,
        wire_agency=agency_of_text(text, _foot(text, result.removals)),
    )
    return _article(
        page,
        decoded,
        text=text,
        markdown=result.markdown,
        removals=result.removals,
        metadata=metadata,
    )


_FOOT = 3


def _foot(text: str, removals: Sequence[Removal]) -> list[str]:
    """What was removed right below a text's last line."""
    if not removals:
        return []
    at = {removal.position: removal.text for removal in removals}
    end = text.count("\n\n") + len(removals)
    below: list[str] = []
    while end in at:
        below.append(at[end])
        end -= 1
    return below[::-1][:_FOOT]


def _article(
    page: Page,
    decoded: Decoded,
    *,
    text: str,
    markdown: str,
    removals: tuple[Removal, ...],
    metadata: Metadata,
    kind: PageVerdict | None = None,
) -> Article:
    code, score = language.detect(text, metadata.language_declared)
    return Article(
        source=page.source,
        url=page.url,
        text=text,
        markdown=markdown,
        metadata=metadata,
        language=code,
        language_score=score,
        page_type=kind.page_type if kind else PageType.ARTICLE,
        page_type_score=kind.score if kind else None,
        quality_flags=decoded.flags,
        charset=decoded.charset,
        charset_source=decoded.charset_source,
        raw_chars=decoded.chars,
        removals=removals,
        fetch=page.fetch,
        discovery=page.discovery,
    )


def _wanted(reason: Reason, config: CleanConfig) -> bool:
    """Whether the settings keep a page that is rejected by default."""
    if reason is Reason.LIVE_BLOG:
        return config.keep_live_blogs
    return config.keep_non_articles and reason in _OTHER_KINDS


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OTHER_KINDS = frozenset({Reason.LISTING, Reason.NOT_ARTICLE, Reason.MEDIA_PAGE})


def _content_type(page: Page) -> str | None:
    return page.fetch.header("content-type") if page.fetch else None


def _too_short(page: Page, stage: Stage, words: int, config: CleanConfig) -> Rejection:
    if words == 0:
        return page.rejected(stage, Reason.NO_TEXT, "no body was found")
    return page.rejected(stage, Reason.TOO_SHORT, f"{words} words, at least {config.min_words}")


__all__ = ["Article", "clean", "clean_html", "clean_text", "warm_up"]
