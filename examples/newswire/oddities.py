"""Pages that are no articles: challenges, shells, walls, live blogs, loops and dead ends."""

import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from html import escape
from pathlib import Path

from examples.newswire.address import View
from examples.newswire.model import Kind, Site

EPOCH = datetime(2025, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Oddity:
    """A URL that is no article. `listed_as` is the title under which others link to it."""

    site: str
    path: str
    kind: Kind
    title: str
    listed_as: str
    paragraphs: tuple[str, ...]
    published: datetime
    listed: bool
    story: str | None = None
    target: str | None = None
    target_article: tuple[str, str] | None = None


@cache
def oddities() -> tuple[Oddity, ...]:
    """All of them, in the order of oddities.toml."""
    text = (Path(__file__).parent / "oddities.toml").read_text("utf-8")
    return tuple(
        Oddity(
            site=row["site"],
            path=row["path"],
            kind=Kind(row["kind"]),
            title=row["title"],
            listed_as=row.get("listed_as", row["title"]),
            paragraphs=tuple(part for part in row.get("text", "").strip().split("\n\n") if part),
            published=row.get("published", EPOCH),
            listed=row.get("listed", False),
            story=row.get("story"),
            target=row.get("target"),
            target_article=tuple(row["target_article"]) if "target_article" in row else None,
        )
        for row in tomllib.loads(text)["page"]
    )


Frame = Callable[[str, str, str], str]
"""Puts (title, head, main) into the site's page."""


def odd_page(odd: Oddity, site: Site, view: View, frame: Frame) -> str:
    """HTML of a page that is no article."""
    paragraphs = "\n".join(f"<p>{escape(text)}</p>" for text in odd.paragraphs)
    title = f"{odd.title} | {site.name}"
    heading = f"<h1>{escape(odd.title)}</h1>"
    if odd.kind is Kind.CHALLENGE:
        return (
            f"<!DOCTYPE html><html><head><title>{odd.title}</title>"
            '<meta name="robots" content="noindex,nofollow">'
            '<meta http-equiv="refresh" content="5"></head><body>'
            f'<div class="challenge-form"><h1>{site.host}</h1>{paragraphs}</div>'
            '<script src="/cdn/challenge-platform/main.js"></script></body></html>'
        )
    if odd.kind is Kind.SHELL:
        state = json.dumps({"route": odd.path, "chunks": ["vendor", "map", "charts"]})
        return (
            f'<!doctype html><html><head><meta charset="utf-8"><title>{escape(title)}</title>'
            f'<meta property="og:title" content="{escape(odd.title)}"></head>'
            "<body><noscript>You need to enable JavaScript to run this app.</noscript>"
            f'<div id="root"></div><script>window.__STATE__={state}</script>'
            '<script src="/static/js/main.3f9a.js"></script></body></html>'
        )
    if odd.kind is Kind.CONSENT_WALL:
        body = f'<div class="consent-wall" id="consent">{heading}{paragraphs}</div>'
        head = f"<head><title>{escape(odd.title)}</title></head>"
        return f"<!doctype html><html>{head}<body>{body}</body></html>"
    if odd.kind is Kind.LIVE_BLOG:
        return frame(title, _linked_data(odd, site, view, "LiveBlogPosting"), _posts(odd, heading))
    if odd.kind is Kind.VIDEO:
        player = f'<video controls poster="/images/still.jpg" src="{odd.path}.mp4"></video>'
        main = f'{heading}<div class="player">{player}</div>{paragraphs}'
        return frame(title, _linked_data(odd, site, view, "VideoObject"), main)
    return frame(title, "", f'<div class="message">{heading}{paragraphs}</div>')


def _posts(odd: Oddity, heading: str) -> str:
    posts = "\n".join(
        f'<div class="live-post"><time>{escape(text[:8])}</time><p>{escape(text)}</p></div>'
        for text in odd.paragraphs
    )
    return f'{heading}<div class="live-blog">{posts}</div>'


def _linked_data(odd: Oddity, site: Site, view: View, kind: str) -> str:
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": kind,
        "headline": odd.title,
        "name": odd.title,
        "url": view.url(site, odd.path),
        "datePublished": odd.published.isoformat(),
    }
    if kind == "LiveBlogPosting":
        data["coverageStartTime"] = odd.published.isoformat()
        data["liveBlogUpdate"] = [
            {"@type": "BlogPosting", "articleBody": text} for text in odd.paragraphs
        ]
    else:
        data["duration"] = "PT1M12S"
        data["uploadDate"] = odd.published.isoformat()
    kind_tag = "video.other" if kind == "VideoObject" else "article"
    raw = json.dumps(data).replace("</", "<\\/")
    return (
        f'<meta property="og:type" content="{kind_tag}">\n'
        f'<script type="application/ld+json">{raw}</script>\n'
    )
