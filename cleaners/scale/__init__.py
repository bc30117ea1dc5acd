"""Cleaning by many processes and machines; `clean_batch` is for pipelines of one's own."""

from cleaners.scale.batch import OUTCOMES, PAGES, clean_batch

__all__ = ["OUTCOMES", "PAGES", "clean_batch"]
