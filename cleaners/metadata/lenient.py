"""JSON as hands and templates write it, made JSON: with remarks, loose commas, bare keys, wrong
escapes, quotation marks within strings, and cut off before its end."""

import json
import re

_MAX_CHARS = 1_000_000
# A quotation mark ends a string only where something follows that can: a colon, a comma, an end or
# the next line's key. Tried in this order; what is none of these is left out. A group is never
# possessive: Python 3.11.2 then passes over what it has to match.
_AFTER_STRING = r"\s{0,80}(?:[,:}\]]|$|(?<=\n)[\s]{0,80}\")"
_PIECE = re.compile(
    rf"""(?P<string>"(?:[^"\\]++|\\(?:.|$)|"(?!{_AFTER_STRING}))*(?:"|$))"""
    rf"""|(?P<single>'(?:[^'\\]++|\\(?:.|$)|'(?!{_AFTER_STRING}))*(?:'|$))"""
    r"""|(?P<remark>//[^\n]*+|/\*.*?(?:\*/|$)|<!--|-->)"""
    r"""|(?P<mark>[{}\[\],:])|(?P<word>[^\s{}\[\],:"'/]++)""",
    re.DOTALL,
)
_WRONG_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
_ESCAPED = re.compile(r"\\.", re.DOTALL)
_VALUE = re.compile(r"true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_NAMES = {"True": "true", "False": "false", **dict.fromkeys(("None", "undefined", "NaN"), "null")}
_OPENING = {"}": "{", "]": "["}
_CLOSING = {"{": "}", "[": "]"}


def as_json(text: str) -> str:
    """The first object or list of a script as JSON, and what follows it as it stands.

    >>> as_json('x = {"a": "one "two" three", // why' + chr(10) + " b: [1,, 2,] /* so */, 'c': tru")
    '{"a":"one \\\\"two\\\\" three","b":[1,2],"c":"tru"}'
    """
    starts = [at for at in (text.find("{"), text.find("[")) if at >= 0]
    if not starts or len(text) > _MAX_CHARS:
        return text
    found: list[str] = []
    opened: list[str] = []
    for match in _PIECE.finditer(text, min(starts)):
        kind, piece = match.lastgroup, match[0]
        if kind == "remark" or (
            kind == "mark" and piece in _OPENING and _OPENING[piece] not in opened
        ):
            continue
        if kind != "mark":
            _set_apart(found)
            found.append(_value(piece, kind))
        elif piece in _CLOSING:
            _set_apart(found)
            opened.append(piece)
            found.append(piece)
        elif piece in _OPENING:
            while True:
                _finish(found)
                last = opened.pop()
                found.append(_CLOSING[last])
                if last == _OPENING[piece]:
                    break
            if not opened:
                return "".join(found) + text[match.end() :]
        elif found[-1] not in ("{", "[", ",", ":"):
            found.append(piece)
    if opened and opened[-1] == "{" and found[-1][:1] == '"' and found[-2] in ("{", ","):
        found.pop()  # a key that was cut off
    for mark in reversed(opened):
        _finish(found)
        found.append(_CLOSING[mark])
    return "".join(found)


def _value(piece: str, kind: str | None) -> str:
    if kind == "word":
        piece = _NAMES.get(piece, piece)
        return piece if _VALUE.fullmatch(piece) else json.dumps(piece)
    whole = len(piece) > 1 and piece[-1] == piece[0]
    inner = _WRONG_ESCAPE.sub("", piece[1:-1] if whole else piece[1:].rstrip("\\"))
    return f'"{_quoted(inner)}"'


def _quoted(inner: str) -> str:
    """The inside of a string with its quotation marks escaped, those that are not yet."""
    if '"' not in _ESCAPED.sub("", inner):
        return inner
    parts = re.split(r"(\\.)", inner, flags=re.DOTALL)
    return "".join(p if p[:1] == "\\" else p.replace('"', '\\"') for p in parts)


def _set_apart(found: list[str]) -> None:
    """A comma between values, where none stands."""
    if found and found[-1] not in ("{", "[", ",", ":"):
        found.append(",")


def _finish(found: list[str]) -> None:
    """What an object or list must not end with goes; a key without value gets none."""
    if found[-1] == ",":
        found.pop()
    elif found[-1] == ":":
        found.append("null")
