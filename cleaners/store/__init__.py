"""Articles and rejections as Parquet: schema, atomic parts, upsert, compaction, queries."""
