"""Article and Rejection to rows of the tables, and back."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from operator import attrgetter
from typing import Any

from cleaners.model import (
    Article,
    Discovery,
    Fetch,
    Metadata,
    PageType,
    Reason,
    Rejection,
    Stage,
    WarcPosition,
)
from cleaners.store.cells import mended, moment_fault, row_fault, storable
from cleaners.store.identity import domain_of
from cleaners.store.schema import ARTICLES, REJECTS

Row = tuple[Any, ...]
"""The values of one row, in the order of the table's columns; those of `images` and `removed` are
tuples of Image and Removal, `text` may be in UTF-8."""

_ARTICLE_COLUMNS = tuple(column.name for column in ARTICLES.columns)
_REJECT_COLUMNS = tuple(column.name for column in REJECTS.columns)
_BLANK_ARTICLE: dict[str, Any] = dict.fromkeys(_ARTICLE_COLUMNS)
"""Has the order of the columns."""

# A page is at most 20 MB (CleanConfig.max_page_bytes); text, markdown and what was removed
# together cannot honestly be more than a few times that.
MAX_ROW_CHARS = 100_000_000


@dataclass(frozen=True, slots=True)
class RunStamp:
    """What a row says of its making: the run, the time (aware), the version, the settings."""

    run_id: str
    cleaned_at: datetime
    cleaner_version: str
    config_digest: str


_UNSTAMPED = RunStamp("", datetime.fromtimestamp(0, UTC), "", "")


def sha256_of(text: bytes) -> str:
    """Hex digest of a text in UTF-8."""
    return hashlib.sha256(text).hexdigest()


_CHARS = attrgetter("text")


def fault(article: Article) -> str | None:
    """Why an article cannot be a row, or None if it can."""
    try:
        why = fault_beside_strings(article)
        if why is None:
            texts = (article.text, article.markdown or "", *map(_CHARS, article.removals))
            if (chars := sum(map(len, texts))) > MAX_ROW_CHARS:
                return f"{chars} characters; a row holds at most {MAX_ROW_CHARS}"
            why = row_fault(ARTICLES, _unnamed(article))
    except (TypeError, ValueError, AttributeError, ArithmeticError) as error:
        return f"{type(error).__name__}: {error}"
    return why


def _unnamed(article: Article) -> Row:
    return article_row(
        article,
        article_id="",
        revision=1,
        text=article.text,
        text_sha256="",
        word_count=0,
        minhash=None,
        stamp=_UNSTAMPED,
    )


def fault_beside_strings(article: Article) -> str | None:
    """The same without a look at its strings: making their columns finds what is wrong with them,
    and asking several hundred of them beforehand takes as long as making all columns."""
    fetched = article.fetch.fetched_at if article.fetch else None
    meta = article.metadata
    dates = ("published_at", meta.published_at), ("modified_at", meta.modified_at)
    for name, value in (*dates, ("fetched_at", fetched)):
        if value is not None and (why := moment_fault(value)) is not None:
            return f"{name} {why}"
    if article.fetch and not 0 <= article.fetch.status < 1000:
        return f"http_status is out of range: {article.fetch.status}"
    if not article.text.strip():
        return "no text"
    return None


def _fetch_values(fetch: Fetch | None) -> dict[str, Any]:
    if fetch is None:
        return {}
    values: dict[str, Any] = {
        "url_requested": storable(fetch.url_requested),
        "fetched_at": _utc(fetch.fetched_at),
        "http_status": fetch.status,
        "content_type": _header(fetch, "content-type"),
        "etag": _header(fetch, "etag"),
        "last_modified": _header(fetch, "last-modified"),
    }
    if fetch.warc is not None:
        values |= {
            "warc_file": fetch.warc.file,
            "warc_record_id": fetch.warc.record_id,
            "warc_offset": fetch.warc.offset,
            "warc_length": fetch.warc.length,
            "payload_digest": fetch.warc.payload_digest,
        }
    return values


def _header(fetch: Fetch, name: str) -> str | None:
    value = fetch.header(name)
    return storable(value) if value is not None else None


def _discovery_values(discovery: Discovery | None) -> dict[str, Any]:
    if discovery is None:
        return {}
    return {
        "seed_id": discovery.seed_id,
        "discovery_method": discovery.method,
        "discovery_source": storable(discovery.source) if discovery.source else None,
    }


def article_row(
    article: Article,
    *,
    article_id: str,
    revision: int,
    text: str | bytes,
    text_sha256: str,
    word_count: int,
    minhash: bytes | None,
    stamp: RunStamp,
) -> Row:
    """The row of an article that has no `fault`; `text` is its own, as it is or in UTF-8."""
    meta = article.metadata
    url = storable(article.url) if article.url is not None else None
    values = _BLANK_ARTICLE | {
        "article_id": article_id,
        "revision": revision,
        "source": storable(article.source),
        "url": url,
        "url_canonical": meta.url_canonical,
        "domain": domain_of(url),
        "publisher": meta.publisher,
        "title": meta.title,
        "title_raw": meta.title_raw,
        "description": meta.description,
        "text": text,
        "markdown": article.markdown,
        "authors": meta.authors,
        "dateline": meta.dateline,
        "section": meta.section,
        "tags": meta.tags,
        "images": meta.images,
        "published_at": _utc(meta.published_at),
        "modified_at": _utc(meta.modified_at),
        "published_raw": meta.published_raw,
        "published_source": meta.published_source,
        "published_precision": meta.published_precision,
        "published_confidence": _finite(meta.published_confidence),
        "language": article.language,
        "language_declared": meta.language_declared,
        "language_score": _finite(article.language_score),
        "page_type": str(article.page_type),
        "page_type_score": _finite(article.page_type_score),
        "is_free": meta.is_free,
        "access_signal": meta.access_signal,
        "word_count": word_count,
        "quality_flags": article.quality_flags,
        "text_sha256": text_sha256,
        "minhash": minhash,
        "wire_agency": meta.wire_agency,
        "charset": article.charset,
        "charset_source": article.charset_source,
        "cleaner_version": stamp.cleaner_version,
        "config_digest": stamp.config_digest,
        "run_id": stamp.run_id,
        "cleaned_at": stamp.cleaned_at.astimezone(UTC),
        "raw_chars": article.raw_chars,
        "kept_chars": len(article.text),
        "removed": article.removals,
    }
    values |= _fetch_values(article.fetch) | _discovery_values(article.discovery)
    if article.discovery is not None:
        values["relevance_score"] = _finite(article.discovery.score)
        values["relevance_reasons"] = article.discovery.reasons
    return tuple(values.values())


def _utc(value: datetime | None) -> datetime | None:
    if value is None or moment_fault(value) is not None:
        return None  # of a rejection; of an article it is a `fault`
    return value.astimezone(UTC)


def _finite(score: float | None) -> float | None:
    return score if score is None or isfinite(score) else None


def rejection_row(rejection: Rejection, stamp: RunStamp) -> Row:
    """The row of a rejection; any rejection has one."""
    values: dict[str, Any] = {
        "source": storable(rejection.source),
        "url": storable(rejection.url) if rejection.url is not None else None,
        "domain": domain_of(storable(rejection.url or rejection.source)),
        "stage": str(rejection.stage),
        "reason": str(rejection.reason),
        "detail": rejection.detail or None,
        "cleaner_version": stamp.cleaner_version,
        "config_digest": stamp.config_digest,
        "run_id": stamp.run_id,
        "rejected_at": stamp.cleaned_at.astimezone(UTC),
    }
    values |= _fetch_values(rejection.fetch) | _discovery_values(rejection.discovery)
    return mended(REJECTS, tuple(map(values.get, _REJECT_COLUMNS)))


def _fetch_from(values: dict[str, Any]) -> Fetch | None:
    if values["fetched_at"] is None or values["http_status"] is None:
        return None
    named = (
        ("content-type", values["content_type"]),
        ("etag", values.get("etag")),
        ("last-modified", values.get("last_modified")),
    )
    warc = None
    if values["warc_file"] is not None:
        warc = WarcPosition(
            values["warc_file"],
            values["warc_record_id"],
            values["warc_offset"],
            values["warc_length"],
            values["payload_digest"],
        )
    return Fetch(
        url_requested=values["url_requested"],
        fetched_at=values["fetched_at"],
        status=values["http_status"],
        headers=tuple((name, value) for name, value in named if value is not None),
        warc=warc,
    )


def _discovery_from(values: dict[str, Any]) -> Discovery | None:
    if values["discovery_method"] is None:
        return None
    return Discovery(
        method=values["discovery_method"],
        source=values["discovery_source"],
        seed_id=values["seed_id"],
        score=values.get("relevance_score"),
        reasons=tuple(values.get("relevance_reasons") or ()),
    )


def article_from_row(row: Row) -> Article:
    """The article that a row tells of.

    What has no column is not there: metadata evidence, headers beside content-type, etag and
    last-modified, and the title and date that the discovery gave.
    """
    values = dict(zip(_ARTICLE_COLUMNS, row, strict=False))
    metadata = Metadata(
        title=values["title"],
        title_raw=values["title_raw"],
        description=values["description"],
        authors=tuple(values["authors"] or ()),
        dateline=values["dateline"],
        section=values["section"],
        tags=tuple(values["tags"] or ()),
        publisher=values["publisher"],
        images=values["images"] or (),
        published_at=values["published_at"],
        modified_at=values["modified_at"],
        published_raw=values["published_raw"],
        published_source=values["published_source"],
        published_precision=values["published_precision"],
        published_confidence=values["published_confidence"],
        url_canonical=values["url_canonical"],
        language_declared=values["language_declared"],
        is_free=values["is_free"],
        access_signal=values["access_signal"],
        wire_agency=values["wire_agency"],
    )
    return Article(
        source=values["source"],
        url=values["url"],
        text=values["text"],
        markdown=values["markdown"] or "",
        metadata=metadata,
        language=values["language"],
        language_score=values["language_score"],
        page_type=PageType(values["page_type"] or PageType.ARTICLE),
        page_type_score=values["page_type_score"],
        quality_flags=tuple(values["quality_flags"] or ()),
        charset=values["charset"],
        charset_source=values["charset_source"],
        raw_chars=values["raw_chars"] or 0,
        removals=values["removed"] or (),
        fetch=_fetch_from(values),
        discovery=_discovery_from(values),
    )


def rejection_from_row(row: Row) -> Rejection:
    """The rejection that a row tells of."""
    values = dict(zip(_REJECT_COLUMNS, row, strict=False))
    return Rejection(
        source=values["source"],
        url=values["url"],
        stage=Stage(values["stage"]),
        reason=Reason(values["reason"]),
        detail=values["detail"] or "",
        fetch=_fetch_from(values),
        discovery=_discovery_from(values),
    )
