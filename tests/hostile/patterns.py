"""Every regular expression that the packages compile, and texts made to hurt it.

`python -m tests.hostile.patterns` prints the patterns as JSON: it imports every module and cleans
a few pages with `re._compile` watched, so that patterns built from tables are among them.
"""

import importlib
import json
import pkgutil
import re
import re._constants as code  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

PACKAGES = ("cleaners", "crawler")


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern as it was compiled: its source, whether it is for bytes, its flags, and by whom."""

    source: str
    is_bytes: bool
    flags: int
    module: str

    def compiled(self) -> "re.Pattern[Any]":
        source: Any = self.source.encode("latin-1") if self.is_bytes else self.source
        return re.compile(source, self.flags)


def all_patterns() -> tuple[Found, ...]:
    """Those of both packages, found in a process of its own where nothing is compiled yet."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.patterns"], capture_output=True, check=True, text=True
    )
    return tuple(Found(*row) for row in json.loads(done.stdout))


def attacks(found: Found, length: int) -> Iterator[str]:
    """Texts of about `length` characters: for each repeat, what leads to it, then it again and
    again, then something that lets no match end there."""
    tree = parser.parse(
        found.source.encode("latin-1") if found.is_bytes else found.source, found.flags
    )
    seen = set()
    for before, body in _repeats(list(tree), ""):
        for pump in _samples(body):
            if not pump:
                continue
            times = max(1, length // len(pump))
            for lead in (before, before + " ", ""):
                for end in ("\0", "!\n", ""):
                    text = lead + pump * times + end
                    if text not in seen:
                        seen.add(text)
                        yield text
    for before, body in _repeats(list(tree), ""):
        # What leads to a repeat, again and again: each is a place where a match may begin.
        for pump in _samples(body):
            unit = before + pump
            if unit:
                text = unit * max(1, length // len(unit)) + "\0"
                if text not in seen:
                    seen.add(text)
                    yield text


def _repeats(items: list[Any], before: str) -> Iterator[tuple[str, list[Any]]]:
    """(a text that matches what stands before, the repeated items) of every long repeat."""
    for op, argument in items:
        if op in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
            _, most, body = argument
            if most is code.MAXREPEAT or most > 20:
                yield before, list(body)
            yield from _repeats(list(body), before)
        elif op is code.SUBPATTERN:
            yield from _repeats(list(argument[3]), before)
        elif op is code.ATOMIC_GROUP:
            yield from _repeats(list(argument), before)
        elif op is code.BRANCH:
            for branch in argument[1]:
                yield from _repeats(list(branch), before)
        elif op in (code.ASSERT, code.ASSERT_NOT):
            yield from _repeats(list(argument[1]), before)
        before += _sample([(op, argument)], 0)


def _samples(body: list[Any]) -> list[str]:
    """A few different texts that the items match."""
    return list(dict.fromkeys(_sample(body, choice) for choice in range(4)))


def _sample(items: list[Any], choice: int) -> str:
    return "".join(_one(op, argument, choice) for op, argument in items)


def _one(op: Any, argument: Any, choice: int) -> str:
    if op is code.LITERAL:
        return chr(argument)
    if op in (code.NOT_LITERAL, code.ANY):
        return "a" if argument != ord("a") else "b"
    if op is code.IN:
        return _of_class(argument, choice)
    if op in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
        least, _, body = argument
        return _sample(list(body), choice) * max(1 - choice % 2, int(least))
    if op is code.SUBPATTERN:
        return _sample(list(argument[3]), choice)
    if op is code.ATOMIC_GROUP:
        return _sample(list(argument), choice)
    if op is code.BRANCH:
        branches = argument[1]
        return _sample(list(branches[choice % len(branches)]), choice)
    return ""


_CATEGORIES = {
    code.CATEGORY_DIGIT: "7",
    code.CATEGORY_NOT_DIGIT: "a",
    code.CATEGORY_SPACE: " \n",
    code.CATEGORY_NOT_SPACE: "a",
    code.CATEGORY_WORD: "aA",
    code.CATEGORY_NOT_WORD: " ",
}


def _of_class(members: list[Any], choice: int) -> str:
    """A character of a class; another one for another choice, where it has several."""
    negated = members[0][0] is code.NEGATE
    if negated:
        for char in "a 7A.\n<&é":
            if not _within(char, members[1:]):
                return char
        return "\u4e00"
    candidates = [char for member in members for char in _member(member)]
    return candidates[choice % len(candidates)]


def _member(member: Any) -> list[str]:
    """Characters that a member of a class stands for."""
    op, argument = member
    if op is code.LITERAL:
        return [chr(argument)]
    if op is code.RANGE:
        return [chr(argument[0])]
    return list(_CATEGORIES.get(argument, "a"))


def _within(char: str, members: list[Any]) -> bool:
    for op, argument in members:
        if op is code.LITERAL and ord(char) == argument:
            return True
        if op is code.RANGE and argument[0] <= ord(char) <= argument[1]:
            return True
        if op is code.CATEGORY:
            name = str(argument)
            kinds = {
                "CATEGORY_DIGIT": char.isdigit(),
                "CATEGORY_SPACE": char.isspace(),
                "CATEGORY_WORD": char.isalnum() or char == "_",
                "CATEGORY_NOT_DIGIT": not char.isdigit(),
                "CATEGORY_NOT_SPACE": not char.isspace(),
                "CATEGORY_NOT_WORD": not (char.isalnum() or char == "_"),
            }
            if kinds.get(name, False):
                return True
    return False


def _watch() -> set[Found]:
    """Import and use everything with the compiler of patterns watched."""
    found: set[Found] = set()
    real: Any = re._compile  # type: ignore[attr-defined]

    def compile_watched(pattern: Any, flags: Any) -> Any:
        compiled = real(pattern, flags)
        module = _caller(sys._getframe(1))
        if module.startswith(PACKAGES) and isinstance(compiled, re.Pattern):
            source = compiled.pattern
            is_bytes = isinstance(source, bytes)
            text = source.decode("latin-1") if is_bytes else source
            flags = compiled.flags & ~(0 if is_bytes else re.UNICODE)
            found.add(Found(text, is_bytes, flags, module))
        return compiled

    re._compile = compile_watched  # type: ignore[attr-defined]
    for package in PACKAGES:
        for module in pkgutil.walk_packages(
            importlib.import_module(package).__path__, f"{package}."
        ):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    from benchmarks.fuzz.promises import PROMISES
    from benchmarks.fuzz.seeds import SEEDS

    for target, promise in PROMISES.items():
        for number, content in enumerate(SEEDS[target]()):
            if number < 8:
                promise(content)
    return found


def _caller(frame: FrameType | None) -> str:
    """The module that asked for a pattern: the first one up the stack that is not re itself."""
    while frame is not None and frame.f_globals.get("__name__", "").startswith("re"):
        if frame.f_globals.get("__name__") not in ("re", "re._compiler"):
            break
        frame = frame.f_back
    return str(frame.f_globals.get("__name__", "")) if frame else ""


if __name__ == "__main__":
    patterns = sorted(_watch(), key=lambda one: (one.module, one.source))
    rows = [[p.source, p.is_bytes, int(p.flags), p.module] for p in patterns]
    print(json.dumps(rows))  # noqa: T201 - read by `all_patterns`
