"""The tables Winnow writes: one versioned Arrow schema each, with a description on every field.

`python -m cleaners.store.schema` prints docs/schema.md. To change a table, add a nullable column
at its end and raise `VERSION`: older files then read together with new ones, the column null.
"""

import sys
from dataclasses import dataclass

import pyarrow as pa

VERSION = 1

MINHASH_BYTES = 512  # 128 permutations of 32 bits: standard error of a Jaccard estimate 4 points
ROW_GROUP_ROWS = 65_536
PARTITION = "ingest_date"

_TIME = pa.timestamp("us", tz="UTC")
_LIST = pa.list_(pa.string())
_IMAGE = pa.struct([("url", pa.string()), ("caption", pa.string()), ("credit", pa.string())])
_REMOVED = pa.struct(
    [
        ("text", pa.large_string()),
        ("rule", pa.string()),
        ("stage", pa.string()),
        ("position", pa.int32()),
        ("score", pa.float32()),
    ]
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its Arrow type, what it says, and whether its values repeat (dictionary)."""

    name: str
    type: pa.DataType
    description: str
    repeats: bool = False
    required: bool = False

    @property
    def field(self) -> pa.Field:
        return pa.field(
            self.name,
            self.type,
            nullable=not self.required,
            metadata={"description": self.description},
        )


@dataclass(frozen=True, slots=True)
class Table:
    """One table: folder of the output, columns in order of use, and its sort order in a file."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: str
    partitioned: bool = True
    order: tuple[str, ...] = ()

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of a file; the partition column lives in the folder's name alone."""
        return pa.schema(
            [column.field for column in self.columns],
            metadata={
                "winnow.table": self.name,
                "winnow.schema_version": str(VERSION),
                "description": self.description,
            },
        )

    @property
    def repeating(self) -> list[str]:
        """Columns that are worth a dictionary, named as Parquet names its leaves."""
        leaves: list[str] = []
        for column in self.columns:
            if not column.repeats:
                continue
            if pa.types.is_list(column.type):
                leaves.append(f"{column.name}.list.element")
            else:
                leaves.append(column.name)
        if self.name in ("articles", "revisions"):
            leaves += ["removed.list.element.rule", "removed.list.element.stage"]
        return leaves

    def position(self, name: str) -> int:
        """Where in a row a column stands."""
        return next(i for i, column in enumerate(self.columns) if column.name == name)


def _text(name: str, description: str, **more: bool) -> Column:
    return Column(name, pa.string(), description, **more)


_WHERE = (
    _text(
        "source",
        "The URL, or the input file's path as given (archive members as path::member).",
        required=True,
    ),
    _text("url", "The address the page was read from, after redirects; null where unknown."),
)
_DISCOVERY = (
    _text("seed_id", "The seed document on whose behalf the page was fetched.", repeats=True),
    _text(
        "discovery_method",
        "How its URL was found: seed, feed, sitemap, link, search, related-link, archive.",
        repeats=True,
    ),
    _text("discovery_source", "The feed, sitemap, page or query that named the URL.", repeats=True),
)
_WARC = (
    _text("warc_file", "Archive file, in warc/, that holds the response.", repeats=True),
    _text("warc_record_id", "WARC-Record-ID of the response record."),
    Column("warc_offset", pa.int64(), "Byte offset of that record in the archive file."),
    Column("warc_length", pa.int64(), "Bytes of that record, compressed."),
    _text("payload_digest", "Digest of the response's payload, as the archive has it."),
)
_RUN = (
    _text("cleaner_version", "Version of Winnow that made the row.", repeats=True, required=True),
    _text("config_digest", "Names the set of cleaning settings.", repeats=True, required=True),
    _text("run_id", "The run that made the row; see reports/.", repeats=True, required=True),
)  # fmt: skip

_ARTICLE_COLUMNS = (
    _text("article_id", "Stable key: 32 hex digits from the canonical URL, else the URL, else the path.", required=True),
    Column("revision", pa.int32(), "1 when first stored, one more with every changed text.", required=True),
    *_WHERE,
    _text("url_requested", "The address that was asked for, before redirects."),
    _text("url_canonical", "The address the page itself calls canonical."),
    _text("domain", "Host of the URL in lower case, without www.", repeats=True),
    _text("publisher", "The publication's name, as the page gives it.", repeats=True),
    _text("title", "Headline, without the site's name."),
    _text("title_raw", "Headline as the page has it."),
    _text("description", "The page's own summary."),
    Column("text", pa.large_string(), "The body and nothing else: its blocks with one blank line between.", required=True),
    Column("markdown", pa.large_string(), "The body with headings, lists, quotes, tables and links."),
    Column("authors", _LIST, "Names of the authors, in the order of the by-line.", repeats=True),
    _text("dateline", "Place that the report opens with, as in `Paris:`.", repeats=True),
    _text("section", "The site's section or rubric.", repeats=True),
    Column("tags", _LIST, "Keywords given by the site.", repeats=True),
    Column("images", pa.list_(_IMAGE), "Pictures of the article."),
    Column("published_at", _TIME, "When it was published, UTC."),
    Column("modified_at", _TIME, "When it was last changed, by its own account, UTC."),
    _text("published_raw", "The date as it was written."),
    _text("published_source", "Who says so: jsonld, meta, url, feed, sitemap or text.", repeats=True),
    _text("published_precision", "second, minute or day.", repeats=True),
    Column("published_confidence", pa.float32(), "How sure that source is, 0 to 1."),
    _text("language", "ISO 639-1 code of the body's language, as detected.", repeats=True),
    _text("language_declared", "Language that the page declares.", repeats=True),
    Column("language_score", pa.float32(), "How sure the detection is, 0 to 1."),
    _text("page_type", "article, live-blog, listing, forum, product, media or other.", repeats=True),
    Column("page_type_score", pa.float32(), "How sure the page type is, 0 to 1."),
    Column("is_free", pa.bool_(), "Whether the whole text is free to read; null: not known."),
    _text("access_signal", "What says that it is free or not.", repeats=True),
    Column("word_count", pa.int32(), "Words of the body."),
    Column("quality_flags", _LIST, "What is odd about the page or was mended.", repeats=True),
    _text("text_sha256", "SHA-256 of the body in UTF-8, hex; a new one makes a new revision.", required=True),
    Column("minhash", pa.binary(MINHASH_BYTES), "MinHash of the body's words: 128 little-endian 32-bit numbers; null if too short."),
    _text("wire_agency", "News agency the text is credited to.", repeats=True),
    *_DISCOVERY,
    Column("relevance_score", pa.float32(), "How close to the seed's story, 0 to 1."),
    Column("relevance_reasons", _LIST, "What it has in common with the seed."),
    Column("fetched_at", _TIME, "When the page was fetched, UTC."),
    Column("http_status", pa.int16(), "Status of the response."),
    _text("content_type", "Content-Type of the response.", repeats=True),
    _text("charset", "Charset that the bytes were read with.", repeats=True),
    _text("charset_source", "Who names it: bom, header, meta, xml, detected, default, given.", repeats=True),
    _text("etag", "ETag of the response."),
    _text("last_modified", "Last-Modified of the response."),
    *_WARC,
    *_RUN,
    Column("cleaned_at", _TIME, "When the page was cleaned, UTC.", required=True),
    Column("raw_chars", pa.int64(), "Characters of all blocks of the page."),
    Column("kept_chars", pa.int64(), "Characters of the body."),
    Column("removed", pa.list_(_REMOVED), "Every block taken away: its text, the rule, the stage, its position, the certainty."),
)  # fmt: skip

ARTICLES = Table(
    "articles",
    "One row an article: its latest revision.",
    _ARTICLE_COLUMNS,
    key="article_id",
    order=("published_at", "domain", "language"),
)
REVISIONS = Table(
    "revisions",
    "Articles as they were before a later revision replaced them.",
    (
        *_ARTICLE_COLUMNS,
        Column("superseded_at", _TIME, "When it was replaced, UTC.", required=True),
    ),
    key="article_id",
    order=("published_at", "domain", "language"),
)
REJECTS = Table(
    "rejects",
    "Every URL or input that did not become an article, and why: one row a source, the latest.",
    (
        *_WHERE,
        _text("url_requested", "The address that was asked for, before redirects."),
        _text("domain", "Host of the URL in lower case, without www.", repeats=True),
        _text("stage", "Where in the pipeline it fell out.", repeats=True, required=True),
        _text("reason", "Why: one of a closed set of words.", repeats=True, required=True),
        _text("detail", "What exactly, for a person to read."),
        Column("http_status", pa.int16(), "Status of the response, where there was one."),
        _text("content_type", "Content-Type of the response.", repeats=True),
        *_DISCOVERY,
        Column("fetched_at", _TIME, "When the page was fetched, UTC."),
        *_WARC,
        *_RUN,
        Column("rejected_at", _TIME, "When it was rejected, UTC.", required=True),
    ),
    key="source",
    order=("reason", "domain"),
)
STORIES = Table(
    "stories",
    "Which articles tell the same story and which are copies of which: one row an article.",
    (
        _text("article_id", "The article; joins to articles/.", required=True),
        _text("story_id", "The story: 16 hex digits, kept as the story grows.", required=True),
        Column("story_score", pa.float32(), "How close the article is to the rest of its story, 0 to 1; null when alone."),
        _text("duplicate_of", "article_id of what it is a copy or an earlier state of; null: of nothing."),
        _text("duplicate_kind", "exact, near, syndicated or update.", repeats=True),
        Column("similarity", pa.float32(), "Share of the shorter text that both have, 0 to 1."),
        _text("agency", "News agency the text comes from, where known.", repeats=True),
        _text("story_title", "Headline of the article nearest to the story's middle.", repeats=True),
        Column("story_first_at", _TIME, "Publication of the story's first article, UTC."),
        Column("story_last_at", _TIME, "Publication of its last, UTC."),
        Column("story_domains", _LIST, "Sites that tell it, sorted.", repeats=True),
        Column("story_articles", pa.int32(), "Articles that tell it."),
        Column("story_reports", pa.int32(), "Independent reports among them: copies count once."),
        _text("text_sha256", "The text that was linked; another one is linked anew.", required=True),
        Column("linked_at", _TIME, "When it was linked, UTC.", required=True),
    ),
    key="article_id",
    partitioned=False,
)  # fmt: skip

TABLES = (ARTICLES, REJECTS, STORIES, REVISIONS)


def version_of(schema: pa.Schema) -> int | None:
    """The schema version that a file was written with; None if Winnow did not write it."""
    value = (schema.metadata or {}).get(b"winnow.schema_version")
    return int(value) if value is not None and value.isdigit() else None


def render() -> str:
    """docs/schema.md: every table and column, from the code."""
    lines = [
        "# Tables",
        "",
        "Made by `python -m cleaners.store.schema`; do not edit.",
        "",
        f"Schema version {VERSION}, written in the metadata of every file (`winnow.schema_version`). "
        "Times are UTC in microseconds. Files are Parquet, zstd, with a page index and page "
        "checksums.",
        "",
    ]
    for table in TABLES:
        where = f"{table.name}/{PARTITION}=YYYY-MM-DD/" if table.partitioned else f"{table.name}/"
        lines += [
            f"## {table.name}",
            "",
            f"{table.description} In `{where}`, key `{table.key}`.",
            "",
        ]
        lines += ["| column | type | what it says |", "|---|---|---|"]
        for column in table.columns:
            kind = str(column.type).replace("element: ", "").replace("|", "\\|")
            need = "" if column.required else "?"
            lines.append(f"| {column.name} | {kind}{need} | {column.description} |")
        if table.partitioned:
            lines.append(
                f"| {PARTITION} | date | Folder name: the UTC day the key was first stored. |"
            )
        lines.append("")
    lines.append("A `?` after a type: may be null.")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(render())
