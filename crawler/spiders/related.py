"""The coverage of a story."""

from collections.abc import Iterable
from typing import ClassVar

from cleaners.model import Candidate, Discovery
from cleaners.related import RELATED, WORTH_FETCHING
from crawler.coverage import Coverage
from crawler.discovery.found import Found, Source
from crawler.fitness import Fitness
from crawler.model import Kind, Lead, Task
from crawler.spiders.base import SOURCE_PRIORITY, FrontierSpider
from crawler.spiders.sources import site_sources

DESCRIBED_WORDS = 8
WORTH_FETCHING_DESCRIBED = 0.3
"""The bar for what its source describes beside its title. A headline alone may share one word with
the story and tell it; a description that has no more to say of it tells something else. Of the demo
newswire's pages, two seeds given, 7 of a story scored under 0.5: six known by a headline (0.22 to
0.49), one by more (0.43). Every sixth fetch was of another page, described and under 0.3."""


class RelatedSpider(FrontierSpider):
    """Finds, ranks and stores what is about the seeds: `-a seeds=PATH,… -a sites=URL,…`."""

    name: ClassVar[str] = "related"  # type: ignore[misc]
    follows_pages: ClassVar[bool] = True

    def begin(self) -> tuple[Lead, ...]:
        given = [(url, Kind.SECTION) for url in self.job.urls]
        given += [(url, Kind.FEED) for url in self.job.feeds]
        named = tuple(
            Lead(url, kind, SOURCE_PRIORITY, asked=True, discovery=Discovery(method="seed"))
            for url, kind in given
        )
        return (*named, *self.coverage.searches())

    def paces(self) -> tuple[tuple[str, float], ...]:
        return self.coverage.pauses()

    @property
    def coverage(self) -> Coverage:
        """The stories, made once from the seeds."""
        if self._coverage is None:
            self._coverage = Coverage.of(self.job)
        return self._coverage

    _coverage: Coverage | None = None

    def judging(self) -> Fitness:
        bar = RELATED if self.job.min_relevance is None else self.job.min_relevance
        return Fitness(self.coverage.stories, bar)

    def weigh(self, candidates: Iterable[Candidate]) -> Iterable[Candidate]:
        return self.coverage.rank(candidates)

    def turns_down(self, candidate: Candidate) -> str | None:
        score = candidate.score or 0.0
        described = len((candidate.snippet or "").split()) >= DESCRIBED_WORDS
        bar = WORTH_FETCHING_DESCRIBED if described else WORTH_FETCHING
        return None if score >= bar else f"before fetching: score {score:.3f}, bar {bar:.3f}"

    def read(self, task: Task, content: bytes) -> Found:
        if task.kind is Kind.SEARCH:
            return self.coverage.read_search(task.url, content)
        return super().read(task, content)

    def further(self, task: Task, found: Found) -> Iterable[Source]:
        """Feeds and sitemaps; sections only of sites that have neither, for they say little."""
        sources = site_sources(task, found, self.services.rules)
        lists = [source for source in sources if source.kind != "page" and not source.guessed]
        deep = task.kind is Kind.SECTION and task.depth == 0 and not lists
        return [source for source in sources if source.kind != "page" or deep]
