"""Rules as data against chrome: general ones of the package, and how verdicts change by rules.

`chrome_rules.toml` names cues, sizes and link shares; this module is the engine. A rule only ever
removes: it never makes a block body.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from cleaners.errors import ConfigError
from cleaners.html.blocks import Document
from cleaners.html.classify import Classified
from cleaners.model import Stage
from cleaners.text.cues import cue_names, match_cues


@dataclass(frozen=True, slots=True)
class ChromeRule:
    """A block with this cue, and the other if one is named, at most so many words and at least so
    much link text is chrome."""

    id: str
    cue: str
    max_words: int
    min_linked: float = 0.0
    also: str = ""


@cache
def chrome_rules() -> tuple[ChromeRule, ...]:
    """The package's rules; ConfigError if one of them names an unknown cue."""
    path = Path(__file__).with_name("chrome_rules.toml")
    table = tomllib.loads(path.read_text("utf-8"))
    rules = tuple(ChromeRule(**entry) for entry in table["rule"])
    for rule in rules:
        for cue in filter(None, (rule.cue, rule.also)):
            if cue not in cue_names():
                raise ConfigError(f"unknown cue {cue!r}", file=path.name, key=rule.id)
    return rules


def match_rules(document: Document, among: Sequence[bool] | None = None) -> dict[int, str]:
    """The blocks that fall under a general rule: index to rule id; `among` limits the search."""
    blocks = document.blocks
    rules = chrome_rules()
    longest = max(rule.max_words for rule in rules)
    short = [
        (index, size)
        for index, block in enumerate(blocks)
        if (among is None or among[index])
        and len(block.text) <= 12 * longest
        and (size := len(block.text.split())) <= longest
    ]
    if not short:
        return {}
    shown = match_cues([blocks[index].text for index, _ in short])
    columns = {name: column for column, name in enumerate(cue_names())}
    found: dict[int, str] = {}
    for row in np.flatnonzero(shown.any(axis=1)).tolist():
        index, size = short[row]
        linked = document.linked[index] / max(1, len(blocks[index].text))
        for rule in rules:
            if (
                shown[row, columns[rule.cue]]
                and size <= rule.max_words
                and linked >= rule.min_linked
                and (not rule.also or shown[row, columns[rule.also]])
            ):
                found[index] = rule.id
                break
    return found


def drop_blocks(classified: Classified, dropped: Mapping[int, str]) -> Classified:
    """The verdict with these blocks removed, each by the rule named; others stay as they are."""
    return _changed(classified, dropped, frozenset())


def change_blocks(
    classified: Classified, dropped: Mapping[int, str], kept: frozenset[int]
) -> Classified:
    """The verdict with blocks removed and blocks made body; what is both is removed."""
    return _changed(classified, dropped, kept)


def _changed(
    classified: Classified, dropped: Mapping[int, str], kept: frozenset[int]
) -> Classified:
    keep, rules, stages = list(classified.keep), list(classified.rules), list(classified.stages)
    for index in kept:
        keep[index], rules[index], stages[index] = True, "", ""
    for index, rule in dropped.items():
        if keep[index]:
            keep[index], rules[index], stages[index] = False, f"rule:{rule}", Stage.RULES.value
    return replace(classified, keep=tuple(keep), rules=tuple(rules), stages=tuple(stages))
