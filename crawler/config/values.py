"""TOML values and environment texts into the type that a setting has."""

from typing import Any, get_args, get_origin

_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def convert(value: object, kind: Any) -> object:
    """A TOML value as `kind` (bool, int, float, str, tuple of str; or one of these or None).

    Raises ValueError in words a reader of the file understands.
    """
    kind = _without_none(kind)
    if get_origin(kind) is tuple:
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ValueError('expected a list of texts: ["…", "…"]')
        return tuple(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not kind:
        raise ValueError(f"expected {_word(kind)}, found {_shown(value)}")
    return value


def parse(text: str, kind: Any) -> object:
    """The text of an environment variable as `kind`; lists are separated by commas.

    >>> parse("a, b", tuple[str, ...]), parse("yes", bool), parse("3", int | None)
    (('a', 'b'), True, 3)
    """
    kind = _without_none(kind)
    if get_origin(kind) is tuple:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if kind is bool:
        if text.lower() in _TRUE + _FALSE:
            return text.lower() in _TRUE
        raise ValueError(f"expected yes or no, found {text!r}")
    if kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            raise ValueError(f"expected {_word(kind)}, found {text!r}") from None
    return text


def _without_none(kind: Any) -> Any:
    choices = [choice for choice in get_args(kind) if choice is not type(None)]
    return choices[0] if type(None) in get_args(kind) else kind


def _word(kind: type) -> str:
    words = {
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        str: "a text in quotes",
    }
    return words.get(kind, kind.__name__)


def _shown(value: object) -> str:
    text = "true" if value is True else "false" if value is False else repr(value)
    return text if len(text) < 60 else f"a {type(value).__name__}"
