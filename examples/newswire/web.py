"""The web of the newswire: which answer each site gives to each path, as pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from examples.newswire import feeds, render
from examples.newswire.address import (
    View,
    article_path,
    number,
    section_path,
    tracked,
    untracked,
)
from examples.newswire.model import Kind, Site, Telling
from examples.newswire.oddities import EPOCH, Oddity, odd_page

FRONT_ITEMS, FEED_ITEMS = 12, 20
STATUS = {Kind.GONE: 410, Kind.REDIRECT: 301, Kind.REDIRECT_LOOP: 302}
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site says to a request, before content coding."""

    kind: Kind
    status: int
    content_type: str
    body: bytes
    location: str | None = None
    modified: datetime = EPOCH


@dataclass(frozen=True)
class SiteWeb:
    """All of one site. Paths are given with their query, as in a request line."""

    site: Site
    tellings: tuple[Telling, ...]
    """The site's articles, newest first."""
    oddities: tuple[Oddity, ...]
    targets: Mapping[tuple[str, str], str]
    """Paths of the articles that old addresses redirect to."""

    @cached_property
    def articles(self) -> Mapping[str, Telling]:
        return {article_path(self.site, t): t for t in self.tellings}

    @cached_property
    def odd(self) -> Mapping[str, Oddity]:
        return {odd.path: odd for odd in self.oddities}

    @cached_property
    def sections(self) -> Mapping[str, str]:
        """Section paths and the sections' names."""
        names = sorted({t.section for t in self.tellings})
        return {section_path(self.site, name): name for name in names}

    def published(self, day: int) -> tuple[Telling, ...]:
        return tuple(t for t in self.tellings if t.day <= day)

    def answer(self, path: str, view: View) -> Answer:
        """What the site says to GET `path`; unknown paths are 404, on a portal a soft one."""
        path = untracked(path)
        telling = self.articles.get(path)
        if telling and telling.day <= view.day:
            html = render.article_page(self.site, telling, self._around(telling, view), view)
            return self._html(Kind.ARTICLE, html, _modified(telling, view.day))
        if path in self.odd:
            return self._oddity(self.odd[path], view)
        if path == "/" or path in self.sections:
            return self._html(Kind.LISTING, self._listing(path, view), self._latest(view))
        if path == "/robots.txt":
            text = feeds.robots(self.site, view)
            return Answer(Kind.ROBOTS, 200, "text/plain; charset=utf-8", text.encode())
        if path == render.feed_path(self.site) and self.site.feed:
            return self._feed(view)
        if self.site.sitemap and path.startswith("/sitemap"):
            return self._sitemap(path, view)
        return self._missing(view)

    def entries(self, view: View, count: int | None = None) -> tuple[feeds.Entry, ...]:
        """What feeds and sitemaps list, newest first, unlisted oddities left out."""
        rows = [
            feeds.Entry(
                url=view.url(self.site, article_path(self.site, t)),
                title=render.shown_headline(t, view.day),
                blurb=render.blurb(t),
                published=t.published,
                modified=_modified(t, view.day),
                author=" and ".join(t.authors),
            )
            for t in self.published(view.day)
        ]
        rows += [
            feeds.Entry(
                url=view.url(self.site, odd.path),
                title=odd.listed_as,
                blurb="",
                published=odd.published,
                modified=odd.published,
            )
            for odd in self.oddities
            if odd.kind is not Kind.DENIED and odd.kind is not Kind.REDIRECT_LOOP
        ]
        rows.sort(key=lambda entry: entry.published, reverse=True)
        return tuple(rows[:count])

    def sitemap_paths(self) -> tuple[str, ...]:
        if self.site.sitemap == "index":
            months = sorted({t.published.strftime("%Y-%m") for t in self.tellings})
            return ("/sitemap.xml", *(f"/sitemap-{month}.xml" for month in months))
        return ("/sitemap.xml",) if self.site.sitemap else ()

    def _html(self, kind: Kind, html: str, modified: datetime, status: int = 200) -> Answer:
        declared = f"; charset={self.site.charset}" if self.site.declares != "meta" else ""
        body = html.encode(self.site.charset, errors="xmlcharrefreplace")
        return Answer(kind, status, f"text/html{declared}", body, modified=modified)

    def _around(self, telling: Telling | None, view: View) -> render.Surroundings:
        others = [t for t in self.published(view.day) if t != telling]
        if not others:
            return render.Surroundings((), (), None, ())
        turn = number(telling) % len(others) if telling else 0
        turned = others[turn:] + others[:turn]
        same = [t for t in others if telling and telling.story and t.story == telling.story]
        related = list(dict.fromkeys([*same, *turned[:4]]))[:4]
        strangers = [t for t in turned[4:] if not telling or t.story != telling.story]
        return render.Surroundings(
            related=related,
            trending=others[:5],
            promo=strangers[0] if strangers else None,
            sections=tuple(self.sections.values()),
        )

    def _latest(self, view: View) -> datetime:
        return max((_modified(t, view.day) for t in self.published(view.day)), default=EPOCH)

    def _listing(self, path: str, view: View) -> str:
        section = self.sections.get(path)
        told = [t for t in self.published(view.day) if section is None or t.section == section]
        shown = told if section else told[:FRONT_ITEMS]
        teasers = [self._teaser(t, at, view) for at, t in enumerate(shown)]
        if section is None:
            teasers[3:3] = [
                render.Teaser(odd.path, odd.listed_as, "", "")
                for odd in self.oddities
                if odd.listed
            ]
        heading = section or self.site.slogan
        return render.listing_page(self.site, heading, teasers, self._around(None, view), view)

    def _teaser(self, telling: Telling, at: int, view: View) -> render.Teaser:
        path = article_path(self.site, telling)
        return render.Teaser(
            path=tracked(path, "front") if at % 3 == 1 else path,
            title=render.shown_headline(telling, view.day),
            blurb=render.blurb(telling),
            date=telling.published.strftime(self.site.date_format),
        )

    def _feed(self, view: View) -> Answer:
        entries = self.entries(view, FEED_ITEMS)
        home, name = view.url(self.site, "/"), self.site.feed
        modified = self._latest(view)
        if name == "json":
            body = feeds.json_feed(self.site, home, entries)
            return Answer(Kind.FEED, 200, "application/feed+json", body.encode(), None, modified)
        if name == "rss":
            entries = tuple(_with_tracking(entry) for entry in entries)
        body = (feeds.rss if name == "rss" else feeds.atom)(self.site, home, entries)
        return Answer(Kind.FEED, 200, TYPES[name], body.encode(), None, modified)

    def _sitemap(self, path: str, view: View) -> Answer:
        paths, entries = self.sitemap_paths(), self.entries(view)
        if path not in paths:
            return self._missing(view)
        if len(paths) > 1 and path == paths[0]:
            body = feeds.sitemap_index([view.url(self.site, p) for p in paths[1:]])
        else:
            if len(paths) > 1:
                month = path.removeprefix("/sitemap-").removesuffix(".xml")
                entries = tuple(e for e in entries if e.published.strftime("%Y-%m") == month)
            body = feeds.sitemap(self.site, entries, news=self.site.sitemap != "plain")
        modified = self._latest(view)
        return Answer(Kind.SITEMAP, 200, "application/xml", body.encode(), None, modified)

    def _oddity(self, odd: Oddity, view: View) -> Answer:
        status = STATUS.get(odd.kind, 200)
        target = self.targets[odd.target_article] if odd.target_article else odd.target
        if target:
            location = view.url(self.site, target)
            return Answer(odd.kind, status, "text/html", b"moved", location)
        html = odd_page(odd, self.site, view, self._frame(view))
        return self._html(odd.kind, html, odd.published.astimezone(UTC), status)

    def _missing(self, view: View) -> Answer:
        soft = next((odd for odd in self.oddities if odd.kind is Kind.SOFT_404), None)
        if soft:
            return self._oddity(soft, view)
        html = self._frame(view)("404", "", "<h1>404</h1><p>No such page.</p>")
        return self._html(Kind.GONE, html, EPOCH, 404)

    def _frame(self, view: View) -> "_Frame":
        return _Frame(self.site, self._around(None, view), view)


@dataclass(frozen=True, slots=True)
class _Frame:
    site: Site
    around: render.Surroundings
    view: View

    def __call__(self, title: str, head: str, main: str) -> str:
        return render.page(self.site, title, head, main, self.around, self.view)


def build(
    sites: Sequence[Site], tellings: Sequence[Telling], oddities: Sequence[Oddity]
) -> dict[str, SiteWeb]:
    """One web a site, by site key."""
    by_key = {site.key: site for site in sites}
    targets = {t.key: article_path(by_key[t.site], t) for t in tellings}
    return {
        site.key: SiteWeb(
            site,
            tuple(t for t in tellings if t.site == site.key),
            tuple(odd for odd in oddities if odd.site == site.key),
            targets,
        )
        for site in sites
    }


def _modified(telling: Telling, day: int) -> datetime:
    return telling.update.at if telling.update and day > 1 else telling.published


def _with_tracking(entry: feeds.Entry) -> feeds.Entry:
    return feeds.Entry(
        url=tracked(entry.url, "rss"),
        title=entry.title,
        blurb=entry.blurb,
        published=entry.published,
        modified=entry.modified,
        author=entry.author,
    )
