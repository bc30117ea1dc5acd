"""Who reported first, what share is wire copy, how long did a story live: python answers.py OUT."""

import sys
from datetime import timedelta

import duckdb


def main(out: str) -> None:
    """Print the answers for the output folder `out`."""
    db = duckdb.connect()
    db.execute(f"create view articles as from '{out}/articles/**/*.parquet'")
    db.execute(f"create view stories as from '{out}/stories/*.parquet'")
    stories = db.sql("""
        select story_id, any_value(story_title), count(*) as articles,
               count(*) filter (duplicate_kind is not null) as copies,
               min(published_at) as first, max(published_at) as last,
               arg_min(domain, published_at) as leader
        from stories join articles using (article_id)
        group by story_id having count(*) > 1 order by articles desc limit 10
    """).fetchall()
    if not stories:
        print("No story is told by more than one article yet.")
    for _, title, articles, copies, first, last, leader in stories:
        print(f"\n{title}")
        print(f"  first: {leader or 'unknown'}, {first or 'no date'}")
        print(f"  lived: {_days(last - first) if first and last else 'unknown'}")
        print(
            f"  told:  {'#' * (articles - copies)}{'+' * copies}  {articles - copies} reports, "
            f"{copies} copies"
        )


def _days(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours / 24:.1f} days" if hours >= 48 else f"{hours:.0f} hours"


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "output")
