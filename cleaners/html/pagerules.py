"""Pages that cannot become articles, told by rules: bot challenges, missing pages, consent walls,
JavaScript shells, live blogs, media pages and listings. The phrases are `page_rules.toml`."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

from cleaners.html.document import Document
from cleaners.html.tags import HEADINGS
from cleaners.html.teasers import find_teasers
from cleaners.metadata import PageData
from cleaners.metadata.dates import read_date
from cleaners.model import PageType, Reason

_SHELL_WORDS = 60  # a JavaScript shell or challenge shows fewer words than a short news item
_NOTICE_WORDS = 350  # a notice with its site's menus and footer; an article about notices is longer
_LIVE_ENTRIES = 4  # updates of a LiveBlogPosting from which a page is a running ticker
_LIVE_TIMES = 12  # bare clock times of visible entries
_MEDIA_WORDS = 150  # prose beside a video or gallery; more is an article with pictures

_LIVE_SURE = 6  # where title and address both say that it runs

# "14:05", "2:05 p.m. EDT", "14.05 Uhr"; and "5 min ago"
_CLOCK = re.compile(
    r"^\W*(?:[01]?\d|2[0-3])[:.hH][0-5]\d(?:\s?(?:uhr|[ap]\.?\s?m\.?|h|[a-z]{2,4}t|gmt|utc|mez))*\W*$",
    re.I,
)
_AGO = re.compile(
    r"^(?:vor|il y a|hace|há)?\s?\d{1,2}\s?(?:m|h|min|mins|minutes?|hours?|hrs?|minuten|stunden?"
    r"|heures?|minutos|horas?|分钟|分鐘|小时|分|時間|분|시간)\.?\s?(?:ago|önce|fa|前|전)?$",
    re.I,
)
_MAX_STAMP = 40  # characters of a block that says when an entry was written
_BORDERS = tuple("|-–—:.!…•·")
_MEDIA_TYPES = ("VideoObject", "ImageGallery", "MediaGallery", "AudioObject")
_NUMBER = re.compile(r"(?<!\d)\d+[ \u00a0]+")
_PUNCTUATION = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class PageVerdict:
    """The kind of page with its certainty 0…1; `reason` is set where it cannot be an article.

    `detail` names the rule or score for people.
    """

    page_type: PageType
    score: float
    reason: Reason | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    challenge_titles: tuple[str, ...]
    challenge_texts: tuple[str, ...]
    challenge_markup: tuple[str, ...]
    consent_titles: tuple[str, ...]
    consent_texts: tuple[str, ...]
    missing_titles: tuple[str, ...]
    missing_texts: tuple[str, ...]
    script_texts: tuple[str, ...]
    script_roots: frozenset[str]
    live_titles: tuple[str, ...]
    live_slugs: frozenset[str]
    media_slugs: frozenset[str]


@cache
def rules() -> Rules:
    table = tomllib.loads(Path(__file__).with_name("page_rules.toml").read_text("utf-8"))
    return Rules(
        challenge_titles=tuple(table["challenge"]["titles"]),
        challenge_texts=tuple(table["challenge"]["texts"]),
        challenge_markup=tuple(table["challenge"]["markup"]),
        consent_titles=tuple(table["consent"]["titles"]),
        consent_texts=tuple(table["consent"]["texts"]),
        missing_titles=tuple(table["missing"]["titles"]),
        missing_texts=tuple(table["missing"]["texts"]),
        script_texts=tuple(table["javascript"]["texts"]),
        script_roots=frozenset(table["javascript"]["roots"]),
        live_titles=tuple(table["live"]["titles"]),
        live_slugs=frozenset(table["live"]["slugs"]),
        media_slugs=frozenset(table["media"]["slugs"]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class PageView:
    """What the rules look at; `titles` are lower case, `beginning` are the page's first blocks."""

    document: Document
    data: PageData
    titles: tuple[str, ...]
    beginning: tuple[str, ...]
    words: int
    prose_words: int
    declared: bool  # the page says that it is an article
    slugs: frozenset[str]

    @property
    def text(self) -> str:
        """The page's beginning in lower case, one space between words: few pages are asked for."""
        return " ".join("\n".join(self.beginning).lower().replace("’", "'").split())


def view_page(document: Document, data: PageData, url: str | None) -> PageView:
    head = data.head
    titles = [head.title or "", head.first("og:title") or "", *head.h1[:2]]
    headings = [b.text for b in document.blocks[:12] if b.tag in HEADINGS and len(b.text) < 90]
    beginning, words, prose = [], 0, 0
    for block, linked in zip(document.blocks, document.linked, strict=False):
        text = block.text
        size = text.count(" ") + 1
        if text.isascii():
            size += text.count("\n")
        elif len(text) >= 12 * size:  # a script without spaces
            size = len(text) // 2
        words += size
        if size >= 20 and linked < 0.4 * len(text):
            prose += size
        if words <= 2 * _NOTICE_WORDS:
            beginning.append(text)
    article = data.linked.article
    return PageView(
        document=document,
        data=data,
        titles=tuple(t.lower().replace("’", "'") for t in dict.fromkeys([*titles, *headings]) if t),
        beginning=tuple(beginning),
        words=words,
        prose_words=prose,
        declared=article is not None or (head.first("og:type") or "") == "article",
        slugs=frozenset(_segments(url)),
    )


def _segments(url: str | None) -> list[str]:
    try:
        return [part.lower() for part in urlsplit(url or "").path.split("/") if part]
    except ValueError:
        return []


def _opens_with(titles: tuple[str, ...], phrases: tuple[str, ...]) -> str | None:
    """The phrase that is a title, or that a title opens or closes with, set off from the rest."""
    bare_phrases = _bare(phrases)
    for title in titles:
        folded = _PUNCTUATION.sub(" ", title).strip()
        if not (folded in bare_phrases or title.startswith(phrases) or title.endswith(phrases)):
            continue
        for phrase, bare in zip(phrases, bare_phrases, strict=True):
            if folded == bare or (
                title.startswith(phrase) and title[len(phrase) :].lstrip()[:1] in _BORDERS
            ):
                return phrase
            if title.endswith(phrase) and title[: -len(phrase)].rstrip()[-1:] in _BORDERS:
                return phrase
    return None


@cache
def _bare(phrases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_PUNCTUATION.sub(" ", phrase).strip() for phrase in phrases)


def _found(text: str, phrases: tuple[str, ...]) -> list[str]:
    return [phrase for phrase in phrases if phrase in text]


def challenge(view: PageView) -> PageVerdict | None:
    """A bot protection page served with status 200: short, and saying so in its title or markup."""
    if view.words > _NOTICE_WORDS or view.prose_words > 2 * _SHELL_WORDS:
        return None
    words = rules()
    title = _opens_with(view.titles, words.challenge_titles)
    texts = _found(view.text, words.challenge_texts)
    markup = _markup_marks(view.document, words.challenge_markup) if view.words < 150 else []
    signs = 2 * (title is not None) + len(texts) + 2 * len(markup)
    if view.declared:  # protection never says that it is an article
        signs -= 3
    if signs < 2:
        return None
    detail = next(iter([*markup, *texts, title or ""]))
    return PageVerdict(PageType.OTHER, min(0.99, 0.6 + 0.1 * signs), Reason.CHALLENGE, detail)


def _markup_marks(document: Document, marks: tuple[str, ...]) -> list[str]:
    """Marks of protection services in scripts, frames, ids and form addresses."""
    for element in document.tree.iter("script", "iframe", "form", "div", "input", "link"):
        for value in (element.get("src"), element.get("id"), element.get("action")):
            if value:
                lowered = value[:500].lower()
                if found := [mark for mark in marks if mark in lowered]:
                    return found[:1]
        if element.tag == "script" and element.text:
            lowered = element.text[:4000].lower()
            if found := [mark for mark in marks if mark in lowered]:
                return found[:1]
    return []


def missing(view: PageView) -> PageVerdict | None:
    """A page that says that there is none, served with status 200."""
    words = rules()
    title = _opens_with(view.titles, words.missing_titles)
    if title is None or view.prose_words > _NOTICE_WORDS:
        return None
    texts = _found(view.text, words.missing_texts)
    published = view.data.linked.article is not None and bool(view.data.linked.article.published)
    if published or (not texts and view.prose_words > 3 * _SHELL_WORDS):
        return None
    return PageVerdict(PageType.OTHER, 0.9 if texts else 0.75, Reason.SOFT_404, title)


def consent(view: PageView) -> PageVerdict | None:
    """A consent wall: hardly anything but consent text, and no article behind it."""
    if view.words > 2 * _NOTICE_WORDS or view.data.linked.article is not None:
        return None
    words = rules()
    texts = _found(_uncounted(view.text), words.consent_texts)
    title = _opens_with(view.titles, words.consent_titles)
    signs = len(texts) + 2 * (title is not None)
    share = _consent_share(view.document, words.consent_texts)
    if signs < 3 or (share < 0.3 and title is None):
        return None
    detail = title or texts[0]
    return PageVerdict(PageType.OTHER, min(0.99, 0.6 + 0.08 * signs), Reason.CONSENT_WALL, detail)


def _consent_share(document: Document, phrases: tuple[str, ...]) -> float:
    """The share of the page's text that stands in blocks which speak of consent."""
    total = sum(len(block.text) for block in document.blocks) or 1
    about = sum(
        len(block.text)
        for block in document.blocks
        if "cookie" in (lowered := _uncounted(block.text.lower()))
        or any(p in lowered for p in phrases)
    )
    return about / total


def _uncounted(text: str) -> str:
    """ "We and our 842 partners": the number says nothing."""
    return _NUMBER.sub("", text)


def needs_javascript(view: PageView) -> PageVerdict | None:
    """A shell that shows its text only after scripts ran."""
    if view.words > _SHELL_WORDS:
        return None
    words = rules()
    scripts = roots = 0
    notice = ""
    for element in view.document.tree.iter(etree.Element):
        if element.tag == "script":
            scripts += 1
        elif element.tag == "noscript":
            notice += " " + " ".join(str(part) for part in element.itertext())[:500].lower()
        elif "-" in str(element.tag) or (
            element.tag == "div" and _is_root((element.get("id") or "").lower(), words.script_roots)
        ):
            roots += 1
    texts = _found(f"{view.text} {notice}", words.script_texts)
    if not scripts or not (texts or (roots and view.words <= _SHELL_WORDS // 2)):
        return None
    detail = texts[0] if texts else f"empty application root, {scripts} scripts"
    return PageVerdict(PageType.OTHER, 0.9, Reason.NEEDS_JAVASCRIPT, detail)


def _is_root(name: str, known: frozenset[str]) -> bool:
    """Whether an element's id is that of an application's root: "root", "fusion-app"."""
    return name in known or name.endswith(("-app", "-root", "_app", "_root"))


def live_blog(view: PageView) -> PageVerdict | None:
    """Running coverage: entries with times under a page that calls itself live."""
    words = rules()
    updates = view.data.linked.live_updates
    typed = any(t == "LiveBlogPosting" for t in view.data.types)
    titles = "\n ".join(("", *view.titles[:4]))
    titled = any(f" {phrase}" in titles for phrase in words.live_titles)
    addressed = not words.live_slugs.isdisjoint(_slug_words(view.slugs))
    if not typed and not titled and not addressed:
        return None
    # An address alone may be of live music: teasers beside it say how long ago they are, too.
    is_time = _says_when if typed or titled else _is_clock
    clocks = sum(1 for block in view.document.blocks if is_time(block.text))
    if typed and updates >= _LIVE_ENTRIES:
        detail = f"LiveBlogPosting with {updates} updates"
    elif clocks >= (_LIVE_SURE if titled and addressed else _LIVE_TIMES):
        detail = f"{clocks} entries with times"
    else:
        return None
    return PageVerdict(PageType.LIVE_BLOG, 0.9, Reason.LIVE_BLOG, detail)


def _is_clock(text: str) -> bool:
    return len(text) <= _MAX_STAMP and _CLOCK.match(text) is not None


def _says_when(text: str) -> bool:
    """Whether a block is the time of an entry: a clock's, one of a day, or so long ago."""
    if len(text) > _MAX_STAMP or not any(map(str.isdigit, text)):
        return False
    if _CLOCK.match(text) or _AGO.match(text):
        return True
    dated = read_date(text)
    return dated is not None and dated.precision != "day"


def _slug_words(slugs: frozenset[str]) -> frozenset[str]:
    """Whole path segments, and the first and last word of each."""
    found = set(slugs)
    for slug in slugs:
        parts = re.split(r"[-_.]", slug)
        found.update((parts[0], parts[-1]))
    return frozenset(found)


def media(view: PageView) -> PageVerdict | None:
    """A video, gallery or podcast page: it plays or shows, and has hardly any prose."""
    if view.prose_words > _MEDIA_WORDS:
        return None
    words = rules()
    og = (view.data.head.first("og:type") or "").lower()
    typed = any(t in _MEDIA_TYPES for t in view.data.types)
    slug = bool(view.slugs & words.media_slugs)
    player = next(view.document.tree.iter("video", "audio"), None) is not None
    signs = 2 * og.startswith(("video", "music")) + typed + slug + player
    if signs < 2 or (view.data.linked.article is not None and signs < 3):
        return None
    detail = f"{view.prose_words} words of prose beside {og or 'media'}"
    return PageVerdict(PageType.MEDIA, 0.8, Reason.MEDIA_PAGE, detail)


def listing(view: PageView) -> PageVerdict | None:
    """A front or section page: linked headlines, each with a blurb, and no article between."""
    if view.declared:
        return None
    head = view.data.head
    titles = [title for title in (head.title, head.first("og:title"), *head.h1) if title]
    teasers = find_teasers(view.document, titles)
    if not teasers.are_all:
        return None
    detail = f"{teasers.count} teasers, {teasers.stray} words of other prose"
    return PageVerdict(PageType.LISTING, 0.9, Reason.LISTING, detail)


RULES = (challenge, missing, consent, needs_javascript, live_blog, media, listing)
"""In the order in which they are asked; the first that applies decides."""
