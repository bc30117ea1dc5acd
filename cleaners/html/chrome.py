"""Rules as data against chrome: general ones of the package, and how verdicts change by rules.

`chrome_rules.toml` names cues, sizes and link shares; this module is the engine. A rule only ever
removes: it never makes a block body.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import compress
from pathlib import Path

from cleaners.errors import ConfigError
from cleaners.html.classify import Classified
from cleaners.html.document import Document
from cleaners.model import Stage
from cleaners.text.cues import cue_names, cues_of


@dataclass(frozen=True, slots=True)
class ChromeRule:
    """A block with this cue, and the other if one is named, at most so many words and at least so
    much link text is chrome; `pattern` stands in for a cue."""

    id: str
    max_words: int
    cue: str = ""
    min_linked: float = 0.0
    also: str = ""
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class ChromeRules:
    """All rules, and how many words a block has at most, with links and without, to fall under one
    that names a cue: most paragraphs of a body are longer, and looking for cues takes time."""

    by_cue: tuple[ChromeRule, ...]
    by_pattern: tuple[tuple[re.Pattern[str], ChromeRule], ...]
    longest: int
    longest_unlinked: int
    least_linked: float

    @property
    def every(self) -> tuple[ChromeRule, ...]:
        return (*self.by_cue, *(rule for _, rule in self.by_pattern))


@cache
def chrome_rules() -> ChromeRules:
    """The package's rules; ConfigError if one of them names an unknown cue."""
    path = Path(__file__).with_name("chrome_rules.toml")
    table = tomllib.loads(path.read_text("utf-8"))
    rules = tuple(ChromeRule(**entry) for entry in table["rule"])
    for rule in rules:
        for cue in filter(None, (rule.cue, rule.also)):
            if cue not in cue_names():
                raise ConfigError(f"unknown cue {cue!r}", file=path.name, key=rule.id)
    by_cue = tuple(rule for rule in rules if rule.cue)
    return ChromeRules(
        by_cue=by_cue,
        by_pattern=tuple((re.compile(rule.pattern), rule) for rule in rules if rule.pattern),
        longest=max(rule.max_words for rule in by_cue),
        longest_unlinked=max(rule.max_words for rule in by_cue if not rule.min_linked),
        least_linked=min(rule.min_linked for rule in by_cue if rule.min_linked),
    )


def match_rules(document: Document, among: Sequence[bool] | None = None) -> dict[int, str]:
    """The blocks that fall under a general rule: index to rule id; `among` limits the search."""
    rules = chrome_rules()
    found: dict[int, str] = {}
    for block in document.blocks if among is None else compress(document.blocks, among):
        text, index = block.text, block.index
        if len(text) > 12 * rules.longest:
            continue
        linked = document.linked[index] / max(1, len(text))
        size = len(text.split())
        if text.endswith(_CLOSES):
            for pattern, rule in rules.by_pattern:
                if size <= rule.max_words and pattern.search(text.lower()):
                    found[index] = rule.id
        if size <= (rules.longest if linked >= rules.least_linked else rules.longest_unlinked):
            cues = cues_of(text)
            for rule in rules.by_cue if cues else ():
                if (
                    rule.cue in cues
                    and size <= rule.max_words
                    and linked >= rule.min_linked
                    and (not rule.also or rule.also in cues)
                ):
                    found[index] = rule.id
                    break
    return found


_CLOSES = (")", "]", ").", "].")


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
    if not dropped and not kept:
        return classified
    keep, rules, stages = list(classified.keep), list(classified.rules), list(classified.stages)
    for index in kept:
        keep[index], rules[index], stages[index] = True, "", ""
    for index, rule in dropped.items():
        if keep[index]:
            keep[index], rules[index], stages[index] = False, f"rule:{rule}", Stage.RULES.value
    return replace(classified, keep=tuple(keep), rules=tuple(rules), stages=tuple(stages))
