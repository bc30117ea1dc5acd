"""What a cell of each column can hold, so that a bad value is found before it costs a batch."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from numbers import Integral, Real
from operator import attrgetter
from typing import Any

import pyarrow as pa

from cleaners.store.schema import Table

# Readers that count nanoseconds in 64 bits (pandas) hold no date outside of these years.
_FIRST_YEAR, _LAST_YEAR = 1678, 2261
_SHOWN = 40

Check = Callable[[Any], str | None]
"""What is wrong with a value, or None."""


def storable(text: str) -> str:
    """A text that can be stored: what is no character is written out.

    >>> storable("caf\\udce9.html")
    'caf\\\\udce9.html'
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def moment_fault(value: object) -> str | None:
    """Why a time cannot be stored."""
    if not isinstance(value, datetime):
        return f"is no time: {_shown(value)}"
    if value.tzinfo is None or value.utcoffset() is None:
        return f"has no time zone: {value.isoformat()}"
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        return f"is out of range: {value.isoformat()}"
    return None


def row_fault(table: Table, row: tuple[Any, ...]) -> str | None:
    """The first value of a row that its column cannot hold, named; None if there is none."""
    for (name, check), value in zip(_checks(table), row, strict=True):
        if value is not None and (why := check(value)) is not None:
            return f"{name} {why}"
    return None


def mended(table: Table, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row whose every value its column can hold: texts written out, what is no value left out."""
    return tuple(
        value if value is None or check(value) is None else _mended(column.type, value)
        for (_, check), column, value in zip(_checks(table), table.columns, row, strict=True)
    )


def _mended(kind: pa.DataType, value: Any) -> str | None:
    text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    return storable(str(value)) if text else None


@cache
def _checks(table: Table) -> tuple[tuple[str, Check], ...]:
    return tuple((column.name, _check(column.type)) for column in table.columns)


def _check(kind: pa.DataType) -> Check:
    if pa.types.is_list(kind):
        inner = kind.value_type
        return _each(_struct(inner) if pa.types.is_struct(inner) else _check(inner))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _text_fault
    if pa.types.is_timestamp(kind):
        return moment_fault
    if pa.types.is_boolean(kind):
        return lambda value: (
            None if isinstance(value, bool) else f"is no yes or no: {_shown(value)}"
        )
    if pa.types.is_integer(kind):
        return _whole(1 << (kind.bit_width - 1))
    if pa.types.is_floating(kind):
        return lambda value: None if isinstance(value, Real) else f"is no number: {_shown(value)}"
    return lambda value: None if isinstance(value, bytes) else f"is no bytes: {_shown(value)}"


def _shown(value: Any) -> str:
    return ascii(value)[:_SHOWN]


def _text_fault(value: Any) -> str | None:
    if not isinstance(value, str):
        return f"is no text: {_shown(value)}"
    if value.isascii():
        return None
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        return f"holds a lone surrogate at character {error.start} of {_shown(value)}"
    return None


def _whole(limit: int) -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, Integral):
            return f"is no whole number: {_shown(value)}"
        return None if -limit <= int(value) < limit else f"is out of range: {_shown(value)}"

    return check


def _each(check: Check) -> Check:
    def every(values: Any) -> str | None:
        if not isinstance(values, tuple | list):
            return f"is no list: {_shown(values)}"
        return next((why for v in values if v is not None and (why := check(v))), None)

    return every


def _struct(kind: pa.DataType) -> Check:
    leaves = [(field.name, attrgetter(field.name), _check(field.type)) for field in kind]

    def whole(value: Any) -> str | None:
        for name, read, check in leaves:
            leaf = read(value)
            if leaf is not None and (why := check(leaf)) is not None:
                return f"{name} {why}"
        return None

    return whole
