"""The stories of a run: what to search for, which candidates are worth a fetch."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Self

from cleaners.model import Candidate, Discovery, Story
from cleaners.related import profile, queries, rank
from crawler import urls
from crawler.discovery.found import Found
from crawler.discovery.search import SearchService, services
from crawler.model import CrawlJob, Kind, Lead

SEARCH_PRIORITY = 90.0
SEARCH_DAYS = 14
"""Days around the story's dates that services are asked for."""


@dataclass(slots=True)
class Coverage:
    """The stories and the search services of a related run."""

    stories: tuple[Story, ...]
    services: tuple[SearchService, ...] = ()
    _asked: dict[str, SearchService] = field(default_factory=dict)

    @classmethod
    def of(cls, job: CrawlJob) -> Self:
        """The coverage that a job seeks."""
        return cls(job.stories or profile(job.seeds), services(job.search, dict(job.endpoints)))

    def searches(self) -> tuple[Lead, ...]:
        """What to ask the search services."""
        return tuple(self._searches())

    def _searches(self) -> Iterator[Lead]:
        for story in self.stories:
            day = timedelta(days=SEARCH_DAYS)
            since = story.first_date - day if story.first_date else None
            until = story.last_date + day if story.last_date else None
            for service in self.services:
                for query in queries(story):
                    for url in service.build(query, since=since, until=until):
                        self._asked[url] = service
                        found = Discovery(
                            method="search", source=service.name, reasons=(f"query: {query.text}",)
                        )
                        yield Lead(url, Kind.SEARCH, SEARCH_PRIORITY, asked=True, discovery=found)

    def pauses(self) -> tuple[tuple[str, float], ...]:
        """(host, seconds between two requests) that each service asks for."""
        return tuple((urls.host(service.endpoint), service.pause) for service in self.services)

    def read_search(self, url: str, content: bytes) -> Found:
        """The candidates of a service's answer."""
        service = self._asked.get(url) or self._by_endpoint(url)
        return service.parse(content, url) if service else Found(notes=("an unknown service",))

    def _by_endpoint(self, url: str) -> SearchService | None:
        return next((s for s in self.services if url.startswith(s.endpoint)), None)

    def rank(self, candidates: Iterable[Candidate]) -> list[Candidate]:
        """The candidates, each with the score and reasons of the story that it fits best."""
        best: dict[str, Candidate] = {}
        given = list(candidates)
        for story in self.stories:
            for candidate in rank(story, given):
                kept = best.get(candidate.url)
                if kept is None or (candidate.score or 0.0) > (kept.score or 0.0):
                    seed = story.seed_ids[0] if story.seed_ids else None
                    best[candidate.url] = replace(candidate, seed_id=seed)
        return sorted(best.values(), key=lambda candidate: -(candidate.score or 0.0))
