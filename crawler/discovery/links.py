"""Links of a page: what may be an article, what lists articles, feeds it names, its next page."""

import re
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from cleaners.decode import decode
from cleaners.model import Candidate
from crawler.discovery.found import Found, Gathering, Source
from crawler.traps import trap
from crawler.urls import canonicalize, resolve, site

MAX_LINKS = 3_000
MAX_PAGE_BYTES = 10_000_000
MAX_ANCESTORS = 12  # boxes around a link that are looked at
MAX_ANCHOR = 300  # characters of anchor text; a whole card linked is cut to its start

ARTICLE_LINK = 2.0
"""The score from which a link is taken for an article (`article_likeness`): of the URLs of 129 real
news pages 128 reach it with their titles as anchor text, 127 without any text."""

_FEED_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
)
_FEED_URL = re.compile(
    r"(?:/(?:rss|feed|feeds|atom)(?:/[^/?]*)?/?|\.(?:rss|atom|rdf)|/(?:rss|feed|atom|index)\.xml)$",
    re.I,
)
_COMMENT_FEED = re.compile(r"comment|kommentar|wp-json|oembed", re.I)
_DATE = re.compile(r"/(?:19|20)\d{2}[/-]?(?:0[1-9]|1[0-2]|[a-z]{3})(?:[/-]?\d{2})?(?:/|-|\b)", re.I)
_ID = re.compile(r"(?:^|[^0-9])\d{5,}(?:[^0-9]|$)|(?=[a-z]{0,80}\d)[0-9a-z]{10,}", re.I)
_PAGE_FILE = re.compile(r"\.(?:html?|php|aspx?|cms|ece|story|shtml|phtml)$", re.I)
_OTHER_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|mp[34]|m4[av]|webm|avi|mov|pdf|docx?|xlsx?|zip|gz|css|js|json"
    r"|xml|woff2?)$",
    re.I,
)
_SECTION = re.compile(
    r"/(?:tags?|topics?|thema|themen|category|categor[a-z]{2,4}|kategorie|rubrik|ressort|section|sections"
    r"|authors?|autor(?:en|es)?|auteurs?|profile?|people|search|suche|archive?s?|page|seite|series|dossiers?)(?:/|$)",
    re.I,
)
_ARTICLE_PATH = re.compile(
    r"/(?:article|articles|articleshow|story|stories|artikel|beitrag|noticia|nyheter|clanek|news|a)[/,-]",
    re.I,
)
_SERVICE = re.compile(
    r"/(?:log-?in|sign-?(?:in|up)|register|registrieren|account|konto|subscri[a-z]+|abo|abonn[a-z]+"
    r"|newsletters?|contact|kontakt|about(?:-us)?|imprint|impressum|privacy[a-z-]*|terms[a-z-]*"
    r"|datenschutz[a-z-]*|cookies?[a-z-]*|advertis[a-z]+|jobs|careers?|faq|help|hilfe|shop|games?"
    r"|podcasts?|videos?|live-?tv|weather|wetter|horoscopes?|sudoku|crosswords?|share|print|mailto|legal|accessibility)(?:[./]|$)",
    re.I,
)
_SHARE_HOST = re.compile(
    r"(?:^|\.)(?:facebook|twitter|x|linkedin|pinterest|reddit|instagram|youtube|tiktok|whatsapp|telegram"
    r"|threads|bsky|t|wa|google|apple|amazon)\.(?:com|me|co|app|net)$"
)
_CHROME_TAGS = {"nav", "footer", "header"}
_CHROME_NAME = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|footer|header|breadcrumb|social|share|toolbar|cookie)", re.I
)
_RELATED_NAME = re.compile(
    r"related|more-on|read-?more|read-?also|see-?also|similar|recommended|siehe-?auch"
    r"|mehr-zum-thema|weiter(?:e|fuehrend)|verwandt|lire-aussi|sur-le-meme|relacionad|leggi-anche"
    r"|correlat|zobacz|lees-ook|l[æa]s-ogs[åa]|les-ogs",
    re.I,
)
_STRING = etree.XPath("string()", smart_strings=False)
_NEXT_TEXT = re.compile(
    r"(?:next|older|older posts|next page|more news|load more|weiter|nächste|nächste seite|ältere"
    r"|suivant|page suivante|siguiente|successiva?|próxima|volgende|następna|neste|nästa|[»›→>]+)"
    r"(?:\s*[»›→>]+)?",
    re.I,
)


def read_links(
    content: bytes | str, url: str, *, follow_nofollow: bool = False, limit: int = MAX_LINKS
) -> Found:
    """Article-like links as candidates (link or related-link), others as sources; never raises.

    Sources are feeds named by the page, its next page, and section pages of its own site.
    Links to other sites are candidates if article-like; the caller decides on scope.
    """
    gathering = Gathering(limit)
    root = _parse(content, gathering)
    if root is None:
        return gathering.found()
    return _gathered(root, url, gathering, follow_nofollow)


def links_of(root: etree._Element, url: str, *, follow_nofollow: bool = False) -> Found:
    """The same for a page that is parsed already; its tree stays as it is."""
    return _gathered(root, url, Gathering(MAX_LINKS), follow_nofollow)


def _gathered(root: etree._Element, url: str, gathering: Gathering, follow_nofollow: bool) -> Found:
    base = _base(root, url)
    if not follow_nofollow and _says_nofollow(root):
        gathering.note("the page says nofollow")
        return gathering.found()
    _feeds_and_next(root, base, gathering)
    here, own = canonicalize(url), site(url)
    best: dict[str, Candidate] = {}
    resolved: dict[str, str | None] = {}
    places: dict[etree._Element, str] = {}
    for anchor in root.iter("a", "area"):
        if len(best) >= gathering.limit:
            gathering.note(f"stopped at {gathering.limit} links")
            break
        href, rel = anchor.get("href") or "", (anchor.get("rel") or "").lower()
        if href not in resolved:
            resolved[href] = _worth(resolve(base, href), here)
        target = resolved[href]
        if target is None or (not follow_nofollow and "nofollow" in rel) or "sponsored" in rel:
            continue
        text = _anchor_text(anchor)
        known = best.get(target)
        if known is not None and len(text) <= len(known.title or ""):
            continue
        place = _place(anchor, places)
        if "next" in rel or (_NEXT_TEXT.fullmatch(text) and site(target) == own):
            gathering.add(Source(target, "page", title="next page"))
        elif _FEED_URL.search(urlsplit(target).path) and site(target) == own:
            if not _COMMENT_FEED.search(target):
                gathering.add(Source(target, "feed", title=text or None))
        elif article_likeness(target, text) - (place == "chrome") >= ARTICLE_LINK:
            related = place == "related" or (known is not None and known.method == "related-link")
            method = "related-link" if related else "link"
            best[target] = Candidate(target, method, source=url, title=text or None)
        elif known is None and _is_section(target, own):
            gathering.add(Source(target, "page", title=text or None))
    for candidate in best.values():
        gathering.add(candidate)
    return gathering.found()


def _worth(target: str | None, here: str) -> str | None:
    """The target, or None for the page itself and for traps."""
    if target is None or canonicalize(target) == here or trap(target):
        return None
    return target


def article_likeness(url: str, text: str = "") -> float:
    """How much a link looks like one to an article: about -5 to 6, from its URL and anchor text."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if not path and not parts.query:
        return -3.0
    # The slug may stand before an id: /bridge-collapses-in-castow/a-65464327
    slugs = path.rsplit("/", 2)[1:]
    last = slugs[-1] if slugs else ""
    words = max((len(re.split(r"[-_+.]|%20", slug)) for slug in slugs), default=0)
    score = 2.0 if words >= 4 else 1.0 if words == 3 else 0.0
    score += 1.0 if _ARTICLE_PATH.search(path) else 0.0
    score += 1.5 if _DATE.search(path) else 0.0
    score += 1.0 if _ID.search(last) or _ID.search(parts.query) else 0.0
    score += 0.5 if _PAGE_FILE.search(last) else 0.0
    count = len(text.split())
    # Scripts without spaces write a headline as one word.
    score += 2.0 if count >= 5 or len(text) >= 30 else 0.5 if count >= 3 else 0.0
    score -= 3.0 if _SECTION.search(path + "/") and not _ID.search(last) else 0.0
    score -= 3.0 if _SERVICE.search(path) and count < 6 else 0.0
    score -= 5.0 if _OTHER_FILE.search(path) else 0.0
    score -= 5.0 if _SHARE_HOST.search(parts.hostname or "") else 0.0
    return score


def _parse(content: bytes | str, gathering: Gathering) -> etree._Element | None:
    if len(content) > MAX_PAGE_BYTES:
        gathering.note(f"cut at {MAX_PAGE_BYTES} bytes")
        content = content[:MAX_PAGE_BYTES]
    text = content if isinstance(content, str) else _text(content)
    # As bytes of a known charset, since lxml refuses a str with an encoding declaration.
    parser = html.HTMLParser(
        remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8"
    )
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        gathering.note(f"no HTML: {error}"[:120])
        return None


def _text(content: bytes) -> str:
    """Valid UTF-8 is never that by chance; links need none of the mending that an article does."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return decode(content).text


def _base(root: etree._Element, url: str) -> str:
    for element in root.iter("base"):
        href = element.get("href")
        if href:
            try:
                return str(urljoin(url, href.strip()))
            except ValueError:
                break
    return url


def _says_nofollow(root: etree._Element) -> bool:
    return any(
        (meta.get("name") or "").lower() == "robots"
        and re.search(r"\b(?:nofollow|none)\b", (meta.get("content") or "").lower())
        for meta in root.iter("meta")
    )


def _feeds_and_next(root: etree._Element, base: str, gathering: Gathering) -> None:
    for link in root.iter("link"):
        rel = (link.get("rel") or "").lower().split()
        target = resolve(base, link.get("href") or "")
        if target is None:
            continue
        kind = (link.get("type") or "").lower().partition(";")[0].strip()
        if ("alternate" in rel and kind in _FEED_TYPES) or "feed" in rel:
            title = link.get("title")
            if not _COMMENT_FEED.search(f"{target} {title or ''}"):
                gathering.add(Source(target, "feed", title=title))
        elif "next" in rel:
            gathering.add(Source(target, "page", title="next page"))
        elif "sitemap" in rel:
            gathering.add(Source(target, "sitemap"))


def _anchor_text(anchor: etree._Element) -> str:
    """What the link says: a heading inside it, its text, its title, or the alt of its picture."""
    for heading in anchor.iter("h1", "h2", "h3", "h4", "h5"):
        text = " ".join(str(_STRING(heading)).split())
        if text:
            return text[:MAX_ANCHOR]
    text = " ".join(str(_STRING(anchor)).split())
    if not text:
        text = anchor.get("title") or anchor.get("aria-label") or ""
    if not text:
        text = next((image.get("alt") or "" for image in anchor.iter("img")), "")
    return " ".join(text.split())[:MAX_ANCHOR]


def _place(anchor: etree._Element, places: dict[etree._Element, str]) -> str:
    """Where the link stands: chrome, related (a box of related articles) or body.

    `places` remembers what was found for the boxes around it.
    """
    passed = []
    place = "body"
    for element in islice(anchor.iterancestors(), MAX_ANCESTORS):
        if element in places:
            place = places[element]
            break
        passed.append(element)
        if element.tag in _CHROME_TAGS:
            place = "chrome"
            break
        name = f"{element.get('class') or ''} {element.get('id') or ''}"
        if name != " " and element.tag != "body":
            if _RELATED_NAME.search(name):
                place = "related"
                break
            if _CHROME_NAME.search(name):
                place = "chrome"
                break
    places.update(dict.fromkeys(passed, place))
    return place


def _is_section(url: str, own: str) -> bool:
    """A page of this site that may list articles: a short path, no service page, no file."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    return (
        site(url) == own
        and len(segments) <= 3
        and not parts.query
        and not _SERVICE.search(parts.path)
        and not _OTHER_FILE.search(parts.path)
    )
