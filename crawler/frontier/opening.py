"""Which frontier a job uses, and what the job is called in it."""

import hashlib

from crawler.frontier.base import Frontier
from crawler.frontier.sqlite import SqliteFrontier
from crawler.model import CrawlJob


def job_name(job: CrawlJob) -> str:
    """What tells one job from another in a frontier: spider, start points and seeds, no manners."""
    parts = (
        job.spider,
        *sorted(job.urls),
        *sorted(job.feeds),
        *sorted(seed.seed_id for seed in job.seeds),
        *sorted(story.story_id for story in job.stories),
        *sorted(job.search),
    )
    return f"{job.spider}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:12]}"


def open_frontier(job: CrawlJob, now: float) -> Frontier:
    """OUT/state.sqlite, or the PostgreSQL database that the job names."""
    if job.frontier is not None:
        from crawler.frontier.postgres import PostgresFrontier  # needs the extra

        return PostgresFrontier(job.frontier, job=job_name(job), now=now)
    return SqliteFrontier(job.out / "state.sqlite", job=job_name(job), now=now)
