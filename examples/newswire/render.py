"""Articles and listings as HTML: a site's design filled with an article and the site's chrome."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

from examples.newswire.address import View, article_path, section_path
from examples.newswire.model import Piece, Site, Telling

AD_AFTER, PROMO_AFTER, BOX_AFTER = 0, 2, 4
"""Index of the body block after which a page has its advertisement, promo and newsletter box."""
FREE_BLOCKS = 2
"""Blocks of a paywalled article that everybody may read."""
NO_MARKUP: Mapping[str, str] = {}
COMMENTERS = ("tidewatcher_61", "M. Okonski", "Reader from the hill", "Jo P.")


@dataclass(frozen=True, slots=True)
class Design:
    """Named fragments of HTML with $slots."""

    parts: Mapping[str, Template]

    def fill(
        self, part: str, text: Mapping[str, str], markup: Mapping[str, str] = NO_MARKUP
    ) -> str:
        """A fragment with `text` escaped and `markup` put in as it is; "" if there is none."""
        template = self.parts.get(part, Template(""))
        return template.substitute({k: escape(v) for k, v in text.items()} | dict(markup))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else stands on an article's page: other articles of the site."""

    related: Sequence[Telling]
    trending: Sequence[Telling]
    promo: Telling | None
    sections: Sequence[str]


@dataclass(frozen=True, slots=True)
class Teaser:
    """An entry of a listing, feed or sitemap."""

    path: str
    title: str
    blurb: str
    date: str


@cache
def design(name: str) -> Design:
    text = (Path(__file__).parent / "designs" / f"{name}.html").read_text("utf-8")
    parts = {}
    for part in text.split("<!-- == ")[1:]:
        title, _, body = part.partition(" == -->\n")
        parts[title] = Template(body.rstrip("\n"))
    return Design(parts)


def shown_headline(telling: Telling, day: int) -> str:
    return telling.update.headline if telling.update and day > 1 else telling.headline


def shown_pieces(telling: Telling, day: int) -> tuple[Piece, ...]:
    """The body as a visitor sees it: grown on day 2, cut off by a paywall."""
    pieces = telling.update.pieces if telling.update and day > 1 else telling.pieces
    return pieces if telling.free else pieces[:FREE_BLOCKS]


def shows_standfirst(site: Site) -> bool:
    """Whether the site's design prints the standfirst above the body."""
    return bool(design(site.design).parts["standfirst"].template)


def blurb(telling: Telling) -> str:
    """The paragraph under a teaser: the standfirst, or else the first sentence."""
    if telling.standfirst:
        return telling.standfirst
    first = telling.pieces[0].text
    for stop in (". ", "。"):
        head, found, _ = first.partition(stop)
        if found:
            return head + stop.strip()
    return first


def byline(site: Site, authors: Sequence[str]) -> str:
    return site.byline.format(authors=" and ".join(authors)) if authors else ""


def article_page(site: Site, telling: Telling, around: Surroundings, view: View) -> str:
    """The whole page of an article as `view` shows it."""
    look, day = design(site.design), view.day
    headline = shown_headline(telling, day)
    url = view.url(site, article_path(site, telling))
    text = {
        "headline": headline,
        "byline": byline(site, telling.authors),
        "date": telling.published.strftime(site.date_format),
        "iso": telling.published.isoformat(),
        "section": telling.section,
        "section_url": view.url(site, section_path(site, telling.section)),
        "share": site.word("share"),
        "related_label": site.word("related"),
        "home": view.url(site, "/"),
        "name": site.name,
    }
    figure = {
        "src": f"/images/{telling.slug}.jpg",
        "caption": telling.caption,
        "credit": telling.credit,
    }
    author = {"name": " and ".join(telling.authors), "text": site.word("author")}
    markup = {
        "standfirst": _optional(look, "standfirst", telling.standfirst),
        "figure": look.fill("figure", figure) if telling.caption else "",
        "body": "\n".join(_body(site, telling, around, view)),
        "author": look.fill("author", author) if telling.authors and author["text"] else "",
        "tags": f'<a href="{text["section_url"]}">{escape(telling.section)}</a>',
        "related": _links(site, around.related, view),
        "comments": _comments(site, telling),
    }
    main = look.fill("article", text, markup)
    head = _head(site, telling, url, view)
    return page(site, f"{headline} | {site.name}", head, main, around, view)


def listing_page(
    site: Site, heading: str, teasers: Sequence[Teaser], around: Surroundings, view: View
) -> str:
    look = design(site.design)
    entries = [
        look.fill(
            "teaser",
            {
                "url": view.url(site, entry.path),
                "title": entry.title,
                "blurb": entry.blurb,
                "date": entry.date,
            },
        )
        for entry in teasers
    ]
    markup = {"teasers": "\n".join(entries), "pager": f'<a href="{view.url(site, "/")}">1</a>'}
    main = look.fill("listing", {"heading": heading}, markup)
    kinds = {"rss": "application/rss+xml", "atom": "application/atom+xml"}
    feed_type = kinds.get(site.feed, "application/feed+json")
    head = (
        f'<link rel="alternate" type="{feed_type}" href="{feed_path(site)}">\n' if site.feed else ""
    )
    return page(site, f"{site.name}: {heading}", head, main, around, view)


def page(site: Site, title: str, head: str, main: str, around: Surroundings, view: View) -> str:
    """A site's frame around the middle of a page."""
    look = design(site.design)
    home = view.url(site, "/")
    menu = [look.fill("link", {"url": home, "text": entry}) for entry in site.menu]
    menu += [
        look.fill("link", {"url": view.url(site, section_path(site, name)), "text": name})
        for name in around.sections
    ]
    charset = f'<meta charset="{site.charset}">\n' if site.declares != "header" else ""
    text = {
        "lang": site.language,
        "title": title,
        "home": home,
        "name": site.name,
        "slogan": site.slogan,
        "trending_label": site.word("trending"),
        "cookies": site.word("cookies"),
        "newsletter": site.word("newsletter"),
        "footer": site.word("footer"),
    }
    markup = {
        "charset": charset,
        "head": head,
        "main": main,
        "menu": "\n".join(menu),
        "ticker": "\n".join(look.fill("tick", {"text": entry}) for entry in site.ticker),
        "trending": _links(site, around.trending, view),
    }
    return look.fill("page", text, markup)


def feed_path(site: Site) -> str:
    return {"rss": "/feed.xml", "atom": "/atom.xml", "json": "/feed.json"}.get(site.feed, "")


def _optional(look: Design, part: str, text: str) -> str:
    return look.fill(part, {"text": text}) if text else ""


def _body(site: Site, telling: Telling, around: Surroundings, view: View) -> Iterator[str]:
    look = design(site.design)
    pieces = shown_pieces(telling, view.day)
    index = 0
    for tag, run in groupby(pieces, key=lambda piece: piece.tag):
        filled = [look.fill(tag, {"text": piece.text}) for piece in run]
        if tag == "li":
            yield look.fill("ul", {}, {"items": "".join(filled)})
            index += len(filled)
            continue
        for block in filled:
            yield block
            if index == AD_AFTER:
                yield _optional(look, "ad", site.word("ad"))
            if index == PROMO_AFTER and index < len(pieces) - 1 and around.promo:
                yield _promo(site, around.promo, view)
            if index == BOX_AFTER and index < len(pieces) - 1:
                yield _optional(look, "box", site.word("newsletter"))
            index += 1
    if not telling.free:
        yield look.fill("gate", {"text": site.word("gate")})


def _promo(site: Site, promo: Telling, view: View) -> str:
    if not site.word("promo"):
        return ""
    slots = {
        "label": site.word("promo"),
        "url": view.url(site, article_path(site, promo)),
        "title": promo.headline,
        "blurb": blurb(promo),
    }
    return design(site.design).fill("promo", slots)


def _links(site: Site, others: Sequence[Telling], view: View) -> str:
    look = design(site.design)
    return "\n".join(
        look.fill("link", {"url": view.url(site, article_path(site, t)), "text": t.headline})
        for t in others
    )


def _comments(site: Site, telling: Telling) -> str:
    if not site.comments:
        return ""
    look = design(site.design)
    when = telling.published.strftime("%d.%m. %H:%M")
    said = [
        look.fill("comment", {"who": who, "when": when, "text": text})
        for who, text in zip(COMMENTERS, site.comments, strict=False)
    ]
    return look.fill("comments", {"label": site.word("comments")}, {"items": "".join(said)})


def _head(site: Site, telling: Telling, url: str, view: View) -> str:
    headline, published = shown_headline(telling, view.day), telling.published.isoformat()
    modified = telling.update.at.isoformat() if telling.update and view.day > 1 else published
    image = view.url(site, f"/images/{telling.slug}.jpg")
    rows = [f'<link rel="canonical" href="{escape(url)}">']
    if site.meta:
        tags = [
            ("property", "og:type", "article"),
            ("property", "og:site_name", site.name),
            ("property", "og:title", headline),
            ("property", "og:url", url),
            ("property", "article:published_time", published),
            ("property", "article:modified_time", modified),
            ("property", "article:section", telling.section),
            ("name", "description", blurb(telling)),
            *(("name", "author", name) for name in telling.authors),
        ]
        rows += [f'<meta {kind}="{key}" content="{escape(value)}">' for kind, key, value in tags]
    if site.jsonld:
        thing: dict[str, object] = {
            "@type": "NewsArticle",
            "headline": headline,
            "mainEntityOfPage": url,
            "datePublished": published,
            "dateModified": modified,
            "articleSection": telling.section,
            "inLanguage": site.language,
            "image": [image],
            "author": [{"@type": "Person", "name": name} for name in telling.authors],
            "publisher": {"@type": "NewsMediaOrganization", "name": site.name},
        }
        if not telling.free:
            thing["isAccessibleForFree"] = False
        context = "https://schema.org"
        data: dict[str, object] = (
            {"@context": context, "@graph": [{"@type": "WebSite", "name": site.name}, thing]}
            if site.jsonld == "graph"
            else {"@context": context, **thing}
        )
        raw = json.dumps(data, ensure_ascii=True).replace("</", "<\\/")
        rows.append(f'<script type="application/ld+json">{raw}</script>')
    return "\n".join(rows) + "\n"
