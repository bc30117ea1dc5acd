"""Metadata of a page: title, authors, dates and the rest, each naming its evidence."""

from cleaners.metadata.read import read_metadata
from cleaners.metadata.sources import PageData, Surroundings, read_page_data

__all__ = ["PageData", "Surroundings", "read_metadata", "read_page_data"]
