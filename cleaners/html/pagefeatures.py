"""Features of a whole page, for telling articles from listings, products, forums and the rest."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import chain, compress
from math import log1p
from operator import mul
from urllib.parse import urlsplit

import numpy as np

from cleaners.gbm import Floats
from cleaners.html.document import Document
from cleaners.html.letters import LETTERS
from cleaners.html.tags import HEADINGS
from cleaners.metadata import PageData
from cleaners.metadata.dates import url_date
from cleaners.metadata.head import COUNTED
from cleaners.metadata.words import words
from cleaners.model import Block

# A block of at least this many words with little link text is prose.
_PROSE_WORDS = 22
_PROSE_LINKED = 0.3

_TYPES = {
    "article": re.compile(r"(?:Article|Report)$"),
    "news": re.compile(r"NewsArticle$"),
    "posting": re.compile(r"BlogPosting$|^Blog$"),
    "live": re.compile(r"^LiveBlog"),
    "product": re.compile(r"^(?:Product|ProductGroup|Offer|AggregateOffer|Vehicle|Car)$"),
    "list": re.compile(r"^(?:ItemList|CollectionPage|SearchResultsPage|OfferCatalog)$"),
    "forum": re.compile(r"^(?:DiscussionForumPosting|QAPage|Question|Answer)$"),
    "comment": re.compile(r"^(?:Comment|UserComments)$"),
    "faq": re.compile(r"^FAQPage$"),
    "howto": re.compile(r"^(?:HowTo|Recipe)$"),
    "video": re.compile(r"^VideoObject$"),
    "image": re.compile(r"^(?:ImageGallery|MediaGallery|Photograph)$"),
    "service": re.compile(
        r"^(?:Service|LocalBusiness|ProfessionalService|Restaurant|Hotel)$|Business$"
    ),
    "course": re.compile(r"^(?:Course|Event|JobPosting|SoftwareApplication|WebApplication)$"),
    "tech": re.compile(r"^(?:TechArticle|APIReference|Book|Dataset)$"),
    "review": re.compile(r"^(?:Review|AggregateRating|Rating)$"),
    "organization": re.compile(r"Organization$|^Corporation$"),
    "breadcrumb": re.compile(r"^BreadcrumbList$"),
    "person": re.compile(r"^Person$"),
    "webpage": re.compile(r"^WebPage$"),
    "profile": re.compile(r"^(?:ProfilePage|AboutPage|ContactPage)$"),
}
_OG = ("article", "website", "product", "video", "profile")
_SEGMENTS = {
    "article": "article articles news blog blogs story stories post posts noticias artikel actu "
    "aktuell opinion insights press press-release magazine politics sport sports world business "
    "technology culture archives entry column feature features journal",
    "product": "product products shop store item items p dp buy pd sku catalog prod",
    "listing": "category categories tag tags collection collections c search browse list topics "
    "topic archive all shop-all directory best top results find cat department departments",
    "forum": "forum forums thread threads t discussion discussions question questions viewtopic "
    "showthread community comments answers qa ask r post-reply topic groups",
    "docs": "docs doc documentation api reference guide guides manual help support kb tutorial "
    "tutorials learn wiki faq handbook en latest stable library html man developers spec",
    "service": "services service solutions solution about pricing features contact platform "
    "company industries programs program plans team careers use-cases locations treatments",
}
_SEGMENT_OF: dict[str, set[str]] = {
    word: {kind for kind, words in _SEGMENTS.items() if word in words.split()}
    for words in _SEGMENTS.values()
    for word in words.split()
}
_HOSTS = (
    "blog",
    "news",
    "docs",
    "developer",
    "forum",
    "community",
    "shop",
    "store",
    "support",
    "help",
)
# Words that each kind of page uses more than the others do, counted in the page's first text.
_VOCABULARY = {
    "buy": "cart basket bag checkout shipping stock filter sort wishlist sale price prices reviews "
    "warenkorb panier carrito carrello sku qty quantity warranty delivery returns add",
    "forum": "joined posts replies reply wrote quote quoted member members moderator upvote points "
    "karma thread threads answers answered asked likes op poster forum edited",
    "service": "demo trial testimonials services clients pricing schedule solutions customers "
    "contact team consultation appointment quote partner platform expertise experts",
    "docs": "parameter parameters returns api syntax install installation version configuration "
    "prerequisites previous next example examples usage function command default file docs",
    "report": "said told according says reported added spokesperson minister police sagte laut "
    "selon dijo según detto secondo disse segundo zei volgens sade sier powiedział сказал заявил",
    "reading": "published updated read minutes min author posted comments share tags related "
    "written editor subscribe newsletter",
    "first": "i my me we our us ich wir je nous yo io eu",
    "second": "you your yours sie ihr vous votre usted tu",
}
_KIND_OF_WORD: dict[str, tuple[int, ...]] = {}
for _number, _words in enumerate(_VOCABULARY.values()):
    for _word in _words.split():
        _KIND_OF_WORD[_word] = (*_KIND_OF_WORD.get(_word, ()), _number)
_ASCII_WORDS = frozenset(word.encode() for word in _KIND_OF_WORD if word.isascii())
# For bytes of UTF-8: letters of ASCII in lower case, what else is ASCII a space, the rest itself.
_LETTERS_ALONE = bytes(
    code if code > 127 else ord(char.lower()) if (char := chr(code)).isalpha() else ord(" ")
    for code in range(256)
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONG_NUMBER = re.compile(r"\d{5,}")
_STAMP = 60  # characters of a block that is a day, with a name or a word or two
_NEAR = 10  # blocks behind the headline among which by-lines and days stand
_SAMPLE = 10_000  # characters of text whose words are counted

FEATURES: tuple[str, ...] = (
    *(f"type_{name}" for name in _TYPES),
    *(f"og_{name}" for name in _OG),
    *("og_other", "published_meta", "published_ld", "author_ld", "author_meta", "ld_items"),
    *("ld_scripts", "ld_body", "article_section", "robots_noindex"),
    *(f"path_{name}" for name in _SEGMENTS),
    *(f"host_{name}" for name in _HOSTS),
    *("path_depth", "path_root", "slug_hyphens", "slug_length", "slug_digits", "url_date"),
    *("url_query", "url_html", "url_long_id"),
    *(f"tag_{name}" for name in COUNTED),
    *("blocks", "words", "prose_words", "prose_blocks", "prose_share", "longest_run", "run_share"),
    *("longest_block", "linked_share", "link_blocks", "headings", "heading_share", "short_share"),
    *("mean_words", "median_words", "list_share", "frame_share", "frame_words", "prose_frames"),
    *(f"words_{name}" for name in _VOCABULARY),
    *("prices", "questions", "exclamations", "repeat_kind", "images_per_prose"),
    *("years", "near_day", "near_author", "reply_days"),
    *("title_words", "h1_words", "h1_first", "time_marks", "quotes", "sentences", "capital_blocks"),
)

CONTENT = FEATURES.index(f"tag_{COUNTED[0]}")
"""The features from here on are of what the page shows; those before, of what it declares."""


def page_features(document: Document, data: PageData, url: str | None) -> Floats:
    """One row of FEATURES: shape (1, len(FEATURES)); counts are log(1 + n), shares 0…1."""
    counts = data.head.counts
    row = [
        *_declared(data),
        *_address(url or ""),
        *(log1p(counts[tag]) for tag in COUNTED),
        *_text(document, data, counts["img"]),
    ]
    return np.asarray([row], dtype=np.float32)


def _declared(data: PageData) -> list[float]:
    head, linked, types = data.head, data.linked, data.types
    article = linked.article
    og = (head.first("og:type") or "").lower()
    found = Counter(chain.from_iterable(map(_of_type, types)))
    row = [log1p(found.get(name, 0)) for name in _TYPES]
    row += [float(og.startswith(kind)) for kind in _OG]
    row += [
        float(bool(og) and not og.startswith(_OG)),
        float(head.first("article:published_time", "datepublished", "pubdate") is not None),
        float(article is not None and bool(article.published)),
        float(article is not None and bool(article.authors)),
        float(head.first("author", "article:author") is not None),
        log1p(linked.items),
        log1p(len(head.jsonld)),
        log1p(article.body_chars if article is not None else 0),
        float(head.first("article:section") is not None),
        float("noindex" in (head.first("robots") or "").lower()),
    ]
    return row


@lru_cache(maxsize=1024)
def _of_type(name: str) -> tuple[str, ...]:
    """The kinds of things among _TYPES that a schema.org type is of."""
    return tuple(kind for kind, pattern in _TYPES.items() if pattern.search(name))


def _address(url: str) -> list[float]:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        parts, host = urlsplit(""), ""
    segments = [segment.lower() for segment in parts.path.split("/") if segment]
    slug = segments[-1] if segments else ""
    stem = slug.rsplit(".", 1)[0]
    kinds: set[str] = set().union(*(_SEGMENT_OF.get(segment, ()) for segment in segments))
    labels = "." + host.rpartition(".")[0]
    row = [float(kind in kinds) for kind in _SEGMENTS]
    row += [float(f".{name}" in labels) for name in _HOSTS]
    row += [
        float(len(segments)),
        float(not segments),
        float(stem.count("-") + stem.count("_")),
        float(len(stem)),
        sum(map(str.isdigit, stem)) / max(1, len(stem)),
        float(bool(url) and url_date(url) is not None),
        float(bool(parts.query)),
        float(slug.endswith((".html", ".htm", ".php", ".aspx"))),
        float(_LONG_NUMBER.search(parts.path) is not None),
    ]
    return row


def _text(document: Document, data: PageData, images: int) -> list[float]:
    """Plain Python throughout: a page has a hundred blocks, for which an array takes longer."""
    blocks, head = document.blocks, data.head
    texts = [block.text for block in blocks] or [""]
    tags = [block.tag for block in blocks] or [""]
    sizes = [_size(block.text) for block in blocks] or [0.0]
    linked = [
        min(1.0, chars / (len(text) or 1)) if chars else 0.0
        for chars, text in zip(document.linked or (0,), texts, strict=True)
    ]
    prose = [
        size >= _PROSE_WORDS and share < _PROSE_LINKED
        for size, share in zip(sizes, linked, strict=True)
    ]
    heading = [tag in HEADINGS for tag in tags]
    count, headings, proses = len(texts), heading.count(True), prose.count(True)
    total, prose_words = max(1.0, sum(sizes)), sum(compress(sizes, prose))
    run, frames = _longest_run(prose, heading, sizes), _frames(document, sizes, prose)
    text = "\n".join(texts)[:_SAMPLE]
    length = max(200.0, float(len(text))) / 1000.0
    first_h1 = tags.index("h1") if "h1" in tags else len(blocks)
    kinds = Counter(document.frames.kind)
    repeat = max(kinds.values(), default=0)
    ordered = sorted(sizes)
    return [
        log1p(len(blocks)),
        log1p(total),
        log1p(prose_words),
        log1p(proses),
        prose_words / total,
        log1p(run),
        run / total,
        log1p(ordered[-1]),
        sum(map(mul, sizes, linked)) / total,
        [share > 0.7 for share in linked].count(True) / count,
        log1p(headings),
        headings / count,
        bisect_right(ordered, 4) / count,
        sum(sizes) / count,
        (ordered[(count - 1) // 2] + ordered[count // 2]) / 2,
        sum(size for size, tag in zip(sizes, tags, strict=True) if tag == "li") / total,
        frames[0] / total,
        log1p(frames[0]),
        log1p(frames[1]),
        *(count / length for count in _vocabulary(text)),
        sum(text.count(sign) for sign in "$€£¥₹") / length,
        text.count("?") / length,
        text.count("!") / length,
        repeat / max(1, len(document.frames.kind)),
        log1p(images) - log1p(proses),
        len(_YEAR.findall(text)) / length,
        *_near(blocks, first_h1),
        log1p(sum(1 for text in texts if len(text) < _STAMP and _has_year(text))),
        float(len((head.title or "").split())),
        float(len(head.h1[0].split())) if head.h1 else 0.0,
        first_h1 / max(1, len(blocks)),
        log1p(len(head.times)),
        (text.count('"') + text.count("“") + text.count("„") + text.count("«")) / length,
        (text.count(". ") + text.count("。") * 2) / length,
        [text[:60].istitle() for text in texts].count(True) / count,
    ]


def _has_year(text: str) -> bool:
    return ("20" in text or "19" in text) and _YEAR.search(text) is not None


def _near(blocks: Sequence[Block], first_h1: int) -> tuple[float, float]:
    """Whether a short block behind the headline has a year in it, and one says "by"."""
    start = first_h1 if first_h1 < len(blocks) else 0
    texts = [b.text.lower() for b in blocks[start : start + _NEAR] if len(b.text) <= 2 * _STAMP]
    return (
        float(any(map(_has_year, texts))),
        float(any(text.startswith(_opening_phrases()) for text in texts)),
    )


@cache
def _opening_phrases() -> tuple[str, ...]:
    return tuple(f"{phrase} " for phrase in words().before)


def _vocabulary(text: str) -> list[float]:
    """How many words of each kind of _VOCABULARY a text has; each is a whole run of letters.

    Bytes are cut at what is no letter of ASCII in a third of the time that the pattern takes, which
    is left with what holds other characters.
    """
    pieces = text.encode("utf-8", "surrogatepass").translate(_LETTERS_ALONE).split()
    others = b" ".join([piece for piece in pieces if not piece.isascii()])
    counts = [0.0] * len(_VOCABULARY)
    for word in chain(
        map(bytes.decode, filter(_ASCII_WORDS.__contains__, pieces)),
        LETTERS.findall(others.decode("utf-8", "surrogatepass").lower()),
    ):
        for kind in _KIND_OF_WORD.get(word, ()):
            counts[kind] += 1
    return counts


def _size(text: str) -> float:
    """Words of a text; scripts without spaces count two characters a word."""
    words = text.count(" ") + 1
    return float(words) if text.isascii() or len(text) < 12 * words else max(words, len(text) / 2)


def _longest_run(prose: Sequence[bool], heading: Sequence[bool], sizes: Sequence[float]) -> float:
    """Words of the longest run of prose, headings and at most two other blocks in between."""
    best = run = 0.0
    gap = 0
    for is_prose, is_heading, size in zip(prose, heading, sizes, strict=True):
        if is_prose:
            run += size
            gap = 0
            best = max(best, run)
        elif not is_heading:
            gap += 1
            if gap > 2:
                run = 0.0
    return best


def _frames(document: Document, sizes: Sequence[float], prose: Sequence[bool]) -> tuple[float, int]:
    """Words of prose in the division that holds most, and how many divisions hold any."""
    mass: Counter[int] = Counter()
    parent = document.frames.parent
    for frame, size in compress(zip(document.frame, sizes, strict=False), prose):
        mass[parent[frame]] += int(size)
    return float(max(mass.values(), default=0)), len(mass)
