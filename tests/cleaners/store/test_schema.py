"""The tables are as documented."""

from pathlib import Path

import pyarrow as pa

from cleaners.store import schema

_COLUMNS = """
article_id revision source url url_requested url_canonical domain publisher title title_raw
description text markdown authors dateline section tags images published_at modified_at
published_raw published_source published_precision published_confidence language language_declared
language_score page_type page_type_score is_free access_signal word_count quality_flags text_sha256
minhash wire_agency seed_id discovery_method discovery_source relevance_score relevance_reasons
fetched_at http_status content_type charset charset_source etag last_modified warc_file
warc_record_id warc_offset warc_length payload_digest cleaner_version config_digest run_id
cleaned_at raw_chars kept_chars removed
"""
ARTICLE_COLUMNS = _COLUMNS.split()


def test_articles_has_the_columns_others_rely_on() -> None:
    assert schema.ARTICLES.schema.names == ARTICLE_COLUMNS


def test_revisions_are_articles_and_when_they_were_replaced() -> None:
    assert schema.REVISIONS.schema.names == [*ARTICLE_COLUMNS, "superseded_at"]


def test_every_field_is_described() -> None:
    for table in schema.TABLES:
        for field in table.schema:
            assert len(field.metadata[b"description"]) > 10, (table.name, field.name)


def test_times_are_utc_in_microseconds_and_text_is_large() -> None:
    for table in schema.TABLES:
        for field in table.schema:
            if pa.types.is_timestamp(field.type):
                assert (field.type.unit, field.type.tz) == ("us", "UTC")
    assert schema.ARTICLES.schema.field("text").type == pa.large_string()


def test_the_version_is_in_the_metadata() -> None:
    assert all(schema.version_of(table.schema) == schema.VERSION for table in schema.TABLES)
    assert schema.version_of(pa.schema([("a", pa.int8())])) is None


def test_the_page_of_documentation_is_up_to_date() -> None:
    page = Path(__file__).parents[3] / "docs" / "schema.md"
    assert page.read_text("utf-8") == schema.render(), "run: python -m cleaners.store.schema"
