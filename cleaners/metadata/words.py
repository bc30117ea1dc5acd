"""The words of `words.toml` as look-up tables, read once per process."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Words:
    """Months by word (1…12); phrases before, between and about authors; agencies by spelling."""

    months: dict[str, int]
    before: tuple[str, ...]  # longest first
    between: frozenset[str]
    roles: frozenset[str]
    agencies: dict[str, str]


@cache
def words() -> Words:
    """The tables of the package."""
    table = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
    months: dict[str, int] = {}
    for names in table["months"].values():
        for number, alternatives in enumerate(names, start=1):
            for word in alternatives.split():
                months.setdefault(word, number)
    before = {phrase for phrases in table["before"].values() for phrase in phrases}
    return Words(
        months=months,
        before=tuple(sorted(before, key=lambda phrase: (-len(phrase), phrase))),
        between=frozenset(word for listed in table["between"].values() for word in listed),
        roles=frozenset(role for roles in table["roles"].values() for role in roles),
        agencies={
            spelling: name for name, listed in table["agencies"].items() for spelling in listed
        },
    )
