"""What the values of a JSON-LD node say: texts, people, words, pictures, yes or no.

Values come as strings, lists, objects and references, whatever the vocabulary asks for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cleaners.metadata.ldscript import Value
from cleaners.metadata.strings import plain

Node = dict[str, object]


@dataclass(frozen=True, slots=True)
class Entity:
    """A person or organisation named by a node."""

    name: str
    kind: str  # its @type, "" where none is given


def types_of(node: Node) -> tuple[str, ...]:
    """A node's types, without their vocabulary."""
    value = node.get("@type")
    if isinstance(value, str):
        return (_bare_type(value),)
    values = value if isinstance(value, list) else ()
    return tuple(_bare_type(item) for item in values if isinstance(item, str))


@lru_cache(maxsize=1024)
def _bare_type(name: str) -> str:
    """A type without its vocabulary: "https://schema.org/NewsArticle", "schema:NewsArticle"."""
    return name.rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def text_of(value: Value, by_id: dict[str, Node]) -> str:
    """The first text of a value: a string, a list's first, {"@value": …}, or a node's name."""
    for _ in range(6):
        if isinstance(value, str):
            return plain(value)
        if isinstance(value, bool) or value is None:
            return ""
        if isinstance(value, int | float):
            return str(value)
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            key = value.get("@id")
            linked = by_id.get(key) if isinstance(key, str) and len(value) == 1 else None
            source = linked or value
            value = source.get("@value") or source.get("name") or source.get("headline")
    return ""


def entities_of(value: Value, by_id: dict[str, Node]) -> Iterator[Entity]:
    """People and organisations of a value, references followed once."""
    stack: list[Value] = [value]
    seen = 0
    while stack and seen < 60:
        item = stack.pop()
        seen += 1
        if isinstance(item, list):
            stack.extend(reversed(item[:60]))
        elif isinstance(item, str):
            if item in by_id:
                stack.append(by_id[item])
            elif name := plain(item):
                yield Entity(name, "")
        elif isinstance(item, dict):
            key = item.get("@id")
            if not item.get("name") and isinstance(key, str) and key in by_id:
                item = by_id[key]
            kind = next(iter(types_of(item)), "")
            names = item.get("name")
            if isinstance(names, list) and all(isinstance(n, str) for n in names):
                yield from (Entity(plain(str(n)), kind) for n in names[:60] if n)
            elif isinstance(names, dict | list):
                stack.append(names)
            else:
                name = text_of(names, by_id) or " ".join(
                    part
                    for k in ("givenName", "familyName")
                    if (part := text_of(item.get(k), by_id))
                )
                if name:
                    yield Entity(name, kind)
                elif "author" in item:
                    stack.append(item["author"])
                elif all(map(str.isdigit, item)):  # a list as PHP writes one with a gap
                    stack.extend(reversed(item.values()))


def tags_of(value: Value) -> Iterator[str]:
    """Keywords, given one by one or in a row."""
    values = value if isinstance(value, list) else [value]
    for item in values[:100]:
        if isinstance(item, dict):
            item = item.get("name")
        if isinstance(item, str):
            yield from (tag for part in item.split(",") if (tag := plain(part)))


def images_of(value: Value, by_id: dict[str, Node]) -> Iterator[tuple[str, str, str]]:
    """Address, caption and credit of each picture."""
    for item in (value if isinstance(value, list) else [value])[:20]:
        if isinstance(item, dict):
            key = item.get("@id")
            if not item.get("url") and isinstance(key, str) and key in by_id:
                item = by_id[key]
            url = text_of(item.get("url") or item.get("contentUrl"), by_id)
            if url:
                credit = text_of(item.get("creditText") or item.get("copyrightHolder"), by_id)
                yield url, text_of(item.get("caption") or item.get("description"), by_id), credit
        elif isinstance(item, str) and item.strip():
            yield item.strip(), "", ""


def truth_of(value: Value) -> bool | None:
    """True, False, or None for anything that is neither; pages also write them as strings."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, bool | int):
        return {1: True, 0: False}.get(value)
    if isinstance(value, str):
        return _TRUTHS.get(value.strip().lower().rsplit("/", 1)[-1])
    return None


_TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def selectors_of(value: Value) -> Iterator[str]:
    """CSS selectors of the parts that are not free, "" for one without."""
    for part in (value if isinstance(value, list) else [value])[:20]:
        if isinstance(part, dict) and truth_of(part.get("isAccessibleForFree")) is False:
            selector = part.get("cssSelector")
            for item in selector if isinstance(selector, list) else [selector]:
                yield item.strip() if isinstance(item, str) else ""
