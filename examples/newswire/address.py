"""Where things stand: the paths of articles and sections, and the origins of sites."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from examples.newswire.model import Site, Telling

TRACKING = re.compile(r"(?:^|&)(?:utm_[a-z]+|fbclid|ref)=[^&]*")
WORDS = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class View:
    """How the newswire is looked at: on which day, and under which origins (site key → origin)."""

    origins: Mapping[str, str]
    day: int = 1

    def url(self, site: Site, path: str) -> str:
        return self.origins[site.key] + path


def by_host(sites: tuple[Site, ...]) -> dict[str, str]:
    """The origins under which the proxy serves the sites."""
    return {site.key: f"http://{site.host}" for site in sites}


def by_port(sites: tuple[Site, ...], ports: Mapping[str, int]) -> dict[str, str]:
    """The origins under which the sites are served on loopback ports of their own."""
    return {site.key: f"http://127.0.0.1:{ports[site.key]}" for site in sites}


def number(telling: Telling) -> int:
    """Six digits that stand for an article in its site's URLs, the same on every run."""
    digest = hashlib.sha256("/".join(telling.key).encode()).digest()
    return 100_000 + int.from_bytes(digest[:4], "big") % 900_000


def article_path(site: Site, telling: Telling) -> str:
    day = telling.published
    return site.path.format(
        year=day.year,
        month=f"{day.month:02}",
        day=f"{day.day:02}",
        slug=telling.slug,
        number=number(telling),
        section=section_slug(telling.section),
    )


def section_path(site: Site, section: str) -> str:
    return site.section_path.format(section=section_slug(section))


def section_slug(section: str) -> str:
    """ASCII letters of a section's name, or a stable number for other scripts."""
    plain = unicodedata.normalize("NFKD", section).encode("ascii", "ignore").decode()
    ascii_name = WORDS.sub("-", plain.lower()).strip("-")
    return ascii_name or f"s{int.from_bytes(section.encode(), 'big') % 1000}"


def tracked(path: str, source: str) -> str:
    """The path as feeds and teasers give it: with tracking parameters on it."""
    query = urlencode({"utm_source": source, "utm_medium": "link"})
    return f"{path}{'&' if '?' in path else '?'}{query}"


def untracked(path: str) -> str:
    """The path without tracking parameters, as the server looks it up."""
    name, _, query = path.partition("?")
    kept = TRACKING.sub("", query).lstrip("&")
    return f"{name}?{kept}" if kept else name
