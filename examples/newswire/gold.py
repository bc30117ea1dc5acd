"""What is true of every URL of the newswire."""

from collections.abc import Iterator

from examples.newswire import render
from examples.newswire.address import View, article_path, by_host, tracked
from examples.newswire.load import sites, tellings
from examples.newswire.model import GoldPage, Kind, Site, Telling
from examples.newswire.oddities import Oddity, oddities
from examples.newswire.web import SiteWeb, build


def gold(view: View | None = None) -> tuple[GoldPage, ...]:
    """All pages under the origins of `view` (by default the proxy's host names, on day 1)."""
    view = view or View(by_host(sites()))
    return tuple(page for web in webs().values() for page in _of_site(web, view))


def webs() -> dict[str, SiteWeb]:
    """The newswire's sites, ready to answer, by site key."""
    return build(sites(), tellings(), oddities())


def _of_site(web: SiteWeb, view: View) -> Iterator[GoldPage]:
    site = web.site
    for telling in web.published(view.day):
        page = _article(site, telling, view)
        yield page
        yield GoldPage(
            url=view.url(site, tracked(article_path(site, telling), "rss")),
            site=site.key,
            kind=Kind.ALIAS,
            title=page.title,
            story=page.story,
            canonical=page.url,
        )
    for odd in web.oddities:
        yield _odd(web, odd, view)
    machine = [("/", Kind.LISTING), *((path, Kind.LISTING) for path in web.sections)]
    machine += [("/robots.txt", Kind.ROBOTS)]
    machine += [(render.feed_path(site), Kind.FEED)] if site.feed else []
    machine += [(path, Kind.SITEMAP) for path in web.sitemap_paths()]
    for path, kind in machine:
        yield GoldPage(url=view.url(site, path), site=site.key, kind=kind)


def _article(site: Site, telling: Telling, view: View) -> GoldPage:
    url = view.url(site, article_path(site, telling))
    by_key = {other.key: other for other in sites()}
    original = next((t for t in tellings() if t.key == telling.copy_of), None)
    grown = telling.update if telling.update and view.day > 1 else None
    return GoldPage(
        url=url,
        site=site.key,
        kind=Kind.ARTICLE,
        title=render.shown_headline(telling, view.day),
        body="\n\n".join(_body(site, telling, view.day)),
        authors=telling.authors,
        published_at=telling.published,
        modified_at=grown.at if grown else telling.published,
        language=site.language,
        charset=site.charset,
        story=telling.story,
        relation=telling.relation,
        copy_of=view.url(by_key[original.site], article_path(by_key[original.site], original))
        if original
        else None,
        canonical=url,
        dateline=telling.dateline,
        agency=telling.agency,
        section=telling.section,
        is_free=telling.free,
        removed_words=_chrome(site, telling),
    )


def _body(site: Site, telling: Telling, day: int) -> Iterator[str]:
    if telling.standfirst and render.shows_standfirst(site):
        yield telling.standfirst
    yield from (piece.text for piece in render.shown_pieces(telling, day))


def _odd(web: SiteWeb, odd: Oddity, view: View) -> GoldPage:
    target = web.targets[odd.target_article] if odd.target_article else odd.target
    return GoldPage(
        url=view.url(web.site, odd.path),
        site=odd.site,
        kind=odd.kind,
        title=odd.title,
        published_at=odd.published,
        story=odd.story,
        language=web.site.language,
        charset=web.site.charset,
        canonical=view.url(web.site, target) if target else None,
    )


def _chrome(site: Site, telling: Telling) -> tuple[str, ...]:
    words = [site.word(name) for name in ("newsletter", "cookies", "footer", "share")]
    words += [*site.ticker, *site.comments, telling.caption]
    return tuple(word for word in words if word)
