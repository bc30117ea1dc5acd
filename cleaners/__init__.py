"""Cleaning of news pages and plain text: bytes or text in, an Article or a Rejection out.

>>> outcome = clean_text("Too short.")
>>> outcome.reason.value
'too-short'
"""

from cleaners.clean import clean, clean_html, clean_text
from cleaners.config import CleanConfig
from cleaners.model import Article, Outcome, Page, Rejection
from cleaners.version import __version__

__all__ = [
    "Article",
    "CleanConfig",
    "Outcome",
    "Page",
    "Rejection",
    "__version__",
    "clean",
    "clean_html",
    "clean_text",
]
