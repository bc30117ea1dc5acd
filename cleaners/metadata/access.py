"""Whether an article is free to read, from what the page itself declares; None where unsaid."""

import re
from dataclasses import dataclass

from lxml import etree

from cleaners.metadata.backend import names_of
from cleaners.metadata.head import Head
from cleaners.metadata.jsonld import LinkedData

# Names of the barrier element itself. A subscribe button in the menu is no barrier.
_BARRIER = re.compile(
    r"(?:^|[\s_-])(?:paywall|pay-wall|regwall|piano-(?:inline|container|offer)|tp-container-inner"
    r"|meter(?:ed)?-(?:wall|offer)|subscription-(?:wall|required|gate)|locked-content"
    r"|article-?locked|premium-(?:wall|barrier|gate)|gated-content|content-gate|poool-widget"
    r"|leaky-paywall\w*|qiota\w*|zephr\w*)(?:$|[\s_-])",
    re.I,
)
# Half of all elements have a class: this sieve is asked first, of all different ones at once.
_HINTS = (
    *("wall", "piano", "locked", "gate", "poool", "meter", "qiota", "zephr", "tp-con"),
    "subscription-",
)
_NAMED = ("div", "section", "aside", "article")
_TIERS = {
    **dict.fromkeys(
        ("locked", "premium", "paid", "subscriber", "metered-locked", "paywall"), False
    ),
    **dict.fromkeys(("free", "unlocked", "public", "open"), True),
}


@dataclass(frozen=True, slots=True)
class Access:
    """`is_free` None: not said. `signal` names who says it; also for signs too weak to decide."""

    is_free: bool | None = None
    signal: str | None = None
    source: str = ""
    confidence: float = 0.0


def read_access(tree: etree._Element, head: Head, data: LinkedData) -> Access:
    """JSON-LD's isAccessibleForFree, microdata's, a content tier, then barrier markup as a sign."""
    article = data.article
    if article is not None and article.is_free is not None:
        signal = "jsonld:isAccessibleForFree"
        if article.gated_selectors:
            signal += f" {article.gated_selectors[0]}"[:80].rstrip()
        return Access(article.is_free, signal, "jsonld", 0.95)
    if article is not None and article.gated_selectors:
        signal = f"jsonld:hasPart {article.gated_selectors[0]}"[:100].strip()
        return Access(False, signal, "jsonld", 0.9)
    if data.page_is_free is not None:
        return Access(data.page_is_free, "jsonld:isAccessibleForFree", "jsonld", 0.9)
    for value in head.microdata.get("isaccessibleforfree", ()) + head.meta.get(
        "isaccessibleforfree", ()
    ):
        known = {"true": True, "false": False}.get(value.strip().lower())
        if known is not None:
            return Access(known, "microdata:isAccessibleForFree", "microdata", 0.9)
    for name in ("article:content_tier", "og:article:content_tier", "content_tier", "access"):
        tier = (head.first(name) or "").strip().lower()
        if tier in _TIERS:
            return Access(_TIERS[tier], f"meta:{name}={tier}", "meta", 0.85)
        if tier == "metered":  # free to some, or up to a number
            return Access(None, f"meta:{name}={tier}")
    barrier = _barrier(tree)
    return Access(None, f"markup:{barrier}" if barrier else None)


def _barrier(tree: etree._Element) -> str | None:
    names = dict.fromkeys(names_of(tree, _NAMED))
    if not _hints("\n".join(names)):
        return None
    for name in names:
        if _hints(name) and (match := _BARRIER.search(name[:300])):
            return match[0].strip(" _-").lower()
    return None


def _hints(names: str) -> bool:
    lowered = names.lower()
    return any(map(lowered.__contains__, _HINTS))
