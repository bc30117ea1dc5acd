"""Page -> Outcome: the whole pipeline on one screen.

bytes ─decode→ str ─read_blocks→ Document ─classify→ kept + removed
      ─page_type→ article or Rejection ─→ Article
"""

from typing import TYPE_CHECKING

from cleaners.config import DEFAULT, CleanConfig
from cleaners.model import Article, Outcome, Page, Reason, Rejection, Stage

if TYPE_CHECKING:
    from cleaners.html.templates import Templates


def clean(
    page: Page, *, config: CleanConfig = DEFAULT, templates: "Templates | None" = None
) -> Outcome:
    """Clean one page, HTML or plain text; any bytes give an Outcome, never an exception."""
    if not page.content.strip():
        return _reject(page, Stage.INPUT, Reason.EMPTY, "0 bytes of text")
    if len(page.content) > config.max_page_bytes:
        detail = f"{len(page.content)} bytes, limit {config.max_page_bytes}"
        return _reject(page, Stage.INPUT, Reason.TOO_LARGE, detail)
    try:
        return _clean_decoded(page, config, templates)
    except Exception as error:  # noqa: BLE001 - the one per-page boundary; recorded as a rejection
        return _reject(page, Stage.CLEAN, Reason.INTERNAL_ERROR, f"{type(error).__name__}: {error}")


def clean_html(
    html: bytes | str,
    *,
    url: str | None = None,
    config: CleanConfig = DEFAULT,
    templates: "Templates | None" = None,
) -> Outcome:
    """Clean one HTML page given as bytes (charset found out) or as a str."""
    content = html if isinstance(html, bytes) else html.encode("utf-8", "surrogatepass")
    page = Page(content=content, source=url or "", url=url, kind="html")
    return clean(page, config=config, templates=templates)


def clean_text(text: str, *, name: str | None = None, config: CleanConfig = DEFAULT) -> Outcome:
    """Clean one plain-text document; `name` is its source in the result."""
    content = text.encode("utf-8", "surrogatepass")
    return clean(Page(content=content, source=name or "", kind="text"), config=config)


def warm_up() -> None:
    """Load models and tables now rather than with the first page."""


def _clean_decoded(page: Page, config: CleanConfig, templates: "Templates | None") -> Outcome:
    raise NotImplementedError


def _reject(page: Page, stage: Stage, reason: Reason, detail: str) -> Rejection:
    return Rejection(
        source=page.source,
        url=page.url,
        stage=stage,
        reason=reason,
        detail=detail,
        fetch=page.fetch,
        discovery=page.discovery,
    )


__all__ = ["Article", "clean", "clean_html", "clean_text", "warm_up"]
