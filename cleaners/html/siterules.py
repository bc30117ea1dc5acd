"""The user's own rules for domains: a TOML file of CSS selectors and text patterns.

    ["lowmerepost.example"]            # and its subdomains
    keep = ["div.story"]               # blocks in these elements are body
    drop = [".promo", "aside:has(form)"]
    drop_text = ['^Follow us on .+']   # Python regular expressions, searched in a block's text
    date = "span.when"                 # where the date of publication stands
    author = ".who"

Selectors are soupsieve's, the ones of BeautifulSoup. They run on a numbered copy of the parsed
page, and only for pages of a domain that has rules. The only importer of soupsieve.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

from cleaners.errors import ConfigError
from cleaners.html.document import Document
from cleaners.metadata.strings import plain, visible_text

_NUMBER = "data-winnow-number"
_DOMAIN = re.compile(r"[^\s/:@?#]+")
_LISTS = ("keep", "drop", "drop_text")
_SINGLE = ("date", "author")


@dataclass(frozen=True, slots=True)
class DomainRules:
    """What the user wants on a domain's pages; selectors are valid, patterns compiled."""

    domain: str
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    drop_text: tuple[re.Pattern[str], ...] = ()
    date: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class SiteRules:
    """Rules by domain."""

    domains: Mapping[str, DomainRules] = field(default_factory=dict)

    def for_url(self, url: str | None) -> DomainRules | None:
        """The rules of the longest domain that the address's host is or ends with."""
        try:
            host = (urlsplit(url or "").hostname or "").lower()
        except ValueError:
            return None
        labels = host.split(".")
        for start in range(len(labels)):
            if (rules := self.domains.get(".".join(labels[start:]))) is not None:
                return rules
        return None


@dataclass(frozen=True, slots=True)
class Selection:
    """What a domain's rules select on a page: block indices, and texts for date and authors."""

    dropped: Mapping[int, str]
    kept: frozenset[int]
    dates: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


def load_site_rules(path: str | Path) -> SiteRules:
    """Read and check a rules file; ConfigError names the file, the line and the key at fault."""
    file = Path(path)
    try:
        changed = file.stat().st_mtime_ns
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=str(path)) from error
    return _load(str(path), changed)


@lru_cache(maxsize=8)
def _load(path: str, changed: int) -> SiteRules:  # noqa: ARG001 - part of the cache's key
    try:
        content = Path(path).read_bytes()
        source = content.decode("utf-8-sig").replace("\r\n", "\n")
        table = tomllib.loads(source)
    except OSError as error:
        raise ConfigError(f"cannot be read: {error}", file=path) from error
    except UnicodeDecodeError as error:
        number = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"is no UTF-8: {error.reason}", file=path, line=number) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        number = int(line[1]) if line else source.count("\n") + 1
        raise ConfigError(f"is no TOML: {error}", file=path, line=number) from error
    domains: dict[str, DomainRules] = {}
    for name, entries in table.items():
        reader = _Reader(path, source, name)
        rules = reader.read(entries)
        if rules.domain in domains:
            raise reader.error(f"rules for {rules.domain} stand in this file twice", name)
        domains[rules.domain] = rules
    return SiteRules(domains)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one domain's table; knows where in the source it stands, for errors."""

    path: str
    source: str
    name: str

    def read(self, entries: object) -> DomainRules:
        if not isinstance(entries, dict):
            raise self.error("expected a table of rules", self.name)
        if not _DOMAIN.fullmatch(self.name):
            raise self.error(f"{self.name!r} is no domain such as news.example", self.name)
        for key in entries:
            if isinstance(entries[key], dict):
                name = f"{self.name}.{key}"
                raise self.error(f'a domain needs quotation marks: ["{name}"]', self.name)
            if key not in (*_LISTS, *_SINGLE):
                known = ", ".join((*_LISTS, *_SINGLE))
                raise self.error(f"unknown key {key!r}; known are {known}", key)
        return DomainRules(
            domain=self.name.lower().removeprefix("www."),
            keep=tuple(self._selectors(entries, "keep")),
            drop=tuple(self._selectors(entries, "drop")),
            drop_text=tuple(self._patterns(entries)),
            date=next(self._selectors(entries, "date"), None),
            author=next(self._selectors(entries, "author"), None),
        )

    def _strings(self, entries: Mapping[str, object], key: str) -> Iterable[str]:
        value = entries.get(key, [])
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            raise self.error(f"{key} must be a string or a list of strings", key)
        if key in _SINGLE and len(values) > 1:
            raise self.error(f"{key} takes one selector", key)
        return values

    def _selectors(self, entries: Mapping[str, object], key: str) -> Iterator[str]:
        import soupsieve

        for selector in self._strings(entries, key):
            try:
                soupsieve.compile(selector)
            except (
                soupsieve.SelectorSyntaxError,
                NotImplementedError,
                ValueError,
                TypeError,
            ) as error:
                reason = str(error).splitlines()[0]
                message = f"{key}: wrong selector {selector!r}: {reason}"
                raise self.error(message, key, selector) from error
            yield selector

    def _patterns(self, entries: Mapping[str, object]) -> Iterator[re.Pattern[str]]:
        for pattern in self._strings(entries, "drop_text"):
            if not pattern:
                raise self.error("drop_text: an empty pattern matches every block", "drop_text")
            try:
                yield re.compile(pattern)
            except re.error as error:
                message = f"drop_text: wrong pattern {pattern!r}: {error}"
                raise self.error(message, "drop_text", pattern) from error

    def error(self, message: str, key: str, value: str | None = None) -> ConfigError:
        """An error that names the file and the line of a key or value."""
        return ConfigError(message, file=self.path, line=self._line(key, value), key=key)

    def _line(self, key: str, value: str | None) -> int | None:
        """The line of a value or key after the domain's heading (tomllib does not tell)."""
        lines = self.source.splitlines()
        start = next((i for i, line in enumerate(lines) if _opens(line, self.name)), 0)
        wanted = [value, value.replace("\\", "\\\\").replace('"', '\\"')] if value else []
        for text in (*wanted, key):
            for number in range(start, len(lines)):
                if text and text in lines[number]:
                    return number + 1
        return start + 1


def _opens(line: str, name: str) -> bool:
    """Whether a line of TOML opens the table of that name."""
    inside = line.strip().removeprefix("[").lstrip(" \t\"'")
    return (
        line.strip().startswith("[")
        and inside.startswith(name)
        and (inside[len(name) : len(name) + 1] in tuple("\"'.] \t"))
    )


def select(document: Document, rules: DomainRules) -> Selection:
    """What the rules of a domain say of a page; the page's tree is left as it is."""
    elements = list(document.tree.iter(etree.Element))
    numbers = _matches(document.tree, rules)
    dropped: dict[int, str] = {}
    for selector in rules.drop:
        for number in numbers[selector]:
            for index in _blocks_of(elements[number], document):
                dropped.setdefault(index, f"drop {selector}")
    kept = {
        index
        for selector in rules.keep
        for number in numbers[selector]
        for index in _blocks_of(elements[number], document)
    }
    for block in document.blocks:
        for pattern in rules.drop_text:
            if pattern.search(block.text):
                dropped.setdefault(block.index, f"drop_text {pattern.pattern}")
    return Selection(
        dropped=dropped,
        kept=frozenset(kept),
        dates=_texts(rules.date, numbers, elements),
        authors=_texts(rules.author, numbers, elements),
    )


def _matches(tree: etree._Element, rules: DomainRules) -> dict[str, list[int]]:
    """Numbers, in document order, of the elements that each selector matches."""
    # Together they take as long to import as all of the package; few pages have rules.
    import soupsieve
    from bs4 import BeautifulSoup

    copy = deepcopy(tree)
    for number, element in enumerate(copy.iter(etree.Element)):
        element.set(_NUMBER, str(number))
    soup = BeautifulSoup(etree.tostring(copy, method="html", encoding="unicode"), "lxml")
    single = [selector for selector in (rules.date, rules.author) if selector]
    return {
        selector: [
            int(str(tag[_NUMBER])) for tag in soupsieve.select(selector, soup) if tag.get(_NUMBER)
        ]
        for selector in (*rules.keep, *rules.drop, *single)
    }


def _blocks_of(element: etree._Element, document: Document) -> Iterable[int]:
    """The blocks in an element; for an inline one, those that hold nothing but its text, and for an
    entry of a menu, which is one block, that menu."""
    frames = document.frames
    for frame, division in enumerate(frames.elements):
        if division is element:
            return range(frames.first[frame], frames.last[frame])
    text = plain(visible_text(element))
    above = element.getparent()
    while above is not None:
        for frame, division in enumerate(frames.elements):
            if division is above:
                inside = range(frames.first[frame], frames.last[frame])
                return [i for i in inside if text and _says(document.blocks[i].text, text)]
        above = above.getparent()
    return []


def _says(block: str, text: str) -> bool:
    return plain(block) in text or (text in block and text in block.split("\n"))


def _texts(
    selector: str | None, numbers: Mapping[str, list[int]], elements: list[etree._Element]
) -> tuple[str, ...]:
    """What the matched elements say: a machine-readable value before their text."""
    found = []
    for number in numbers.get(selector or "", []):
        element = elements[number]
        value = element.get("datetime") or element.get("content") or visible_text(element)
        if text := plain(value):
            found.append(text)
    return tuple(found)
