"""Which feeds, sitemaps and sections of a site are read besides those its pages name."""

from collections.abc import Mapping

from crawler.discovery.found import Found, Source
from crawler.discovery.guess import guessed_feeds, guessed_sitemaps
from crawler.model import Kind, Task
from crawler.robots import Rules, robots_origin

GUESSES = 2
"""Conventional addresses of each kind tried on a site that names none; a 404 costs a request."""


def site_sources(task: Task, found: Found, rules: Mapping[str, Rules]) -> tuple[Source, ...]:
    """The found sources; on a start page also the sitemaps of robots.txt, or the usual places."""
    if task.kind is Kind.PAGE:
        return ()  # an article's menu names the same sections as the front page does
    if task.kind is not Kind.SECTION or task.depth > 0:
        return found.sources
    known = rules.get(robots_origin(task.url))
    sitemaps = tuple(Source(url, "sitemap") for url in (known.sitemaps if known else ()))
    kinds = {source.kind for source in found.sources}
    guesses: tuple[Source, ...] = ()
    if not sitemaps and "sitemap" not in kinds:
        guesses += guessed_sitemaps(task.url)[:GUESSES]
    if "feed" not in kinds:
        guesses += guessed_feeds(task.url)[:GUESSES]
    return (*sitemaps, *found.sources, *guesses)
