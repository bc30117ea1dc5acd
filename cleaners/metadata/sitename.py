"""Names that a site goes by, and titles without them at their ends."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from cleaners.metadata.strings import comparable

# A headline before which a name is cut is at least this long.
_MIN_CHARS = 12
# The longest name of a site or section that may be cut off by its form alone.
_MAX_TAIL_WORDS = 5
# Behind a bar, and after a longer headline, so little is a label, whatever it names: cut on 9 pages
# of WCXB gain by it, none of it or of the news set loses.
_MAX_LABEL_WORDS = 4
MAX_LABEL_CHARS = 28

SEPARATOR = re.compile(
    r"\s+[-–—|·•»«›‹~/]+\s+|\s*[|｜]+\s*|\s+:+\s+|：|\s+::\s+|\s[–—]\s*|(?<=\S)[_＿](?=\S)|\s*\|\s*"
)
DATE_TAIL = re.compile(r"(?:^|(?<=[\s|]))\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\W*$")
_HOST = re.compile(r"^(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)*\.[a-z]{2,12})$", re.I)


def site_names(names: Iterable[str], host: str) -> frozenset[str]:
    """The comparable forms of a site's names: as it writes them and as its host spells them.

    >>> sorted(site_names(["The Lowmere Post"], "www.lowmerepost.example"))
    ['lowmerepost', 'lowmerepostexample', 'thelowmerepost', 'wwwlowmerepostexample']
    """
    found = set()
    for name in names:
        key = comparable(name)
        if key and len(name) <= 60:
            found.add(key)
            found.add(key.removeprefix("the"))
    host = host.lower().split(":")[0]
    if host:
        labels = host.removeprefix("www.").split(".")
        found.update({comparable(host), comparable(host.removeprefix("www.")), labels[0]})
        if len(labels) > 2 and len(labels[-2]) > 3:
            found.add(comparable(labels[-2]))
            found.add(comparable("".join(labels[-2:])))
        if len(labels) > 2 and len(labels[-3]) > 2:
            found.add(comparable("".join(labels[-3:])))
            found.add(comparable(labels[-3]))
    return frozenset(key for key in found if len(key) > 1)


def section_names(section: str, url: str) -> frozenset[str]:
    """The comparable forms of what a page's section is called: as it says, and by its address.

    >>> sorted(section_names("Local affairs", "https://lowmere.example/news/harbour/bridge-opens"))
    ['harbour', 'localaffairs', 'news']
    """
    try:
        *folders, _ = urlsplit(url).path.strip("/").split("/")
    except ValueError:
        folders = []
    keys = {comparable(part) for part in (section, *folders) if len(part) <= MAX_LABEL_CHARS}
    return frozenset(key for key in keys if len(key) > 2 and not key.isdigit())


def strip_site(
    title: str,
    names: frozenset[str],
    known: Sequence[str] = (),
    sections: frozenset[str] = frozenset(),
) -> str:
    """A title without the site's name, section or date at its ends.

    `known` are other sources of the headline: where the title goes on from one of them with a
    separator, the rest is a suffix. What is left is never empty.

    >>> strip_site("Bridge opens - News | Lowmere Post", site_names(["Lowmere Post"], ""))
    'Bridge opens - News'
    >>> strip_site("Bridge opens - News | Lowmere Post", frozenset(), ["Bridge opens"])
    'Bridge opens'
    >>> strip_site("Fire - Two hurt", frozenset())
    'Fire - Two hurt'
    """
    for other in known:
        if len(other) < len(title) and title.startswith(other):
            cut = SEPARATOR.match(title, len(other))
            if cut and len(title) - cut.end() <= 60:
                return other
    text = title
    for _ in range(4):
        shorter = _cut_tail(text, names, sections)
        if shorter == text:
            break
        text = shorter
    return _cut_head(text, names, sections)


def _cut_tail(text: str, names: frozenset[str], sections: frozenset[str]) -> str:
    last = None
    for match in SEPARATOR.finditer(text):
        last = match
    if last is None or last.start() == 0:
        return text
    head, tail = text[: last.start()].rstrip(), text[last.end() :].strip()
    if head and (not tail or DATE_TAIL.fullmatch(tail) or _is_site(tail, names)):
        return head
    if comparable(tail) in sections and len(comparable(head)) >= _MIN_CHARS:
        return head
    if last[0].strip() in ("|", "｜") and _is_label(tail) and len(head.split()) > _MAX_LABEL_WORDS:
        return head
    return text


def _is_label(tail: str) -> bool:
    """Whether what follows a bar is short enough for a section's name, a site's or a person's."""
    return len(tail) <= MAX_LABEL_CHARS and len(tail.split()) <= _MAX_LABEL_WORDS


def _cut_head(text: str, names: frozenset[str], sections: frozenset[str]) -> str:
    """A title without the site's name before it, nor the section that follows the name."""
    for known in (names, sections):
        first = SEPARATOR.search(text)
        if first is None or first.start() == 0:
            return text
        head, tail = text[: first.start()].strip(), text[first.end() :].strip()
        is_known = _is_site(head, names) if known is names else comparable(head) in sections
        if len(tail) < _MIN_CHARS or not is_known:
            return text
        text = tail
    return text


def _is_site(part: str, names: frozenset[str]) -> bool:
    """Whether a part of a title is a name of the site, also with a word more or less."""
    key = comparable(part)
    if not key or len(part.split()) > _MAX_TAIL_WORDS:
        return False
    if key in names or key.removeprefix("the") in names:
        return True
    host = _HOST.match(part)
    if host:
        return True
    return any(
        len(name) >= 3 and (key.startswith(name) or key.endswith(name) or name.startswith(key))
        for name in names
        if len(key) >= 3
    )
