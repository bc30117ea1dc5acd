"""How well articles are told to belong to a story: precision and recall, by set and language.

    python -m benchmarks.related_eval [--seeds N] [--threshold X] [--data DIR --story DIR] [-v]

Sets: the tuning and the held-out half of related_stories.jsonl (invented stories, each told several
times, among texts with the same people and another event, or the same kind of event elsewhere) and
the demo newswire of examples/, on which nothing is tuned. Every telling is the seed once; with
--seeds 2 every pair of tellings is. With --story, the text files of a folder are one story and the
pages of --data its distractors.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from pathlib import Path
from time import perf_counter

from benchmarks.data import load
from cleaners.language import detect
from cleaners.model import Candidate, Seed
from cleaners.related import RELATED, WORTH_FETCHING, profile, rank, score_article
from cleaners.related.gist import read_gist
from cleaners.related.match import agree, target_of
from cleaners.related.profile import story_of
from cleaners.related.score import evidence, gap_days

STORIES = Path(__file__).with_name("related_stories.jsonl")


@dataclass(frozen=True, slots=True)
class Text:
    """A text with what is true of it; `story` None belongs to no story."""

    id: str
    half: str
    story: str | None
    language: str
    published: datetime | None
    title: str | None
    text: str

    def seed(self) -> Seed:
        return Seed(self.id, self.title, self.text, self.language, self.published)


@dataclass(slots=True)
class Tally:
    """Counts of related texts found and missed, and of others taken for related."""

    hits: int = 0
    misses: int = 0
    false: int = 0

    def add(self, related: bool, taken: bool) -> None:
        self.hits += related and taken
        self.misses += related and not taken
        self.false += taken and not related

    def __str__(self) -> str:
        precision = self.hits / max(1, self.hits + self.false)
        recall = self.hits / max(1, self.hits + self.misses)
        counts = f"{self.hits} found, {self.misses} missed, {self.false} false"
        return f"precision {precision:.3f}  recall {recall:.3f}  ({counts})"


def stories() -> list[Text]:
    """The self-written stories, both halves."""
    rows = map(json.loads, STORIES.read_text("utf-8").splitlines())
    return [Text(**{**row, "published": datetime.fromisoformat(row["published"])}) for row in rows]


def newswire() -> list[Text]:
    """The articles of the demo newswire."""
    from examples.newswire.load import sites, tellings

    languages = {site.key: site.language for site in sites()}
    return [
        Text(
            id="/".join(telling.key),
            half="newswire",
            story=telling.story,
            language=languages[telling.site],
            published=telling.published,
            title=telling.headline,
            text="\n\n".join(piece.text for piece in telling.pieces),
        )
        for telling in tellings()
    ]


def pairs(texts: Sequence[Text], count: int) -> Iterator[tuple[Text, Text, dict[str, float]]]:
    """Each choice of seeds (the first of them is given) beside every other text: their evidence."""
    for seeds in seedings(texts, count):
        story = story_of([seed.seed() for seed in seeds])
        target = target_of(story)
        for other in texts:
            if other not in seeds:
                gist = read_gist(other.title, other.text, other.language)
                foreign = other.language not in story.languages
                agreement = agree(target, gist, foreign=foreign)
                yield seeds[0], other, evidence(agreement, gap_days(story, other.published))


def seedings(texts: Sequence[Text], count: int) -> Iterator[tuple[Text, ...]]:
    """Every choice of `count` tellings in one language of each story that has more of them."""
    told: dict[tuple[str, str], list[Text]] = {}
    for text in texts:
        if text.story is not None:
            told.setdefault((text.story, text.language), []).append(text)
    for tellings in told.values():
        if count == 1 or len(tellings) > count:
            yield from combinations(tellings, count)


def evaluate(texts: Sequence[Text], count: int, threshold: float, verbose: bool) -> None:
    """Print the figures of one set."""
    same, foreign, fetched = Tally(), Tally(), Tally()
    split, elapsed, scored = 0, 0.0, 0
    for seeds in seedings(texts, count):
        found = profile([seed.seed() for seed in seeds])
        split += len(found) > 1
        story = found[0]
        others = [text for text in texts if text not in seeds]
        for text in others:
            start = perf_counter()
            relevance = score_article(
                story,
                text.title,
                text.text,
                published=text.published,
                language=text.language,
            )
            elapsed, scored = elapsed + perf_counter() - start, scored + 1
            related = text.story == seeds[0].story
            tally = same if text.language == seeds[0].language else foreign
            tally.add(related, relevance.score >= threshold)
            if verbose and related != (relevance.score >= threshold):
                print(f"  {'missed' if related else 'false '} {relevance.score:.2f}", end=" ")
                print(f"{seeds[0].title!r} -> {text.title!r} {relevance.why}")
        candidates = [
            Candidate(
                f"http://site.example/{text.id}",
                "feed",
                title=text.title,
                published=text.published,
                language=text.language,
            )
            for text in others
        ]
        ranked = {candidate.url: candidate.score or 0.0 for candidate in rank(story, candidates)}
        for text in others:
            if text.language == seeds[0].language:
                worth = ranked[f"http://site.example/{text.id}"] >= WORTH_FETCHING
                fetched.add(text.story == seeds[0].story, worth)
    print(f"  same language   {same}")
    print(f"  other language  {foreign}")
    found_pages = max(1, fetched.hits + fetched.misses)
    print(f"  before fetching {fetched}", end=" ")
    print(f"{(fetched.hits + fetched.false) / found_pages:.2f} fetches a page")
    print(
        f"  seeds of one story told apart: {split}; {1000 * elapsed / max(1, scored):.2f} ms a text"
    )


def against(folder: Path, data: Path, threshold: float) -> None:
    """Score every page of a data set against the story of a folder's text files, the best first."""
    seeds = []
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text("utf-8", "replace")
        seeds.append(Seed(path.name, None, text, detect(text)[0]))
    found = profile(seeds)
    print(f"{len(found)} story from {len(seeds)} seeds: {', '.join(list(found[0].names)[:12])}")
    rows = []
    for page in load(data):
        language = detect(page.text)[0]
        score = score_article(found[0], page.title, page.text, language=language)
        rows.append((score.score, page.id, page.title, score.why))
    rows.sort(key=lambda row: -row[0])
    taken = sum(row[0] >= threshold for row in rows)
    print(f"{taken} of {len(rows)} pages of {data} over {threshold}")
    for row in rows[:12]:
        print(f"  {row[0]:.3f} {row[1]} {row[2]!r} {row[3]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--threshold", type=float, default=RELATED)
    parser.add_argument("--story", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true")
    arguments = parser.parse_args()
    texts = stories()
    for name, chosen in (
        ("tuning half", [text for text in texts if text.half == "tune"]),
        ("held-out half", [text for text in texts if text.half == "held"]),
        ("newswire", newswire()),
    ):
        print(f"{name}: {len(chosen)} texts, {len({t.story for t in chosen} - {None})} stories")
        evaluate(chosen, arguments.seeds, arguments.threshold, arguments.verbose)
    if arguments.story and arguments.data:
        against(arguments.story, arguments.data, arguments.threshold)


if __name__ == "__main__":
    main()
