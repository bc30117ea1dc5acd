"""Articles as rows that a worker process has made, on their way to the store.

The process that writes neither unpickles their hundreds of removed blocks nor takes them apart.
"""

from dataclasses import dataclass

import pyarrow as pa

from cleaners.model import Article, Discovery, Fetch
from cleaners.store.columns import to_rows
from cleaners.store.rows import article_from_row
from cleaners.store.schema import ARTICLES


@dataclass(frozen=True, slots=True, eq=False)
class ArticleRow:
    """One row of an Arrow table, and what is asked of it before it is written.

    The table's columns are those of articles/ without the stamp of a run.
    """

    table: pa.Table
    row: int
    article_id: str
    text_sha256: str
    source: str
    url: str | None
    fetch: Fetch | None
    discovery: Discovery | None
    bytes: int
    """About what the row takes in memory."""

    def article(self) -> Article:
        """The article that the row tells of."""
        return article_from_row(to_rows(self.table.slice(self.row, 1), ARTICLES)[0])
