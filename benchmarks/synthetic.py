"""News that never was, by seed: events, independent reports of them, and edited copies of reports.

Words are made of syllables and drawn with the frequencies of real text (Zipf), between English
function words; an event has names and words of its own. No text is anybody's.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from cleaners.model import Article, Metadata

_COMMON = """
the the the of of to to and and a in in on for with by from that said was were is has have it at as
after before which who been will not but their his her this
"""
_FUNCTION = _COMMON.split()
_STARTS = "b br ch d dr f fl g gr h k kl l m n p pr r s sh sk st t tr v w z"
_ONSETS = _STARTS.split()
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "ou")
_CODAS = ("", "n", "r", "l", "m", "st", "nd", "rt", "x", "ck")
_BOILERPLATE = 24
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Report:
    """A synthetic article: which event it reports, and which report it is a copy of (its own)."""

    event: int
    origin: int
    paragraphs: tuple[str, ...]
    title: str
    published: datetime
    site: int

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


class Press:
    """Writes reports; the same seed writes the same."""

    def __init__(self, seed: int, words: int = 30_000) -> None:
        self.rng = random.Random(seed)
        self._words = sorted({self._word() for _ in range(words)})
        self.rng.shuffle(self._words)
        # Zipf with the flatter head that content words have once function words are apart.
        self._mass = list(accumulate(1.0 / (rank + 40) for rank in range(len(self._words))))
        self._boilerplate = [self._sentence((), ()) for _ in range(_BOILERPLATE)]
        self.count = 0

    def _word(self) -> str:
        return "".join(
            self.rng.choice(_ONSETS) + self.rng.choice(_VOWELS) + self.rng.choice(_CODAS)
            for _ in range(self.rng.choice((1, 2, 2, 3)))
        )

    def common(self, count: int) -> list[str]:
        """Content words as frequent as they are in any text."""
        return self.rng.choices(self._words, cum_weights=self._mass, k=count)

    def _sentence(self, names: Sequence[str], topic: Sequence[str]) -> str:
        rng = self.rng
        words = []
        for _ in range(rng.randint(12, 26)):
            draw = rng.random()
            if draw < 0.45 or (not names and draw < 0.55):
                words.append(rng.choice(_FUNCTION))
            elif names and draw < 0.52:
                words.append(rng.choice(names))
            elif topic and draw < 0.68:
                words.append(rng.choice(topic))
            else:
                words += self.common(1)
        return " ".join(words).capitalize() + "."

    def event(self, number: int, reports: int) -> list[Report]:
        """Independent reports of one event: they share names, topic words and one quotation."""
        names = [self._word().capitalize() for _ in range(6)]
        topic = self.common(10) + self.rng.sample(self._words, 25)
        quotation = f"“{self._sentence(names, topic)}”"
        begin = EPOCH + timedelta(days=self.rng.uniform(0, 360))
        found = []
        for _ in range(reports):
            paragraphs = [
                " ".join(self._sentence(names, topic) for _ in range(self.rng.randint(1, 3)))
                for _ in range(self.rng.randint(6, 14))
            ]
            paragraphs.insert(self.rng.randint(1, 4), quotation)
            found.append(
                Report(
                    event=number,
                    origin=self.count,
                    paragraphs=tuple(paragraphs),
                    title=" ".join((*self.rng.sample(names, 2), *self.rng.sample(topic, 4))),
                    published=begin + timedelta(hours=self.rng.uniform(0, 36)),
                    site=self.rng.randrange(400),
                )
            )
            self.count += 1
        return found

    def copy(self, report: Report, kind: str, share: float) -> Report:
        """A report with this share of it edited: changed, cut, reordered, padded or all of that."""
        paragraphs = list(report.paragraphs)
        if kind in ("cut", "all"):
            paragraphs = self._cut(paragraphs, share / (3 if kind == "all" else 1))
        if kind in ("reordered", "all"):
            self._reorder(paragraphs, share)
        if kind in ("changed", "all"):
            paragraphs = [
                self._change(text, share / (2 if kind == "all" else 1)) for text in paragraphs
            ]
        if kind in ("padded", "all"):
            words = sum(len(text.split()) for text in paragraphs)
            while sum(len(t.split()) for t in paragraphs) < words * (1 + share):
                at = self.rng.choice((0, len(paragraphs)))
                paragraphs.insert(at, self.rng.choice(self._boilerplate))
        later = report.published + timedelta(hours=self.rng.uniform(1, 30))
        site = (report.site + self.rng.randrange(1, 400)) % 400
        return Report(report.event, report.origin, tuple(paragraphs), report.title, later, site)

    def _cut(self, paragraphs: list[str], share: float) -> list[str]:
        words = sum(len(text.split()) for text in paragraphs)
        left = list(paragraphs)
        while len(left) > 1:
            gone = self.rng.randrange(len(left))
            rest = [text for place, text in enumerate(left) if place != gone]
            if sum(len(text.split()) for text in rest) < words * (1 - share):
                break
            left = rest
        return left

    def _reorder(self, paragraphs: list[str], share: float) -> None:
        for _ in range(round(len(paragraphs) * share)):
            paragraphs.insert(
                self.rng.randrange(len(paragraphs)),
                paragraphs.pop(self.rng.randrange(len(paragraphs))),
            )

    def _change(self, text: str, share: float) -> str:
        words = text.split()
        return " ".join(
            (self.common(1)[0] if self.rng.random() < 0.55 else self.rng.choice(_FUNCTION))
            if self.rng.random() < share
            else word
            for word in words
        )


def article(report: Report, number: int) -> Article:
    """A report as the cleaners would give it."""
    url = f"https://site{report.site}.example/{number}"
    return Article(
        source=url,
        url=url,
        text=report.text,
        markdown=report.text,
        metadata=Metadata(title=report.title, published_at=report.published),
        language="en",
    )
