"""Stories: articles that report the same event, across sites, days and languages."""

from cleaners.stories.link import LinkResult, link

__all__ = ["LinkResult", "link"]
