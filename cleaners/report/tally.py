"""Sums over the rows of an output, each seen once; lists stay within bounds as they grow."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from cleaners.report.data import Listed, Refusal, Rule, Site

LISTED_CHARS = 12_000_000
"""Characters of articles that the page carries; browsers open 15 MB of HTML in about a second."""
LISTED_ARTICLES = 5_000
LISTED_REJECTS = 5_000
EXAMPLES = 4
EXAMPLE_CHARS = 240
FILES = "(files)"
"""Stands for the site of what was not fetched."""
MAX_ROWS = 200
"""Sites and stories in the tables; more are summed up in a last line."""


@dataclass(slots=True)
class Tally:
    """The running sums of one pass over articles and rejects."""

    articles: int = 0
    rejected: int = 0
    read: int = 0
    words: int = 0
    kept: int = 0
    raw: int = 0
    undated: int = 0
    days: Counter[tuple[date, bool]] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    rejects: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    _site_articles: Counter[str] = field(default_factory=Counter)
    _site_rejects: Counter[str] = field(default_factory=Counter)
    _site_unread: Counter[str] = field(default_factory=Counter)
    _site_words: Counter[str] = field(default_factory=Counter)
    _site_raw: Counter[str] = field(default_factory=Counter)
    _site_kept: Counter[str] = field(default_factory=Counter)
    _blocks: Counter[tuple[str, str]] = field(default_factory=Counter)
    _chars: Counter[tuple[str, str]] = field(default_factory=Counter)
    _texts: dict[tuple[str, str], dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    _reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    _refused: dict[tuple[str, str], list[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _newest: list[tuple[datetime, int, Listed]] = field(default_factory=list)
    _carried: int = 0

    def add_article(self, row: Mapping[str, Any], story: Mapping[str, Any] | None) -> None:
        """Count a row of articles/ with its row of stories/, if it has one."""
        self.articles += 1
        site = row["domain"] or FILES
        words, kept = row["word_count"] or 0, row["kept_chars"] or 0
        raw = kept + sum(len(removal["text"] or "") for removal in row["removed"] or ())
        self.words += words
        self.raw += raw
        self.kept += kept
        self.languages[row["language"] or "unknown"] += 1
        self._site_articles[site] += 1
        self._site_words[site] += words
        self._site_raw[site] += raw
        self._site_kept[site] += kept
        copy = bool(story and story["duplicate_kind"])
        if row["published_at"] is None:
            self.undated += 1
        else:
            self.days[row["published_at"].date(), copy] += 1
        for removal in row["removed"] or ():
            self._add_removal(removal, row["source"])
        self._list(row, story, site)

    def _add_removal(self, removal: Mapping[str, Any], source: str) -> None:
        key = (removal["rule"] or "unknown", removal["stage"] or "")
        text = removal["text"] or ""
        self._blocks[key] += 1
        self._chars[key] += len(text)
        examples = self._texts[key]
        if len(examples) < EXAMPLES:
            examples.setdefault(_cut(text, EXAMPLE_CHARS), source)

    def _list(self, row: Mapping[str, Any], story: Mapping[str, Any] | None, site: str) -> None:
        """Keep it among the newest; the oldest go when the page would become too large."""
        removed = tuple(
            (r["position"] or 0, r["rule"] or "", r["text"] or "") for r in row["removed"] or ()
        )
        listed = Listed(
            article_id=row["article_id"],
            title=row["title"] or "",
            source=row["source"],
            url=row["url"],
            domain=site,
            published_at=row["published_at"],
            language=row["language"] or "unknown",
            words=row["word_count"] or 0,
            authors=tuple(row["authors"] or ()),
            story_id=story["story_id"] if story else None,
            duplicate_kind=story["duplicate_kind"] if story else None,
            relevance=row["relevance_score"],
            text=row["text"] or "",
            removed=removed,
        )
        when = row["published_at"] or row["fetched_at"] or datetime(1, 1, 2, tzinfo=UTC)
        heapq.heappush(self._newest, (when, self.articles, listed))
        self._carried += _size(listed)
        while len(self._newest) > LISTED_ARTICLES or (
            self._carried > LISTED_CHARS and len(self._newest) > 1
        ):
            self._carried -= _size(heapq.heappop(self._newest)[2])

    def add_reject(self, row: Mapping[str, Any]) -> None:
        """Count a row of rejects/."""
        self.rejected += 1
        site = row["domain"] or FILES
        if _was_read(row):
            self.read += 1
            self._site_rejects[site] += 1
        else:
            self._site_unread[site] += 1
        key = (row["reason"], row["stage"])
        detail = _cut(row["detail"] or "", EXAMPLE_CHARS)
        self._reasons[key] += 1
        if len(self._refused[key]) < EXAMPLES:
            self._refused[key].append((row["source"], detail))
        if len(self.rejects) < LISTED_REJECTS:
            self.rejects.append((row["source"], site, row["stage"], row["reason"], detail))

    def listed(self) -> tuple[Listed, ...]:
        """Newest first."""
        return tuple(item[2] for item in sorted(self._newest, key=lambda i: i[:2], reverse=True))

    def sites(self) -> tuple[Site, ...]:
        """Most articles first."""
        names = {*self._site_articles, *self._site_rejects, *self._site_unread}
        ranked = sorted(names, key=lambda n: (-self._site_articles[n], -self._site_rejects[n], n))
        return tuple(
            Site(
                domain=name,
                articles=self._site_articles[name],
                rejected=self._site_rejects[name],
                unread=self._site_unread[name],
                words=self._site_words[name],
                removed_share=1 - self._site_kept[name] / raw
                if (raw := self._site_raw[name])
                else 0,
            )
            for name in ranked[:MAX_ROWS]
        )

    def rules(self) -> tuple[Rule, ...]:
        """Most blocks first."""
        return tuple(
            Rule(key[0], key[1], blocks, self._chars[key], tuple(self._texts[key].items()))
            for key, blocks in self._blocks.most_common()
        )

    def refusals(self) -> tuple[Refusal, ...]:
        """Most frequent first."""
        return tuple(
            Refusal(key[0], key[1], count, tuple(self._refused[key]))
            for key, count in self._reasons.most_common()
        )


def _was_read(row: Mapping[str, Any]) -> bool:
    """Whether a rejection is of a page that could have been an article: a file, or fetched as one.

    Feeds, sitemaps and addresses that were turned away unread say nothing of a site's yield.
    """
    return row["domain"] is None or (row["fetched_at"] is not None and row["stage"] != "discover")


def _size(listed: Listed) -> int:
    return 400 + len(listed.text) + sum(len(text) + 30 for _, _, text in listed.removed)


def _cut(text: str, length: int) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= length else folded[: length - 1] + "…"
