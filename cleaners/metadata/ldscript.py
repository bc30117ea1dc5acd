"""What stands in a script of JSON-LD, also in a broken one."""

import json
import re
from collections.abc import Iterator
from html import unescape

from cleaners.metadata.lenient import as_json
from cleaners.metadata.strings import plain

_WRAPPER = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.{0,20}?\*/)|(?:-->|\]\]>)\s*$")
# The pattern is tried at each character, the ends are looked at once.
_OPENS = ("<!--", "//", "<![CDATA[", "/*")
_CLOSES = ("-->", "]]>")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_MISSING_COMMA = re.compile(r'(["\]}])(?=[^\S\n]*+\n)(\s*+")')
_CONTROL = re.compile(r"[\x00-\x1f]")
_BODY = re.compile(r'"articleBody"\s*:\s*"((?:[^"\\]|\\.)*)"', re.DOTALL)

Value = object


def parse_script(script: str) -> Value | None:
    """The script's value; mended where cheap, None where that does not help."""
    text = script.strip()
    if text.startswith(_OPENS) or text.endswith(_CLOSES):
        text = _WRAPPER.sub("", text).strip()
    text = text.lstrip("\ufeff").rstrip(";")
    if not text:
        return []
    for mend in (_as_is, _without_entities, _with_commas, as_json):
        try:
            value, end = _DECODER.raw_decode(mended := mend(text))
        except (ValueError, RecursionError):
            continue
        rest = mended[end:].lstrip(" \t\r\n,;")
        if rest[:1] in "{[" and rest:  # several objects one after the other
            more = parse_script(rest) if len(rest) < len(text) else None
            return [value, more] if more is not None else value
        return value if isinstance(value, dict | list) else None
    return None


_DECODER = json.JSONDecoder(strict=False)


def _as_is(text: str) -> str:
    return text


def _without_entities(text: str) -> str:
    escaped = "&quot;" in text or "&#34;" in text
    return unescape(text) if escaped else _CONTROL.sub(" ", text)


def _with_commas(text: str) -> str:
    text = _CONTROL.sub(lambda m: "\n" if m[0] == "\n" else " ", text)
    return _TRAILING_COMMA.sub(r"\1", _MISSING_COMMA.sub(r"\1,\2", text))


def unescape_string(text: str) -> str:
    """The inside of a JSON string as plain text; as it stands where it is none."""
    try:
        value = json.loads(f'"{text}"', strict=False)
    except ValueError:
        value = text
    return plain(str(value))


def salvaged_bodies(script: str) -> Iterator[str]:
    """The articleBody strings of a script that does not parse."""
    for match in _BODY.finditer(script):
        try:
            yield str(json.loads(f'"{match[1]}"', strict=False))
        except ValueError:
            yield match[1]
