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
    beside: tuple[str, ...]  # before those who checked, changed or illustrated a text
    roles: frozenset[str]
    ranks: frozenset[str]  # words that stand in roles, not at their end
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
    return Words(
        months=months,
        before=_longest_first(_phrases(table["before"])),
        between=_phrases(table["between"]),
        beside=_longest_first(_phrases(table["beside"])),
        roles=_phrases(table["roles"]),
        ranks=_phrases(table["ranks"]),
        agencies={
            spelling: name for name, listed in table["agencies"].items() for spelling in listed
        },
    )


def _phrases(table: dict[str, list[str]]) -> frozenset[str]:
    return frozenset(phrase for phrases in table.values() for phrase in phrases)


def _longest_first(phrases: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(phrases, key=lambda phrase: (-len(phrase), phrase)))
